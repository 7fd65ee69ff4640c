package people

import (
	"crypto/rand"
	"net/http"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/people"
	"gsl/templates/ui"
)

// newcomerForm is what the form of a person without RUN sends.
type newcomerForm struct {
	GivenNames   string        `form:"given_names"`
	Surnames     string        `form:"surnames"`
	BirthDate    calendar.Date `form:"birth_date"`
	Sex          string        `form:"sex"`
	Nationality  string        `form:"nationality"`
	DocumentKind string        `form:"document_kind"`
	Document     string        `form:"document"`
	Phone        string        `form:"phone"`
	Address      string        `form:"address"`
	Reason       string        `form:"reason"`
	Anyway       string        `form:"anyway"`
	Key          string        `form:"key" validate:"max=40"`
}

func (form *newcomerForm) newcomer() Newcomer {
	return Newcomer{Identity: Identity{form.GivenNames, form.Surnames, form.BirthDate, form.Phone, form.Address},
		Sex: form.Sex, Nationality: form.Nationality, DocumentKind: form.DocumentKind, Document: form.Document,
		Reason: form.Reason, Anyway: form.Anyway, Key: form.Key}
}

// newcomer asks who a person without RUN is.
func (h *Handlers) newcomer(c *web.Ctx) error {
	return h.newcomerPage(c, http.StatusOK, views.Newcomer{Key: rand.Text()})
}

func (h *Handlers) newcomerPage(c *web.Ctx, status int, view views.Newcomer) error {
	ctx := c.Context()
	view.Reasons, view.Documents, view.Sexes = options(c, reasonKeys), options(c, documentKeys), options(c, sexKeys)
	page := layout.Page{Title: i18n.T(ctx, "people.new.title"), Narrow: true}
	return c.Page(status, page, views.NewcomerPage(view))
}

// receive opens the file of a person without RUN, or shows who may be the same.
func (h *Handlers) receive(c *web.Ctx) error {
	var form newcomerForm
	err := c.Bind(&form)
	var f File
	var found Twins
	if err == nil {
		f, found, err = h.service.LookupWithoutRUN(c.Context(), c.Actor(), form.newcomer())
	}
	switch {
	case isForm(err):
		return h.newcomerAgain(c, err, found)
	case err != nil:
		return err
	}
	c.Flash("people.new.opened", map[string]any{"ID": f.ProvisionalID})
	return c.Redirect("/files/" + f.ID + "/screening")
}

// newcomerAgain gives the form back with what was typed, and what is wrong with
// it or who may be the same person.
func (h *Handlers) newcomerAgain(c *web.Ctx, why error, found Twins) error {
	view, status := typedNewcomer(c), http.StatusUnprocessableEntity
	view.Errors = c.Errors(why, newcomerLabels...)
	if fault.Is(why, fault.Conflict) {
		status = http.StatusConflict
		view.Problem = i18n.Tf(c.Context(), "people.new.twins", map[string]any{"Count": len(found.Found)})
	}
	view.Twins = foundPeople(c.Context(), found.Found, found.Today)
	view.AskAnyway = len(view.Twins) > 0 || view.Anyway != ""
	return h.newcomerPage(c, status, view)
}

func typedNewcomer(c *web.Ctx) views.Newcomer {
	return views.Newcomer{GivenNames: c.Typed("given_names"), Surnames: c.Typed("surnames"), BirthDate: c.Typed("birth_date"),
		Sex: c.Typed("sex"), Nationality: c.Typed("nationality"), DocumentKind: c.Typed("document_kind"), Document: c.Typed("document"),
		Phone: c.Typed("phone"), Address: c.Typed("address"), Reason: c.Typed("reason"), Anyway: c.Typed("anyway"), Key: c.Typed("key")}
}

// word is a choice of a list: its code and the key of its text.
type word struct{ code, key string }

var (
	reasonKeys = []word{{"", "people.new.choose"}, {"foreign", "people.new.reason.foreign"}, {"unregistered", "people.new.reason.unregistered"},
		{"lost", "people.new.reason.lost"}, {"unknown", "people.new.reason.unknown"}, {"other", "people.new.reason.other"}}
	documentKeys = []word{{"", "people.new.document.none"}, {"passport", "people.new.document.passport"},
		{"foreign_id", "people.new.document.foreign_id"}, {"other", "people.new.document.other"}}
	sexKeys = []word{{"", "people.new.unsaid"}, {"F", "people.sex.f"}, {"M", "people.sex.m"}, {"X", "people.sex.x"}}
)

func options(c *web.Ctx, words []word) []ui.Option {
	list := make([]ui.Option, len(words))
	for i, w := range words {
		list[i] = ui.Option{Value: w.code, Text: i18n.T(c.Context(), w.key)}
	}
	return list
}

// newcomerLabels are the names of the fields in the summary of what is wrong.
var newcomerLabels = append([]string{
	"sex", "people.new.sex",
	"nationality", "people.new.nationality",
	"document_kind", "people.new.document_kind",
	"document", "people.new.document",
	"reason", "people.new.reason",
	"anyway", "people.new.anyway",
}, personLabels...)
