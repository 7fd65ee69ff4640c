package referral

import (
	"context"
	"encoding/json"
	"slices"

	"gsl/app/kit/actor"
	"gsl/app/people"
	"gsl/tenants"
)

// veil takes the name of the member out whose own file is shut for who looks.
func (r *Referral) veil(ctx context.Context, v people.Veil) {
	if r.Member == "" || !v.HidesHolder(r.Member) {
		return
	}
	masked := v.Member(ctx, r.Member, r.MemberName)
	r.Fields = slices.Clone(r.Fields)
	for i := range r.Fields {
		if f := &r.Fields[i]; f.Value == r.Member || f.Text != "" && f.Text == r.MemberName {
			f.Value, f.Text = "", masked
		}
	}
	r.MemberName = masked
}

// veilRows takes the names of those out of a page of a box whose file is shut for
// the actor. The rows are read without ids of files and members: only where
// somebody is hidden they are asked for.
func (s *Service) veilRows(tx *tenants.Tx, who actor.Actor, rows []Row) error {
	veil, err := s.people.Veil(tx, who)
	if err != nil || veil.Empty() || len(rows) == 0 {
		return err
	}
	of, err := whoseAre(tx, rows)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		whose := of[r.ID]
		r.MemberName = veil.Member(tx.Context(), whose.member, r.MemberName)
		if veil.Hides(whose.file) {
			r.Person, r.MemberName = veil.Name(tx.Context(), whose.file, r.Person), ""
		}
	}
	return nil
}

// whose is of whom a referral is.
type whose struct{ file, member string }

func whoseAre(tx *tenants.Tx, rows []Row) (map[string]whose, error) {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	found, err := tx.Query(`SELECT r.id, r.file_id, r.member FROM json_each(?) AS w CROSS JOIN referral AS r ON r.id = w.value`, string(wanted))
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	of := make(map[string]whose, len(rows))
	for found.Next() {
		var id string
		var one whose
		if err := found.Scan(&id, &one.file, &one.member); err != nil {
			return nil, err
		}
		of[id] = one
	}
	return of, found.Err()
}

// unshut answers fault.Forbidden for a referral of a file that is shut for the
// actor: what is received from a list must not make anybody responsible for a
// file that the same person could not open.
func (s *Service) unshut(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		file, err := FileOf(tx, id)
		if err != nil || file == "" {
			return err
		}
		return s.people.Guard(tx, who, file)
	})
}
