package tenants

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/google/uuid"
)

// keep is a rig that replicates to a directory elsewhere.
func keepRig(t *testing.T) (r *rig, elsewhere string) {
	t.Helper()
	elsewhere = filepath.Join(t.TempDir(), "elsewhere")
	config, err := ReadReplicaConfig(litestreamYML(t, elsewhere))
	if err != nil {
		t.Fatal(err)
	}
	return newRig(t, Options{Replica: config}), elsewhere
}

// restored gives what the replica holds of a file now.
func restored(t *testing.T, config *ReplicaConfig, prefix string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "restored.db")
	if err := restoreTo(config, prefix, path); err != nil {
		t.Fatalf("restore %s: %v", prefix, err)
	}
	return path
}

func restoreTo(config *ReplicaConfig, prefix, path string) error {
	client, err := config.Client(prefix)
	if err != nil {
		return err
	}
	if err := client.Init(background); err != nil {
		return err
	}
	options := litestream.NewRestoreOptions()
	options.OutputPath, options.IntegrityCheck = path, litestream.IntegrityCheckFull
	return litestream.NewReplicaWithClient(nil, client).Restore(background, options)
}

// read gives the settings of the test in a file that this package has not open.
func (r *rig) read(path string) string {
	r.t.Helper()
	f := &file{name: "restored", path: path, opt: &Options{}, clock: time.Now, readers: readers{places: make(chan struct{}, 1)}}
	defer f.abandon()
	var all string
	err := f.view(background, func(tx *Tx) error {
		return tx.QueryRow(`SELECT coalesce(group_concat(key || '=' || value, ' '), '')
			FROM (SELECT key, value FROM setting WHERE key LIKE 't%' ORDER BY key)`).Scan(&all)
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

// wantReplica restores a municipality's main file and compares it.
func (r *rig) wantReplica(m *Municipality, want string) {
	r.t.Helper()
	epoch, err := r.epoch(background, m.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	if got := r.read(restored(r.t.(*testing.T), r.Files.opt.Replica, prefixOf(m.main.name, epoch))); got != want {
		r.t.Errorf("the replica holds %q, want %q", got, want)
	}
}

func (r *rig) status(file string) ReplicaStatus {
	r.t.Helper()
	list, err := r.Replicas(background)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range list {
		if s.File == file {
			return s
		}
	}
	r.t.Fatalf("no status of %s", file)
	return ReplicaStatus{}
}

// untilSynced waits until nothing of a file is missing.
func (r *rig) untilSynced(d *DB) ReplicaStatus {
	r.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		s := r.status(d.name)
		if s.Lag == 0 && s.TXID != "" {
			return s
		}
		if time.Now().After(end) {
			r.t.Fatalf("not replicated: %+v", s)
		}
	}
}

func TestEveryFileIsInTheReplica(t *testing.T) {
	r, _ := keepRig(t)
	m, idle := r.town("05802"), r.town("06304")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	for _, d := range []*DB{r.national, r.registry, m.main, m.access, idle.main, idle.access} {
		s := r.untilSynced(d)
		if !strings.HasPrefix(s.Target, "file ") || s.Epoch != 1 || s.SyncedAt.IsZero() || s.Err != "" || s.MunicipalityID != d.owner {
			t.Errorf("%s: %+v", d.name, s)
		}
		restored(t, r.Files.opt.Replica, prefixOf(d.name, 1))
	}
	r.wantReplica(m, "ta=1")
	r.wantReplica(idle, "")
}

// A file that is closed is flushed: what was written last is there, and stays
// known as there over a restart.
func TestAFileThatIsClosedIsFlushed(t *testing.T) {
	r, elsewhere := keepRig(t)
	m := r.town("05802")
	r.untilSynced(m.access)
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.shut(m.main)
	r.untilSynced(m.main)
	r.wantReplica(m, "ta=1")
	waitFor(t, "Litestream lets go of the file", func() bool { return !r.keeper.busy(m.main.name) })
	if left, err := r.keeper.unsettled(background); err != nil || len(left) != 0 {
		t.Errorf("left: %v (%v)", left, err)
	}
	// Before it was let go of, its changes were put together: nobody waits for midnight.
	if whole, err := filepath.Glob(filepath.Join(elsewhere, "municipalities", m.ID, "e1/main/ltx/9/*.ltx")); err != nil || len(whole) != 1 {
		t.Errorf("snapshots: %v (%v)", whole, err)
	}
	if err := set(m, "tb", "1"); err != nil {
		t.Fatal(err)
	}
	r.reopen() // flushes too
	m = r.town("05802")
	r.wantReplica(m, "ta=1 tb=1")
	if s := r.status(m.main.name); s.Lag != 0 || s.TXID == "" {
		t.Errorf("after a restart: %+v", s)
	}
}

func waitFor(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !condition(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

// A whole copy is made once, not at each opening: the order of closing is right.
func TestOpeningAgainTakesNoWholeCopy(t *testing.T) {
	r, elsewhere := keepRig(t)
	m := r.town("05802")
	for i := range 4 {
		if err := set(m, fmt.Sprintf("t%d", i), strings.Repeat("x", 100)); err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			r.shut(m.main)
			waitFor(t, "Litestream lets go of the file", func() bool { return !r.keeper.busy(m.main.name) })
		} else {
			r.reopen()
			m = r.town("05802")
		}
	}
	files := pieces(t, elsewhere, m)
	if len(files) < 4 {
		t.Fatalf("%d pieces", len(files))
	}
	for i, path := range files {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if whole := info.Size() > 20_000; whole != (i == 0) {
			t.Errorf("file %d is of %d bytes", i, info.Size())
		}
	}
}

// pieces lists what the replica holds of a main file, one change each.
func pieces(t *testing.T, elsewhere string, m *Municipality) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(elsewhere, "municipalities", m.ID, "e1/main/ltx/0/*.ltx"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// What another command changed without replication, or an unclean end left, is
// seen by how the file looks, and replicated although nobody opens it.
func TestAFileChangedWithoutReplicationIsReplicated(t *testing.T) {
	r, _ := keepRig(t)
	id := r.town("05802").ID
	r.close()
	config := r.opt.Replica
	r.opt.Replica = nil
	r.open()
	m, err := r.Municipality(background, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.close()
	r.opt.Replica = config
	r.open()
	if m, err = r.Municipality(background, id); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "it is replicated", func() bool { return r.status(m.main.name).Lag == 0 }) // and not said to be before
	r.wantReplica(m, "ta=1")
}

// Nothing that people do waits for a replica that is away; what was closed
// meanwhile is retried until it is there, also over a restart.
func TestAReplicaThatIsAwayKeepsNobodyWaiting(t *testing.T) {
	r, elsewhere := keepRig(t)
	m := r.town("05802")
	r.untilSynced(m.main)
	away := elsewhere + ".away"
	obstruct(t, elsewhere, away)
	begin := time.Now()
	for i := range 50 {
		if err := set(m, fmt.Sprintf("t%02d", i), "1"); err != nil {
			t.Fatal(err)
		}
	}
	r.shut(m.main)
	wantSettings(t, m, all(50)) // opened again, while Litestream still tries
	other := r.town("06304")
	if err := set(other, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took > 15*time.Second {
		t.Errorf("it took %v", took)
	}
	waitFor(t, "the status says why", func() bool { s := r.status(m.main.name); return s.Err != "" && s.Lag > 0 })
	r.reopen() // the replica is still away
	for _, name := range []string{m.main.name, other.main.name} {
		if s := r.status(name); s.Lag == 0 {
			t.Errorf("%s after a restart: %+v", name, s)
		}
	}
	restorePlace(t, elsewhere, away)
	waitFor(t, "all is there", func() bool {
		left, err := r.keeper.unsettled(background)
		return err == nil && len(left) == 0 && r.status(m.main.name).Lag == 0 && r.status(other.main.name).Lag == 0
	})
	r.wantReplica(m, all(50))
	r.wantReplica(other, "ta=1")
}

func all(n int) string {
	var keys []string
	for i := range n {
		keys = append(keys, fmt.Sprintf("t%02d=1", i))
	}
	return strings.Join(keys, " ")
}

// obstruct puts a file where the directory of the replicas was: every write fails.
func obstruct(t *testing.T, place, aside string) {
	t.Helper()
	if err := os.Rename(place, aside); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(place, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func restorePlace(t *testing.T, place, aside string) {
	t.Helper()
	if err := errors.Join(os.Remove(place), os.Rename(aside, place)); err != nil {
		t.Fatal(err)
	}
}

// The notes that Litestream keeps beside the file are not needed: without them,
// or with those of another day, a whole copy is added to the history.
func TestLostNotesAreHealed(t *testing.T) {
	r, _ := keepRig(t)
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	before := r.untilSynced(m.main)
	r.close()
	if err := os.RemoveAll(filepath.Join(r.opt.Dir, "municipalities", "."+m.ID+".db-litestream")); err != nil {
		t.Fatal(err)
	}
	r.open()
	m = r.town("05802")
	if err := set(m, "tb", "1"); err != nil {
		t.Fatal(err)
	}
	after := r.untilSynced(m.main)
	if after.TXID <= before.TXID {
		t.Errorf("the history went from %s to %s", before.TXID, after.TXID)
	}
	r.wantReplica(m, "ta=1 tb=1")
}

// A bucket that was emptied is filled again while people work.
func TestAnEmptiedReplicaIsFilledAgain(t *testing.T) {
	r, elsewhere := keepRig(t)
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.untilSynced(m.main)
	r.shut(m.main)
	waitFor(t, "Litestream lets go of the file", func() bool { return !r.keeper.busy(m.main.name) })
	if err := os.RemoveAll(filepath.Join(elsewhere, "municipalities")); err != nil {
		t.Fatal(err)
	}
	// Only the last changes lie in the notes: the earlier were put together long ago.
	notes, err := filepath.Glob(filepath.Join(r.opt.Dir, "municipalities", "."+m.ID+".db-litestream", "*", "ltx", "0", "*.ltx"))
	if err != nil || len(notes) < 2 {
		t.Fatalf("notes: %v (%v)", notes, err)
	}
	if err := os.Remove(notes[0]); err != nil {
		t.Fatal(err)
	}
	if err := set(m, "tb", "1"); err != nil {
		t.Fatal(err)
	}
	r.untilSynced(m.main)
	r.wantReplica(m, "ta=1 tb=1")
}

// Another place, or another epoch, is another history: it begins with a whole copy.
func TestAnotherTargetGetsWholeCopies(t *testing.T) {
	r, _ := keepRig(t)
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.untilSynced(m.main)
	r.close()
	config, err := ReadReplicaConfig(litestreamYML(t, filepath.Join(t.TempDir(), "other")))
	if err != nil {
		t.Fatal(err)
	}
	r.opt.Replica = config
	r.open()
	m = r.town("05802")
	r.untilSynced(m.main) // nobody opened it
	r.wantReplica(m, "ta=1")

	r.shut(m.main)
	r.shut(m.access)
	epoch, err := r.newEpoch(background, m.ID)
	if err != nil || epoch != 2 {
		t.Fatalf("epoch %d (%v)", epoch, err)
	}
	if err := set(m, "tb", "1"); err != nil {
		t.Fatal(err)
	}
	if s := r.untilSynced(m.main); s.Epoch != 2 {
		t.Errorf("%+v", s)
	}
	r.wantReplica(m, "ta=1 tb=1")
	if got := r.read(restored(t, config, prefixOf(m.main.name, 1))); got != "ta=1" {
		t.Errorf("the first epoch holds %q", got)
	}
	if newest, err := config.Newest(background, 1, func(epoch int) string { return prefixOf(m.main.name, int64(epoch)) }); err != nil || newest != 2 {
		t.Errorf("newest epoch %d (%v)", newest, err)
	}
	r.reopen()
	if s := r.status(m.main.name); s.Epoch != 2 || s.TXID == "" {
		t.Errorf("after a restart: %+v", s)
	}
}

// A file that is replaced by hand while it is in use does not mix with what
// Litestream knew of the one before.
func TestAReplacedFileIsCopiedAsAWhole(t *testing.T) {
	r, _ := keepRig(t)
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.untilSynced(m.main)
	fresh := restored(t, r.Files.opt.Replica, prefixOf(m.main.name, 1))
	if err := set(m, "tb", "1"); err != nil {
		t.Fatal(err)
	}
	r.untilSynced(m.main)
	if err := os.Rename(fresh, r.path(m.main)); err != nil {
		t.Fatal(err)
	}
	wantError(t, set(m, "tc", "1"), ErrMissing)
	waitFor(t, "the new one is worked with", func() bool { return set(m, "td", "1") == nil })
	wantSettings(t, m, "ta=1 td=1")
	r.untilSynced(m.main)
	r.wantReplica(m, "ta=1 td=1")
}

// A damaged file is not copied over its good replica.
func TestADamagedFileIsNotReplicated(t *testing.T) {
	r, elsewhere := keepRig(t)
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.untilSynced(m.main)
	r.close()
	held := len(pieces(t, elsewhere, m))
	if err := os.WriteFile(r.path(m.main), []byte(strings.Repeat("no database ", 10_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	r.open()
	m = r.town("05802")
	_, err := settings(m)
	wantError(t, err, ErrDamaged)
	waitFor(t, "Litestream lets go of the file", func() bool { return !r.keeper.busy(m.main.name) })
	if now := len(pieces(t, elsewhere, m)); now != held {
		t.Errorf("%d pieces in the replica, before %d", now, held)
	}
	r.wantReplica(m, "ta=1")
}

// A store that hangs keeps the end of the program waiting for some seconds only.
func TestTheEndWaitsForAHangingReplicaOnlyAWhile(t *testing.T) {
	r, elsewhere := keepRig(t)
	m := r.town("05802")
	r.untilSynced(m.main)
	obstruct(t, elsewhere, elsewhere+".away")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	r.close()
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
	restorePlace(t, elsewhere, elsewhere+".away")
	r.open()
	m = r.town("05802")
	waitFor(t, "it is there", func() bool { return r.status(m.main.name).Lag == 0 })
	r.wantReplica(m, "ta=1")
}

// Litestream moves the WAL into the file now and then, on connections of its own.
// Whichever of them closes last leaves the WAL where it is: the next opening goes
// on where this one ended.
func TestOpeningAgainAfterCheckpointsTakesNoWholeCopy(t *testing.T) {
	elsewhere, yml := t.TempDir(), filepath.Join(t.TempDir(), "litestream.yml")
	text := "sync-interval: 10ms\ndbs:\n  - path: ${GSL_FILE}\n    min-checkpoint-page-count: 5\n    replica:\n      type: file\n      path: " + elsewhere + "/${GSL_REPLICA}\n"
	if err := os.WriteFile(yml, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := ReadReplicaConfig(yml)
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, Options{Replica: config})
	m := r.town("05802")
	for round := range 5 {
		for i := range 10 {
			if err := set(m, fmt.Sprintf("t%d-%d", round, i), strings.Repeat("x", 2000)); err != nil {
				t.Fatal(err)
			}
			if i%3 == 0 {
				r.untilSynced(m.main)
			}
		}
		r.shut(m.main)
		waitFor(t, "Litestream lets go of the file", func() bool { return !r.keeper.busy(m.main.name) })
		if info, err := os.Stat(r.path(m.main) + "-wal"); err != nil || info.Size() == 0 {
			t.Fatalf("round %d: the WAL is gone (%v)", round, err)
		}
	}
	whole := 0
	for _, path := range pieces(t, elsewhere, m) {
		if info, err := os.Stat(path); err == nil && info.Size() > 40_000 {
			whole++
		}
	}
	if whole != 1 {
		t.Errorf("%d whole copies in %d pieces", whole, len(pieces(t, elsewhere, m)))
	}
}

// A municipality is restored while it is replicated: Litestream lets go of the
// file that is swapped out, and the new history begins with a whole copy.
func TestARestoredMunicipalityIsReplicatedInANewEpoch(t *testing.T) {
	r, _ := keepRig(t)
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.untilSynced(m.main)
	r.untilSynced(m.access)
	c, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.ID})
	if err != nil {
		t.Fatal(err)
	}
	if err := set(m, "tb", "too late"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.SwapCopy(background, c.ID); err != nil {
		t.Fatal(err)
	}
	if err := set(m, "tc", "1"); err != nil {
		t.Fatal(err)
	}
	wantSettings(t, m, "ta=1 tc=1")
	if s := r.untilSynced(m.main); s.Epoch != 2 {
		t.Errorf("%+v", s)
	}
	r.wantReplica(m, "ta=1 tc=1")
	r.reopen()
	m = r.town("05802")
	wantSettings(t, m, "ta=1 tc=1")
	r.wantReplica(m, "ta=1 tc=1")
}
