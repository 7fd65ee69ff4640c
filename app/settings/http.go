package settings

import (
	"net/http"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/templates/layout"
	views "gsl/templates/settings"
)

// Handlers are the pages of settings.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes. Absences have two addresses: the administration keeps
// those of everybody, a head those of the own unit.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/settings", access.EditSettings, h.index)
	r.POST("/settings", access.EditSettings, h.save)
	r.POST("/settings/reports", access.EditSettings, h.saveReports)
	r.POST("/settings/model", access.EditSettings, h.setModel)
	r.GET("/settings/units", access.EditSettings, h.units)
	r.POST("/settings/units", access.EditSettings, h.saveUnit)
	r.POST("/settings/units/module", access.EditSettings, h.setModule)
	h.mountMunicipality(r)
	all, own := absences{h.service, allAbsences}, absences{h.service, ownAbsences}
	r.GET(allAbsences, access.EditSettings, all.page)
	r.POST(allAbsences, access.EditSettings, all.add)
	r.POST(allAbsences+"/end", access.EditSettings, all.end)
	r.GET(ownAbsences, access.AssignCase, own.page)
	r.POST(ownAbsences, access.AssignCase, own.add)
	r.POST(ownAbsences+"/end", access.AssignCase, own.end)
}

// index shows how the municipality works.
func (h *Handlers) index(c *web.Ctx) error {
	g, err := h.service.General(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	return h.indexPage(c, http.StatusOK, presentGeneral(g), "", nil)
}

func (h *Handlers) indexPage(c *web.Ctx, status int, general views.General, modelError string, reports *views.Reports) error {
	ctx, who := c.Context(), c.Actor()
	units, err := h.service.Units.Directory(ctx, who)
	if err != nil {
		return err
	}
	staff, err := h.service.Units.Staff(ctx, who)
	if err != nil {
		return err
	}
	if reports == nil {
		rule, err := h.service.Approval(ctx, who)
		if err != nil {
			return err
		}
		reports = presentReports(&rule)
	}
	view := &views.Index{Reports: *reports, Units: countUnits(ctx, units), Away: awayToday(ctx, &staff), General: general,
		Model: views.Model{Value: strconv.Itoa(who.Municipality.Model()), Error: modelError}}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "settings.title")}, views.IndexPage(view))
}

// save changes amounts and days.
func (h *Handlers) save(c *web.Ctx) error {
	var sent struct {
		Worker      int64  `form:"worker_threshold"`
		Head        int64  `form:"head_threshold"`
		Promise     int64  `form:"promise_days"`
		RSHPromise  int64  `form:"rsh_promise_days"`
		Link        int64  `form:"link_days"`
		WaitingList bool   `form:"waiting_list"`
		Mark        string `form:"mark" validate:"max=200"`
	}
	var now General
	err := c.Bind(&sent)
	if err == nil {
		wanted := General{plan.Thresholds{Worker: sent.Worker, Head: sent.Head}, referral.Settings{
			PromiseDays: days(sent.Promise), RSHPromiseDays: days(sent.RSHPromise), LinkDays: days(sent.Link), WaitingList: sent.WaitingList}}
		now, err = h.service.Save(c.Context(), c.Actor(), wanted, sent.Mark)
	}
	if isForm(err) {
		return h.saveAgain(c, now, err)
	}
	if err != nil {
		return err
	}
	c.Flash("settings.flash.saved", nil)
	if !c.Fragment() {
		return c.Redirect("/settings")
	}
	if now, err = h.service.General(c.Context(), c.Actor()); err != nil {
		return err
	}
	return c.Partial(http.StatusOK, views.GeneralForm(presentGeneral(now)))
}

// days keeps a number of days that fits no setting from becoming one that does.
func days(n int64) int {
	if n < 0 || n > 1000 {
		return -1
	}
	return int(n)
}

// saveAgain gives the form back with what was typed; after a conflict with what
// is kept now beside it, and sending again writes over that.
func (h *Handlers) saveAgain(c *web.Ctx, now General, cause error) error {
	view := typedGeneral(c)
	view.Errors = c.Errors(cause, generalLabels...)
	if fault.Is(cause, fault.Conflict) {
		view.Problem, view.Kept, view.Mark = sentence(c.Context(), cause), keptGeneral(c.Context(), now), now.Mark()
	}
	if c.Fragment() {
		return c.Partial(statusOf(cause), views.GeneralForm(view))
	}
	return h.indexPage(c, statusOf(cause), view, "", nil)
}

// setModel says how the municipality takes people.
func (h *Handlers) setModel(c *web.Ctx) error {
	var sent struct {
		Model string `form:"model"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	model, err := strconv.Atoi(sent.Model)
	if err != nil {
		model = 0
	}
	err = h.service.SetModel(c.Context(), c.Actor(), model)
	switch {
	case isForm(err):
		return h.modelAgain(c, err)
	case err != nil:
		return err
	}
	c.Flash("settings.flash.model", nil)
	if c.Fragment() {
		return c.Partial(http.StatusOK, views.ModelForm(views.Model{Value: strconv.Itoa(model)}))
	}
	return c.Redirect("/settings")
}

func (h *Handlers) modelAgain(c *web.Ctx, cause error) error {
	wrong := c.Errors(cause).Of("model")
	if c.Fragment() {
		return c.Partial(statusOf(cause), views.ModelForm(views.Model{Value: strconv.Itoa(c.Actor().Municipality.Model()), Error: wrong}))
	}
	g, err := h.service.General(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	return h.indexPage(c, statusOf(cause), presentGeneral(g), wrong, nil)
}

func isForm(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

func statusOf(err error) int {
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}
