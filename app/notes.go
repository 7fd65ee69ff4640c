package app

import (
	"slices"
	"strings"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/casework"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/tenants"
)

// connectNotes fills the hooks of the log of a case and how it ends.
func (a *App) connectNotes() {
	a.Attention.Tellers = append(a.Attention.Tellers, attention.Teller{Kind: attention.NoteKind, Need: access.ReadCasework,
		Trail: "note.", Made: []string{"note.add", "note.amend"}, Tell: a.tellNotes, Hides: a.Casework.Hides})
}

// mountNotes names the ids of notes and of working lists in addresses; the
// routes are casework's.
func (a *App) mountNotes(r *web.Router) {
	r.Object(web.Object{Param: "note", See: access.ReadCasework, Exists: a.Casework.NoteExists, File: casework.FileOfNote})
	r.Object(web.Object{Param: "list", See: access.ManagePlan, Exists: a.Casework.ListExists}) // of many files: its names are veiled
}

// tellNotes tells the notes that the actor may read, and what was added to them,
// in the history of a file.
func (a *App) tellNotes(tx *tenants.Tx, who actor.Actor, fileID string) ([]attention.Line, error) {
	notes, err := a.Casework.Readable(tx, who, fileID)
	ctx := tx.Context()
	var list []attention.Line
	for i := range notes {
		n := &notes[i]
		line := attention.Line{ID: n.ID, At: n.WrittenAt, By: n.By, What: casework.KindText(ctx, n.Kind), Href: "/files/" + fileID + "/notes#note-" + n.ID,
			Detail: []string{beginning(n.Text)}}
		if n.Confidential {
			line.What += " · " + i18n.T(ctx, "note.confidential")
		}
		if n.On != calendar.On(n.WrittenAt) { // written down later: it stands where it happened
			line.At, line.Day = attention.EndOf(n.On), true
		}
		for j := range n.Agreements {
			line.Detail = append(line.Detail, i18n.T(ctx, "note.field.agreement")+": "+n.Agreements[j].What)
		}
		list = append(list, line)
		for j := range n.Added {
			more := &n.Added[j]
			list = append(list, attention.Line{ID: more.ID, At: more.WrittenAt, By: more.By, Href: line.Href, Detail: []string{beginning(more.Text)},
				What: i18n.Tf(ctx, "history.note_amended", map[string]any{"Kind": casework.KindText(ctx, n.Kind), "On": i18n.Date(ctx, n.On)})})
		}
	}
	return list, err
}

// longestBeginning is how much of a note the history shows, in characters.
const longestBeginning = 240

// beginning is the first words of a text.
func beginning(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= longestBeginning {
		return string(runes)
	}
	cut := longestBeginning
	if space := slices.Index(runes[longestBeginning-30:longestBeginning], ' '); space >= 0 {
		cut = longestBeginning - 30 + space
	}
	return string(runes[:cut]) + "…"
}
