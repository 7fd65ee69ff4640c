package referral

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/referral"
)

// queryOf reads what is asked for of the inbox; a value that is none asks for
// nothing in particular.
func queryOf(v url.Values) Query {
	q := Query{Box: Box(v.Get("box")), Item: v.Get("item"), Assigned: v.Get("assigned"), After: v.Get("after")}
	switch due := v.Get("due"); due {
	case dueToday, dueWeek, dueLate:
		q.Due = due
	}
	return q
}

// queryOfPage is what the page that sent a fragment's request shows.
func queryOfPage(c *web.Ctx) Query {
	page, err := url.Parse(c.Request().Header.Get("Hx-Current-Url"))
	if err != nil {
		return Query{}
	}
	return queryOf(page.Query())
}

// inbox shows one page of the inbox.
func (h *Handlers) inbox(c *web.Ctx) error {
	in, err := h.service.Inbox(c.Context(), c.Actor(), queryOf(c.Request().URL.Query()))
	if err != nil {
		return err
	}
	return inboxPage(c, http.StatusOK, screenOf(c, atInbox).inbox(&in))
}

func inboxPage(c *web.Ctx, status int, view views.Inbox) error {
	return c.Page(status, layout.Page{Title: i18n.T(c.Context(), "referral.inbox.title"), Print: true}, views.InboxPage(view))
}

// pulse answers whether there is news of the inbox since a beat: 204 for none,
// from memory. Who is at work in the list keeps it as it is, and is told.
func (h *Handlers) pulse(c *web.Ctx) error {
	who := c.Actor()
	beat, err := strconv.ParseUint(c.Query("beat"), 10, 64)
	if err != nil || !c.Fragment() {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if h.service.pulse.of(who.Municipality.ID, Desk(who)) == beat {
		return c.Nothing()
	}
	in, err := h.service.Inbox(c.Context(), who, queryOf(c.Request().URL.Query()))
	if err != nil {
		return err
	}
	view := screenOf(c, atInbox).inbox(&in)
	if c.Query("open") != "" || c.Query("ids") != "" || in.Query.After != "" {
		view.News = true
		return c.Partial(http.StatusOK, swap("#inbox-boxes", views.Boxes(view)), swap("#inbox-news", views.News(view)))
	}
	return c.Partial(http.StatusOK, swap("#inbox-boxes", views.Boxes(view)), swap("#inbox-list", views.InboxList(view)))
}

// tabs renews the counts of the page that a step was made on; its list stays.
func (h *Handlers) tabs(c *web.Ctx, b Box) ([]templ.Component, error) {
	q := queryOfPage(c)
	q.Box = b
	in, err := h.service.Inbox(c.Context(), c.Actor(), q)
	if err != nil {
		return nil, err
	}
	view := screenOf(c, atInbox).inbox(&in)
	return []templ.Component{swap("#inbox-boxes", views.Boxes(view)), swap("#inbox-count", views.InboxCount(view.Count))}, nil
}

// receiveMany receives the chosen referrals.
func (h *Handlers) receiveMany(c *web.Ctx) error {
	var form bulkForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	done, err := h.service.Receive(c.Context(), c.Actor(), form.IDs)
	return h.many(c, &form, done, err, "referral.bulk.received")
}

// assignMany gives the chosen referrals to a colleague.
func (h *Handlers) assignMany(c *web.Ctx) error {
	var form bulkForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	done, err := h.service.Assign(c.Context(), c.Actor(), form.IDs, form.Assigned)
	return h.many(c, &form, done, err, "referral.bulk.assigned")
}

type bulkForm struct {
	Box      string   `form:"box" validate:"omitempty,max=20"`
	IDs      []string `form:"ids" validate:"dive,max=26"`
	Assigned string   `form:"assigned" validate:"omitempty,max=100"`
}

// many shows the box again with what became of each referral.
func (h *Handlers) many(c *web.Ctx, form *bulkForm, done []Done, cause error, key string) error {
	status := http.StatusOK
	if cause != nil {
		if status = http.StatusUnprocessableEntity; !fault.Is(cause, fault.Invalid) {
			return cause
		}
	}
	in, err := h.service.Inbox(c.Context(), c.Actor(), Query{Box: Box(form.Box)})
	if err != nil {
		return err
	}
	view := screenOf(c, atInbox).inbox(&in)
	view.Outcome = bulkOutcome(c, done, cause, key)
	view.Focus = true
	if c.Fragment() {
		return c.Partial(status, swap("#inbox-boxes", views.Boxes(view)), swap("#inbox-list", views.InboxList(view)))
	}
	return inboxPage(c, status, view)
}

func bulkOutcome(c *web.Ctx, done []Done, cause error, key string) *views.BulkOutcome {
	if cause != nil {
		o := views.BulkOutcome{}
		for _, wrong := range c.Errors(cause) {
			o.Title = wrong.Text
		}
		return &o
	}
	good := 0
	var o views.BulkOutcome
	for _, one := range done {
		if one.Err == nil {
			good++
			o.Done = append(o.Done, one.Folio)
			continue
		}
		o.Refused = append(o.Refused, views.Term{Label: or(one.Folio, one.ID), Text: sentence(c, one.Err)})
	}
	o.Title = i18n.Tf(c.Context(), key, map[string]any{"Count": good})
	return &o
}
