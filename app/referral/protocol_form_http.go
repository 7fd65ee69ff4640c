package referral

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/protocol"
	"gsl/templates/ui"
)

// edit shows the form of a draft; what is no draft any more is only read.
func (h *ProtocolHandlers) edit(c *web.Ctx) error {
	draft, err := h.service.ProtocolDraft(c.Context(), c.Actor(), c.Param("protocol"))
	if fault.Is(err, fault.Conflict) {
		return c.Redirect(protocolPath(c.Param("protocol")))
	}
	if err != nil {
		return err
	}
	return h.form(c, http.StatusOK, &draft, formState{})
}

// formState is what the form shows beside the draft.
type formState struct {
	typed    bool // what was typed stands in the fields, as it was typed
	errs     ui.Errors
	saved    bool
	conflict *SavedProtocol
	focus    int  // row that was just added, 0 none
	removed  bool // the button that was pressed is gone with its row
}

func (h *ProtocolHandlers) form(c *web.Ctx, status int, draft *ProtocolDraftSheet, state formState) error {
	view := protocolWords{c.Context(), c.Actor(), calendar.Date{}}.form(c, draft, state)
	if c.Fragment() {
		return c.Partial(status, views.EditPage(view))
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: view.Heading}, views.EditPage(view))
}

// sentProtocol is what the form of a draft sends.
type sentProtocol struct {
	Revision    int64             `form:"revision"`
	Key         string            `form:"key" validate:"max=40"`
	Do          string            `form:"do" validate:"max=20"`
	Title       string            `form:"title" validate:"max=120"`
	AllDesks    bool              `form:"all_desks"`
	Codes       []string          `form:"item" validate:"max=200,dive,max=40"`
	Join        map[string]string `form:"join" validate:"max=40,dive,max=20"`
	Scope       map[string]string `form:"scope" validate:"max=40,dive,max=20"`
	Condition   map[string]string `form:"condition" validate:"max=40,dive,max=40"`
	Value       map[string]string `form:"value" validate:"max=40,dive,max=60"`
	Eligibility string            `form:"eligibility" validate:"max=2000"`
	Spots       int64             `form:"spots"`
	Period      string            `form:"spots_period" validate:"max=20"`
	Documents   string            `form:"documents" validate:"max=4000"`
	Process     string            `form:"process" validate:"max=2000"`
	Answer      string            `form:"answer" validate:"max=2000"`
	CitizenDays int64             `form:"citizen_days"`
	AnswerDays  int64             `form:"answer_days"`
	From        calendar.Date     `form:"valid_from"`
	To          calendar.Date     `form:"valid_to"`
	Evaluation  string            `form:"evaluation" validate:"max=2000"`
}

func (sent *sentProtocol) read() ProtocolForm {
	return ProtocolForm{Revision: sent.Revision, Key: sent.Key, Title: sent.Title, AllDesks: sent.AllDesks, Codes: sent.Codes, Rows: sent.rows(),
		Eligibility: sent.Eligibility, Spots: sent.Spots, Period: sent.Period, Documents: sent.Documents, Process: sent.Process,
		Answer: sent.Answer, CitizenDays: sent.CitizenDays, AnswerDays: sent.AnswerDays, From: sent.From, To: sent.To, Evaluation: sent.Evaluation}
}

// rows puts the numbered fields in their order; more than fit are cut, and the
// one too many is refused by its name.
func (sent *sentProtocol) rows() []CriterionRow {
	var numbers []int
	for key := range sent.Condition {
		if n, err := strconv.Atoi(key); err == nil && n >= 0 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	numbers = numbers[:min(len(numbers), mostRows+1)]
	rows := make([]CriterionRow, len(numbers))
	for i, n := range numbers {
		key := strconv.Itoa(n)
		rows[i] = CriterionRow{Join: sent.Join[key], Scope: sent.Scope[key], Condition: sent.Condition[key], Value: sent.Value[key]}
	}
	return rows
}

// save keeps the draft, adds or removes a row of criteria, or sends it to be signed.
func (h *ProtocolHandlers) save(c *web.Ctx) error {
	var sent sentProtocol
	wrong := c.Bind(&sent)
	if wrong != nil && !fault.Is(wrong, fault.Invalid) {
		return wrong
	}
	form := sent.read()
	if sent.Do == "add" || strings.HasPrefix(sent.Do, "remove-") {
		return h.rows(c, form, sent.Do)
	}
	if wrong != nil {
		return h.again(c, form, sent.Do, wrong)
	}
	saved, err := h.service.SaveProtocol(c.Context(), c.Actor(), c.Param("protocol"), form)
	switch {
	case saved.Theirs != nil:
		return h.clash(c, &saved, sent.Do)
	case fault.Is(err, fault.Invalid):
		return h.again(c, form, sent.Do, err)
	case err != nil:
		return err
	}
	return h.kept(c, &saved, sent.Do)
}

// kept answers a save that was one.
func (h *ProtocolHandlers) kept(c *web.Ctx, saved *SavedProtocol, do string) error {
	switch {
	case do == "auto":
		return c.Partial(http.StatusOK, views.SavedLine(protocolWords{ctx: c.Context()}.saved(saved.Form.Revision, saved.ChangedAt)))
	case do == "send":
		p, err := h.service.SendProtocol(c.Context(), c.Actor(), saved.ID, saved.Form.Revision)
		if fault.Is(err, fault.Invalid) {
			return h.form(c, http.StatusUnprocessableEntity, &saved.ProtocolDraftSheet, formState{errs: protocolErrors(c, err), saved: true})
		}
		if err != nil {
			return err
		}
		c.Flash("protocol.flash.sent", map[string]any{"Folio": p.Folio()})
		return c.Redirect(protocolPath(p.ID))
	case !c.Fragment():
		c.Flash("protocol.flash.saved", nil)
		return c.Redirect(protocolPath(saved.ID) + "/edit")
	}
	c.Flash("protocol.flash.saved", nil)
	key := saved.Form.Key
	saved.Form = saved.form()
	saved.Form.Key = key
	return h.form(c, http.StatusOK, &saved.ProtocolDraftSheet, formState{saved: true})
}

// again shows what was typed with what is wrong with it.
func (h *ProtocolHandlers) again(c *web.Ctx, form ProtocolForm, do string, cause error) error {
	draft, err := h.service.ProtocolDraft(c.Context(), c.Actor(), c.Param("protocol"))
	if fault.Is(err, fault.Conflict) {
		return cause // there is no form to show it in
	}
	if err != nil {
		return err
	}
	if do == "auto" {
		return c.Partial(http.StatusOK, views.SavedLine(protocolWords{ctx: c.Context()}.unsaved(form.Revision)))
	}
	draft.Form = form
	return h.form(c, http.StatusUnprocessableEntity, &draft, formState{typed: true, errs: protocolErrors(c, cause)})
}

// clash shows both texts; saving again keeps the own one.
func (h *ProtocolHandlers) clash(c *web.Ctx, saved *SavedProtocol, do string) error {
	if do == "auto" {
		line := protocolWords{ctx: c.Context()}.unsaved(saved.Form.Revision)
		line.Text = i18n.T(c.Context(), "protocol.unsaved_clash")
		return c.Partial(http.StatusOK, views.SavedLine(line))
	}
	saved.Form.Revision = saved.Theirs.Revision
	return h.form(c, http.StatusConflict, &saved.ProtocolDraftSheet, formState{typed: true, conflict: saved})
}

// rows adds a blank row or takes one away; nothing is kept yet.
func (h *ProtocolHandlers) rows(c *web.Ctx, form ProtocolForm, do string) error {
	draft, err := h.service.ProtocolDraft(c.Context(), c.Actor(), c.Param("protocol"))
	if err != nil {
		return err
	}
	state := formState{typed: true}
	if text, ok := strings.CutPrefix(do, "remove-"); ok {
		if at, err := strconv.Atoi(text); err == nil && at >= 0 && at < len(form.Rows) {
			form.Rows, state.removed = slices.Delete(form.Rows, at, at+1), true
		}
	} else if len(form.Rows) < mostRows {
		form.Rows = append(form.Rows, CriterionRow{})
		state.focus = len(form.Rows)
	}
	draft.Form = form
	return h.form(c, http.StatusOK, &draft, state)
}
