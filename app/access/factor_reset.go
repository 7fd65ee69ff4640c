package access

import (
	"context"
	"net/http"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/access"
	"gsl/tenants"
)

// Who lost the phone and the paper asks for the factor to be taken away, and
// enrols anew at the next sign-in where the role demands it. The national
// administration does that for everybody; a counterpart for whom it could give
// every role they have, so for no colleague of its own kind and nobody who works
// elsewhere too. Heads do not: they make links to passwords, and somebody who
// can do both could work in another's name.

// FactorOf is how it stands with the second factor of somebody on the roster.
type FactorOf struct {
	Name string
	On   bool
	May  bool // the actor may take it away
}

// FactorOf gives it; fault.NotFound for whom the actor may not know of.
func (s *Service) FactorOf(ctx context.Context, who actor.Actor, user string) (out FactorOf, err error) {
	r, err := reachOf(who)
	if err != nil {
		return FactorOf{}, err
	}
	err = s.files.National().View(ctx, func(tx *tenants.Tx) error {
		a, err := findWithin(tx, r, byID(user))
		if err != nil {
			return err
		}
		out.Name = a.Name()
		if out.On, err = hasFactor(tx, a.ID); err != nil {
			return err
		}
		out.May, err = resetsFactor(tx, who, r, a.ID)
		return err
	})
	return out, err
}

// resetsFactor reports whether the actor may take the person's factor away. The
// own one goes by the own page, after a code.
func resetsFactor(tx *tenants.Tx, who actor.Actor, r reach, user string) (bool, error) {
	if user == who.UserID || !r.all && r.unit != "" {
		return false, nil
	}
	return commandsAccount(tx, r, user)
}

// ResetFactor takes somebody's second factor away, after a code of the actor's
// own. Every session of the person ends. fault.Forbidden for whoever may see the
// person, not do this.
func (s *Service) ResetFactor(ctx context.Context, who actor.Actor, user, code string) error {
	r, err := reachOf(who)
	if err != nil {
		return err
	}
	f, err := s.FactorOf(ctx, who, user)
	if err != nil {
		return err
	}
	if !f.May {
		return fault.New(fault.Forbidden, "factor.reset.not_yours")
	}
	if err := s.Confirm(ctx, who, code); err != nil {
		return err
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		a, err := findWithin(tx, r, byID(user))
		if err != nil {
			return err
		}
		if may, err := resetsFactor(tx, who, r, a.ID); err != nil || !may {
			return orElse(err, fault.New(fault.Forbidden, "factor.reset.not_yours"))
		}
		return resetFactor(tx, who, a.ID)
	})
	s.cache.dropUser(user)
	return err
}

func resetFactor(tx *tenants.Tx, who actor.Actor, user string) error {
	if err := dropFactor(tx, user); err != nil {
		return err
	}
	if err := deleteSessionsOf(tx, user); err != nil {
		return err
	}
	return recordOn(tx, who, "factor.reset", user)
}

// ResetFactorByRUN is for the console: of the last administrator, say, who lost
// phone and paper.
func (s *Service) ResetFactorByRUN(ctx context.Context, who actor.Actor, run uint32) error {
	if !who.Can(Administer) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	var user string
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		a, err := byRUN(run)(tx)
		if err != nil {
			return err
		}
		user = a.ID
		return resetFactor(tx, who, a.ID)
	})
	s.cache.dropUser(user)
	return err
}

func (h *Handlers) askReset(c *web.Ctx) error { return h.resetPage(c, http.StatusOK, nil) }

func (h *Handlers) resetPage(c *web.Ctx, status int, wrong error) error {
	user := c.Param("user")
	f, err := h.service.FactorOf(c.Context(), c.Actor(), user)
	if err != nil {
		return err
	}
	if !f.May {
		return fault.New(fault.Forbidden, "factor.reset.not_yours")
	}
	view := access.FactorReset{UserID: user, Name: f.Name, On: f.On, NeedsCode: h.service.NeedsCode(c.Context(), c.Actor()),
		Errors: c.Errors(wrong, "code", "ui.code.label")}
	page := factorFrame(c)
	page.Title = i18n.T(c.Context(), "factor.reset.title")
	return c.Page(status, page, access.FactorResetPage(view))
}

func (h *Handlers) resetFactor(c *web.Ctx) error {
	var form codeForm
	err := c.Bind(&form)
	if err == nil {
		err = h.service.ResetFactor(c.Context(), c.Actor(), c.Param("user"), form.Code)
	}
	if fault.Is(err, fault.Invalid) {
		return h.resetPage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	c.Flash("factor.reset.done", nil)
	return c.Redirect("/users/" + c.Param("user"))
}
