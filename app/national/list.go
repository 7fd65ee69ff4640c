package national

import (
	"context"
	"slices"
	"strings"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// Filter is what the list is to show, and how.
type Filter struct {
	Text   string // words of the name, the code, province or region; "" all
	Region string // code; "" all
	Status string // of tenants.Status; "" all
	Health string // well, look, bad; "" all
	Sort   string // one of Sorts; "" name
	Down   bool   // the largest first
	After  string // the last row of the page before; "" from the top
}

// Sorts are what the list can be sorted by.
var Sorts = []string{"name", "users", "last", "bytes", "schema", "lag", "drill", "health"}

// healths are the groups of health that the list can be cut down to.
var healths = map[string][2]Health{"": {Well, Bad}, "well": {Well, Well}, "look": {Unknown, WantsLook}, "bad": {Bad, Bad}}

// PageRows is how many rows a page has: the 345 municipalities and their
// delegations stand on one.
const PageRows = 500

// List is a page of the list.
type List struct {
	Filter Filter
	Rows   []Row
	Next   string // Filter.After of the page that follows; "" for none
	Counts Counts
}

// Counts says how many there are in all, whatever the filter.
type Counts struct {
	Total, Active, Suspended, Archived, HalfMade int
	Look, Bad                                    int
}

// List gives a page of the municipalities. It reads one table and opens no
// municipality's file.
func (s *Service) List(ctx context.Context, who actor.Actor, f Filter) (List, error) {
	if err := may(who); err != nil {
		return List{}, err
	}
	f.tidy()
	list := List{Filter: f}
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		if list.Rows, err = listRows(tx, &f, PageRows+1); err != nil {
			return err
		}
		list.Counts, err = countAll(tx)
		return err
	})
	if len(list.Rows) > PageRows {
		list.Rows = list.Rows[:PageRows]
		list.Next = list.Rows[PageRows-1].cursor()
	}
	return list, err
}

// tidy leaves in a filter what the list knows.
func (f *Filter) tidy() {
	if !slices.Contains(Sorts, f.Sort) {
		f.Sort = Sorts[0]
	}
	if _, known := healths[f.Health]; !known {
		f.Health = ""
	}
	if !slices.Contains([]tenants.Status{tenants.Active, tenants.Suspended, tenants.Archived, tenants.Provisioning}, tenants.Status(f.Status)) {
		f.Status = ""
	}
}

// words are those that every row found must hold; beyond four nobody types more.
func (f *Filter) words() (w [4]string) {
	for i, word := range strings.Fields(sheet.Fold(f.Text)) {
		if i == len(w) {
			break
		}
		w[i] = word
	}
	return w
}

// cursor is where the page after this row begins.
func (r *Row) cursor() string { return r.key + "|" + r.Code }

func (f *Filter) after() (key, code string, ok bool) {
	at := strings.LastIndexByte(f.After, '|')
	if at < 0 {
		return "", "", false
	}
	return f.After[:at], f.After[at+1:], true
}

// row gives a municipality as the list shows it; fault.NotFound for an unknown id.
func (s *Service) row(ctx context.Context, id string) (Row, error) {
	var r Row
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		r, err = oneRow(tx, id)
		return err
	})
	return r, notFound(err)
}

func notFound(err error) error {
	if tenants.NotFound(err) {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}
