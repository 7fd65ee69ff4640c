package visit

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"gsl/app/document"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/ui"
	views "gsl/templates/visit"
)

// doorView is the form at the door, with what tells of somebody else's record.
type doorView struct{ *views.Door }

// resultHints say what follows from each result.
var resultHints = map[Status]string{Done: "visit.hint.done", NobodyHome: "visit.hint.nobody_home", AddressNotFound: "visit.hint.address_not_found", Refused: "visit.hint.refused"}

// resultHint says what follows from a result; item: a plan item waits for it.
func resultHint(ctx context.Context, r Status, item bool) string {
	if r == Done && item {
		return i18n.T(ctx, "visit.hint.done_item")
	}
	return i18n.T(ctx, resultHints[r])
}

// presentDoor is the form at the door, as it was typed.
func presentDoor(ctx context.Context, s *Shown, w *Written, window string, errs ui.Errors) doorView {
	base := "/visits/" + s.Visit.ID
	v := &views.Door{Action: base + "/record", Draft: base + "/draft", Cancel: base, Window: window, Seen: strconv.FormatInt(s.Draft.Seq, 10),
		Facts: doorFacts(ctx, s), Errors: errs, Photos: document.Present(ctx, s.Photos), HasPhoto: len(s.Photos) > 0, Accept: photoTypes}
	if s.File.Phone != "" {
		v.Phone, v.Call = people.FormatPhone(s.File.Phone), "tel:"+url.PathEscape(s.File.Phone)
	}
	if s.Draft.Seq > 0 {
		v.Kept = i18n.Tf(ctx, "visit.draft.kept_by", map[string]any{"At": i18n.DateTime(ctx, s.Draft.At), "Name": s.Draft.Name})
	}
	for _, r := range Results {
		v.Results = append(v.Results, ui.Option{Value: string(r), Text: StatusText(ctx, r), Hint: resultHint(ctx, r, s.Item != nil), Selected: string(r) == w.Result})
	}
	v.On = ui.Input{Name: "on", Type: "date", Label: i18n.T(ctx, "visit.door.on"), Value: w.On, Error: errs.Of("on"), Required: true}
	v.At = ui.Input{Name: "at", Label: i18n.T(ctx, "visit.door.at"), Value: w.At, Error: errs.Of("at"), Optional: true, MaxLength: 5, Placeholder: "10:30"}
	others := w.Others
	for _, name := range s.Household {
		v.People = append(v.People, ui.Option{Value: name, Text: name, Selected: slices.Contains(w.Present, name)})
	}
	for _, name := range w.Present { // ticked when the household was another one
		if !slices.Contains(s.Household, name) {
			others = strings.TrimSpace(others + "\n" + name)
		}
	}
	v.Others = ui.Input{Name: "others", Label: i18n.T(ctx, "visit.door.others"), Hint: i18n.T(ctx, "visit.door.others_hint"), Value: others, Error: errs.Of("others"), Optional: len(v.People) > 0, Rows: 2}
	v.Note = ui.Input{Name: "note", Label: i18n.T(ctx, "visit.note"), Hint: i18n.T(ctx, "visit.note_hint"), Value: w.Note, Error: errs.Of("note"), Rows: 6, MaxLength: maxNote}
	v.Groups = questions(ctx, w.Findings, errs)
	return doorView{v}
}

// doorFacts are what one needs to know in front of the door.
func doorFacts(ctx context.Context, s *Shown) []views.Fact {
	list := []views.Fact{{Name: i18n.T(ctx, "visit.agreed_for"), Value: whenText(ctx, &s.Visit)}, {Name: i18n.T(ctx, "visit.address"), Value: s.Visit.Address},
		{Name: i18n.T(ctx, "visit.purpose"), Value: s.Visit.Purpose}}
	if s.Visit.Companion != "" {
		list = append(list, views.Fact{Name: i18n.T(ctx, "visit.companion"), Value: s.Visit.Companion})
	}
	return list
}

// questions are the boxes of the checklist. Each group is open: what is folded
// away is forgotten.
func questions(ctx context.Context, typed map[string]string, errs ui.Errors) []views.Questions {
	list := make([]views.Questions, 0, len(Checklist))
	for g := range Checklist {
		group := views.Questions{Title: i18n.T(ctx, Checklist[g].Key), Open: true}
		for q := range Checklist[g].Questions {
			ask := &Checklist[g].Questions[q]
			name := findingField(ask.Code)
			box := views.Question{Input: ui.Input{Name: name, ID: "f-" + name, Label: i18n.T(ctx, ask.Key), Value: typed[ask.Code], Error: errs.Of(name)}}
			if ask.Count {
				box.Type = "number"
			} else {
				box.Options = []ui.Option{{Text: i18n.T(ctx, "visit.not_seen")}}
				for _, c := range ask.Choices {
					box.Options = append(box.Options, ui.Option{Value: c.Code, Text: i18n.T(ctx, c.Key)})
				}
			}
			group.Items = append(group.Items, box)
		}
		list = append(list, group)
	}
	return list
}

// tellTheirs shows what somebody else recorded or is typing, beside one's own
// words, which can still be added to a visit that is over.
func (v doorView) tellTheirs(ctx context.Context, s *Shown, note string) {
	if s.Visit.Waits() {
		v.Theirs = []views.Fact{{Name: i18n.Tf(ctx, "visit.draft.theirs", map[string]any{"Name": s.Draft.Name, "At": i18n.DateTime(ctx, s.Draft.At)}), Value: s.Draft.Note}}
		return
	}
	v.See = "/visits/" + s.Visit.ID
	v.Theirs = []views.Fact{{Name: i18n.T(ctx, "visit.door.result"), Value: StatusText(ctx, s.Visit.Status)},
		{Name: i18n.T(ctx, "visit.recorded_by"), Value: s.Visit.EndedByName + " · " + i18n.DateTime(ctx, s.Visit.EndedAt)}}
	if s.Visit.Note != "" {
		v.Theirs = append(v.Theirs, views.Fact{Name: i18n.T(ctx, "visit.note"), Value: s.Visit.Note})
	}
	v.Mine = addForm(ctx, &s.Visit, note)
}

// photosPart renews the photos of the form at the door.
func photosPart(c *web.Ctx, s *Shown, errs ui.Errors) templ.Component {
	view := presentDoor(c.Context(), s, &s.Draft.Written, s.Draft.Page, errs)
	return views.DoorPhotos(view.Door)
}
