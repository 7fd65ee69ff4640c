package referral

import (
	"errors"
	"net/http"
	"strings"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	views "gsl/templates/referral"
	"gsl/templates/ui"
)

// LetterHandlers are the paper of a referral, its link, its documents, and the
// page on which an institution answers.
type LetterHandlers struct{ letters *Letters }

// NewLetterHandlers makes the handlers.
func NewLetterHandlers(letters *Letters) *LetterHandlers { return &LetterHandlers{letters} }

// Mount names the routes. The pages of a link are for whoever holds it.
func (h *LetterHandlers) Mount(r *web.Router) {
	r.GET("/answer/received", access.Public, h.received)
	r.GET("/answer/:token", access.Public, h.ask, web.Check(h.guard))
	r.POST("/answer/:token", access.Public, h.answer, web.Upload(), web.Check(h.guard))
	r.POST("/referrals/:referral/link", access.Refer, h.offer)
	r.POST("/referrals/:referral/send", access.Refer, h.remind)
	r.POST("/referrals/:referral/revoke", access.Refer, h.revoke)
	r.POST("/referrals/:referral/documents", access.Refer, h.attach, web.Upload())
}

// What one address may ask of links: a page, its corrections, and colleagues
// behind the same address at once, and then a request every two seconds.
const (
	answerRate  = 0.5
	answerBurst = 40
)

// guard turns away who asks too often, before a file is opened, and links that
// cannot be used, before a body is read.
func (h *LetterHandlers) guard(c *web.Ctx) error {
	if !h.letters.callers.Allow(c.Address(), h.letters.clock()) {
		c.Writer().Header().Set("Retry-After", "60")
		return fault.New(fault.TooMany, "answer.error.too_many")
	}
	err := h.letters.Usable(c.Context(), c.Param("token"))
	if errors.Is(err, ErrUnusable) {
		return unusable(c)
	}
	return err
}

// unusable is the same page for every link that cannot be used.
func unusable(c *web.Ctx) error {
	page := layout.Page{Title: i18n.T(c.Context(), "answer.unusable.title"), Narrow: true}
	return c.Page(http.StatusNotFound, page, views.UnusableLink())
}

// ask shows what is asked, and the form.
func (h *LetterHandlers) ask(c *web.Ctx) error { return h.askPage(c, http.StatusOK, nil) }

func (h *LetterHandlers) askPage(c *web.Ctx, status int, cause error) error {
	token := c.Param("token")
	q, err := h.letters.Ask(c.Context(), token, c.RequestID())
	if errors.Is(err, ErrUnusable) {
		return unusable(c)
	}
	if err != nil {
		return err
	}
	view := presentQuestion(c, &q)
	view.Form = answerForm(c, cause)
	view.Form.Action, view.Form.Seal = "/answer/"+token, h.letters.seal.form(token)
	page := layout.Page{Title: i18n.T(c.Context(), "answer.send"), Narrow: true}
	return c.Page(status, page, views.AnswerPage(view))
}

// replyForm is what the form sends.
type replyForm struct {
	Seal       string `form:"seal"`
	Outcome    string `form:"outcome"`
	ReasonCode string `form:"reason_code"`
	Reason     string `form:"reason"`
	Note       string `form:"note"`
	Name       string `form:"name"`
	Position   string `form:"position"`
	NoFile     string `form:"file"` // a box without a file comes as text
}

// answer takes the answer; what is wrong with it comes back with what was typed.
func (h *LetterHandlers) answer(c *web.Ctx) error {
	_, err := h.take(c)
	switch {
	case err == nil:
		return c.Redirect("/answer/received")
	case errors.Is(err, ErrUnusable):
		return unusable(c)
	case fault.Is(err, fault.Invalid):
		return h.askPage(c, http.StatusUnprocessableEntity, err)
	}
	return err
}

func (h *LetterHandlers) take(c *web.Ctx) (string, error) {
	var form replyForm
	if err := c.Bind(&form); err != nil {
		return "", err
	}
	token := c.Param("token")
	if !h.letters.seal.isForm(form.Seal, token) {
		return "", fault.New(fault.Forbidden, "answer.error.form")
	}
	reply := Reply{Outcome: Outcome(form.Outcome), ReasonCode: ReasonCode(form.ReasonCode), Reason: form.Reason, Note: form.Note,
		Name: form.Name, Position: form.Position, RequestID: c.RequestID()}
	file, chosen, err := c.Uploaded("file")
	if err != nil {
		return "", err
	}
	if chosen {
		defer func() { _ = file.Close() }() // read to its end, or not wanted
		reply.File = &ReplyFile{File: file, Name: file.Name, Size: file.Size}
	}
	return h.letters.Answer(c.Context(), token, reply)
}

func (h *LetterHandlers) received(c *web.Ctx) error {
	page := layout.Page{Title: i18n.T(c.Context(), "answer.received.title"), Narrow: true}
	return c.Page(http.StatusOK, page, views.AnswerReceived())
}

// presentQuestion puts what is asked into words.
func presentQuestion(c *web.Ctx, q *Question) views.Question {
	ctx := c.Context()
	desk := q.Sender.Name
	if desk == "" {
		desk = i18n.T(ctx, "letter.front_desk")
	}
	v := views.Question{
		Title:        i18n.Tf(ctx, "answer.title", map[string]any{"Folio": q.Folio}),
		Municipality: i18n.Tf(ctx, "layout.municipality", map[string]any{"Name": q.Municipality}),
		Requirements: q.Requirements,
		Until:        i18n.Tf(ctx, "answer.until", map[string]any{"Until": q.Link.LastDay().Chilean()}),
	}
	add := func(key, value string) {
		if value != "" {
			v.Facts = append(v.Facts, views.AnswerFact{Label: i18n.T(ctx, key), Value: value})
		}
	}
	add("answer.fact.unit", q.Unit)
	if q.Asked != q.Unit { // an item is often called like who gives it
		add("answer.fact.item", q.Asked)
	}
	add("answer.fact.request", q.Request)
	add("answer.fact.person", q.Whom)
	add("answer.fact.sent", i18n.Tf(ctx, "answer.fact.sent_value", map[string]any{"On": calendar.On(q.SentAt).Chilean(), "Name": q.SentBy, "Desk": desk}))
	add("answer.fact.contact", strings.Join(nonBlank(q.Sender.Contact, people.FormatPhone(q.Sender.Phone), q.Sender.Email), " · "))
	add("answer.fact.until", q.Referral.Due.Chilean())
	return v
}

func nonBlank(list ...string) []string {
	var kept []string
	for _, text := range list {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return kept
}

// answerLabels are the names of the fields in the summary of what is wrong.
var answerLabels = []string{
	"outcome", "answer.outcome", "reason_code", "answer.reason_code", "reason", "answer.reason", "note", "answer.note",
	"name", "answer.name", "position", "answer.position", "file", "answer.file",
}

// answerForm is the form, with what was typed when it comes back.
func answerForm(c *web.Ctx, cause error) views.AnswerForm {
	ctx := c.Context()
	v := views.AnswerForm{Accept: document.Accept, Errors: c.Errors(cause, answerLabels...)}
	chosen := ""
	if cause != nil {
		v.Outcome, v.Reason, v.Note, v.Name, v.Position = c.Typed("outcome"), c.Typed("reason"), c.Typed("note"), c.Typed("name"), c.Typed("position")
		chosen = c.Typed("reason_code")
		_, sent, err := c.Uploaded("file")
		v.Lost = err == nil && sent && v.Errors.Of("file") == ""
	}
	for _, o := range Outcomes {
		v.Outcomes = append(v.Outcomes, ui.Option{Value: string(o), Text: OutcomeText(ctx, o)})
	}
	v.Reasons = append(v.Reasons, ui.Option{Text: i18n.T(ctx, "answer.reason_none")})
	for _, code := range AnswerReasons {
		v.Reasons = append(v.Reasons, ui.Option{Value: string(code), Text: i18n.T(ctx, reasonKeys[code]), Selected: string(code) == chosen})
	}
	return v
}
