package referral

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// The names in the form of a new referral that are not the item's own.
const (
	fieldItem   = "item"
	fieldUnit   = "unit"
	fieldKey    = "key"
	fieldReason = catalogue.ReasonField
	fieldSource = "source"
	fieldCase   = "request" // what is asked of casework
)

// Draft is a referral about to be made: for whom, what for, what will become of
// it, and what speaks against it.
type Draft struct {
	File     people.File
	Frame    *layout.FileFrame
	Item     *catalogue.Item
	Facts    *catalogue.Facts
	Judged   catalogue.Judgement
	Prospect Prospect
	Running  *Referral // of the same item, still under way; nil for none
	Today    calendar.Date
	Case     bool // casework itself is asked for, no item of the catalogue
	why      string
}

// NeedsReason reports whether something speaks against it.
func (d *Draft) NeedsReason() bool {
	return d.Judged.NeedsReason || len(d.Prospect.Concerns) > 0 || d.Running != nil
}

// Draft prepares the form of a referral, and leaves the trail of the view.
// fault.Invalid: no such item is referred, or the unit takes none.
func (s *Service) Draft(ctx context.Context, who actor.Actor, fileID, code, unit string) (Draft, error) {
	d, err := s.draft(ctx, who, fileID, code, unit)
	if err != nil {
		return d, err
	}
	return d, audit.Looked(ctx, who, audit.View{File: d.File.ID, What: "referral.new", Why: d.why})
}

func (s *Service) draft(ctx context.Context, who actor.Actor, fileID, code, unit string) (d Draft, err error) {
	if who.Municipality == nil || !who.Can(access.Refer) {
		return d, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if d.Facts, err = s.Facts(ctx, who, fileID); err != nil {
		return d, err
	}
	if code != "" {
		if d.Item, err = s.item(ctx, who, code); err != nil {
			return d, err
		}
		d.Judged = d.Item.Judge(d.Facts)
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		return s.prepare(tx, who, &d, fileID, unit)
	})
	return d, err
}

// item gives an item that is done by referring it.
func (s *Service) item(ctx context.Context, who actor.Actor, code string) (*catalogue.Item, error) {
	it, err := s.catalogue.Item(ctx, who, code)
	if fault.Is(err, fault.NotFound) || err == nil && !referable(it) {
		return nil, fault.InvalidField(fieldItem, "referral.error.item")
	}
	return it, err
}

func (s *Service) prepare(tx *tenants.Tx, who actor.Actor, d *Draft, fileID, unit string) (err error) {
	d.Today = calendar.On(tx.Now)
	if d.File, err = people.Open(tx, fileID); err != nil {
		return err
	}
	if d.Frame, err = s.people.Frame(tx, who, d.File, people.ReferralsSection); err != nil {
		return err
	}
	d.why = d.Frame.Why
	if d.Item == nil {
		if d.Item, err = caseworkItem(tx, unit); err != nil {
			return err
		}
		d.Case = true
	}
	n := New{FileID: fileID, Asked: AskedOf(d.Item), Unit: unit, Facts: d.Facts}
	if d.Prospect, err = s.Prospect(tx, who, n); err != nil {
		return err
	}
	d.Running, err = running(tx, fileID, d.Item.Code, d.Prospect.Unit.Code)
	return err
}

// caseworkItem is what a unit that does casework can be asked for without any
// item of the catalogue: to take care of the person.
func caseworkItem(tx *tenants.Tx, unit string) (*catalogue.Item, error) {
	u, err := UnitByCode(tx, unit)
	if fault.Is(err, fault.NotFound) || err == nil && !u.Casework {
		return nil, fault.InvalidField(fieldItem, "referral.error.item")
	}
	if err != nil {
		return nil, err
	}
	name := i18n.T(i18n.With(tx.Context(), i18n.Spanish), "referral.casework")
	return &catalogue.Item{Name: name, Category: catalogue.Referral, Provider: u.Name, Fields: []catalogue.Field{
		{Name: fieldCase, LabelKey: "referral.field.case_request", Type: catalogue.TextField, Required: true},
		{Name: catalogue.FieldMember, LabelKey: "catalogue.field.member", Type: catalogue.MemberField},
		{Name: catalogue.FieldNote, LabelKey: "catalogue.field.note", Type: catalogue.TextField}}}, nil
}

// Send makes the referral that the form describes, for the person in front of
// the desk. The same form with the same words sent twice makes one; the one click for a person who
// is not in the registry gives the referral that is under way already.
// fault.Invalid names each field, and the draft then says what the form was.
func (s *Service) Send(ctx context.Context, who actor.Actor, fileID string, form url.Values) (Referral, Draft, error) {
	d, err := s.draft(ctx, who, fileID, form.Get(fieldItem), form.Get(fieldUnit))
	if err != nil {
		return Referral{}, d, err
	}
	r, err := s.made(ctx, who, fileID, keyOf(form))
	if err != nil || r.ID != "" {
		return r, d, err
	}
	n, wrong := d.read(form)
	if len(wrong) > 0 {
		return r, d, fault.InvalidFields(wrong...)
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		r, err = s.send(tx, who, &d, n)
		return err
	})
	return r, d, err
}

// made gives the referral that the form already made, the zero Referral for none.
func (s *Service) made(ctx context.Context, who actor.Actor, fileID, key string) (r Referral, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		id, err := byKey(tx, fileID, key)
		if err == nil && id != "" {
			r, err = ByID(tx, id)
		}
		return err
	})
	return r, err
}

// send makes it, unless the same is under way: the click on the screening then
// leads there, the form asks for a reason.
func (s *Service) send(tx *tenants.Tx, who actor.Actor, d *Draft, n New) (Referral, error) {
	made, err := byKey(tx, n.FileID, n.Key)
	if err != nil {
		return Referral{}, err
	}
	if made == "" {
		same, err := running(tx, n.FileID, n.Code, d.Prospect.Unit.Code)
		if err != nil {
			return Referral{}, err
		}
		if same != nil && n.Source == FromScreening && same.Sees(who) {
			return *same, nil
		}
		if same != nil && n.OverrideReason == "" {
			d.Running = same
			return Referral{}, fault.InvalidField(fieldReason, "referral.error.running")
		}
	}
	return s.Create(tx, who, n)
}

// read makes a referral of what was typed; the draft says what the item asks for.
func (d *Draft) read(form url.Values) (New, []fault.Field) {
	wrong := strangers(form, createFields, d.Item)
	n := New{FileID: d.File.ID, Asked: AskedOf(d.Item), Unit: form.Get(fieldUnit), Facts: d.Facts, Key: keyOf(form), Source: FromAttention}
	if form.Get(fieldSource) == string(FromScreening) {
		n.Source = FromScreening
	}
	values, bad := catalogue.ParseFields(d.Item, form, d.Facts.Members)
	wrong = append(wrong, bad...)
	n.fill(d, values)
	n.OverrideReason, wrong = cleanText(wrong, form.Get(fieldReason), fieldReason, maxReason)
	switch {
	case !d.NeedsReason():
		n.OverrideReason = "" // there is nothing to answer to
	case n.OverrideReason == "" && n.Source != FromScreening:
		wrong = append(wrong, fault.Field{Name: fieldReason, Key: "referral.error.reason_needed"})
	case n.OverrideReason == "" && d.Judged.NeedsReason:
		wrong = append(wrong, fault.Field{Name: fieldReason, Key: "referral.error.reason_needed"})
	}
	return n, wrong
}

// fill puts the answers where they belong: the member and the note have places
// of their own.
func (n *New) fill(d *Draft, values map[string]string) {
	member := d.Item.MemberField()
	if holder := values[member]; holder != "" && member != "" {
		n.Member, n.MemberName = holder, memberName(d.Facts, holder)
	}
	n.Note = values[catalogue.FieldNote]
	for i := range d.Item.Fields {
		f := &d.Item.Fields[i]
		if value := values[f.Name]; value != "" && f.Name != catalogue.FieldMember && f.Name != catalogue.FieldNote {
			n.Fields = append(n.Fields, FieldOf(f, value, d.Facts))
		}
	}
}

// FieldOf is one of an item's fields as it was filled in.
func FieldOf(f *catalogue.Field, value string, facts *catalogue.Facts) FieldValue {
	v := FieldValue{Name: f.Name, Label: f.Label, LabelKey: f.LabelKey, Value: value}
	switch f.Type {
	case catalogue.MemberField:
		v.Text = memberName(facts, value)
	case catalogue.DateField:
		if day, err := calendar.Parse(value); err == nil {
			v.Text = day.Chilean()
		}
	}
	return v
}

func memberName(facts *catalogue.Facts, holder string) string {
	for i := range facts.Members {
		if facts.Members[i].Holder == holder {
			return facts.Members[i].Name
		}
	}
	return ""
}

// The fields of a new referral that are not the item's own.
var createFields = []string{fieldItem, fieldUnit, fieldKey, fieldReason, fieldSource}

// strangers names what the form has no place for, what is said twice, and what
// no keyboard writes.
func strangers(form url.Values, ours []string, it *catalogue.Item) []fault.Field {
	var wrong []fault.Field
	for name, values := range form {
		switch {
		case name == "_token":
		case !slices.Contains(ours, name):
			if it.Field(name) == nil {
				wrong = append(wrong, fault.Field{Name: name, Key: "referral.error.unknown_field"})
			}
		case len(values) > 1:
			wrong = append(wrong, fault.Field{Name: name, Key: "web.field.repeated"})
		case !legible(values[0]) || name != fieldReason && len(values[0]) > maxShort:
			wrong = append(wrong, fault.Field{Name: name, Key: "web.field.characters"})
		}
	}
	return wrong
}

// legible reports whether a text is one that somebody may have typed.
func legible(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) })
}

// Running gives folio and address of the file's referral of an item to the
// registry's desk that is under way, "" for none that the actor may see. It is
// the screening's hook.
func (s *Service) Running(ctx context.Context, who actor.Actor, fileID, code string) (folio, href string, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		r, err := running(tx, fileID, code, access.RSHUnit)
		if r != nil && r.Sees(who) {
			folio, href = r.Folio(), address(r.ID)
		}
		return err
	})
	return folio, href, err
}

// Options is what a person can be referred for from a desk.
type Options struct {
	File  people.File
	Frame *layout.FileFrame
	Facts *catalogue.Facts
	Items []*catalogue.Item
	Units map[string]Unit // by folded provider
	Cases []Unit          // that take casework
}

// Options lists what a person can be referred for, and leaves the trail.
func (s *Service) Options(ctx context.Context, who actor.Actor, fileID string) (o Options, err error) {
	if who.Municipality == nil || !who.Can(access.Refer) {
		return o, fault.New(fault.Forbidden, "fault.forbidden")
	}
	all, err := s.catalogue.Items(ctx, who)
	if err != nil {
		return o, err
	}
	if o.Facts, err = s.Facts(ctx, who, fileID); err != nil {
		return o, err
	}
	for _, it := range all {
		if referable(it) {
			o.Items = append(o.Items, it)
		}
	}
	if o.File, o.Frame, err = s.people.Visit(ctx, who, fileID, people.ReferralsSection, "referral.new"); err != nil {
		return o, err
	}
	err = who.Municipality.View(ctx, o.units)
	return o, err
}

func (o *Options) units(tx *tenants.Tx) error {
	units, err := Units(tx)
	if err != nil {
		return err
	}
	names, err := aliases(tx, "")
	if err != nil {
		return err
	}
	byCode := make(map[string]Unit, len(units))
	for _, u := range units {
		byCode[u.Code] = u
		if u.Casework && u.Kind == Integrated && u.Active {
			o.Cases = append(o.Cases, u)
		}
	}
	o.Units = make(map[string]Unit, len(names))
	for _, a := range names {
		o.Units[aliasOf(a.Name)] = byCode[a.Unit]
	}
	return nil
}
