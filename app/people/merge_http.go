package people

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/territory"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/people"
	"gsl/templates/ui"
)

// merges shows what a file was merged with, or may be.
func (h *Handlers) merges(c *web.Ctx) error {
	return h.mergePage(c, http.StatusOK, views.Merge{})
}

// mergePage shows the page with what was typed into it.
func (h *Handlers) mergePage(c *web.Ctx, status int, view views.Merge) error {
	p, err := h.service.Merges(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	fillMerge(c, &view, &p)
	page := layout.Page{Title: view.Title, Section: MergeSection, File: p.Frame}
	return c.Page(status, page, views.MergePage(view))
}

// propose says that the person of a provisional file has a RUN.
func (h *Handlers) propose(c *web.Ctx) error {
	var form struct {
		RUN   string `form:"run"`
		Proof string `form:"proof"`
		Note  string `form:"note"`
	}
	err := c.Bind(&form)
	var run RUN
	if err == nil {
		if run, err = ParseRUN(form.RUN); err != nil {
			err = fault.InvalidField("run", runSentence(err))
		}
	}
	if err == nil {
		_, err = h.service.ProposeMerge(c.Context(), c.Actor(), c.Param("file"), Proposal{RUN: run, Proof: form.Proof, Note: form.Note})
	}
	if err != nil {
		return h.mergeAgain(c, err)
	}
	c.Flash("people.merge.proposed", nil)
	return c.Redirect("/files/" + c.Param("file") + "/merge")
}

// mergeAgain gives the page back with what was typed and what is wrong.
func (h *Handlers) mergeAgain(c *web.Ctx, why error) error {
	if !isForm(why) || movedAway(why) {
		return why
	}
	view, status := views.Merge{RUN: c.Typed("run"), Proof: c.Typed("proof"), Note: c.Typed("note"), Reason: c.Typed("reason"),
		Undoing: c.Typed("merge")}, http.StatusUnprocessableEntity
	view.Errors = c.Errors(why, mergeLabels...)
	if fault.Is(why, fault.Conflict) {
		status, view.Problem = http.StatusConflict, sentence(c.Context(), why)
	}
	return h.mergePage(c, status, view)
}

var mergeLabels = []string{"run", "people.lookup.run", "proof", "people.merge.proof", "note", "people.merge.note", "reason", "people.merge.reason"}

// decision is what the forms of a head send.
type decision struct {
	Merge   string `form:"merge" validate:"required,max=40"`
	Version int64  `form:"version"`
	Reason  string `form:"reason"`
}

func (h *Handlers) confirmMerge(c *web.Ctx) error {
	var form decision
	err := c.Bind(&form)
	var m Merge
	if err == nil {
		m, err = h.service.ConfirmMerge(c.Context(), c.Actor(), c.Param("file"), form.Merge, form.Version)
	}
	if err != nil {
		return h.mergeAgain(c, err)
	}
	c.Flash("people.merge.done", nil)
	return c.Redirect("/files/" + m.IntoID + "/screening")
}

func (h *Handlers) declineMerge(c *web.Ctx) error {
	var form decision
	err := c.Bind(&form)
	if err == nil {
		_, err = h.service.DeclineMerge(c.Context(), c.Actor(), c.Param("file"), form.Merge, form.Version, form.Reason)
	}
	if err != nil {
		return h.mergeAgain(c, err)
	}
	c.Flash("people.merge.declined", nil)
	return c.Redirect("/files/" + c.Param("file") + "/merge")
}

func (h *Handlers) undoMerge(c *web.Ctx) error {
	var form decision
	err := c.Bind(&form)
	if err == nil {
		_, err = h.service.UndoMerge(c.Context(), c.Actor(), c.Param("file"), form.Merge, form.Version, form.Reason)
	}
	if err != nil {
		return h.mergeAgain(c, err)
	}
	c.Flash("people.merge.undone", nil)
	return c.Redirect("/files/" + c.Param("file") + "/merge")
}

// waitingMerges lists what waits for a head.
func (h *Handlers) waitingMerges(c *web.Ctx) error {
	ctx := c.Context()
	waiting, err := h.service.WaitingMerges(ctx, c.Actor())
	if err != nil {
		return err
	}
	list := make([]views.WaitingMerge, len(waiting))
	for i := range waiting {
		w := &waiting[i]
		list[i] = views.WaitingMerge{FileID: w.From.ID, Name: DisplayName(ctx, w.From), Facts: w.From.ProvisionalID + " · " + proposedText(ctx, &w.Merge)}
	}
	page := layout.Page{Title: i18n.T(ctx, "people.merge.waiting"), Narrow: true}
	return c.Page(http.StatusOK, page, views.WaitingMerges(list))
}

// fillMerge puts the page into words.
func fillMerge(c *web.Ctx, view *views.Merge, p *MergePage) {
	ctx := c.Context()
	view.FileID, view.Provisional = p.File.ID, p.File.RUN.IsZero()
	view.MayConfirm = c.Actor().Can(access.MergeFiles)
	view.Title = i18n.T(ctx, "people.merge.title")
	if !view.Provisional {
		view.Title = i18n.T(ctx, "people.merge.title_run")
	}
	view.Proofs = options(c, proofKeys)
	if p.Running.ID != "" {
		view.Proposal = proposalView(ctx, p)
	}
	for i := range p.Finished {
		m := &p.Finished[i]
		view.Lines = append(view.Lines, mergeLine(ctx, m, view.MayConfirm && m.State == Merged && m.IntoID == p.File.ID))
	}
}

func proposalView(ctx context.Context, p *MergePage) *views.MergeProposal {
	m := &p.Running
	view := &views.MergeProposal{ID: m.ID, Version: strconv.FormatInt(m.Version, 10), Note: m.Note,
		Source: proposedText(ctx, m) + " · " + proofText(ctx, m.Proof), Rows: sideRows(ctx, p)}
	from, into := &p.From.File, &p.Into.File
	switch {
	case into.Name() == "":
		view.Warning = i18n.T(ctx, "people.merge.into_unknown")
	case from.Name() != "" && !soundsLike(from.Name(), into.Name()):
		view.Warning = i18n.T(ctx, "people.merge.names_differ")
	case !from.BirthDate.IsZero() && !into.BirthDate.IsZero() && from.BirthDate != into.BirthDate:
		view.Warning = i18n.T(ctx, "people.merge.births_differ")
	}
	for i, kind := range p.Kinds {
		if key, ok := kindKeys[kind]; ok && p.From.Counts[i]+p.Into.Counts[i] > 0 {
			view.Things = append(view.Things, views.MergeRow{Label: i18n.T(ctx, key),
				From: strconv.Itoa(p.From.Counts[i]), Into: strconv.Itoa(p.Into.Counts[i])})
		}
	}
	return view
}

// kindKeys are the names of what a file holds; a kind that is part of another has none.
var kindKeys = map[string]string{
	"attention":     "people.merge.kind.attention",
	"plan":          "people.merge.kind.plan",
	"case_note":     "people.merge.kind.note",
	"cart_item":     "people.merge.kind.cart",
	"referral":      "people.merge.kind.referral",
	"case_file":     "people.merge.kind.case",
	"benefit_grant": "people.merge.kind.benefit",
	"document":      "people.merge.kind.document",
	"visit":         "people.merge.kind.visit",
	"followup":      "people.merge.kind.followup",
}

// sideRows are what both files say of the person.
func sideRows(ctx context.Context, p *MergePage) []views.MergeRow {
	from, into := &p.From, &p.Into
	rows := []views.MergeRow{{Label: i18n.T(ctx, "people.merge.number"), From: from.File.Number(), Into: into.File.Number()}}
	add := func(key, a, b string, alike bool) {
		if a == "" && b == "" {
			return
		}
		rows = append(rows, views.MergeRow{Label: i18n.T(ctx, key), From: or(a, "—"), Into: or(b, "—"), Tag: compared(ctx, a, b, alike)})
	}
	same := func(key, a, b string) { add(key, a, b, strings.EqualFold(a, b)) }
	add("people.merge.name", from.File.Name(), into.File.Name(), soundsLike(from.File.Name(), into.File.Name()))
	same("people.person.birth_date", born(ctx, &from.File, p.Today), born(ctx, &into.File, p.Today))
	same("people.new.sex", sexText(ctx, from.File.Sex), sexText(ctx, into.File.Sex))
	same("people.new.nationality", from.File.Nationality, into.File.Nationality)
	same("people.new.document", strings.Join(from.Documents, ", "), strings.Join(into.Documents, ", "))
	same("people.person.phone", FormatPhone(from.File.Phone), FormatPhone(into.File.Phone))
	same("people.person.address", from.File.Address, into.File.Address)
	same("people.merge.commune", commune(from.File.CommuneCode), commune(into.File.CommuneCode))
	return rows
}

func commune(code string) string {
	c, _ := territory.ByCode(code)
	return c.Name
}

func born(ctx context.Context, f *File, today calendar.Date) string {
	if f.BirthDate.IsZero() {
		return ""
	}
	return f.BirthDate.Chilean() + " (" + AgeText(ctx, f.Age(today)) + ")"
}

// compared says in a word and an icon how two data stand to each other.
func compared(ctx context.Context, a, b string, alike bool) ui.Tag {
	switch {
	case a == "":
		return ui.Tag{Text: i18n.T(ctx, "people.merge.only_into"), Kind: ui.Plain}
	case b == "":
		return ui.Tag{Text: i18n.T(ctx, "people.merge.only_from"), Kind: ui.Info, Icon: "arrow-right"}
	case alike:
		return ui.Tag{Text: i18n.T(ctx, "people.merge.alike"), Kind: ui.Success, Icon: "check-lg"}
	}
	return ui.Tag{Text: i18n.T(ctx, "people.merge.differs"), Kind: ui.Warning, Icon: "exclamation-triangle"}
}

func proposedText(ctx context.Context, m *Merge) string {
	return i18n.Tf(ctx, "people.merge.proposed_by", map[string]any{"Name": m.ProposedBy, "When": i18n.DateTime(ctx, m.ProposedAt)})
}

var proofKeys = []word{{"", "people.new.choose"}, {"id_card", "people.merge.proof.id_card"}, {"certificate", "people.merge.proof.certificate"},
	{"registry", "people.merge.proof.registry"}, {"other", "people.merge.proof.other"}}

func proofText(ctx context.Context, proof string) string {
	for _, w := range proofKeys {
		if w.code == proof {
			return i18n.T(ctx, w.key)
		}
	}
	return proof
}

var stateKeys = map[MergeState]string{
	MergeProposed: "people.merge.state.proposed",
	MergeDeclined: "people.merge.state.declined",
	Merged:        "people.merge.state.merged",
	MergeUndone:   "people.merge.state.undone",
}

var stateKinds = map[MergeState]ui.TagKind{MergeProposed: ui.Warning, MergeDeclined: ui.Plain, Merged: ui.Success, MergeUndone: ui.Plain}

func mergeLine(ctx context.Context, m *Merge, undo bool) views.MergeLine {
	line := views.MergeLine{ID: m.ID, Version: strconv.FormatInt(m.Version, 10), Undo: undo,
		Title: proofText(ctx, m.Proof), Tag: ui.Tag{Text: i18n.T(ctx, stateKeys[m.State]), Kind: stateKinds[m.State]}}
	if m.Number != "" {
		line.Title = m.Number + " · " + line.Title
	}
	for _, s := range m.Steps {
		text := i18n.Tf(ctx, "people.merge.step", map[string]any{"State": i18n.T(ctx, stateKeys[s.Became]), "Name": s.Name,
			"Role": layout.RoleName(ctx, s.Role), "When": i18n.DateTime(ctx, s.At)})
		if s.Note != "" {
			text += ": " + s.Note
		}
		line.Steps = append(line.Steps, text)
	}
	return line
}
