package national

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// cabo is an order with everything in it.
func cabo() Order {
	return Order{Code: "12202", Options: Options{Model: 2, Modules: []string{"families"}, Without: []string{"omil", "migrantes"}, Template: NoTemplate},
		Counterpart: &Invitee{RUN: marta, GivenNames: "Marta  Inés", Surnames: "Soto Paredes"}}
}

// wantCabo fails unless the municipality is there once, whole, as ordered.
func (r *rig) wantCabo(when string) string {
	r.t.Helper()
	ids := r.texts(`SELECT id FROM municipality WHERE code = '12201' AND status = 'active' AND model = 2`)
	if len(ids) != 1 || len(r.texts(`SELECT id FROM municipality`)) != 1 {
		r.t.Fatalf("%s: municipalities %v", when, ids)
	}
	for query, want := range map[string]string{
		`SELECT kind FROM unit WHERE code = 'families'`:                                 "integrated",
		`SELECT kind FROM unit WHERE code = 'care'`:                                     "municipal",
		`SELECT group_concat(code) FROM unit WHERE active = 0 ORDER BY code`:            "migrantes,omil",
		`SELECT count(*) FROM catalogue_item`:                                           "0",
		`SELECT count(*) FROM audit WHERE action = 'municipality.begin'`:                "1",
		`SELECT role FROM audit ORDER BY seq LIMIT 1`:                                   "national_admin",
		`SELECT count(*) FROM audit WHERE action = 'unit.module' AND object='families'`: "1",
	} {
		if got := r.in(ids[0], query); fmt.Sprint(got) != "["+want+"]" {
			r.t.Errorf("%s: %s: %v, want %s", when, query, got, want)
		}
	}
	for query, want := range map[string]string{
		`SELECT count(*) FROM membership WHERE role = 'counterpart' AND municipality_id <> ''`:                          "1",
		`SELECT count(*) FROM user WHERE run = 12345678`:                                                                "1",
		`SELECT count(*) FROM provision WHERE done_at IS NOT NULL AND files_at IS NOT NULL AND counterpart = ''`:        "1",
		`SELECT count(*) FROM audit WHERE action = 'municipality.provision'`:                                            "1",
		`SELECT count(*) FROM audit WHERE action = 'municipality.order'`:                                                "1",
		`SELECT group_concat(commune_code) FROM municipality_commune`:                                                   "12201,12202",
		`SELECT count(*) FROM municipality_summary s JOIN municipality m ON m.id = s.municipality_id WHERE region='12'`: "1",
	} {
		if got := r.texts(query); fmt.Sprint(got) != "["+want+"]" {
			r.t.Errorf("%s: %s: %v, want %s", when, query, got, want)
		}
	}
	m, err := r.files.Municipality(background, ids[0])
	if err != nil {
		r.t.Fatal(err)
	}
	if err := errors.Join(m.Verify(background, false), audit.Verify(background, m), audit.VerifyChanges(background, r.files.National())); err != nil {
		r.t.Errorf("%s: %v", when, err)
	}
	return ids[0]
}

func TestProvision(t *testing.T) {
	r := newRig(t)
	begin := time.Now()
	made, err := r.Provision(background, r.rosa, cabo(), "form", "")
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("it took %v", took)
	}
	if made.Already || made.Code != "12201" || made.Name != "Cabo de Hornos" || made.Invited != "Marta Inés Soto Paredes" || !strings.Contains(made.Link, "/invite/") {
		t.Errorf("made %+v", made)
	}
	if id := r.wantCabo("made"); id != made.ID {
		t.Errorf("id %s and %s", id, made.ID)
	}
}

// The same form again gives the same answer; another one finds what is there.
func TestProvisionTwiceIsOne(t *testing.T) {
	r := newRig(t)
	var all sync.WaitGroup
	made := make([]Made, 12)
	for i := range made {
		all.Go(func() {
			key := "double click"
			if i >= 6 {
				key = fmt.Sprint("tab ", i)
			}
			var err error
			if made[i], err = r.Provision(background, r.rosa, cabo(), key, ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	links := map[string]int{}
	for _, m := range made {
		if m.ID != made[0].ID || m.Already == (m.Link != "") {
			t.Errorf("%+v", m)
		}
		links[m.Link]++
	}
	if delete(links, ""); len(links) != 1 {
		t.Errorf("links %v", links)
	}
	r.wantCabo("at once")
	r.clock.Advance(3 * time.Minute)
	if again, err := r.Provision(background, r.rosa, cabo(), "double click", ""); err != nil || !again.Already || again.Link != "" {
		t.Errorf("later: %+v %v", again, err)
	}
	r.wantCabo("later")
}

// Killed after any step, of ours or of the files, it is whole after the next
// start, or after the same order again.
func TestProvisionKilledAtEveryStepResumes(t *testing.T) {
	killed := errors.New("killed")
	for _, at := range steps(t) {
		for name, again := range map[string]func(*rig){
			"at start": func(r *rig) { r.Resume(background) },
			"by order": func(r *rig) {
				if _, err := r.Provision(background, r.rosa, cabo(), "", ""); err != nil {
					r.t.Error(err)
				}
			},
			"twice": func(r *rig) { r.Resume(background); r.Resume(background) },
		} {
			t.Run(at+" "+name, func(t *testing.T) {
				r := newRig(t)
				hook := func(step string) error {
					if step == at {
						return killed
					}
					return nil
				}
				r.crash = hook
				r.files.CrashAt(hook)
				if _, err := r.Provision(background, r.rosa, cabo(), "form", ""); !errors.Is(err, killed) {
					t.Fatalf("not killed: %v", err)
				}
				r.reopen()
				again(r)
				r.wantCabo("resumed")
			})
		}
	}
}

// steps lists the steps of one whole provisioning, those of the files too.
func steps(t *testing.T) (list []string) {
	r := newRig(t)
	note := func(step string) error {
		list = append(list, step)
		return nil
	}
	r.crash = note
	r.files.CrashAt(note)
	if _, err := r.Provision(background, r.rosa, cabo(), "", ""); err != nil {
		t.Fatal(err)
	}
	for _, own := range []string{"ordered", "enrolled", "municipal renamed", "access renamed", "activated", "files", "invited", "done"} {
		if !slices.Contains(list, own) {
			t.Fatalf("no step %q in %v", own, list)
		}
	}
	return list
}

// What was begun without an order is finished too.
func TestResumeFinishesWhatHasNoOrder(t *testing.T) {
	r := newRig(t)
	killed := errors.New("killed")
	r.files.CrashAt(func(step string) error {
		if step == "municipal renamed" {
			return killed
		}
		return nil
	})
	place, _ := PlaceOf("12201")
	_, err := r.files.Provision(background, tenants.Identity{Code: place.Code, Name: place.Name, Kind: place.Kind, Model: 1, Communes: place.Communes})
	if !errors.Is(err, killed) {
		t.Fatal(err)
	}
	r.reopen()
	r.Resume(background)
	if got := r.texts(`SELECT status FROM municipality`); fmt.Sprint(got) != "[active]" {
		t.Errorf("status %v", got)
	}
}

func TestProvisionRefuses(t *testing.T) {
	r := newRig(t)
	for name, change := range map[string]func(*Order){
		"place":       func(o *Order) { o.Code = "99999" },
		"model":       func(o *Order) { o.Model = 3 },
		"module":      func(o *Order) { o.Modules = []string{"social"} },
		"unit":        func(o *Order) { o.Without = []string{"rsh"} },
		"template":    func(o *Order) { o.Template = "nothing" },
		"run":         func(o *Order) { o.Counterpart.RUN = 0 },
		"given_names": func(o *Order) { o.Counterpart.GivenNames = " " },
		"email":       func(o *Order) { o.Counterpart.Email = "no address" },
	} {
		o := cabo()
		change(&o)
		_, err := r.Provision(background, r.rosa, o, "", "")
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	nobody := r.rosa
	nobody.Permissions = 0
	if _, err := r.Provision(background, nobody, cabo(), "", ""); !fault.Is(err, fault.Forbidden) {
		t.Errorf("without permission: %v", err)
	}
	if got := r.texts(`SELECT code FROM provision UNION SELECT code FROM municipality`); len(got) > 0 {
		t.Errorf("made %v", got)
	}
}

// The template of a catalogue: the usual items, none, or those of another one.
func TestTemplates(t *testing.T) {
	r := newRig(t)
	first, err := r.Provision(background, r.rosa, Order{Code: "05802"}, "", "")
	if err != nil {
		t.Fatal(err)
	}
	m, _ := r.files.Municipality(background, first.ID)
	err = m.Update(background, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE catalogue_item SET name = 'Propio de Limache', contact = 'Sra. Rojas', spots = 7 WHERE code = 'E101'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Provision(background, r.rosa, Order{Code: "06304", Options: Options{Template: "13201"}}, "", ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("a template that is not here: %v", err)
	}
	copied, err := r.Provision(background, r.rosa, Order{Code: "06304", Options: Options{Template: "05802"}}, "", "") // corrected
	if err != nil {
		t.Fatal(err)
	}
	count := `SELECT (SELECT count(*) FROM catalogue_item) || ' ' || (SELECT count(*) FROM catalogue_criterion) || ' ' || (SELECT count(*) FROM catalogue_field) || ' ' || (SELECT count(*) FROM catalogue_subcategory)`
	if a, b := r.in(first.ID, count), r.in(copied.ID, count); fmt.Sprint(a) != fmt.Sprint(b) || strings.HasPrefix(a[0], "0 ") {
		t.Errorf("%v and %v", a, b)
	}
	if got := r.in(copied.ID, `SELECT name || '|' || contact || '|' || spots FROM catalogue_item WHERE code = 'E101'`); fmt.Sprint(got) != "[Propio de Limache||7]" {
		t.Errorf("copied %v", got)
	}
}

// A delegation has its region's or province's communes and a code of its own.
func TestDelegations(t *testing.T) {
	r := newRig(t)
	for code, want := range map[string]string{"05": "Delegación Presidencial Regional de Valparaíso", "058": "Delegación Presidencial Provincial de Marga Marga"} {
		made, err := r.Provision(background, r.rosa, Order{Code: code, Options: Options{Template: NoTemplate}}, "", "")
		if err != nil || made.Name != want {
			t.Errorf("%s: %q %v", code, made.Name, err)
			continue
		}
		m, err := r.files.Municipality(background, made.ID)
		if err != nil || !m.Has("05802") || m.Has("13101") || m.Kind == KindMunicipality {
			t.Errorf("%s: %+v %v", code, m.Identity, err)
		}
	}
	if n := len(Municipalities()); n != 345 {
		t.Errorf("%d municipalities", n)
	}
	if n := len(Delegations()); n != 16+56 {
		t.Errorf("%d delegations", n)
	}
}
