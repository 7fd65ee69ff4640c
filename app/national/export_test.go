package national

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

const phrase = "cuatro caballos cruzan el puente"

// opened decrypts an export with the library that others use, and gives its files.
func (r *rig) opened(e Export, identity age.Identity) map[string][]byte {
	r.t.Helper()
	_, _, file, err := r.Fetch(background, r.rosa, e.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	sum := sha256.New()
	plain, err := age.Decrypt(io.TeeReader(file, sum), identity)
	if err != nil {
		r.t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(plain)
	if err != nil {
		r.t.Fatal(err)
	}
	files, archive := map[string][]byte{}, tar.NewReader(unpacked)
	for {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.t.Fatal(err)
		}
		if files[head.Name], err = io.ReadAll(archive); err != nil {
			r.t.Fatal(err)
		}
	}
	_, _ = io.Copy(sum, file)
	if got := hex.EncodeToString(sum.Sum(nil)); got != e.SHA256 {
		r.t.Errorf("digest %s, told %s", got, e.SHA256)
	}
	return files
}

// exported is an export that is made, however long the machine takes.
func (r *rig) exported(id string, lock Lock) (Export, error) {
	e, err := r.Export(background, r.rosa, id, lock, "")
	if err != nil {
		return e, err
	}
	r.Settle()
	err = r.files.National().View(background, func(tx *tenants.Tx) (err error) {
		e, _, err = findExport(tx, e.ID)
		return err
	})
	return e, err
}

func TestExport(t *testing.T) {
	r := newRig(t)
	id := r.provision("05802")[0]
	m, _ := r.files.Municipality(background, id)
	err := m.Update(background, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES ('secret', 'MARCA-DE-PRUEBA')`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	password, err := age.NewScryptIdentity(phrase)
	if err != nil {
		t.Fatal(err)
	}
	counterpart := actor.Actor{UserID: "c", Name: "Marta Soto", Role: access.Counterpart, Permissions: access.PermissionsOf(access.Counterpart, ""), Municipality: m}
	if err := r.SetRecipient(background, r.rosa, key.Recipient().String(), ""); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the national administration chose who reads: %v", err)
	}
	if err := r.SetRecipient(background, counterpart, key.String(), ""); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "AGE-SECRET") {
		t.Errorf("the private half was taken, or told: %v", err)
	}
	if err := r.SetRecipient(background, counterpart, " "+key.Recipient().String()+"\n", ""); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		lock Lock
		with age.Identity
		to   string
	}{
		"registered": {Lock{}, key, key.Recipient().String()},
		"given":      {Lock{Recipient: key.Recipient().String()}, key, key.Recipient().String()},
		"passphrase": {Lock{Passphrase: phrase, Repeat: phrase}, password, byPassphrase},
	} {
		e, err := r.exported(id, c.lock)
		if err != nil || e.State != "ready" || e.LockedTo != c.to || e.Bytes < 10_000 {
			t.Fatalf("%s: %+v %v", name, e, err)
		}
		files := r.opened(e, c.with)
		var note manifest
		if err := json.Unmarshal(files["manifest.json"], &note); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{"main.db", "access.db"} {
			sum := sha256.Sum256(files[file])
			if !bytes.HasPrefix(files[file], []byte("SQLite format 3\x00")) || note.Digests[file] != hex.EncodeToString(sum[:]) {
				t.Errorf("%s: %s is not what the manifest says", name, file)
			}
		}
		if !bytes.Contains(files["main.db"], []byte("MARCA-DE-PRUEBA")) || note.Code != "05802" {
			t.Errorf("%s: not this municipality's file", name)
		}
	}
	r.wantNothingPlain()
	if got := r.texts(`SELECT count(*) FROM audit WHERE action IN ('municipality.export', 'municipality.export_fetch') AND object = ?`, id); got[0] != "6" {
		t.Errorf("audit %v", got)
	}
	if err := audit.VerifyChanges(background, r.files.National()); err != nil {
		t.Error(err)
	}
}

// wantNothingPlain looks for the mark in everything that the exports left.
func (r *rig) wantNothingPlain() {
	r.t.Helper()
	list, err := filepath.Glob(filepath.Join(r.config.Dir, "*"))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, path := range list {
		text, err := os.ReadFile(path)
		if err != nil || !strings.HasSuffix(path, ".age") || bytes.Contains(text, []byte("MARCA-DE-PRUEBA")) || bytes.Contains(text, []byte("SQLite")) {
			r.t.Errorf("left behind: %s %v", path, err)
		}
	}
}

func TestExportRefuses(t *testing.T) {
	r := newRig(t)
	id := r.provision("05802")[0]
	for name, c := range map[string]struct {
		lock  Lock
		field string
	}{
		"no key":          {Lock{}, "recipient"},
		"no such key":     {Lock{Recipient: "age1nothing"}, "recipient"},
		"short":           {Lock{Passphrase: "corta", Repeat: "corta"}, "passphrase"},
		"typed otherwise": {Lock{Passphrase: phrase, Repeat: phrase + "s"}, "repeat"},
		"not repeated":    {Lock{Passphrase: phrase}, "repeat"},
	} {
		_, err := r.Export(background, r.rosa, id, c.lock, "")
		var f *fault.Error
		if !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Name != c.field || strings.Contains(err.Error(), phrase) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Export(background, r.rosa, "no such id", Lock{Passphrase: phrase, Repeat: phrase}, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("unknown: %v", err)
	}
	if got := r.texts(`SELECT id FROM municipality_export`); len(got) > 0 {
		t.Errorf("exports %v", got)
	}
}

// What a stop left half written, plain copies first, is thrown away at the next start.
func TestExportsAreSwept(t *testing.T) {
	r := newRig(t)
	id := r.provision("05802")[0]
	e, err := r.exported(id, Lock{Passphrase: phrase, Repeat: phrase})
	if err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(r.config.Dir, "plain-1")
	if err := errors.Join(os.Mkdir(plain, 0o700), os.WriteFile(filepath.Join(plain, "main.db"), []byte("MARCA-DE-PRUEBA"), 0o600)); err != nil {
		t.Fatal(err)
	}
	err = r.files.National().Update(background, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE municipality_export SET state = 'making'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r.sweepExports(background)
	r.wantNothingPlain()
	if _, _, _, err := r.Fetch(background, r.rosa, e.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("half an export was handed out: %v", err)
	}
}

func TestDeleteExport(t *testing.T) {
	r := newRig(t)
	id := r.provision("05802")[0]
	e, err := r.exported(id, Lock{Passphrase: phrase, Repeat: phrase})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if of, err := r.DeleteExport(background, r.rosa, e.ID); err != nil || of != id {
			t.Errorf("%s %v", of, err)
		}
	}
	if list, _ := filepath.Glob(filepath.Join(r.config.Dir, "*")); len(list) > 0 {
		t.Errorf("left %v", list)
	}
}

func TestSetStatus(t *testing.T) {
	r := newRig(t)
	ids := r.provision("05802", "06304")
	m, _ := r.files.Municipality(background, ids[0])
	write := func(m *tenants.Municipality) error {
		return m.Update(background, func(*tenants.Tx) error { return nil })
	}
	for _, c := range []struct {
		to     tenants.Status
		reason string
		want   fault.Kind
		fails  bool
	}{
		{tenants.Suspended, " ", fault.Invalid, true},
		{tenants.Suspended, "Convenio vencido", 0, false},
		{tenants.Suspended, "otra vez", 0, false}, // it stands so already
		{tenants.Archived, "Se fusionó", 0, false},
		{tenants.Provisioning, "x", fault.Invalid, true}, {"gone", "x", fault.Invalid, true},
		{tenants.Active, "", 0, false},
	} {
		err := r.SetStatus(background, r.rosa, ids[0], c.to, c.reason, "")
		if (err != nil) != c.fails || c.fails && !fault.Is(err, c.want) {
			t.Errorf("to %s: %v", c.to, err)
		}
		if err == nil && (m.Status() != c.to || (write(m) == nil) != (c.to == tenants.Active)) {
			t.Errorf("to %s: status %s, write %v", c.to, m.Status(), write(m))
		}
		other, _ := r.files.Municipality(background, ids[1])
		if err := write(other); err != nil {
			t.Errorf("the other one noticed: %v", err)
		}
	}
	if got := strings.Join(r.texts(`SELECT action FROM audit WHERE object = ? AND action <> 'municipality.order' ORDER BY seq`, ids[0]), " "); got != "municipality.provision municipality.suspend municipality.archive municipality.resume" {
		t.Errorf("audit %s", got)
	}
	if err := r.SetStatus(background, r.rosa, "no such id", tenants.Suspended, "x", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("unknown: %v", err)
	}
}
