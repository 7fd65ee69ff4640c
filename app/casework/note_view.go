package casework

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/casework"
	"gsl/templates/ui"
)

// kindKeys and kindIcons are the kinds of notes as people read them.
var kindKeys = map[NoteKind]string{
	Call: "note.kind.call", Coordination: "note.kind.coordination", Meeting: "note.kind.meeting", Interview: "note.kind.interview", OtherNote: "note.kind.other",
}

var kindIcons = map[NoteKind]string{
	Call: "telephone", Coordination: "arrow-left-right", Meeting: "people", Interview: "chat-dots", OtherNote: "journal-text",
}

// KindText is a kind of note in words.
func KindText(ctx context.Context, kind NoteKind) string {
	if key, ok := kindKeys[kind]; ok {
		return i18n.T(ctx, key)
	}
	return string(kind)
}

// logPath is the address of a page of the log.
func logPath(file string, kind NoteKind, before string) string {
	query := url.Values{}
	if kind != "" {
		query.Set("kind", string(kind))
	}
	if before != "" {
		query.Set("before", before)
	}
	path := "/files/" + file + "/notes"
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// presentLog puts a page of the log into words.
func presentLog(c *web.Ctx, log *Log, forms logForms) *views.Log {
	ctx := c.Context()
	writes := c.Actor().Can(access.ManagePlan)
	v := &views.Log{Filtered: log.Kind != "", CaseHref: "/files/" + log.FileID + "/case", NoCase: !log.Open}
	v.Kinds = append(v.Kinds, views.Tab{Text: i18n.T(ctx, "note.all"), Href: logPath(log.FileID, "", ""), Current: log.Kind == ""})
	for _, kind := range NoteKinds {
		v.Kinds = append(v.Kinds, views.Tab{Text: KindText(ctx, kind), Icon: kindIcons[kind], Href: logPath(log.FileID, kind, ""), Current: kind == log.Kind})
	}
	if log.Hidden > 0 {
		v.Hidden = i18n.Tf(ctx, "note.hidden", map[string]any{"Count": log.Hidden})
	}
	if log.Older != "" {
		v.Older = logPath(log.FileID, log.Kind, log.Older)
	}
	if log.Before != "" {
		v.Newest = logPath(log.FileID, log.Kind, "")
	}
	for i := range log.Notes {
		v.Notes = append(v.Notes, presentNote(c, &log.Notes[i], writes, log.Key, forms))
	}
	if writes && log.Open {
		v.Form = presentNoteForm(c, log, forms)
	}
	return v
}

func presentNote(c *web.Ctx, n *Note, writes bool, key string, forms logForms) views.Note {
	ctx := c.Context()
	v := views.Note{ID: n.ID, Kind: string(n.Kind), Icon: kindIcons[n.Kind], Word: KindText(ctx, n.Kind), On: i18n.Date(ctx, n.On), Text: n.Text,
		Confidential: n.Confidential, By: n.By, At: i18n.DateTime(ctx, n.WrittenAt)}
	for _, p := range n.Participants {
		v.Participants = append(v.Participants, joined(p.Name, p.Place))
	}
	for _, a := range n.Agreements {
		line := views.Agreement{What: a.What, Responsible: a.Responsible}
		if !a.Due.IsZero() {
			line.Due = i18n.Date(ctx, a.Due)
		}
		v.Agreements = append(v.Agreements, line)
	}
	for i := range n.Added {
		a := &n.Added[i]
		v.Added = append(v.Added, views.Addition{Text: a.Text, By: a.By, At: i18n.DateTime(ctx, a.WrittenAt)})
	}
	if writes {
		v.Amend = &views.Amend{Action: "/notes/" + n.ID + "/add", Key: key + "-" + n.ID[len(n.ID)-8:]}
		if forms.amends == n.ID {
			v.Amend.Open, v.Amend.Text, v.Amend.Errors = true, forms.text, formErrors(c, forms.cause, "text")
		}
	}
	return v
}

func joined(name, place string) string {
	if place == "" {
		return name
	}
	return name + ", " + place
}

// linesShown is how many lines for agreements an empty form has.
const linesShown = 2

func presentNoteForm(c *web.Ctx, log *Log, forms logForms) *views.NewNote {
	ctx := c.Context()
	form := NoteForm{Kind: string(Call), On: log.Today.Chilean(), Key: log.Key}
	v := &views.NewNote{Action: "/files/" + log.FileID + "/notes", Draft: "/files/" + log.FileID + "/notes/draft", Discard: "/files/" + log.FileID + "/notes/discard"}
	switch {
	case forms.note != nil:
		form = *forms.note
		v.Errors = formErrors(c, forms.cause, "text")
	case log.Draft != nil:
		form = *log.Draft
		v.Kept = i18n.Tf(ctx, "note.draft.restored", map[string]any{"At": i18n.DateTime(ctx, log.DraftAt)})
	}
	if fault.Is(forms.cause, fault.Conflict) {
		form.Key = log.Key // sent again it is a note of its own
	}
	v.Key, v.On, v.Text, v.Confidential, v.Participants = form.Key, form.On, form.Text, form.Confidential, form.Participants
	for _, kind := range NoteKinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(kind), Text: KindText(ctx, kind), Selected: string(kind) == form.Kind})
	}
	for i := range max(len(form.Agreements)+1, forms.rows, linesShown) {
		line := views.AgreementLine{At: strconv.Itoa(i), Number: strconv.Itoa(i + 1)}
		if i < len(form.Agreements) {
			a := form.Agreements[i]
			line.What, line.Responsible, line.Due = a.What, a.Responsible, a.Due
		}
		if i < maxAgreed {
			v.Agreements = append(v.Agreements, line)
		}
	}
	return v
}

// formErrors is what is wrong with a form; a conflict is said of its first field.
func formErrors(c *web.Ctx, cause error, first string) ui.Errors {
	if cause == nil {
		return nil
	}
	if fault.Is(cause, fault.Conflict) {
		return ui.Errors{{Name: first, Text: sentence(c, cause)}}
	}
	labels := []string{"kind", "note.field.kind", "on", "note.field.on", "text", "note.field.text", "participants", "note.field.participants",
		"reason", "casework.close.reason", "summary", "casework.close.summary", "anyway", "casework.close.anyway", "worker", "casework.worker", "name", "casework.list.name"}
	list := c.Errors(cause, labels...)
	for i := range list {
		if at := strings.IndexByte(list[i].Name, '['); at > 0 && list[i].Label == "" {
			list[i].Label = i18n.Tf(c.Context(), "note.field.agreement_n", map[string]any{"Number": list[i].Name[at+1 : len(list[i].Name)-1]})
		}
	}
	return list
}

// sentence is the error's own text.
func sentence(c *web.Ctx, why error) string {
	var e *fault.Error
	if errors.As(why, &e) {
		return i18n.Tf(c.Context(), e.Key, e.Args)
	}
	return ""
}
