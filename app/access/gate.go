package access

import (
	"context"
	"net/http"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Session says who is signed in on a request: the Service is the door of
// kit/web. What it cannot find out is an error, and the door stays shut.
func (s *Service) Session(r *http.Request) (web.Session, bool, error) {
	id, ok := s.cookies.id(r)
	if !ok {
		return web.Session{}, false, nil
	}
	found, err := s.lookup(r.Context(), id, s.clock())
	if err != nil || found == nil {
		return web.Session{}, false, err
	}
	return s.present(r.Context(), found), true, nil
}

// Peek is Session for what a page asks by itself: an open tab that nobody looks
// at keeps no session alive.
func (s *Service) Peek(r *http.Request) (web.Session, bool, error) {
	id, ok := s.cookies.id(r)
	if !ok {
		return web.Session{}, false, nil
	}
	found, err := s.lookup(r.Context(), id, time.Time{})
	if err != nil || found == nil {
		return web.Session{}, false, err
	}
	return s.present(r.Context(), found), true, nil
}

// present is the session as the edge wants it. In a municipality that is
// suspended, or that this server cannot reach, the person works on nothing, but
// may leave, or switch to another one.
func (s *Service) present(ctx context.Context, found *session) web.Session {
	out := web.Session{
		Actor:            found.actor,
		TokenKey:         found.tokenKey,
		Language:         found.user.Language,
		ShortcutsOff:     !found.user.Shortcuts,
		FactorPending:    found.due,
		AgreementPending: found.pending,
		HasFactor:        found.factor,
		Memberships:      found.choices,
		ExpiresAt:        found.expires(),
	}
	if found.due {
		out.Actor.Permissions = actor.Of(SignedIn)
	}
	m := found.membership
	if m.MunicipalityID == "" {
		return out
	}
	file, err := s.files.Municipality(ctx, m.MunicipalityID)
	switch {
	case err != nil:
		out.Unavailable = fault.Wrap(err, fault.Unavailable, "access.municipality_unavailable").With("Municipality", m.Municipality)
	case file.Status() != tenants.Active:
		out.Unavailable = errSuspended(m.Municipality)
	default:
		if out.Actor.Municipality, out.Unavailable = s.fileFor(ctx, m.ID, file); out.Unavailable == nil {
			return out
		}
	}
	out.Actor.Permissions = actor.Of(SignedIn)
	return out
}

// choices are the memberships that the frame offers to switch to.
func choices(all []Membership, current string) []layout.Membership {
	list := make([]layout.Membership, 0, len(all))
	for _, m := range all {
		if m.Suspended {
			continue
		}
		list = append(list, layout.Membership{ID: m.ID, Municipality: m.Municipality, Role: m.Role,
			Unit: m.UnitName, Current: m.ID == current})
	}
	return list
}
