package screening

import (
	"strconv"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
)

// family is a household being made.
type family struct {
	*maker
	home   home
	earn   int // the most that an adult usually earns
	father string
	mother string // family names of those who have children
	people []Member
}

// household makes the next household and appends its rows.
func (m *maker) household(rows []personRow) []personRow {
	m.made++
	f := &family{maker: m, father: m.dice.pick(familyNames), mother: m.dice.pick(familyNames)}
	f.dwell()
	f.gather()
	f.carers()
	for _, p := range f.people {
		rows = append(rows, personRow{home: f.home, person: p})
	}
	return rows
}

func (f *family) dwell() {
	d := f.dice
	at := d.IntN(100)
	tramo := tramos[0]
	for _, t := range tramos {
		tramo = t
		if at -= t.n; at < 0 {
			break
		}
	}
	f.earn = tramo.income
	f.home = home{
		Folio: f.folio(f.made), Tramo: tramo.tramo, CommuneCode: f.place.Commune,
		Address: d.pick(f.streets) + " " + strconv.Itoa(d.between(10, 2400)), DwellingType: d.weighted(dwellings),
		Tenure: d.weighted(tenures), Water: d.weighted(waters), Rooms: d.between(1, 4), DataDate: f.opt.Today.AddDays(-18),
	}
	if f.home.DwellingType == "pieza" {
		f.home.Rooms = 1
	}
}

// gather decides who lives together.
func (f *family) gather() {
	d := f.dice
	switch kind := d.IntN(100); {
	case kind < 10: // alone, young or old
		f.head(d.between(20, 64), d.chance(50))
	case kind < 22:
		f.head(d.between(65, 92), d.chance(62))
	case kind < 35: // a couple whose children have left, or not come yet
		age := d.between(25, 85)
		f.head(age, d.chance(35))
		f.partner(age)
	case kind < 66:
		age := d.between(24, 52)
		f.head(age, d.chance(40))
		f.partner(age)
		f.children(age, d.between(1, 3))
	case kind < 84: // one parent, mostly the mother
		age := d.between(20, 55)
		f.head(age, d.chance(86))
		f.children(age, d.between(1, 3))
	default: // three generations
		age := d.between(52, 78)
		f.head(age, d.chance(58))
		if d.chance(40) {
			f.partner(age)
		}
		f.children(age, d.between(1, 2))
		f.grandchildren(age, d.between(1, 3))
	}
}

func (f *family) head(age int, woman bool) {
	p := f.person(age, woman, f.dice.pick(familyNames)+" "+f.dice.pick(familyNames))
	p.Relationship, p.Head = "jefe/a de hogar", true
	if woman {
		f.mother, _, _ = strings.Cut(p.Surnames, " ")
	} else {
		f.father, _, _ = strings.Cut(p.Surnames, " ")
	}
	f.people = append(f.people, p)
}

func (f *family) partner(age int) {
	woman := f.people[0].Sex == "M"
	p := f.person(max(18, age+f.dice.between(-6, 6)), woman, f.dice.pick(familyNames)+" "+f.dice.pick(familyNames))
	p.Relationship = "cónyuge"
	if f.dice.chance(42) {
		p.Relationship = "conviviente de hecho"
	}
	if first, _, _ := strings.Cut(p.Surnames, " "); woman {
		f.mother = first
	} else {
		f.father = first
	}
	f.people = append(f.people, p)
}

// children of a parent of that age, born when the parent was 17 to 42; whoever
// is over thirty has usually moved out.
func (f *family) children(age, n int) {
	for range n {
		p := f.person(f.dice.between(max(0, age-42), min(age-17, max(30, age-32))), f.dice.chance(49), f.father+" "+f.mother)
		p.Relationship = "hijo/a"
		f.people = append(f.people, p)
	}
}

func (f *family) grandchildren(age, n int) {
	for range n {
		p := f.person(f.dice.between(0, min(17, age-38)), f.dice.chance(49), f.dice.pick(familyNames)+" "+f.father)
		p.Relationship = "nieto/a"
		f.people = append(f.people, p)
	}
}

// person makes somebody of an age, without a place in the household yet.
func (f *family) person(age int, woman bool, surnames string) Member {
	d := f.dice
	p := Member{Surnames: surnames, Sex: "M", Nationality: "chilena", BirthDate: f.born(age)}
	names := menNames
	if woman {
		p.Sex, names = "F", womenNames
	}
	p.GivenNames = d.pick(names)
	if second := d.pick(names); second != p.GivenNames {
		p.GivenNames += " " + second
	}
	year := p.BirthDate.Year()
	if d.chance(6) { // who came from abroad got a RUN on arrival
		p.Nationality, year = d.weighted(foreign), max(year, d.between(2012, 2024))
	}
	p.RUN = f.runs.next(year)
	f.study(&p, age)
	f.work(&p, age, woman)
	f.health(&p, age, woman)
	f.reach(&p, age)
	return p
}

// born gives a birthday on which the person has the age today.
func (f *family) born(age int) calendar.Date {
	today := f.opt.Today
	birthday, err := calendar.NewDate(today.Year()-age, today.Month(), min(today.Day(), 28))
	if err != nil {
		return today
	}
	return birthday.AddDays(-f.dice.IntN(364))
}

func (f *family) study(p *Member, age int) {
	d := f.dice
	switch {
	case age < 5:
	case age < 18:
		p.Student, p.Education = d.chance(96), "básica incompleta"
		if age > 13 {
			p.Education = "media incompleta"
		}
	case age < 25 && d.chance(45):
		p.Student, p.Education = true, "superior incompleta"
	case age < 60:
		p.Education = d.weighted(schooling)
	default:
		p.Education = d.weighted(oldSchool)
	}
}

func (f *family) work(p *Member, age int, woman bool) {
	d := f.dice
	switch {
	case age < 18 || p.Student:
	case age >= 65 || woman && age >= 60 && d.chance(60):
		p.Occupation = "pensionada/o"
		if f.home.Tramo <= 90 && age >= 65 && d.chance(88) {
			p.Pension, p.Income = "PGU", 224_004
		} else {
			p.Pension, p.Income = "vejez", f.wage()
		}
	default:
		kinds := menWork
		if woman {
			kinds = womenWork
		}
		if p.Occupation = d.weighted(kinds); p.Occupation != "cesante" && p.Occupation != "dueña de casa" {
			p.Income = f.wage()
		}
	}
}

// wage is a month's income in whole thousands.
func (f *family) wage() int64 { return int64(f.dice.between(f.earn/3, f.earn) / 1000 * 1000) }

func (f *family) health(p *Member, age int, woman bool) {
	d := f.dice
	p.HealthInsurance = d.weighted(publicCover)
	if f.home.Tramo >= 80 {
		p.HealthInsurance = d.weighted(betterCover)
	}
	p.Disability = d.chance(3 + age/10)
	if p.Disability && d.chance(55) || age > 80 && d.chance(25) {
		p.Dependency = "moderada"
		if d.chance(35) {
			p.Dependency = "severa"
		}
	}
	if p.Disability && age >= 18 && age < 65 && f.home.Tramo <= 60 && d.chance(40) {
		p.Pension, p.Occupation, p.Income = "PBSI", "pensionada/o", 224_004
	}
	p.Pregnant = woman && age >= 17 && age <= 42 && d.chance(3)
}

// reach gives phone and mail; the numbers belong to nobody.
func (f *family) reach(p *Member, age int) {
	d := f.dice
	if age >= 15 && d.chance(78) {
		p.Phone = "+569" + strconv.Itoa(d.between(40_000_000, 98_999_999))
	}
	if age >= 18 && age < 70 && d.chance(30) {
		name, _, _ := strings.Cut(p.GivenNames, " ")
		surname, _, _ := strings.Cut(p.Surnames, " ")
		p.Email = strings.ReplaceAll(sheet.Fold(name+"."+surname), " ", ".") + strconv.Itoa(d.between(1, 999)) + "@correo.example"
	}
}

// carers: where somebody depends on care, one of the adults gives it.
func (f *family) carers() {
	for i := range f.people {
		if f.people[i].Dependency == "" {
			continue
		}
		for j := range f.people {
			if p := &f.people[j]; j != i && p.Dependency == "" && p.BirthDate.AgeOn(f.opt.Today) >= 18 {
				p.Carer = true
				return
			}
		}
		return
	}
}
