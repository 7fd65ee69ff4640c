package settings

import (
	"net/http"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/referral"
	"gsl/templates/layout"
	views "gsl/templates/settings"
)

// units lists units and institutions; one may be open for editing.
func (h *Handlers) units(c *web.Ctx) error {
	return h.unitsPage(c, http.StatusOK, opened{edit: c.Query("edit"), add: referral.UnitKind(c.Query("new"))})
}

// opened is which form of the directory is open, and what came back in it.
type opened struct {
	edit    string            // code of a unit
	add     referral.UnitKind // kind of a new one
	form    *views.Unit       // what was typed; nil: what is kept
	module  string            // code of the unit whose switch said no
	problem string            // why
	done    bool              // something was changed: the heading takes the focus
}

func (h *Handlers) unitsPage(c *web.Ctx, status int, o opened) error {
	ctx := c.Context()
	list, err := h.service.Units.Directory(ctx, c.Actor())
	if err != nil {
		return err
	}
	view := presentUnits(ctx, list, o)
	if c.Fragment() {
		view.Focus = o.done
		return c.Partial(status, views.UnitsPage(view))
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "settings.units.title"), Print: true}, views.UnitsPage(view))
}

// unitForm is what the form of a unit sends; the rules are the service's.
type unitForm struct {
	Unit    string `form:"unit" validate:"max=60"`
	Kind    string `form:"kind" validate:"max=20"`
	Version int64  `form:"version"`
	Name    string `form:"name"`
	Contact string `form:"contact"`
	Phone   string `form:"phone"`
	Email   string `form:"email"`
	Address string `form:"address"`
	Channel string `form:"channel" validate:"max=20"`
	Aliases string `form:"aliases"`
	Active  bool   `form:"active"`
}

// saveUnit adds a unit, or changes the one it names.
func (h *Handlers) saveUnit(c *web.Ctx) error {
	var sent unitForm
	if err := c.Bind(&sent); err != nil {
		return err
	}
	form := referral.UnitForm{Name: sent.Name, Contact: sent.Contact, Phone: sent.Phone, Email: sent.Email, Address: sent.Address,
		Kind: referral.UnitKind(sent.Kind), Channel: sent.Channel, Aliases: sent.Aliases, Active: sent.Active, Version: sent.Version}
	var now referral.Unit
	var err error
	key := "settings.flash.unit_changed"
	if sent.Unit == "" {
		key = "settings.flash.unit_added"
		now, err = h.service.Units.Add(c.Context(), c.Actor(), form)
	} else {
		now, err = h.service.Units.Edit(c.Context(), c.Actor(), sent.Unit, form)
	}
	if isForm(err) {
		return h.unitAgain(c, sent, now, err)
	}
	if err != nil {
		return err
	}
	c.Flash(key, map[string]any{"Name": now.Name})
	return h.unitsDone(c)
}

func (h *Handlers) unitsDone(c *web.Ctx) error {
	if c.Fragment() {
		return h.unitsPage(c, http.StatusOK, opened{done: true})
	}
	return c.Redirect("/settings/units")
}

// unitAgain gives the form back with what was typed and what is wrong with it.
// After a conflict it shows what is kept now; sending again writes over it.
func (h *Handlers) unitAgain(c *web.Ctx, sent unitForm, now referral.Unit, cause error) error {
	ctx := c.Context()
	view := &views.Unit{Name: typed(c, "name"), Contact: typed(c, "contact"), Phone: typed(c, "phone"), Email: typed(c, "email"),
		Address: typed(c, "address"), Channel: typed(c, "channel"), Aliases: typed(c, "aliases"), Active: sent.Active, Version: typed(c, "version"),
		Errors: c.Errors(cause, unitLabels...)}
	if fault.Is(cause, fault.Conflict) {
		view.Problem = sentence(ctx, cause)
		if now.Version != sent.Version {
			view.Kept, view.Version = keptUnit(ctx, now), itoa(now.Version)
		}
	}
	return h.unitsPage(c, statusOf(cause), opened{edit: sent.Unit, add: referral.UnitKind(sent.Kind), form: view})
}

// setModule switches the inbox of a unit on or off.
func (h *Handlers) setModule(c *web.Ctx) error {
	var sent struct {
		Unit string `form:"unit" validate:"required,max=60"`
		On   bool   `form:"on"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	u, err := h.service.Units.SetModule(c.Context(), c.Actor(), sent.Unit, sent.On)
	if fault.Is(err, fault.Conflict) {
		return h.unitsPage(c, http.StatusConflict, opened{module: sent.Unit, problem: sentence(c.Context(), err)})
	}
	if err != nil {
		return err
	}
	key := "settings.flash.module_off"
	if sent.On {
		key = "settings.flash.module_on"
	}
	c.Flash(key, map[string]any{"Name": u.Name})
	return h.unitsDone(c)
}
