package attention

import (
	"net/http"

	"gsl/app/access"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/app/people"
	views "gsl/templates/attention"
	catalogueviews "gsl/templates/catalogue"
	"gsl/templates/layout"
)

// Handlers show the workbench, attentions and the history of a file.
type Handlers struct {
	service *Service
	press   *pdf.Press
}

// NewHandlers makes the handlers.
func NewHandlers(service *Service, press *pdf.Press) *Handlers { return &Handlers{service, press} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/", access.Work, h.workbench)
	r.GET("/files/:file/history", access.ReadFile, h.history)
	r.POST("/files/:file/attentions", access.Attend, h.open)
	r.GET("/files/:file/finish", access.Attend, h.finishOpen)
	r.POST("/files/:file/explained", access.Attend, h.explained)
	r.GET("/attentions/:attention", access.ReadFile, h.attention)
	r.GET("/attentions/:attention/finish", access.Attend, h.finishForm)
	r.POST("/attentions/:attention/finish", access.Attend, h.finish)
	r.POST("/attentions/:attention/draft", access.Attend, h.draft)
	r.POST("/attentions/:attention/reopen", access.Attend, h.reopen)
	r.GET("/waiting", access.Attend, h.waiting)
	r.GET("/waiting/pulse", access.Attend, h.waitingPulse, web.Quiet())
	r.POST("/waiting", access.Attend, h.enqueue)
	r.POST("/files/:file/waiting", access.Attend, h.enqueueFile)
	r.POST("/waiting/next", access.Attend, h.callNext)
	r.POST("/waiting/:ticket/attend", access.Attend, h.attend)
	r.POST("/waiting/:ticket/absent", access.Attend, h.moveTicket(NotHere))
	r.POST("/waiting/:ticket/return", access.Attend, h.moveTicket(Return))
	r.POST("/waiting/:ticket/leave", access.Attend, h.moveTicket(Leave))
	r.POST("/waiting/:ticket/priority", access.Attend, h.prioritise)
	r.GET("/settings/topics", access.EditSettings, h.topics)
	r.POST("/settings/topics", access.EditSettings, h.saveTopic)
}

// workbench shows what waits for the actor.
func (h *Handlers) workbench(c *web.Ctx) error {
	ctx, who := c.Context(), c.Actor()
	if who.Can(access.Administer) {
		return c.Redirect("/admin") // attends nobody: their work begins there
	}
	bench, err := h.service.Workbench(ctx, who)
	if err != nil {
		return err
	}
	view := presentBench(ctx, who, &bench)
	return c.Page(http.StatusOK, layout.Page{Title: i18n.T(ctx, "attention.bench.title")}, views.BenchPage(view))
}

// history shows what happened to a file.
func (h *Handlers) history(c *web.Ctx) error {
	ctx := c.Context()
	past, err := h.service.History(ctx, c.Actor(), c.Param("file"), Kind(c.Query("kind")), c.Query("before"))
	if err != nil {
		return err
	}
	view := presentHistory(ctx, &past, c.Query("before") != "")
	page := layout.Page{Title: i18n.T(ctx, "attention.history.title"), Section: people.HistorySection, File: past.Frame, Print: true}
	return c.Page(http.StatusOK, page, views.HistoryPage(view))
}

// open begins an attention without looking the person up again: one who is in
// front of the desk, on the phone or back on the same day.
func (h *Handlers) open(c *web.Ctx) error {
	var form struct {
		Back string `form:"back" validate:"max=500"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	if err := h.service.Begin(c.Context(), c.Actor(), c.Param("file")); err != nil {
		return err
	}
	c.Flash("attention.flash.opened", nil)
	return c.Redirect(h.back(c, form.Back))
}

// back is the page of ours that a form came from, else the file's first.
func (h *Handlers) back(c *web.Ctx, path string) string {
	if path = web.OwnPath(path); path != "/" {
		return path
	}
	return "/files/" + c.Param("file") + "/screening"
}

// explained notes that an item was explained, or takes it back.
func (h *Handlers) explained(c *web.Ctx) error {
	var form struct {
		Item string `form:"item" validate:"required,max=40"`
		On   string `form:"on" validate:"required,oneof=yes no"`
		Back string `form:"back" validate:"max=500"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	on := form.On == "yes"
	if err := h.service.Explain(c.Context(), c.Actor(), c.Param("file"), form.Item, on); err != nil {
		return err
	}
	c.Flash(explainedFlashKeys[on], nil)
	if !c.Fragment() {
		return c.Redirect(h.back(c, form.Back))
	}
	return h.explainedPart(c, form.Item, on)
}

var explainedFlashKeys = map[bool]string{true: "attention.flash.explained", false: "attention.flash.taken_back"}

// explainedPart renews the button in the pop-up, and the bar of the page behind it.
func (h *Handlers) explainedPart(c *web.Ctx, code string, on bool) error {
	bar, err := h.service.Bar(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	return c.Partial(http.StatusOK, views.BarPart(bar), catalogueviews.ExplainedPart(code, on))
}
