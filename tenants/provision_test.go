package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var cabo = Identity{Code: "12201", Name: "Cabo de Hornos", Kind: "municipality", Model: 1, Communes: []string{"12202", "12201"}}

// Two communes, one municipality: Cabo de Hornos also runs Antártica.
func TestIdentityHasItsCommunes(t *testing.T) {
	r := newRig(t, Options{})
	made, err := r.Provision(background, cabo)
	if err != nil {
		t.Fatal(err)
	}
	r.town("05802")
	r.reopen()
	found, err := r.Municipality(background, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	list, err := r.Municipalities(background)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	for _, who := range []Identity{made.Identity, found.Identity, list[1]} {
		if fmt.Sprint(who.Communes) != "[12201 12202]" || !who.Has("12202") || who.Has("05802") {
			t.Errorf("territory %v", who.Communes)
		}
		if who.Code != "12201" || who.Name != "Cabo de Hornos" || who.Kind != "municipality" || who.Model != 1 {
			t.Errorf("identity %+v", who)
		}
	}
	_, err = r.Municipality(background, "no such id")
	if !NotFound(err) {
		t.Errorf("unknown id: %v", err)
	}
}

func TestProvisionAgainGivesTheSame(t *testing.T) {
	seeded := 0
	r := newRig(t, Options{Seed: []func(*Tx, Identity) error{func(tx *Tx, who Identity) error {
		seeded++
		return put(tx, "t.code", who.Code)
	}}})
	var all sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		all.Go(func() { ids[i] = r.town("05802").ID })
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("municipalities %v", ids)
		}
	}
	m := r.town("05802")
	wantSettings(t, m, "t.code=05802")
	if seeded != 1 {
		t.Errorf("seeded %d times", seeded)
	}
}

func TestProvisionRefusesAnIDThatIsNoUUID(t *testing.T) {
	r := newRig(t, Options{})
	_, err := r.Provision(background, Identity{ID: "../../etc/passwd", Code: "05802", Name: "x", Kind: "municipality", Model: 1})
	if err == nil {
		t.Error("accepted")
	}
}

func TestFailedSeedLeavesNoMunicipality(t *testing.T) {
	fail := errOwn
	r := newRig(t, Options{Seed: []func(*Tx, Identity) error{func(tx *Tx, _ Identity) error {
		return errors.Join(put(tx, "ta", "1"), fail)
	}}})
	_, err := r.Provision(background, cabo)
	wantError(t, err, errOwn)
	fail = nil
	m, err := r.Provision(background, cabo)
	if err != nil {
		t.Fatal(err)
	}
	wantSettings(t, m, "ta=1")
}

// Power may fail after any step. What is there then is never half a file, and
// running it again completes it.
func TestProvisionCutShortAnywhere(t *testing.T) {
	crash := errors.New("the power failed")
	steps := provisionSteps(t)
	if len(steps) < 8 {
		t.Fatalf("steps %v", steps)
	}
	for _, at := range steps {
		t.Run(at, func(t *testing.T) {
			r := newRig(t, Options{Seed: []func(*Tx, Identity) error{func(tx *Tx, _ Identity) error { return put(tx, "ta", "1") }}})
			r.crash = func(step string) error {
				if step == at {
					return crash
				}
				return nil
			}
			_, err := r.Provision(background, cabo)
			wantError(t, err, crash)
			r.reopen()
			wholeFilesOnly(t, r)
			m, err := r.Provision(background, cabo)
			if err != nil {
				t.Fatal(err)
			}
			if m.Status() != Active {
				t.Errorf("status %s", m.Status())
			}
			wantSettings(t, m, "ta=1")
			if err := r.Verify(background, false, nil); err != nil {
				t.Error(err)
			}
			if left, _ := filepath.Glob(filepath.Join(r.opt.Dir, "municipalities", "*.new*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// provisionSteps lists the steps of one whole provisioning.
func provisionSteps(t *testing.T) (steps []string) {
	r := newRig(t, Options{})
	r.crash = func(step string) error {
		steps = append(steps, step)
		return nil
	}
	if _, err := r.Provision(background, cabo); err != nil {
		t.Fatal(err)
	}
	return steps
}

// wholeFilesOnly looks at each file that has its own name: it has its owner.
func wholeFilesOnly(t *testing.T, r *rig) {
	t.Helper()
	list, err := r.Municipalities(background)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range list {
		m, err := r.handle(who)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []*DB{m.main, m.access} {
			if _, err := os.Stat(r.path(d)); errors.Is(err, os.ErrNotExist) {
				continue
			}
			if err := d.Verify(background, false); err != nil {
				t.Errorf("half a file: %v", err)
			}
		}
	}
}

func TestStatusDecidesWhoMayWrite(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	for _, status := range []Status{Suspended, Archived} {
		if err := r.SetStatus(background, m.ID, status); err != nil {
			t.Fatal(err)
		}
		wantError(t, set(m, "tb", "1"), ErrSuspended)
		wantError(t, m.Access().Update(background, func(*Tx) error { return nil }), ErrSuspended)
		wantSettings(t, m, "ta=1")
		r.reopen()
		m = r.town("05802")
		if m.Status() != status {
			t.Errorf("status %s after a restart, want %s", m.Status(), status)
		}
	}
	if err := r.SetStatus(background, m.ID, Active); err != nil {
		t.Fatal(err)
	}
	if err := set(m, "tb", "1"); err != nil {
		t.Error(err)
	}
	if err := r.SetStatus(background, m.ID, Provisioning); err == nil {
		t.Error("put back to provisioning")
	}
}

type ownerFunc func(id string) error

func (f ownerFunc) Owns(_ context.Context, id string) error { return f(id) }

// A new management model counts at once for who holds the handle, and is there
// after a restart; what fails leaves the old one.
func TestSetModel(t *testing.T) {
	r := newRig(t, Options{})
	made, err := r.Provision(background, cabo)
	if err != nil || made.Model() != 1 {
		t.Fatal(made, err)
	}
	failed := errors.New("the trail failed")
	for _, c := range []struct {
		model, want int
		record      func(*Tx) error
		fails       bool
	}{
		{0, 1, nil, true}, {3, 1, nil, true}, {2, 1, func(*Tx) error { return failed }, true}, {2, 2, func(*Tx) error { return nil }, false}, {2, 2, nil, false},
	} {
		if err := r.SetModel(background, made.ID, c.model, c.record); (err != nil) != c.fails || made.Model() != c.want {
			t.Errorf("to %d: model %d, %v", c.model, made.Model(), err)
		}
	}
	if err := r.SetModel(background, "no such id", 1, nil); !NotFound(err) {
		t.Errorf("unknown id: %v", err)
	}
	r.reopen()
	if again, err := r.Municipality(background, made.ID); err != nil || again.Model() != 2 {
		t.Errorf("after a restart: %v, %v", again, err)
	}
}

func TestOwnerIsAskedBeforeOpening(t *testing.T) {
	elsewhere := ""
	r := newRig(t, Options{Owner: ownerFunc(func(id string) error {
		if id == elsewhere {
			return errOwn
		}
		return nil
	})})
	m, other := r.town("05802"), r.town("06304")
	elsewhere = m.ID
	err := set(m, "ta", "1")
	wantError(t, err, ErrNotOwner)
	wantError(t, err, errOwn)
	if len(openFiles(t, r.path(m.main))) > 0 {
		t.Error("the file of another server is open")
	}
	if err := set(other, "ta", "1"); err != nil {
		t.Error(err)
	}
	if !strings.Contains(err.Error(), m.ID) {
		t.Errorf("the error does not name the file: %v", err)
	}
}
