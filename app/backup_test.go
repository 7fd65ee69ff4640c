package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// gsl backup status says of each file where it is and how far behind, and fails
// when one cannot be relied upon.
func TestBackupStatus(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	env := map[string]string{"GSL_DATA": data}
	if code, _, errOut := gslEnv(t, env, "municipality", "add", "05802"); code != exitDone {
		t.Fatal(errOut)
	}
	code, out, errOut := gslEnv(t, env, "backup", "status")
	if code != exitDone {
		t.Fatalf("code %d: %s%s", code, out, errOut)
	}
	for _, want := range []string{"target: file " + filepath.Join(data, "replicas"), "same disk: not a backup", "national.db", "registry.db", "05802 Limache", ".access.db", "  e1  "} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if code, out, _ = gslEnv(t, env, "backup", "status", "--json"); code != exitDone || strings.Count(out, `"TXID":"0`) != 4 {
		t.Errorf("code %d: %s", code, out)
	}
	if code, out, _ = gslEnv(t, env, "backup", "status", "--late"); code != exitDone || strings.Contains(out, "national.db") {
		t.Errorf("code %d: %s", code, out)
	}
	// The store is away: it is tried, said, and no reason to hang.
	away := filepath.Join(t.TempDir(), "litestream.yml")
	text := "dbs:\n  - path: ${GSL_FILE}\n    replica:\n      type: file\n      path: " + away + "/${GSL_REPLICA}\n" // a file is no folder
	if err := os.WriteFile(away, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	env["GSL_LITESTREAM"] = away
	if code, out, errOut = gslEnv(t, env, "backup", "status"); code != exitFailed || !strings.Contains(out, "not there yet") || !strings.Contains(errOut, "cannot be relied upon") {
		t.Errorf("code %d: %s%s", code, out, errOut)
	}
	env["GSL_LITESTREAM"] = "off"
	if code, out, _ = gslEnv(t, env, "backup", "status"); code != exitFailed || !strings.Contains(out, "not replicated") {
		t.Errorf("code %d: %s", code, out)
	}
}

// What is wrong with litestream.yml is bad use, said with its line before a port opens.
func TestABadLitestreamFileStopsTheStart(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "litestream.yml"), []byte("dbs:\n  - path: ${GSL_FILE}\n    replikas: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve", "--check"}, {"serve", "--addr", "127.0.0.1:0"}, {"user", "list"}} {
		code, _, errOut := gslEnv(t, map[string]string{"GSL_DATA": data}, args...)
		if code != exitUsage || !strings.Contains(errOut, "litestream.yml:3: replikas is not a key that we know") {
			t.Errorf("%v: code %d, %s", args, code, errOut)
		}
	}
}
