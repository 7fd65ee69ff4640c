package screening

import (
	"reflect"
	"testing"

	"gsl/app/kit/calendar"
	"gsl/app/people"
)

// full is a household in which every field says something.
func full() Household {
	d := func(text string) calendar.Date { d, _ := calendar.Parse(text); return d }
	return Household{Folio: "1", Tramo: 40, Income: 1, Address: "a", CommuneCode: "c", DwellingType: "d", Tenure: "t", Water: "w", Rooms: 1,
		DataDate: d("2026-11-03"),
		Members: []Member{{RUN: people.RUNOf(1), GivenNames: "g", Surnames: "s", BirthDate: d("1970-01-02"), Sex: "F", Nationality: "n",
			Relationship: "r", Head: true, Income: 1, Education: "e", Student: true, HealthInsurance: "h", Pension: "p", Occupation: "o",
			Disability: true, Dependency: "moderada", Carer: true, Pregnant: true, Phone: "1", Email: "m"}},
		Benefits: []Benefit{{RUN: people.RUNOf(1), Code: "c", Name: "n", Provider: "p", On: d("2026-01-02"), Amount: 1, Quantity: 1, Unit: "u"}}}
}

func TestAKeptHouseholdReadsBackAsItWas(t *testing.T) {
	h := full()
	body, err := encode(&h)
	if err != nil {
		t.Fatal(err)
	}
	back, err := decode(body)
	if err != nil || !reflect.DeepEqual(h, back) {
		t.Errorf("%v\n%+v\n%+v", err, h, back)
	}
}

// A field that somebody adds and forgets to hash, or to keep, fails here.
func TestEveryFieldChangesTheDigestAndIsKept(t *testing.T) {
	h := full()
	before := digestOf(&h)
	if h = full(); digestOf(&h) != before {
		t.Fatal("the same household has two digests")
	}
	for _, what := range []func(*Household) reflect.Value{
		func(h *Household) reflect.Value { return reflect.ValueOf(h).Elem() },
		func(h *Household) reflect.Value { return reflect.ValueOf(&h.Members[0]).Elem() },
		func(h *Household) reflect.Value { return reflect.ValueOf(&h.Benefits[0]).Elem() },
	} {
		h := full()
		for i := range what(&h).NumField() {
			h := full()
			field := what(&h).Field(i)
			name := what(&h).Type().Field(i).Name
			if field.IsZero() {
				t.Errorf("%s: the test's household says nothing of it", name)
			}
			if field.Kind() == reflect.Slice {
				continue // its elements are tested
			}
			if name != "RUN" { // a member without RUN cannot be kept
				field.SetZero()
			} else {
				field.Set(reflect.ValueOf(people.RUNOf(2)))
			}
			if digestOf(&h) == before {
				t.Errorf("%s can change without being noticed", name)
			}
			body, err := encode(&h)
			if err != nil {
				t.Fatal(err)
			}
			if back, err := decode(body); err != nil || !reflect.DeepEqual(h, back) {
				t.Errorf("%s is not kept: %v", name, err)
			}
		}
	}
}

func TestTheMemoryIsBoundedAndKnowsMunicipalities(t *testing.T) {
	var r recall
	r.put("limache", "file", said{run: people.RUNOf(1)})
	if _, ok := r.get("lolol", "file"); ok {
		t.Error("another municipality's file is remembered")
	}
	for i := range maxRecall + 10 {
		r.put("limache", string(rune(i)), said{})
	}
	if len(r.files) > maxRecall {
		t.Errorf("%d files are remembered", len(r.files))
	}
}
