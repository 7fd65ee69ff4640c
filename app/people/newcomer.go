package people

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// The limits of what a desk writes down of a person without RUN.
const (
	maxNationality = 60  // runes
	maxDocument    = 40  // runes
	maxReason      = 300 // runes
)

// The documents of a person without RUN, and why somebody has none.
var (
	documentKinds = []string{"passport", "foreign_id", "other"}
	noRUNReasons  = []string{"foreign", "unregistered", "lost", "unknown", "other"}
	sexes         = []string{"", "F", "M", "X"}
)

// Newcomer is a person at the desk who has no RUN.
type Newcomer struct {
	Identity
	Sex          string
	Nationality  string
	DocumentKind string // passport, foreign_id, other; "" with no Document
	Document     string
	Reason       string // why there is no RUN: foreign, unregistered, lost, unknown, other
	Anyway       string // why a file is made although somebody like them has one
	Key          string // of the form: sent twice, one file
}

func (n Newcomer) tidied() Newcomer {
	n.Identity = n.Identity.tidied()
	n.Nationality, n.Document, n.Anyway = tidy(n.Nationality), tidy(n.Document), tidy(n.Anyway)
	if n.Document == "" {
		n.DocumentKind = ""
	}
	n.Key = n.keyed()
	return n
}

// keyed is the key of a form that says just this: the form of one person filled
// in anew for another, as after a step back in the browser, is another one.
func (n Newcomer) keyed() string {
	if n.Key == "" {
		return ""
	}
	said := fmt.Sprintf("%q", []string{n.Key, n.GivenNames, n.Surnames, n.BirthDate.String(), n.Phone, n.Address, n.Sex, n.Nationality,
		n.DocumentKind, n.Document, n.Reason, n.Anyway})
	sum := sha256.Sum256([]byte(said))
	return base32.StdEncoding.EncodeToString(sum[:15])
}

// check names every field that cannot be kept as it is.
func (n Newcomer) check(today calendar.Date) error {
	wrong := n.problems(today)
	add := func(name, key string, is bool) {
		if is {
			wrong = append(wrong, fault.Field{Name: name, Key: key})
		}
	}
	add("sex", "people.new.choice", !slices.Contains(sexes, n.Sex))
	add("nationality", "people.new.text", !fits(n.Nationality, maxNationality))
	add("document", "people.new.text", !fits(n.Document, maxDocument))
	add("document", "people.new.document_shape", n.Document != "" && documentKey(n.Document) == "")
	add("document_kind", "people.new.choice", n.Document != "" && !slices.Contains(documentKinds, n.DocumentKind))
	add("reason", "people.new.reason_missing", !slices.Contains(noRUNReasons, n.Reason))
	add("anyway", "people.new.text", !fits(n.Anyway, maxReason))
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

func fits(text string, limit int) bool {
	return utf8.RuneCountInString(text) <= limit && printable(text)
}

// Twins are the people who may be the one at the desk.
type Twins struct {
	Found []Found
	Today calendar.Date
}

// arrival is what became of a newcomer.
type arrival struct {
	file  File
	why   string // what the file is read for
	twins Twins  // people who may be the same; nothing was made
}

// LookupWithoutRUN opens a file with a provisional ID for a person without RUN,
// and the attention as any lookup does. Who may be the same person is looked for
// first: then nothing is made and fault.Conflict comes with who was found, until
// the newcomer says why a file is made anyway. It counts as a lookup.
func (s *Service) LookupWithoutRUN(ctx context.Context, who actor.Actor, n Newcomer) (File, Twins, error) {
	if err := may(who, access.Attend); err != nil {
		return File{}, Twins{}, err
	}
	n = n.tidied()
	var a arrival
	var v verdict
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if err := n.check(calendar.On(tx.Now)); err != nil {
			return err
		}
		if v, err = countLookup(tx, who); err != nil || v.refusal != nil {
			return err
		}
		a, err = s.receive(tx, who, &n)
		return err
	})
	switch {
	case err != nil:
		return File{}, Twins{}, err
	case v.refusal != nil:
		s.alert(ctx, who, v)
		return File{}, Twins{}, v.refusal
	case len(a.twins.Found) > 0:
		return File{}, a.twins, fault.New(fault.Conflict, "people.new.twins").With("Count", len(a.twins.Found))
	}
	return a.file, Twins{}, s.looked(ctx, who, a.file, a.why)
}

// receive finds the file that the form made already, or who may be the same
// person, or makes the file.
func (s *Service) receive(tx *tenants.Tx, who actor.Actor, n *Newcomer) (a arrival, err error) {
	if a.file, err = madeBy(tx, n.Key); err != nil {
		return a, err
	}
	if a.file.ID == "" {
		found, err := s.unveiledTwins(tx, who, n)
		if err != nil {
			return a, err
		}
		if len(found) > 0 && n.Anyway == "" {
			a.twins = Twins{found, calendar.On(tx.Now)}
			return a, recordSearch(tx, who, "twins", found, nil)
		}
		if a.file, err = openProvisional(tx, who, n, len(found)); err != nil {
			return a, err
		}
	}
	a.why, err = s.arrived(tx, who, a.file)
	return a, err
}

// unveiledTwins gives who may be the same person: somebody whose file is shut
// without a name, so that no second file is made of them.
func (s *Service) unveiledTwins(tx *tenants.Tx, who actor.Actor, n *Newcomer) ([]Found, error) {
	found, err := twins(tx, n)
	if err != nil || len(found) == 0 {
		return found, err
	}
	veil, err := s.Veil(tx, who)
	for i := range found {
		found[i].File = veil.File(found[i].File)
	}
	return found, err
}

// openProvisional makes the file of a person without RUN.
func openProvisional(tx *tenants.Tx, who actor.Actor, n *Newcomer, twins int) (File, error) {
	year := calendar.On(tx.Now).Year()
	number, err := nextProvisional(tx, year)
	if err != nil {
		return File{}, err
	}
	f := File{ID: tx.NewID(), ProvisionalID: fmt.Sprintf("SR-%s-%d-%d", who.Municipality.Code, year, number),
		GivenNames: n.GivenNames, Surnames: n.Surnames, BirthDate: n.BirthDate, Sex: n.Sex, Nationality: n.Nationality,
		Phone: n.Phone, Address: n.Address, Source: FromDesk, Version: 1, CreatedAt: tx.Now}
	if err := insertProvisional(tx, &f, n, year, number, who.UserID); err != nil {
		return File{}, err
	}
	detail := map[string]string{"provisional": f.ProvisionalID, "reason": n.Reason}
	if twins > 0 {
		detail["anyway"] = n.Anyway
	}
	return f, audit.Record(tx, who, audit.Change{Action: "people.file_opened", Object: f.ID, File: f.ID, Detail: detail})
}

// twins gives who may be the same person: with the same document, or with the
// same birth date (day and month may be swapped) and a name that sounds the
// same, or, when no birth date is known, with the very name.
func twins(tx *tenants.Tx, n *Newcomer) ([]Found, error) {
	var g gathering
	if key := documentKey(n.Document); key != "" {
		files, err := withDocument(tx, key, maxResults)
		if err != nil {
			return nil, err
		}
		g.add(files, ByDocument)
	}
	name := JoinName(n.GivenNames, n.Surnames)
	if !n.BirthDate.IsZero() {
		files, err := bornOn(tx, n.BirthDate, swapped(n.BirthDate))
		if err != nil {
			return nil, err
		}
		g.add(slices.DeleteFunc(files, func(f File) bool { return !soundsLike(name, f.Name()) }), ByBirth)
	}
	words := nameWords(name)
	if len(words) < 2 {
		return g.found, nil
	}
	files, err := named(tx, NewVocabulary("", nil, 0).Exactly(words), maxResults)
	if err != nil {
		return nil, err
	}
	g.add(slices.DeleteFunc(files, func(f File) bool { return !n.BirthDate.IsZero() && !f.BirthDate.IsZero() }), ByName)
	return g.found[:min(len(g.found), maxResults)], nil
}

// swapped has day and month in each other's place, the date itself when that is none.
func swapped(d calendar.Date) calendar.Date {
	if other, err := calendar.NewDate(d.Year(), d.Day(), d.Month()); err == nil {
		return other
	}
	return d
}
