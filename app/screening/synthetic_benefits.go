package screening

// benefits appends what a household receives from the State, one row for each
// payment of the last two years that the RIS would show.
func (m *maker) benefits(list []Benefit, rows []personRow) []Benefit {
	g := &giving{maker: m, list: list, tramo: rows[0].home.Tramo}
	head := &rows[0].person
	minors := 0
	for i := range rows {
		if rows[i].person.BirthDate.AgeOn(m.opt.Today) < 18 {
			minors++
		}
		if rows[i].person.Head {
			head = &rows[i].person
		}
	}
	for i := range rows {
		g.person(&rows[i].person)
	}
	g.family(head, minors)
	return g.list
}

type giving struct {
	*maker
	list  []Benefit
	tramo int
}

func (g *giving) add(p *Member, code, name, provider string, amount int64, daysAgo int) {
	g.list = append(g.list, Benefit{RUN: p.RUN, Code: code, Name: name, Provider: provider, On: g.opt.Today.AddDays(-daysAgo),
		Amount: amount, Quantity: 1, Unit: "pago"})
}

// person: what somebody receives for their own age.
func (g *giving) person(p *Member) {
	age, d := p.BirthDate.AgeOn(g.opt.Today), g.luck
	if p.Pension == "PGU" {
		g.add(p, "RIS-PGU", "Pensión Garantizada Universal", "IPS", 224_004, d.between(18, 27))
	}
	if age < 6 && g.tramo <= 60 && d.chance(55) {
		g.add(p, "RIS-BCN", "Bono Control Niño Sano", "IPS", 6_000, d.between(20, 400))
	}
}

// family: what the head receives for the household.
func (g *giving) family(head *Member, minors int) {
	d := g.luck
	if minors > 0 && g.tramo <= 60 && d.chance(60) {
		g.add(head, "RIS-SUF", "Subsidio Único Familiar", "IPS", 22_007*int64(minors), d.between(18, 27))
		g.add(head, "RIS-AFP", "Aporte Familiar Permanente", "IPS", 64_574*int64(minors), d.between(230, 265))
	}
	if g.tramo <= 60 && d.chance(35) {
		g.add(head, "RIS-SAP", "Subsidio al Agua Potable", "Municipalidad", 8_430, d.between(20, 700))
	}
	if g.tramo <= 40 && d.chance(30) {
		g.add(head, "RIS-ELE", "Subsidio Eléctrico", "SEC", 54_070, d.between(20, 200))
	}
}
