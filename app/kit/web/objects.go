package web

import (
	"context"
	"net/http"
	"strings"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
)

// Object says which ids of a path name something of the session's municipality:
// the edge asks before anything of the request is judged, so that another
// municipality's id, an unknown one and one that the actor may not see are the
// same 404, whatever else is wrong with the request.
type Object struct {
	Param string           // of the path, without the colon: "file"
	See   actor.Permission // who does not have it, sees no such objects
	// National objects are of no municipality: who works for none sees them too.
	National bool
	// Exists answers fault.NotFound for an id that the municipality does not have.
	Exists func(ctx context.Context, who actor.Actor, id string) error
}

// Object adds a kind of object. Routes that name it in their path are guarded.
func (r *Router) Object(o Object) { r.server.objects = append(r.server.objects, o) }

// findObjects answers 404 for what the actor may not know of. A page that only
// reads finds its object itself, within the transaction that shows it.
func (s *Server) findObjects(c *Ctx) error {
	if !strings.Contains(c.route.Path, ":") {
		return nil
	}
	for i := range s.objects {
		o := &s.objects[i]
		id, found := c.objectID(o.Param)
		if !found {
			continue
		}
		who := c.session.Actor
		if who.Municipality == nil && !o.National || !who.Can(o.See) {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		if c.request.Method == http.MethodGet && who.Can(c.route.Permission) {
			continue
		}
		if err := o.Exists(c.ctx, who, id); err != nil {
			return err
		}
	}
	return nil
}

// objectID gives the path's id of the kind, without the suffix of a format.
func (c *Ctx) objectID(param string) (string, bool) {
	if !strings.Contains(c.route.Path, "/:"+param+"/") && !strings.HasSuffix(c.route.Path, "/:"+param) {
		return "", false
	}
	id, _, _ := strings.Cut(c.Param(param), ".")
	return id, true
}
