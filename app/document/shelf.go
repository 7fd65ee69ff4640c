package document

import (
	"context"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Section is the key of the documents in the left menu of a file.
const Section = "documents"

const (
	shelfSize  = 50 // documents on a page
	mostOnFile = 300
	mostShown  = 50 // of those out of sight
)

// Ask says which documents of a file are asked for; the zero Ask is all.
type Ask struct {
	Kind   Kind
	Of     Owner
	Before string // where the page before ended
}

// Shelf is a page of the documents of a file, the newest first.
type Shelf struct {
	FileID  string
	Frame   *layout.FileFrame
	Ask     Ask
	Told    Told // of the owner that is asked for
	Counts  map[Kind]int
	All     int
	Rows    []Row
	Removed []Row
	Hands   bool   // the actor may hand papers in here
	Older   string // where the next page begins, "" at the end
	Today   calendar.Date
}

// Row is a document on a shelf.
type Row struct {
	Document Document
	Told     Told
	Hands    bool   // the actor may change and remove it
	Last     *Entry // what was last done with it, nil for nothing
}

// Shelf gives the documents of a file that the actor may see. The view is in the
// trail when it returns. fault.NotFound: no such file, or no such owner on it.
func (s *Service) Shelf(ctx context.Context, who actor.Actor, fileID string, ask Ask) (Shelf, error) {
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return Shelf{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	v := Shelf{FileID: fileID, Ask: ask, Counts: map[Kind]int{}}
	var err error
	if v.Frame, err = s.Frame(ctx, who, fileID, Section, "documents"); err != nil {
		return Shelf{}, err
	}
	return v, who.Municipality.View(ctx, func(tx *tenants.Tx) error { return s.fill(tx, who, &v) })
}

func (s *Service) fill(tx *tenants.Tx, who actor.Actor, v *Shelf) error {
	v.Today = calendar.On(tx.Now)
	circle := s.circle(tx, who)
	if err := v.ask(circle); err != nil {
		return err
	}
	last, err := lastEntries(tx, v.FileID)
	if err != nil {
		return err
	}
	rows, err := v.visible(circle, last, OfFile)
	if err != nil {
		return err
	}
	slices.Reverse(rows)
	v.choose(rows)
	if v.Ask.Before == "" && v.Ask.Kind == "" {
		v.Removed, err = v.visible(circle, last, removedOf)
	}
	return err
}

// ask finds out about whose papers are asked for, and who may hand some in.
func (v *Shelf) ask(c *circle) error {
	owner := v.Ask.Of
	if owner.Kind == "" {
		owner = Owner{OfTheFile, v.FileID}
	}
	st, err := c.of(owner)
	if err != nil {
		return err
	}
	if v.Hands = st.hands; v.Ask.Of.Kind == "" {
		return nil
	}
	if v.Told = st.told; !st.sees || st.told.FileID != v.FileID {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return nil
}

// visible gives the documents of a list that the actor may know of.
func (v *Shelf) visible(c *circle, last map[string]Entry, list func(*tenants.Tx, string) ([]Document, error)) ([]Row, error) {
	all, err := list(c.tx, v.FileID)
	rows := make([]Row, 0, len(all))
	for i := range all {
		st, err := c.of(all[i].Owner)
		if err != nil {
			return nil, err
		}
		if !st.sees || v.Ask.Of.Kind != "" && all[i].Owner != v.Ask.Of {
			continue
		}
		row := Row{Document: all[i], Told: st.told, Hands: st.hands}
		if e, done := last[row.Document.ID]; done {
			row.Last = &e
		}
		rows = append(rows, row)
	}
	return rows, err
}

// choose counts the kinds and keeps the page that is asked for.
func (v *Shelf) choose(rows []Row) {
	for i := range rows {
		d := &rows[i].Document
		v.Counts[d.Kind]++
		v.All++
		if v.Ask.Kind != "" && d.Kind != v.Ask.Kind || v.Ask.Before != "" && d.ID >= v.Ask.Before {
			continue
		}
		if len(v.Rows) == shelfSize {
			v.Older = v.Rows[shelfSize-1].Document.ID
			continue
		}
		v.Rows = append(v.Rows, rows[i])
	}
}

// Row gives the row of a document, nil when it is not on the shelf.
func (v *Shelf) Row(id string) *Row {
	for _, list := range [][]Row{v.Rows, v.Removed} {
		for i := range list {
			if list[i].Document.ID == id {
				return &list[i]
			}
		}
	}
	return nil
}
