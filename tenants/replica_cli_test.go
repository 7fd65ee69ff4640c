package tenants

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// stock builds the Litestream that everybody can download, of the version whose
// library we use.
func stock(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("building Litestream takes a while")
	}
	program := filepath.Join(t.TempDir(), "litestream")
	build := exec.Command("go", "build", "-o", program, "github.com/benbjohnson/litestream/cmd/litestream")
	build.Dir = filepath.Join("..", "tools", "litestream")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the stock Litestream: %v\n%s", err, out)
	}
	return program
}

// restoreStock restores a file with the stock program and our litestream.yml.
func restoreStock(t *testing.T, program, config, prefix string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "restored.db")
	restore := exec.Command(program, "restore", "-config", config, "-integrity-check", "full", path) //nolint:gosec // built by us
	restore.Env = append(os.Environ(), "GSL_FILE="+path, "GSL_REPLICA="+prefix, "GSL_MUNICIPALITY="+strings.Split(prefix, "/")[1])
	if out, err := restore.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", restore, err, out)
	}
	return path
}

// Nobody needs this program to get the data back: the stock Litestream restores
// every replica with the very litestream.yml that this program works by, from a
// folder as from a bucket.
func TestTheStockLitestreamRestoresOurReplicas(t *testing.T) {
	program := stock(t)
	b := newBucket(t)
	bucketConfig, bucketYML := b.config(t)
	folderYML := litestreamYML(t, filepath.Join(t.TempDir(), "elsewhere"))
	folderConfig, err := ReadReplicaConfig(folderYML)
	if err != nil {
		t.Fatal(err)
	}
	for yml, config := range map[string]*ReplicaConfig{bucketYML: bucketConfig, folderYML: folderConfig} {
		r := newRig(t, Options{Replica: config})
		m := r.town("05802")
		if err := set(m, "ta", "1"); err != nil {
			t.Fatal(err)
		}
		for _, d := range []*DB{r.national, r.registry, m.main, m.access} {
			r.untilSynced(d)
			restored := restoreStock(t, program, yml, prefixOf(d.name, 1))
			if d == m.main {
				if got := r.read(restored); got != "ta=1" {
					t.Errorf("restored %q", got)
				}
			}
		}
	}
}
