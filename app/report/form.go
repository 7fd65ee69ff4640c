package report

import (
	"strconv"
	"strings"

	"gsl/app/kit/fault"
)

// sentForm is what the editor sends: all of it, or the fields of one part. A part
// is there when its version is.
type sentForm struct {
	Page  string            `form:"page" validate:"max=40"`
	Turn  int64             `form:"turn" validate:"gte=0"`
	Then  string            `form:"then" validate:"max=60"` // the button: "add.household", "drop.household.3", "mine.opinion"
	Seen  map[string]string `form:"seen"`                   // by part: its version
	Base  map[string]string `form:"base"`                   // by part: the mark of what it said
	Shown map[string]string `form:"against"`                // by part in a clash: version of what the other wrote

	Purpose   string `form:"purpose"` // code of the catalogue
	Addressee string `form:"addressee"`
	Detail    string `form:"detail"`
	Due       string `form:"due"`

	Members      []string          `form:"member"` // numbers of the rows, in their order
	MemberName   map[string]string `form:"member_name"`
	MemberRUN    map[string]string `form:"member_run"`
	MemberBorn   map[string]string `form:"member_born"`
	Relationship map[string]string `form:"member_relationship"`
	Education    map[string]string `form:"member_education"`
	Occupation   map[string]string `form:"member_occupation"`
	Health       map[string]string `form:"member_health"`

	Incomes      []string          `form:"income"`
	IncomeWho    map[string]string `form:"income_who"`
	IncomeSource map[string]string `form:"income_source"`
	IncomeAmount map[string]string `form:"income_amount"`

	Requests    []string          `form:"request"`
	RequestText map[string]string `form:"request_text"`

	Socioeconomic     bool   `form:"socioeconomic"`
	SocioeconomicText string `form:"socioeconomic_text"`
	Housing           bool   `form:"housing"`
	HousingText       string `form:"housing_text"`
	HousingType       string `form:"housing_type"`
	HousingTenure     string `form:"housing_tenure"`
	HousingRooms      string `form:"housing_rooms"`
	HousingWater      string `form:"housing_water"`
	HealthBox         bool   `form:"health"`
	HealthText        string `form:"health_text"`
	EducationBox      bool   `form:"education"`
	EducationText     string `form:"education_text"`
	Networks          bool   `form:"networks"`
	NetworksText      string `form:"networks_text"`
	Ecomap            bool   `form:"ecomap"`
	OpinionText       string `form:"opinion_text"`
}

// press is a button of a table or of a clash.
type press struct {
	verb string
	part Part
	row  string
}

// pressed reads the button; the zero press for none.
func (f *sentForm) pressed() (press, error) {
	if f.Then == "" {
		return press{}, nil
	}
	words := strings.SplitN(f.Then, ".", 3)
	if len(words) < 2 || !known(Part(words[1])) {
		return press{}, fault.InvalidField("then", "report.error.button")
	}
	b := press{verb: words[0], part: Part(words[1])}
	if len(words) == 3 {
		b.row = words[2]
	}
	switch b.verb {
	case string(AddRow), string(DropRow), string(BackRow), string(Mine), string(Theirs), string(Both):
		return b, nil
	}
	return press{}, fault.InvalidField("then", "report.error.button")
}

// settles reports whether the button ends a clash.
func (b press) settles() bool {
	return b.verb == string(Mine) || b.verb == string(Theirs) || b.verb == string(Both)
}

func known(p Part) bool {
	var c Content
	return c.at(p) != nil
}

// parts gives what was sent, part by part, in the order of the paper; only, when
// it is not blank, is the one that is asked for.
func (f *sentForm) parts(only Part, purposes map[string]string) ([]Sent, error) {
	var list []Sent
	for _, p := range Parts() {
		version, there := f.Seen[string(p)]
		if !there || only != "" && only != p {
			continue
		}
		seen, err := strconv.ParseInt(version, 10, 64)
		if err != nil || seen < 0 {
			return nil, fault.InvalidField("seen["+string(p)+"]", "report.error.version")
		}
		list = append(list, Sent{Part: p, Edit: f.edit(p, purposes), Page: Page{Name: f.Page, Seen: seen, Base: f.Base[string(p)], Turn: f.Turn}})
	}
	if only != "" && len(list) == 0 {
		return nil, fault.InvalidField("seen["+string(only)+"]", "report.error.version")
	}
	if wrong := f.wrong(); len(wrong) > 0 {
		return nil, fault.InvalidFields(wrong...)
	}
	return list, nil
}

// The longest mark of a part.
const maxMark = 40

// wrong names what no page of ours sends.
func (f *sentForm) wrong() (wrong []fault.Field) {
	for name := range f.Seen {
		if !known(Part(name)) {
			wrong = append(wrong, fault.Field{Name: "seen[" + name + "]", Key: "report.error.version"})
		}
	}
	for name, base := range f.Base {
		if !known(Part(name)) || len(base) > maxMark {
			wrong = append(wrong, fault.Field{Name: "base[" + name + "]", Key: "report.error.version"})
		}
	}
	for name, version := range f.Shown {
		if n, err := strconv.ParseInt(version, 10, 64); !known(Part(name)) || err != nil || n < 1 {
			wrong = append(wrong, fault.Field{Name: "against[" + name + "]", Key: "report.error.version"})
		}
	}
	for name, ids := range map[string][]string{"member": f.Members, "income": f.Incomes, "request": f.Requests} {
		if !numbered(ids) {
			wrong = append(wrong, fault.Field{Name: name, Key: "report.error.version"})
		}
	}
	return wrong
}

// numbered reports whether the rows of a table have numbers, each its own.
func numbered(ids []string) bool {
	there := map[string]bool{}
	for _, id := range ids {
		if n, err := strconv.Atoi(id); err != nil || n < 1 || n > 9999 || there[id] || strconv.Itoa(n) != id {
			return false
		}
		there[id] = true
	}
	return true
}

// edit writes what was sent over what a part says.
func (f *sentForm) edit(p Part, purposes map[string]string) func(c *Content) {
	return func(c *Content) {
		switch p {
		case PurposePart:
			f.purpose(&c.Purpose, purposes)
		case HouseholdPart:
			f.household(&c.Household)
		case SocioeconomicPart:
			f.incomes(&c.Socioeconomic)
		case HousingPart:
			c.Housing = Housing{Section: Section{f.Housing, f.HousingText}, Type: f.HousingType, Tenure: f.HousingTenure, Rooms: f.HousingRooms, Water: f.HousingWater}
		case HealthPart:
			c.Health = Section{f.HealthBox, f.HealthText}
		case EducationPart:
			c.Education = Section{f.EducationBox, f.EducationText}
		case NetworksPart:
			c.Networks = Networks{Section: Section{f.Networks, f.NetworksText}, Ecomap: f.Ecomap}
		case OpinionPart:
			c.Opinion.Text = f.OpinionText
		case RequestsPart:
			f.requests(&c.Requests)
		}
	}
}

// purpose writes it. What the catalogue offers no more can stay; any other code
// that it has not is one without name, which is not kept.
func (f *sentForm) purpose(u *Purpose, purposes map[string]string) {
	if name, ok := purposes[f.Purpose]; ok || f.Purpose != u.Code {
		u.Code, u.Name = f.Purpose, name
	}
	u.Addressee, u.Detail, u.Due = f.Addressee, f.Detail, f.Due
}

func (f *sentForm) household(h *Household) {
	h.Members, h.Removed = table(f.Members, h.Members, h.Removed, func(id string) Member {
		return Member{ID: id, Name: f.MemberName[id], RUN: f.MemberRUN[id], Born: f.MemberBorn[id], Relationship: f.Relationship[id],
			Education: f.Education[id], Occupation: f.Occupation[id], Health: f.Health[id]}
	})
}

func (f *sentForm) incomes(s *Socioeconomic) {
	s.Section = Section{f.Socioeconomic, f.SocioeconomicText}
	s.Incomes, s.Removed = table(f.Incomes, s.Incomes, s.Removed, func(id string) Income {
		return Income{ID: id, Who: f.IncomeWho[id], Source: f.IncomeSource[id], Amount: f.IncomeAmount[id]}
	})
}

func (f *sentForm) requests(r *Requests) {
	r.List, r.Removed = table(f.Requests, r.List, r.Removed, func(id string) Request { return Request{ID: id, Text: f.RequestText[id]} })
}

// table gives the rows as they were sent. Of those that are kept, one that the
// form does not have any more is set aside with the removed ones, never lost.
func table[T tableRow](ids []string, kept, removed []T, read func(id string) T) (list, gone []T) {
	there := map[string]bool{}
	for _, id := range ids {
		there[id] = true
		list = append(list, read(id))
	}
	gone = keepOthers(removed, there)
	for _, one := range kept {
		if !there[idOf(one)] {
			gone = append(gone, one)
		}
	}
	return list, gone
}

// keepOthers gives the rows that are not there.
func keepOthers[T tableRow](rows []T, there map[string]bool) (list []T) {
	for _, one := range rows {
		if !there[idOf(one)] {
			list = append(list, one)
		}
	}
	return list
}
