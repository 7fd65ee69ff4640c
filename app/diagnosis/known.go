package diagnosis

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gsl/app/kit/i18n"
	"gsl/app/screening"
)

// What the registries know of each dimension, in sentences with which a draft
// begins: the worker corrects them, and adds what no registry knows. They are in
// Spanish, whoever reads: they are kept.

// known gives the sentences by dimension; a dimension of which nothing is known has none.
func known(sc *screening.Screening) map[Dimension]string {
	if sc == nil {
		return nil
	}
	k := knower{ctx: i18n.With(context.Background(), i18n.Spanish), sc: sc, h: &sc.Household}
	list := map[Dimension]string{Income: k.received()}
	if sc.Known() {
		list = map[Dimension]string{Family: k.family(), Income: join(k.income(), k.received()), Housing: k.housing(),
			Health: k.health(), Education: k.education(), Care: k.care(), Networks: k.alone()}
	}
	return list
}

type knower struct {
	ctx context.Context
	sc  *screening.Screening
	h   *screening.Household
}

func join(sentences ...string) string {
	var list []string
	for _, s := range sentences {
		if s != "" {
			list = append(list, s)
		}
	}
	return strings.Join(list, " ")
}

// first is what a member is called at home.
func first(m *screening.Member) string {
	name, _, _ := strings.Cut(m.GivenNames, " ")
	if name == "" {
		name = m.Relationship
	}
	return name
}

// named lists the members with something, each with what it is: "Ana (8), Luis (6)".
func (k *knower) named(what func(m *screening.Member) (string, bool)) string {
	var list []string
	for i := range k.h.Members {
		m := &k.h.Members[i]
		if text, has := what(m); has {
			if text != "" {
				text = " (" + text + ")"
			}
			list = append(list, first(m)+text)
		}
	}
	return strings.Join(list, ", ")
}

// say fills a sentence with a list, unless the list is empty.
func (k *knower) say(key, list string) string {
	if list == "" {
		return ""
	}
	return i18n.Tf(k.ctx, key, map[string]any{"List": list})
}

func (k *knower) age(m *screening.Member) string {
	if m.BirthDate.IsZero() {
		return ""
	}
	return strconv.Itoa(m.BirthDate.AgeOn(k.sc.Today))
}

func (k *knower) family() string {
	people := k.named(func(m *screening.Member) (string, bool) {
		return strings.Trim(m.Relationship+", "+k.age(m), ", "), true
	})
	return i18n.Tf(k.ctx, "diagnosis.known.family", map[string]any{"Count": len(k.h.Members), "List": people})
}

func (k *knower) income() string {
	each := k.h.Income / int64(max(1, len(k.h.Members)))
	text := i18n.Tf(k.ctx, "diagnosis.known.income", map[string]any{"Total": i18n.Money(k.ctx, k.h.Income), "Each": i18n.Money(k.ctx, each)})
	if k.h.Tramo > 0 {
		text = join(text, i18n.Tf(k.ctx, "diagnosis.known.tramo", map[string]any{"Tramo": k.h.Tramo}))
	}
	work := k.named(func(m *screening.Member) (string, bool) { return strings.ToLower(m.Occupation), m.Occupation != "" })
	pensions := k.named(func(m *screening.Member) (string, bool) { return m.Pension, m.Pension != "" })
	return join(text, k.say("diagnosis.known.work", work), k.say("diagnosis.known.pensions", pensions))
}

// yearOfDays: what was received longer ago says little of today.
const yearOfDays = 365

// received names what the household received in the last twelve months, each once.
func (k *knower) received() string {
	seen := map[string]bool{}
	var list []string
	for i := range k.sc.Received {
		r := &k.sc.Received[i]
		if r.On.DaysUntil(k.sc.Today) > yearOfDays || seen[r.Name] {
			continue
		}
		seen[r.Name] = true
		list = append(list, r.Name)
	}
	return k.say("diagnosis.known.received", strings.Join(list, ", "))
}

func (k *knower) housing() string {
	parts := []string{k.h.DwellingType, k.h.Tenure}
	var list []string
	for _, text := range parts {
		if text != "" {
			list = append(list, strings.ToLower(text))
		}
	}
	text := k.say("diagnosis.known.dwelling", strings.Join(list, ", "))
	if k.h.Rooms > 0 {
		text = join(text, i18n.Tf(k.ctx, "diagnosis.known.rooms", map[string]any{"People": len(k.h.Members), "Count": k.h.Rooms}))
	}
	if isCrowded(k.h) {
		text = join(text, i18n.Tf(k.ctx, "diagnosis.known.crowded", map[string]any{"Each": perRoom(len(k.h.Members), k.h.Rooms)}))
	}
	return join(text, k.say("diagnosis.known.water", strings.ToLower(k.h.Water)))
}

// perRoom is people per room with one decimal, "2,5".
func perRoom(people, rooms int) string {
	return strings.Replace(fmt.Sprintf("%.1f", float64(people)/float64(rooms)), ".", ",", 1)
}

func (k *knower) health() string {
	insured := k.named(func(m *screening.Member) (string, bool) { return m.HealthInsurance, m.HealthInsurance != "" })
	disabled := k.named(func(m *screening.Member) (string, bool) { return "", m.Disability })
	pregnant := k.named(func(m *screening.Member) (string, bool) { return "", m.Pregnant })
	return join(k.say("diagnosis.known.insurance", insured), k.say("diagnosis.known.disability", disabled), k.say("diagnosis.known.pregnancy", pregnant))
}

// schoolAge: who is of it and does not study, is named.
const schoolAge = 5

func (k *knower) education() string {
	level := k.named(func(m *screening.Member) (string, bool) { return strings.ToLower(m.Education), m.Education != "" })
	students := k.named(func(m *screening.Member) (string, bool) { return "", m.Student })
	away := k.named(func(m *screening.Member) (string, bool) {
		return k.age(m), !m.Student && isMinor(m.BirthDate, k.sc.Today) && m.BirthDate.AgeOn(k.sc.Today) >= schoolAge
	})
	return join(k.say("diagnosis.known.education", level), k.say("diagnosis.known.students", students), k.say("diagnosis.known.not_studying", away))
}

func (k *knower) care() string {
	dependent := k.named(func(m *screening.Member) (string, bool) { return m.Dependency, m.Dependency != "" })
	carers := k.named(func(m *screening.Member) (string, bool) { return "", m.Carer })
	if dependent == "" && carers == "" {
		return i18n.T(k.ctx, "diagnosis.known.no_care")
	}
	return join(k.say("diagnosis.known.dependency", dependent), k.say("diagnosis.known.carers", carers))
}

func (k *knower) alone() string {
	if len(k.h.Members) != 1 {
		return ""
	}
	return i18n.T(k.ctx, "diagnosis.known.alone")
}
