package people

import (
	"errors"
	"time"

	"gsl/app/kit/fault"
	"gsl/tenants"
)

// MergeState is where a merge stands.
type MergeState string

// The states of a merge.
const (
	MergeProposed MergeState = "proposed"
	MergeDeclined MergeState = "declined"
	Merged        MergeState = "merged"
	MergeUndone   MergeState = "undone"
)

// Merge links a provisional file to the file of a RUN. While it holds, whatever
// the municipality holds of the person stands under the RUN, and the provisional
// file is an alias: its id and its provisional ID lead to the other one.
type Merge struct {
	ID         string
	FromID     string // the provisional file
	IntoID     string // the file of the RUN
	Number     string // the provisional ID
	State      MergeState
	Proof      string // what the RUN was read from: id_card, certificate, registry, other
	Note       string
	ProposedAt time.Time
	ProposedBy string // name
	Carried    map[string]string
	Version    int64
	Steps      []MergeStep // oldest first
}

// MergeStep is one line of its history.
type MergeStep struct {
	Became MergeState
	Note   string
	At     time.Time
	Name   string
	Role   string
}

// proofs are what a RUN may be read from.
var proofs = []string{"id_card", "certificate", "registry", "other"}

// Mover takes what one kind of thing holds of a file along when the file is
// merged, and gives it back. Rows are moved by reference: what stands in them
// stays as it is. A room that keeps rows by file gives people one; a test finds
// the table that has none.
type Mover struct {
	Kind string // the table, as it stands in the journal
	// Take moves the rows of one file to the other and gives their ids. A row
	// that cannot be there yet, because the other file has one like it (an open
	// attention of the same desk, say), stays, and is taken at a later lookup.
	Take func(tx *tenants.Tx, from, into File) ([]string, error)
	// Give moves the rows with the ids, a JSON list, back. What is new since they
	// were taken stays where it is, unless it is part of what goes back.
	Give func(tx *tenants.Tx, ids string, into, from File) error
	// Count says how many the file holds.
	Count func(tx *tenants.Tx, f File) (int, error)
}

// MovedIDs gathers the ids that a statement of a Mover returns.
func MovedIDs(rows *tenants.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// carry gives the surviving file what it did not know and the other one does,
// and says what that was. Name and address go whole.
func carry(from, into File) (File, map[string]string) {
	carried := map[string]string{}
	take := func(name string, to *string, value string) {
		if *to == "" && value != "" {
			*to, carried[name] = value, value
		}
	}
	if into.Name() == "" && from.Name() != "" {
		take("given_names", &into.GivenNames, from.GivenNames)
		take("surnames", &into.Surnames, from.Surnames)
		into.Source, carried["source"] = FromDesk, FromDesk
	}
	if into.BirthDate.IsZero() && !from.BirthDate.IsZero() {
		into.BirthDate, carried["birth_date"] = from.BirthDate, from.BirthDate.String()
	}
	take("sex", &into.Sex, from.Sex)
	take("nationality", &into.Nationality, from.Nationality)
	take("phone", &into.Phone, from.Phone)
	take("email", &into.Email, from.Email)
	if into.Address == "" && from.Address != "" {
		take("address", &into.Address, from.Address)
		take("commune_code", &into.CommuneCode, from.CommuneCode)
	}
	return into, carried
}

// uncarry takes back what was carried and is still as it was then.
func uncarry(f File, carried map[string]string) File {
	drop := func(name string, from *string) {
		if value, ok := carried[name]; ok && *from == value {
			*from = ""
		}
	}
	if f.Source == FromDesk && f.GivenNames == carried["given_names"] && f.Surnames == carried["surnames"] {
		drop("given_names", &f.GivenNames)
		drop("surnames", &f.Surnames)
		drop("source", &f.Source)
	}
	if value, ok := carried["birth_date"]; ok && f.BirthDate.String() == value {
		f.BirthDate = File{}.BirthDate
	}
	drop("sex", &f.Sex)
	drop("nationality", &f.Nationality)
	drop("phone", &f.Phone)
	drop("email", &f.Email)
	drop("address", &f.Address)
	drop("commune_code", &f.CommuneCode)
	return f
}

// mustBe is the conflict of a step that does not fit where the merge stands.
func (m *Merge) mustBe(state MergeState, version int64) error {
	if m.State == state && m.Version == version {
		return nil
	}
	switch m.State {
	case Merged:
		return fault.New(fault.Conflict, "people.merge.is_merged")
	case MergeDeclined:
		return fault.New(fault.Conflict, "people.merge.is_declined")
	case MergeUndone:
		return fault.New(fault.Conflict, "people.merge.is_undone")
	}
	return fault.New(fault.Conflict, "people.merge.changed")
}

// movedAway reports whether an error says that the file is another one now.
func movedAway(err error) bool {
	var e *fault.Error
	return errors.As(err, &e) && e.New != ""
}
