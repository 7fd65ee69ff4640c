package catalogue

import (
	"context"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	views "gsl/templates/catalogue"
)

// Households that nobody is: what an item would say to them is shown while it is
// written, so that a slip in a criterion is seen before it is published.

type example struct {
	key   string // of its sentence
	facts func(today calendar.Date) *Facts
}

// memberAged is a made-up member of about that age.
func memberAged(today calendar.Date, holder string, years int, sex string) Member {
	return Member{Holder: holder, BirthDate: today.AddDays(-years*365 - years/4 - 30), Sex: sex, Student: No, Disability: No, Pregnant: No, Carer: No,
		DependencyKnown: true, PensionKnown: true}
}

// householdOf is one of which the registry told everything.
func householdOf(today calendar.Date, tramo int, income int64, members ...Member) *Facts {
	return &Facts{Today: today, Registered: Yes, OwnCommune: Yes, Tramo: tramo, Income: income, IncomeKnown: true, Members: members}
}

// examples in the order of the panel.
var examples = []example{
	{"catalogue.national.example.mother", func(today calendar.Date) *Facts {
		child := memberAged(today, "2", 9, "M")
		child.Student = Yes
		f := householdOf(today, 40, 320_000, memberAged(today, "1", 33, "F"), child, memberAged(today, "3", 3, "F"))
		f.Received = []Received{{Code: "E101", Holder: "1", On: today.AddDays(-30), Name: "E101"}}
		return f
	}},
	{"catalogue.national.example.old", func(today calendar.Date) *Facts {
		old := memberAged(today, "1", 74, "F")
		old.Pension = "PGU"
		f := householdOf(today, 50, 230_000, old)
		f.Received = []Received{{Code: "RIS-PGU", Holder: "1", On: today.AddDays(-20), Name: "PGU"}}
		return f
	}},
	{"catalogue.national.example.care", func(today calendar.Date) *Facts {
		ill, carer := memberAged(today, "1", 61, "M"), memberAged(today, "2", 57, "F")
		ill.Disability, ill.Dependency, carer.Carer = Yes, "severa", Yes
		return householdOf(today, 60, 480_000, ill, carer)
	}},
	{"catalogue.national.example.pregnant", func(today calendar.Date) *Facts {
		mother := memberAged(today, "1", 22, "F")
		mother.Pregnant, mother.Student = Yes, Yes
		return householdOf(today, 70, 520_000, mother, memberAged(today, "2", 24, "M"))
	}},
	{"catalogue.national.example.middle", func(today calendar.Date) *Facts {
		return householdOf(today, 90, 2_400_000, memberAged(today, "1", 45, "M"), memberAged(today, "2", 43, "F"), memberAged(today, "3", 16, "F"), memberAged(today, "4", 12, "M"))
	}},
	{"catalogue.national.example.outside", func(today calendar.Date) *Facts {
		return &Facts{Today: today, Registered: No, OwnCommune: Unknown, NoRUN: true, Members: []Member{memberAged(today, "SR-1", 29, "F")}}
	}},
	{"catalogue.national.example.silent", func(today calendar.Date) *Facts {
		return &Facts{Today: today, Members: []Member{{Holder: "1"}}}
	}},
}

// tries says what the item would tell each of the made-up households.
func tries(ctx context.Context, it *Item, today calendar.Date) []views.Try {
	w := newWords(ctx)
	list := make([]views.Try, len(examples))
	for i, e := range examples {
		f := e.facts(today)
		for k := range f.Members {
			f.Members[k].Name = i18n.Tf(ctx, "catalogue.national.example.member", map[string]any{"Number": k + 1})
			if !f.Members[k].BirthDate.IsZero() {
				f.Members[k].Name = w.tf("catalogue.years", "Years", i18n.Number(ctx, int64(f.Members[k].BirthDate.AgeOn(today))))
			}
		}
		j := it.Judge(f)
		list[i] = views.Try{Who: w.t(e.key), State: verdictOf(&j), Reasons: w.reasons(f, &j), Warnings: w.warnings(f, it, &j)}
	}
	return list
}

// verdictOf sums a judgement up: not met as soon as one criterion is not.
func verdictOf(j *Judgement) views.State {
	if j.Eligible {
		return views.Met
	}
	for i := range j.Results {
		if j.Results[i].Outcome == No {
			return views.NotMet
		}
	}
	return views.Doubt
}
