package casework

import (
	"time"

	"gsl/app/kit/held"
	"gsl/app/people"
	"gsl/tenants"
)

// HeldNotes is the log of the person's case without the confidential notes, the
// newest first: those may hold what others said in confidence, and are not handed
// over. ConfidentialNotes counts them, so that this can be said.
func HeldNotes(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	all, err := NotesOf(tx, f.ID)
	hidden := map[string]bool{}
	var list []held.Record
	for i := range all {
		n := &all[i]
		if n.Confidential || hidden[n.Amends] { // what completes a confidential note is as confidential
			hidden[n.ID] = true
			continue
		}
		r := held.Of(KindText(tx.Context(), n.Kind), n.WrittenAt)
		var came []string
		for _, p := range n.Participants {
			came = append(came, people.JoinName(p.Name, p.Place))
		}
		var agreed []held.Record
		for _, a := range n.Agreements {
			one := held.Of(a.What, time.Time{})
			one.Add("who", a.Responsible).Add("due_on", a.Due)
			agreed = append(agreed, one)
		}
		r.Add("on", n.On).Add("text", n.Text).Add("participants", came).Add("agreements", agreed).Add("by", n.By)
		list = append([]held.Record{r}, list...)
	}
	return list, err
}

// ConfidentialNotes counts the notes of a file that are not handed over.
func ConfidentialNotes(tx *tenants.Tx, f people.File) (int, error) {
	all, err := NotesOf(tx, f.ID)
	hidden := map[string]bool{}
	for i := range all {
		if all[i].Confidential || hidden[all[i].Amends] {
			hidden[all[i].ID] = true
		}
	}
	return len(hidden), err
}
