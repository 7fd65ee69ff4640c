package screening

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"gsl/app/benefit"
	"gsl/app/catalogue"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/templates/layout"
)

// Standing says what the social registry has to say of the person.
type Standing uint8

// The standings. The zero one is Silent: nothing is known and nothing was said.
const (
	Silent        Standing = iota // could not be asked, and nothing was kept before
	Fresh                         // asked just now
	Kept                          // could not be asked: the last snapshot
	NotRegistered                 // asked, or kept: the registry does not know the person
	NoRUN                         // the person has no RUN: no registry can be asked
)

// Screening is what is known of a person and household before asking anything.
type Screening struct {
	File      people.File
	Today     calendar.Date
	Standing  Standing
	SeenAt    time.Time     // when the registry said it; zero when Silent or NoRUN
	Down      bool          // the registry could not be asked now
	Damaged   bool          // what was kept cannot be read
	Earlier   calendar.Date // NotRegistered: date of the last household seen before, zero for none
	Household Household     // Fresh or Kept; of a person not registered only the Benefits
	Received  []Received    // national and municipal, newest first
	Work      []Work        // of the other members, in this municipality
	Why       string        // the open attention, "" for none

	// Frame and Cart are read in the same transaction, for the page.
	Frame *layout.FileFrame
	Cart  templ.Component // nil when the actor has no cart

	keys []string // see holders
}

// Received is one benefit that a member of the household received.
type Received struct {
	National bool
	Code     string // of the RIS, or of the catalogue
	Name     string
	Holder   string // people.File.Holder
	On       calendar.Date
	Provider string
	Amount   int64 // pesos, 0 when it was not money
	Quantity int64 // 0 when not said
	Unit     string
	InKind   bool
}

// Known reports whether a household is known, fresh or kept.
func (sc *Screening) Known() bool { return sc.Standing == Fresh || sc.Standing == Kept }

// Person is the index of the file's person among the household's members, -1
// when the household is not known.
func (sc *Screening) Person() int {
	for i := range sc.Household.Members {
		if m := &sc.Household.Members[i]; m.RUN == sc.File.RUN && !m.RUN.IsZero() {
			return i
		}
	}
	return -1
}

// otherPlans counts the open plans of the other members.
func (sc *Screening) otherPlans() (n int) {
	for i := range sc.Work {
		if sc.Work[i].Kind == PlanWork {
			n++
		}
	}
	return n
}

// holders are the keys under which the household's benefits are kept, the
// person's first. They are made once: every row of the page asks for one.
func (sc *Screening) holders() []string {
	if sc.keys == nil {
		sc.keys = make([]string, 1, len(sc.Household.Members)+1)
		sc.keys[0] = sc.File.Holder()
		for i := range sc.Household.Members {
			if run := sc.Household.Members[i].RUN; run != sc.File.RUN && !run.IsZero() {
				sc.keys = append(sc.keys, run.String())
			}
		}
	}
	return sc.keys
}

// holder is the key of one member; it walks the members as holders does.
func (sc *Screening) holder(run people.RUN) string {
	if run == sc.File.RUN {
		return sc.holders()[0]
	}
	if run.IsZero() {
		return "" // a member who is veiled
	}
	at := 1
	for i := range sc.Household.Members {
		switch other := sc.Household.Members[i].RUN; other {
		case run:
			return sc.holders()[at]
		case sc.File.RUN, people.RUN{}:
		default:
			at++
		}
	}
	return run.String()
}

// memberOf gives the household's member with the key, nil for none.
func (sc *Screening) memberOf(holder string) *Member {
	if holder == "" {
		return nil
	}
	for i := range sc.Household.Members {
		if m := &sc.Household.Members[i]; sc.holder(m.RUN) == holder {
			return m
		}
	}
	return nil
}

// Name is the member's full name.
func (m *Member) Name() string { return people.JoinName(m.GivenNames, m.Surnames) }

// gatherReceived puts the national benefits and the municipality's grants together,
// newest first.
func (sc *Screening) gatherReceived(grants []benefit.Grant) []Received {
	national := sc.Household.Benefits
	list := make([]Received, 0, len(national)+len(grants))
	for i := range national {
		b := &national[i]
		list = append(list, Received{National: true, Code: b.Code, Name: b.Name, Holder: sc.holder(b.RUN), On: b.On,
			Provider: b.Provider, Amount: b.Amount, Quantity: b.Quantity, Unit: b.Unit})
	}
	for i := range grants {
		g := &grants[i]
		list = append(list, Received{Code: g.ItemCode, Name: g.Name, Holder: g.Holder, On: g.On,
			Provider: g.Provider, Amount: g.Amount, Quantity: g.Quantity, Unit: g.Unit, InKind: g.Kind == benefit.InKind})
	}
	slices.SortStableFunc(list, func(a, b Received) int { return compareDates(b.On, a.On) })
	return list
}

func compareDates(a, b calendar.Date) int {
	switch {
	case a.Before(b):
		return -1
	case b.Before(a):
		return 1
	}
	return 0
}

// Facts gives what the catalogue's criteria judge. own are the communes of the
// municipality's territory.
func (sc *Screening) Facts(own []string) *catalogue.Facts {
	f := &catalogue.Facts{Today: sc.Today, Registered: sc.registered(), NoRUN: sc.File.RUN.IsZero()}
	if sc.Known() {
		h := &sc.Household
		f.Tramo, f.Income, f.IncomeKnown = h.Tramo, h.Income, true
		f.OwnCommune = isOwn(h.CommuneCode, own)
	}
	f.Members, f.Person = sc.factMembers()
	f.Received = make([]catalogue.Received, len(sc.Received))
	for i := range sc.Received {
		r := &sc.Received[i]
		f.Received[i] = catalogue.Received{Code: r.Code, Holder: r.Holder, On: r.On, Name: r.Name}
	}
	return f
}

func (sc *Screening) registered() catalogue.Tri {
	switch sc.Standing {
	case Fresh, Kept:
		return catalogue.Yes
	case NotRegistered, NoRUN: // the registry knows people by RUN
		return catalogue.No
	}
	return catalogue.Unknown
}

func isOwn(commune string, own []string) catalogue.Tri {
	if commune == "" || len(own) == 0 {
		return catalogue.Unknown
	}
	return catalogue.TriOf(slices.Contains(own, commune))
}

// factMembers gives the members as the criteria see them, and which one is the
// person: of a person whom the registry does not know, only what the file says.
func (sc *Screening) factMembers() ([]catalogue.Member, int) {
	list := make([]catalogue.Member, 0, len(sc.Household.Members)+1)
	for i := range sc.Household.Members {
		m := &sc.Household.Members[i]
		list = append(list, factMember(m, sc.holder(m.RUN)))
	}
	if at := sc.Person(); at >= 0 {
		return list, at
	}
	f := &sc.File
	list = append(list, catalogue.Member{Holder: f.Holder(), Name: f.Name(), BirthDate: f.BirthDate, Sex: f.Sex})
	return list, len(list) - 1
}

func factMember(m *Member, holder string) catalogue.Member {
	if m.veiled() {
		return catalogue.Member{Name: m.Name()} // all else is unknown here
	}
	return catalogue.Member{Holder: holder, Name: m.Name(), BirthDate: m.BirthDate, Sex: m.Sex,
		Student: catalogue.TriOf(m.Student), Disability: catalogue.TriOf(m.Disability),
		Pregnant: catalogue.TriOf(m.Pregnant), Carer: catalogue.TriOf(m.Carer),
		Dependency: m.Dependency, DependencyKnown: true, Pension: m.Pension, PensionKnown: true}
}

// inOrder puts the household as it is read, whatever order the registry gave:
// the head first, then the others from the eldest; the newest benefits first.
// The registry's own slices are left alone: it may keep them.
func (h *Household) inOrder() {
	if !slices.IsSortedFunc(h.Members, compareMembers) {
		h.Members = slices.Clone(h.Members)
		slices.SortFunc(h.Members, compareMembers)
	}
	if !slices.IsSortedFunc(h.Benefits, compareBenefits) {
		h.Benefits = slices.Clone(h.Benefits)
		slices.SortFunc(h.Benefits, compareBenefits)
	}
}

func compareMembers(a, b Member) int {
	if a.Head != b.Head {
		if a.Head {
			return -1
		}
		return 1
	}
	return cmp.Or(compareDates(a.BirthDate, b.BirthDate), cmp.Compare(a.RUN.Body(), b.RUN.Body()))
}

func compareBenefits(a, b Benefit) int {
	return cmp.Or(compareDates(b.On, a.On), cmp.Compare(a.RUN.Body(), b.RUN.Body()), strings.Compare(a.Code, b.Code),
		cmp.Compare(a.Amount, b.Amount), cmp.Compare(a.Quantity, b.Quantity))
}

// veil leaves of the members whose own file is shut for who looks no more than
// that they are there, and nothing of what they received. own is the RUN of the
// person whose file is open. The registry's own slices are left alone.
func (h *Household) veil(ctx context.Context, v people.Veil, own people.RUN) {
	if v.Empty() {
		return
	}
	hidden := func(run people.RUN) bool { return run != own && v.HidesHolder(run.String()) }
	if !slices.ContainsFunc(h.Members, func(m Member) bool { return hidden(m.RUN) }) {
		return
	}
	h.Benefits = slices.DeleteFunc(slices.Clone(h.Benefits), func(b Benefit) bool { return hidden(b.RUN) })
	h.Members = slices.Clone(h.Members)
	for i := range h.Members {
		if m := &h.Members[i]; hidden(m.RUN) {
			*m = Member{GivenNames: v.Member(ctx, m.RUN.String(), m.Name()), Relationship: m.Relationship, Head: m.Head}
		}
	}
}

// others are the people of the household but for one.
func (h *Household) others(than people.RUN) []people.RUN {
	if len(h.Members) < 2 {
		return nil
	}
	list := make([]people.RUN, 0, len(h.Members))
	for i := range h.Members {
		if run := h.Members[i].RUN; run != than && !run.IsZero() {
			list = append(list, run)
		}
	}
	return list
}

// perHead is the household's income for each member, in whole pesos.
func (h *Household) perHead() int64 {
	if len(h.Members) == 0 {
		return h.Income
	}
	return h.Income / int64(len(h.Members))
}

// member gives the household's member with the RUN, a blank one for none.
func (h *Household) member(run people.RUN) Member {
	for i := range h.Members {
		if h.Members[i].RUN == run {
			return h.Members[i]
		}
	}
	return Member{}
}

// registered is what the household says of who its members are, by RUN.
func (h *Household) registered() map[people.RUN]people.Registered {
	all := make(map[people.RUN]people.Registered, len(h.Members))
	for i := range h.Members {
		all[h.Members[i].RUN] = h.registeredAs(&h.Members[i])
	}
	return all
}

// registeredAs is what the household says of who the member is.
func (h *Household) registeredAs(m *Member) people.Registered {
	return people.Registered{GivenNames: m.GivenNames, Surnames: m.Surnames, BirthDate: m.BirthDate, Sex: m.Sex,
		Nationality: m.Nationality, Phone: m.Phone, Email: m.Email, Address: h.Address, CommuneCode: h.CommuneCode, Folio: h.Folio}
}
