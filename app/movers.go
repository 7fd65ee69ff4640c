package app

import (
	"encoding/json"
	"maps"
	"slices"

	"gsl/app/agenda"
	"gsl/app/attention"
	"gsl/app/benefit"
	"gsl/app/casework"
	"gsl/app/diagnosis"
	"gsl/app/document"
	"gsl/app/people"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/app/report"
	"gsl/app/screening"
	"gsl/app/trail"
	"gsl/app/visit"
	"gsl/tenants"
)

// connectPeople gives people what only higher rooms know: who lives in the
// municipality, and what has to go along when a file is merged.
func (a *App) connectPeople() {
	a.Names = screening.NewNames(a.Files.Registry(), a.log)
	a.People.Strangers, a.People.Movers = a.Names.Find, movers()
}

// movers take what each room holds of a file along when the file is merged. The
// order is that in which things hang on each other: plans before what they made.
func movers() []people.Mover {
	list := append(people.RestrictionMovers(), screening.Mover(), benefit.Mover()) // what protects goes first
	list = append(list, plan.Movers()...)
	list = append(list, referral.Mover(), casework.Mover(), report.Mover())
	list = append(list, visit.Mover(), agenda.Mover())
	list = append(list, casework.NoteMovers()...)
	list = append(list, diagnosis.Movers()...)
	list = append(list, attention.Movers()...)
	list = append(list, trail.Mover())
	return append(list, people.Mover{
		Kind: "document",
		Take: func(tx *tenants.Tx, from, into people.File) ([]string, error) {
			return document.TakeFile(tx, from.ID, into.ID)
		},
		Give: func(tx *tenants.Tx, ids string, into, from people.File) error {
			if err := document.GiveFile(tx, ids, into.ID, from.ID); err != nil {
				return err
			}
			return givePapersBack(tx, into, from)
		},
		Count: func(tx *tenants.Tx, f people.File) (int, error) { return document.CountFile(tx, f.ID) },
	})
}

// givePapersBack takes the papers of what went back along: of referrals, reports,
// and items of plans.
func givePapersBack(tx *tenants.Tx, into, from people.File) error {
	owners := map[string][]string{}
	referrals, err := referral.OfFile(tx, from.ID)
	if err != nil {
		return err
	}
	for i := range referrals {
		owners[referral.DocumentsOwner] = append(owners[referral.DocumentsOwner], referrals[i].ID)
	}
	reports, err := report.OfFile(tx, from.ID)
	if err != nil {
		return err
	}
	for i := range reports {
		owners[document.OfAReport] = append(owners[document.OfAReport], reports[i].ID)
	}
	plans, err := plan.OfFile(tx, from.ID)
	if err != nil {
		return err
	}
	for i := range plans {
		for j := range plans[i].Items {
			owners[document.OfAPlanItem] = append(owners[document.OfAPlanItem], plans[i].Items[j].ID)
		}
	}
	return giveOwned(tx, owners, into, from)
}

func giveOwned(tx *tenants.Tx, owners map[string][]string, into, from people.File) error {
	for _, kind := range slices.Sorted(maps.Keys(owners)) {
		ids, err := json.Marshal(owners[kind])
		if err != nil {
			return err
		}
		if err := document.GiveOwned(tx, kind, string(ids), into.ID, from.ID); err != nil {
			return err
		}
	}
	return nil
}
