package attention

import (
	"net/http"
	"strconv"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	views "gsl/templates/attention"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// arrivalForm is what the form that puts somebody on the list sends.
type arrivalForm struct {
	Who      string `form:"who" validate:"required,max=60"`
	Priority string `form:"priority"`
	Desk     string `form:"desk"`
}

// waiting shows the list of the actor's desk.
func (h *Handlers) waiting(c *web.Ctx) error {
	err := h.waitingPage(c, http.StatusOK, arrivalForm{}, nil, "")
	if fault.Is(err, fault.NotFound) {
		page := layout.Page{Title: i18n.T(c.Context(), "attention.waiting.title"), Narrow: true}
		return c.Page(http.StatusOK, page, views.WaitingOff())
	}
	return err
}

func (h *Handlers) waitingPage(c *web.Ctx, status int, form arrivalForm, errs ui.Errors, problem string) error {
	q, err := h.service.Waiting(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	view := presentWaiting(c.Context(), c.Actor(), &q, false)
	view.Problem = problem
	arrival, err := h.arrival(c, form, errs)
	if err != nil {
		return err
	}
	page := layout.Page{Title: i18n.T(c.Context(), "attention.waiting.title")}
	return c.Page(status, page, views.WaitingPage(view, arrival))
}

// arrival is the form, as it was typed.
func (h *Handlers) arrival(c *web.Ctx, form arrivalForm, errs ui.Errors) (*views.Arrival, error) {
	desks, err := h.service.DeskList(c.Context(), c.Actor())
	if err != nil {
		return nil, err
	}
	return presentArrival(c.Context(), c.Actor(), desks, form, errs), nil
}

// waitingPulse answers whether the list changed since a beat: 204 for no.
func (h *Handlers) waitingPulse(c *web.Ctx) error {
	who := c.Actor()
	beat, err := strconv.ParseUint(c.Query("beat"), 10, 64)
	if err != nil || !c.Fragment() {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if h.service.beats.of(who.Municipality.ID, desk(who)) == beat {
		return c.Nothing()
	}
	return h.waitingPart(c, http.StatusOK, c.Query("block") == "1", "")
}

func (h *Handlers) waitingPart(c *web.Ctx, status int, block bool, problem string) error {
	q, err := h.service.Waiting(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	view := presentWaiting(c.Context(), c.Actor(), &q, block)
	view.Problem = problem
	return c.Partial(status, views.WaitingList(view))
}

// enqueue puts somebody on a list: by RUN, else by the name that was typed.
func (h *Handlers) enqueue(c *web.Ctx) error {
	var form arrivalForm
	err := c.Bind(&form)
	var t Ticket
	if err == nil {
		t, err = h.arrive(c, &form)
	}
	if err != nil {
		return h.enqueueAgain(c, form, err)
	}
	c.Flash("attention.flash.queued", map[string]any{"Number": t.Number})
	return c.Redirect("/waiting")
}

func (h *Handlers) arrive(c *web.Ctx, form *arrivalForm) (Ticket, error) {
	a := Arrival{Desk: form.Desk, Name: form.Who, Priority: Priority(form.Priority)}
	run, err := people.ParseRUN(form.Who)
	switch {
	case err == nil:
		f, err := h.service.people.Find(c.Context(), c.Actor(), run)
		if err != nil {
			return Ticket{}, err
		}
		a.FileID = f.ID
	case looksLikeRUN(form.Who):
		return Ticket{}, fault.InvalidField("who", "attention.error.ticket_run")
	}
	return h.service.Enqueue(c.Context(), c.Actor(), a)
}

// looksLikeRUN: more figures than a name to call out has.
func looksLikeRUN(text string) bool {
	digits := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits > 3
}

func (h *Handlers) enqueueAgain(c *web.Ctx, form arrivalForm, why error) error {
	if !fault.Is(why, fault.Invalid) {
		return why
	}
	form.Who = c.Typed("who")
	errs := c.Errors(why, "who", "attention.waiting.who", "name", "attention.waiting.who", "priority", "attention.waiting.priority", "desk", "attention.waiting.desk")
	for i := range errs {
		if errs[i].Name == "name" {
			errs[i].Name = "who"
		}
	}
	if !c.Fragment() {
		return h.waitingPage(c, http.StatusUnprocessableEntity, form, errs, "")
	}
	arrival, err := h.arrival(c, form, errs)
	if err != nil {
		return err
	}
	return c.Partial(http.StatusUnprocessableEntity, views.ArrivalForm(arrival))
}

// enqueueFile puts the person of a file on the list of the actor's desk.
func (h *Handlers) enqueueFile(c *web.Ctx) error {
	t, err := h.service.Enqueue(c.Context(), c.Actor(), Arrival{FileID: c.Param("file")})
	if err != nil {
		return err
	}
	c.Flash("attention.flash.queued", map[string]any{"Number": t.Number})
	return c.Redirect("/waiting")
}

// blockForm says where the list stands that is to be renewed.
type blockForm struct {
	Block    bool   `form:"block"`
	Priority string `form:"priority"`
}

// moved answers with the list as it is now, and with what went wrong.
func (h *Handlers) moved(c *web.Ctx, form *blockForm, why error) error {
	status, problem := http.StatusOK, ""
	if why != nil {
		if !fault.Is(why, fault.Conflict) {
			return why
		}
		status, problem = http.StatusConflict, sentence(c, why)
	}
	switch {
	case c.Fragment():
		return h.waitingPart(c, status, form.Block, problem)
	case why != nil:
		return h.waitingPage(c, status, arrivalForm{}, nil, problem)
	case form.Block:
		return c.Redirect("/")
	}
	return c.Redirect("/waiting")
}

// callNext calls who is next.
func (h *Handlers) callNext(c *web.Ctx) error {
	var form blockForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	_, err := h.service.CallNext(c.Context(), c.Actor())
	return h.moved(c, &form, err)
}

// moveTicket is the handler of a verb.
func (h *Handlers) moveTicket(verb TicketVerb) web.Handler {
	return func(c *web.Ctx) error {
		var form blockForm
		if err := c.Bind(&form); err != nil {
			return err
		}
		_, err := h.service.MoveTicket(c.Context(), c.Actor(), c.Param("ticket"), verb)
		return h.moved(c, &form, err)
	}
}

// attend takes to the file of whom the actor called; who has none yet is looked
// up first.
func (h *Handlers) attend(c *web.Ctx) error {
	t, err := h.service.MoveTicket(c.Context(), c.Actor(), c.Param("ticket"), Attend)
	if err != nil {
		return h.moved(c, &blockForm{}, err)
	}
	if t.FileID == "" {
		c.Flash("attention.flash.look_up", nil)
		return c.Redirect("/")
	}
	return c.Redirect("/files/" + t.FileID + "/screening")
}

func (h *Handlers) prioritise(c *web.Ctx) error {
	var form blockForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	_, err := h.service.Prioritise(c.Context(), c.Actor(), c.Param("ticket"), Priority(form.Priority))
	return h.moved(c, &form, err)
}
