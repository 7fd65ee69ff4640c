package referral

import (
	"context"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Roster knows who works in the municipality, and how it calls its units there;
// access.Service is one.
type Roster interface {
	Colleagues(ctx context.Context, who actor.Actor, unit string) ([]access.Colleague, error)
	NameUnit(ctx context.Context, who actor.Actor, code, name string) error
}

// UnitService is what one can do with units and with who is away. Whoever works
// here may read the list; access.EditSettings changes units, and absences of
// everybody; access.AssignCase those of the own unit.
type UnitService struct{ roster Roster }

// NewUnitService makes the service.
func NewUnitService(roster Roster) *UnitService { return &UnitService{roster} }

// Listed is a unit as the directory shows it.
type Listed struct {
	Unit
	Aliases []Alias // the names that lead to it
	People  []access.Colleague
	Open    int // referrals to it that are under way
}

// Directory lists every unit with who works there.
func (s *UnitService) Directory(ctx context.Context, who actor.Actor) ([]Listed, error) {
	if err := mayUnits(who, access.EditSettings); err != nil {
		return nil, err
	}
	people, err := s.roster.Colleagues(ctx, who, "")
	if err != nil {
		return nil, err
	}
	var list []Listed
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		list, err = directory(tx)
		return err
	})
	for i := range list {
		for _, p := range people {
			if p.UnitID == list[i].Code {
				list[i].People = append(list[i].People, p)
			}
		}
	}
	return list, err
}

func directory(tx *tenants.Tx) ([]Listed, error) {
	units, err := Units(tx)
	if err != nil {
		return nil, err
	}
	names, err := aliases(tx, "")
	if err != nil {
		return nil, err
	}
	open, err := underWay(tx)
	if err != nil {
		return nil, err
	}
	list := make([]Listed, len(units))
	at := make(map[string]*Listed, len(units))
	for i, u := range units {
		list[i] = Listed{Unit: u, Open: open[u.Code]}
		at[u.Code] = &list[i]
	}
	for _, a := range names {
		at[a.Unit].Aliases = append(at[a.Unit].Aliases, a)
	}
	return list, nil
}

func mayUnits(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// Add adds a unit that works by letter. Bad fields are fault.Invalid and named;
// a unit of the same name is fault.Invalid too, so that one sent twice is there once.
func (s *UnitService) Add(ctx context.Context, who actor.Actor, form UnitForm) (Unit, error) {
	if err := mayUnits(who, access.EditSettings); err != nil {
		return Unit{}, err
	}
	u := Unit{Kind: form.Kind, Version: 1}
	var wrong []fault.Field
	if u.Kind != Municipal && u.Kind != Institution {
		wrong = append(wrong, fault.Field{Name: "kind", Key: "settings.error.kind"})
		u.Kind = Municipal
	}
	form.Active = true
	names, flaws := u.readAll(form)
	if wrong = append(wrong, flaws...); len(wrong) > 0 {
		return Unit{}, fault.InvalidFields(wrong...)
	}
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) error { return add(tx, who, &u, names) })
	return u, err
}

func (u *Unit) readAll(form UnitForm) (names []string, wrong []fault.Field) {
	wrong = u.read(form)
	names, flaws := readAliases(form.Aliases)
	return names, append(wrong, flaws...)
}

func add(tx *tenants.Tx, who actor.Actor, u *Unit, names []string) error {
	units, err := Units(tx)
	if err != nil {
		return err
	}
	taken := map[string]bool{access.OtherUnit: true}
	for _, other := range units {
		taken[other.Code] = true
	}
	u.Code = codeOf(u.Name, func(code string) bool { return taken[code] })
	if err := insertUnit(tx, *u); err != nil {
		return err
	}
	if err := lead(tx, *u, names); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "unit.add", Object: u.Code, Detail: map[string]string{"name": u.Name, "kind": string(u.Kind)}})
}

// lead makes the unit's own name and its other names lead to it; a name that
// leads to another unit is fault.Invalid.
func lead(tx *tenants.Tx, u Unit, names []string) error {
	check := func(field, name string) error {
		owner, code, err := aliasOwner(tx, aliasOf(name))
		if err != nil || code == "" || code == u.Code {
			return err
		}
		return fault.InvalidFields(fault.Field{Name: field, Key: "settings.error.alias_taken", Args: map[string]any{"Name": name, "Unit": owner}})
	}
	if err := check("name", u.Name); err != nil {
		return err
	}
	for _, name := range names {
		if err := check("aliases", name); err != nil {
			return err
		}
	}
	return replaceAliases(tx, u.Code, append([]string{u.Name}, names...))
}

// Edit changes a unit. What somebody else changed meanwhile is fault.Conflict,
// and the unit that comes with it is as it is now; so is switching off a unit
// that has referrals under way.
func (s *UnitService) Edit(ctx context.Context, who actor.Actor, code string, form UnitForm) (Unit, error) {
	if err := mayUnits(who, access.EditSettings); err != nil {
		return Unit{}, err
	}
	var now Unit
	var renamed bool
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		now, renamed, err = edit(tx, who, code, form)
		return err
	})
	if err == nil && renamed && (now.Base() || now.Module()) {
		err = s.roster.NameUnit(ctx, who, now.Code, now.Name)
	}
	return now, err
}

func edit(tx *tenants.Tx, who actor.Actor, code string, form UnitForm) (now Unit, renamed bool, err error) {
	before, err := UnitByCode(tx, code)
	if err != nil {
		return before, false, err
	}
	after := before
	names, wrong := after.readAll(form)
	if len(wrong) > 0 {
		return before, false, fault.InvalidFields(wrong...)
	}
	known, err := aliases(tx, code)
	if err != nil || after == before && sameNames(known, before.Name, names) {
		return before, false, err // sent twice: one effect
	}
	if before.Version != form.Version {
		return before, false, fault.New(fault.Conflict, "settings.error.changed_meanwhile")
	}
	if err := mayStop(tx, before, before.Active && !after.Active); err != nil {
		return before, false, err
	}
	if _, err := updateUnit(tx, after); err != nil {
		return before, false, err
	}
	if after.Name != before.Name {
		names = append(names, before.Name) // what the catalogue calls it still leads here
	}
	if err := lead(tx, after, names); err != nil {
		return before, false, err
	}
	detail := unitChanges(before, after)
	after.Version++
	return after, after.Name != before.Name, audit.Record(tx, who, audit.Change{Action: "unit.edit", Object: code, Detail: detail})
}

// sameNames reports whether the names that are kept, but for fixed ones and the
// unit's own, are those that were sent.
func sameNames(known []Alias, own string, sent []string) bool {
	kept, said := map[string]bool{}, map[string]bool{}
	fixed := map[string]bool{aliasOf(own): true}
	for _, a := range known {
		if a.Fixed {
			fixed[aliasOf(a.Name)] = true
		}
	}
	for _, a := range known {
		if folded := aliasOf(a.Name); !fixed[folded] {
			kept[folded] = true
		}
	}
	for _, name := range sent {
		if folded := aliasOf(name); !fixed[folded] {
			said[folded] = true
		}
	}
	if len(kept) != len(said) {
		return false
	}
	for name := range said {
		if !kept[name] {
			return false
		}
	}
	return true
}

// mayStop refuses to take from a unit the work that is under way there.
func mayStop(tx *tenants.Tx, u Unit, stops bool) error {
	if !stops {
		return nil
	}
	open, err := underWay(tx)
	if err != nil || open[u.Code] == 0 {
		return err
	}
	return fault.New(fault.Conflict, "settings.error.under_way").With("Count", open[u.Code])
}

// unitChanges says from what to what, for the trail. A contact may be a person,
// whose name stays in the municipality's file.
func unitChanges(from, to Unit) map[string]string {
	detail := map[string]string{}
	note := func(name, a, b string) {
		if a != b {
			detail[name] = a + " → " + b
		}
	}
	note("name", from.Name, to.Name)
	note("contact", from.Contact, to.Contact)
	note("phone", from.Phone, to.Phone)
	note("email", from.Email, to.Email)
	note("address", from.Address, to.Address)
	note("channel", from.Channel, to.Channel)
	note("active", strconv.FormatBool(from.Active), strconv.FormatBool(to.Active))
	return detail
}

// SetModule switches the inbox of Programa Familias or of Red Local de Apoyos y
// Cuidados on or off: without it they work by letter, as other units. It cannot
// be switched off while referrals are under way there.
func (s *UnitService) SetModule(ctx context.Context, who actor.Actor, code string, on bool) (Unit, error) {
	if err := mayUnits(who, access.EditSettings); err != nil {
		return Unit{}, err
	}
	var u Unit
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		u, err = UnitByCode(tx, code)
		if err != nil {
			return err
		}
		if !u.Module() {
			return fault.InvalidField("unit", "settings.error.no_module")
		}
		if on == (u.Kind == Integrated) {
			return nil // it is so already
		}
		return setModule(tx, who, &u, on)
	})
	return u, err
}

func setModule(tx *tenants.Tx, who actor.Actor, u *Unit, on bool) error {
	if err := mayStop(tx, *u, !on); err != nil {
		return err
	}
	u.Kind, u.Channel = Municipal, ByPaper
	if on {
		u.Kind, u.Channel, u.Active = Integrated, ByInbox, true
	}
	if _, err := updateUnit(tx, *u); err != nil {
		return err
	}
	u.Version++
	return audit.Record(tx, who, audit.Change{Action: "unit.module", Object: u.Code, Detail: map[string]string{"to": string(u.Kind)}})
}
