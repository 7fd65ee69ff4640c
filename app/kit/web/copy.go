package web

import (
	"net/http"
	"path"

	"gsl/app/kit/fault"
)

// InCopy is for a route that sends something and yet changes nothing of the
// municipality, such as looking a person up: it also answers to who looks into a
// restored copy.
func InCopy() Option { return func(r *Route) { r.inCopy = true } }

// papers are what leaves the house and bears no mark of the copy it was made from.
var papers = map[string]bool{".pdf": true, ".csv": true, ".xlsx": true}

// refuseInCopy says to who looks into a restored copy that it is for looking at.
// What slips through is undone by the copy itself.
func (c *Ctx) refuseInCopy() error {
	m := c.session.Actor.Municipality
	switch {
	case m == nil || m.CopyOf() == "" || c.route.inCopy:
		return nil
	case c.request.Method != http.MethodGet:
		return fault.New(fault.Forbidden, "fault.copy")
	case papers[path.Ext(c.request.URL.Path)]:
		return fault.New(fault.Forbidden, "fault.copy_paper")
	}
	return nil
}
