package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
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
	// File gives the case file that the object is, or is of; "" for none, and for
	// an id that there is not. Nil: such an object is never of a file.
	File func(tx *tenants.Tx, id string) (string, error)
}

// Guard says whether an actor may be answered about a case file. It is asked
// before every route with the id of a file, or of something of a file: no
// handler has to think of it. The handler goes on with the context that it gives.
type Guard func(tx *tenants.Tx, who actor.Actor, file string) (context.Context, error)

// Guard sets the one guard of files.
func (r *Router) Guard(g Guard) { r.server.guard = g }

// Unguarded is for the few routes with such an id that lead to the guard itself,
// or that show nothing of the file.
func Unguarded() Option { return func(r *Route) { r.Unguarded = true } }

// Object adds a kind of object. Routes that name it in their path are guarded.
func (r *Router) Object(o Object) { r.server.objects = append(r.server.objects, o) }

// findObjects answers 404 for what the actor may not know of. A page that only
// reads finds its object itself, within the transaction that shows it.
func (s *Server) findObjects(c *Ctx) error {
	if len(c.route.params) == 0 {
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
	if !slices.Contains(c.route.params, param) {
		return "", false
	}
	id, _, _ := strings.Cut(c.Param(param), ".")
	return id, true
}

// guardFiles asks the guard about each file that the path leads to. What the
// actor may not know of stays unknown, whether it is guarded or not.
func (s *Server) guardFiles(c *Ctx) error {
	if s.guard == nil || c.route.Unguarded || len(c.route.params) == 0 {
		return nil
	}
	for i := range s.objects {
		o := &s.objects[i]
		id, found := c.objectID(o.Param)
		if !found || o.File == nil {
			continue
		}
		who := c.session.Actor
		known := c.ctx
		err := who.Municipality.View(c.ctx, func(tx *tenants.Tx) error {
			file, err := o.File(tx, id)
			if err == nil && file != "" {
				known, err = s.guard(tx, who, file)
			}
			return err
		})
		if err == nil {
			c.ctx = known
			continue
		}
		if unknown := o.Exists(c.ctx, who, id); unknown != nil {
			return unknown
		}
		return err
	}
	return nil
}

// ofFile reports whether the path of a route leads to a file that the guard knows of.
func (s *Server) ofFile(route *Route) bool {
	for i := range s.objects {
		if s.objects[i].File != nil && slices.Contains(route.params, s.objects[i].Param) {
			return true
		}
	}
	return false
}
