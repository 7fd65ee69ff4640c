package visit

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

func day(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func names(list []fault.Field) []string {
	found := []string{}
	for _, f := range list {
		found = append(found, f.Name)
	}
	slices.Sort(found)
	return found
}

// One walks street by street and along each by its numbers, however the address
// is written.
func TestTheSheetFollowsTheStreets(t *testing.T) {
	written := []string{
		"Calle Los Boldos 20", "AV. REPÚBLICA 1001", "pasaje los aromos 0115, depto 4", "Av República 99", "Sector Lo Chaparro s/n", "Los Aromos 7-B", "Avenida República 99 casa 2",
		"Calle 12 de Febrero 180", "12 de Febrero 18", "Psje. Los Aromos 8",
	}
	var list []Visit
	for i, address := range written {
		list = append(list, Visit{ID: fmt.Sprint(i), Appointment: Appointment{Address: address}})
	}
	byStreet(list)
	var got []string
	for _, v := range list {
		got = append(got, v.Address)
	}
	want := []string{"12 de Febrero 18", "Calle 12 de Febrero 180", "Los Aromos 7-B", "Psje. Los Aromos 8", "pasaje los aromos 0115, depto 4", "Calle Los Boldos 20",
		"Av República 99", "Avenida República 99 casa 2", "AV. REPÚBLICA 1001", "Sector Lo Chaparro s/n"}
	if !slices.Equal(got, want) {
		t.Errorf("the order is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestHoursAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]string{"": "", "9:30": "09:30", "09.30": "09:30", "23:59": "23:59", "0:00": "00:00", "24:00": "!", "9:5": "!", "930": "!", "9:60": "!", "mañana": "!", "１０:３０": "!"} {
		got, ok := readClock(typed)
		if !ok {
			got = "!"
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func TestAnAppointmentSaysWhenWhereAndWhy(t *testing.T) {
	today := day(t, "22-11-2026")
	long := strings.Repeat("ñ", 601)
	for _, test := range []struct {
		form Form
		want []string
	}{
		{Form{Day: today, Address: "a", Purpose: "b"}, []string{}},
		{Form{}, []string{"address", "day", "purpose"}},
		{Form{Day: today.AddDays(-1), Clock: "25:00", Address: "a", Purpose: "b"}, []string{"clock", "day"}},
		{Form{Day: today.AddDays(366), Address: "a", Purpose: long, Companion: long}, []string{"companion", "day", "purpose"}},
		{Form{Day: today.AddDays(365), Address: strings.Repeat("ñ", 200), Purpose: long[:1200]}, []string{}},
	} {
		if _, wrong := test.form.read(today); !slices.Equal(names(wrong), test.want) {
			t.Errorf("%v: wrong are %v, want %v", test.form, names(wrong), test.want)
		}
	}
}

func TestOvercrowding(t *testing.T) {
	for _, test := range []struct {
		people, rooms string
		want          Crowding
	}{
		{"", "", CrowdingUnknown}, {"4", "", CrowdingUnknown}, {"0", "2", CrowdingUnknown}, {"4", "2", NotCrowded}, {"5", "2", Crowded}, {"9", "2", Crowded},
		{"10", "2", CriticallyFilled}, {"1", "0", CriticallyFilled}, {"60", "60", NotCrowded},
	} {
		f := Findings{askSleepers: test.people, askBedrooms: test.rooms}
		if got := f.Crowding(); got != test.want {
			t.Errorf("%s people in %s rooms: %q, want %q", test.people, test.rooms, got, test.want)
		}
	}
}

func TestTheChecklistTakesItsOwnAnswersOnly(t *testing.T) {
	found, wrong := readFindings(map[string]string{"walls": "bad", "roof": "", "water": "truck", "sleepers": "06", "bedrooms": "1", "floor": "splendid", "colour": "blue", "beds": "shared"})
	if want := (Findings{"walls": "bad", "water": "truck", "sleepers": "6", "bedrooms": "1", "beds": "shared"}); !reflect.DeepEqual(found, want) {
		t.Errorf("found %v, want %v", found, want)
	}
	if want := []string{"finding[colour]", "finding[floor]"}; !slices.Equal(names(wrong), want) {
		t.Errorf("wrong are %v, want %v", names(wrong), want)
	}
	if n := found.Concerns(); n != 4 { // walls, water, beds, and six in one room
		t.Errorf("%d concerns, want 4", n)
	}
	for _, count := range []string{"-1", "61", "dos", "1.5", strings.Repeat("9", 30)} {
		if _, wrong := readFindings(map[string]string{"sleepers": count}); len(wrong) != 1 {
			t.Errorf("%q people are accepted", count)
		}
	}
	seen := map[string]bool{}
	for _, g := range Checklist {
		for _, q := range g.Questions {
			if seen[q.Code] || q.Count == (len(q.Choices) > 0) {
				t.Errorf("question %s stands twice, or has choices and is a number", q.Code)
			}
			seen[q.Code] = true
		}
	}
}

func TestARecordSaysWhoAndWhat(t *testing.T) {
	today := day(t, "22-11-2026")
	for _, test := range []struct {
		what string
		w    Written
		want []string
	}{
		{"a visit", Written{Result: "done", On: "21-11-2026", At: "9:30", Others: "Ana\nLuis, Eva", Note: "x"}, []string{}},
		{"nothing", Written{}, []string{"on", "result"}},
		{"nobody and nothing seen", Written{Result: "done", On: "22-11-2026"}, []string{"note", "others"}},
		{"tomorrow", Written{Result: "refused", On: "23-11-2026"}, []string{"on"}},
		{"too long ago", Written{Result: "refused", On: "20-11-2025"}, []string{"on"}},
		{"no such day", Written{Result: "refused", On: "31-02-2026", At: "x"}, []string{"at", "on"}},
		{"cancelled is no result", Written{Result: "cancelled", On: "22-11-2026"}, []string{"result"}},
		{"nobody home needs no names", Written{Result: "nobody-home", On: "22-11-2026"}, []string{}},
		{"a long note", Written{Result: "refused", On: "22-11-2026", Note: strings.Repeat("ñ", 8001)}, []string{"note"}},
		{"a long name", Written{Result: "done", On: "22-11-2026", Others: strings.Repeat("ñ", 121), Note: "x"}, []string{"others"}},
		{"a false answer behind a closed door", Written{Result: "refused", On: "22-11-2026", Findings: map[string]string{"walls": "blue"}}, []string{"finding[walls]"}},
	} {
		_, r, wrong := test.w.read(today, today.AddDays(-oldest))
		if !slices.Equal(names(wrong), test.want) {
			t.Errorf("%s: wrong are %v, want %v", test.what, names(wrong), test.want)
		}
		if test.w.Result != string(Done) && len(r.Findings)+len(r.Present) > 0 {
			t.Errorf("%s: something was seen through a closed door", test.what)
		}
	}
	w := Written{Present: []string{"Ana", "Ana"}, Others: " Luis ;\n\n Ana,Eva"}
	if got := w.names(); !slices.Equal(got, []string{"Ana", "Luis", "Eva"}) {
		t.Errorf("present are %v", got)
	}
}
