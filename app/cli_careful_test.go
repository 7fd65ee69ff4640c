package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A slip of the fingers does nothing, and says what to do instead.
func TestACommandWithASlipDoesNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if code, out, errOut := gsl(t, data, "", "municipality", "add", "05802", "06304"); code != exitDone {
		t.Fatalf("gsl municipality add: %d %q %q", code, out, errOut)
	}
	const person = "user add --run 12.345.678-5 --given-names Ana --surnames Soto --municipality 05802 "
	for _, slip := range []struct {
		args string
		code int
		says string
	}{
		{"municipality archive 05802 99999", exitUsage, `no municipality "99999" here`},
		{"municipality list --status suspendida", exitUsage, "active, suspended, archived, provisioning"},
		{"municipality list --health good", exitUsage, "well, look, bad"},
		{"municipality list --sort color", exitUsage, "name, users"},
		{"municipality list 05802", exitUsage, `"05802": municipality list takes no arguments`},
		{"municipality migrate 05802", exitUsage, "takes no arguments"},
		{"user disable 12.345.678-5", exitUsage, "takes no arguments"},
		{"version please", exitUsage, "takes no arguments"},
		{person + "--role nobody", exitFailed, "--role: No existe ese rol"},
		{person + "--role case_manager --unit nowhere", exitFailed, "--unit: La unidad"},
		{strings.Replace(person, "05802", "99999", 1) + "--role director", exitFailed, "--municipality: La municipalidad no existe"},
		{"municipality add 13201 --modules nope", exitUsage, "--modules: No hay un módulo"},
		{"municipality add 13201 --counterpart-run 11.111.111-1", exitUsage, "--counterpart-given-names:"},
		{"municipality export 05802", exitFailed, "no ha registrado una llave"},
		{"restore --municipality 99999", exitUsage, `no municipality "99999" here`},
	} {
		code, out, errOut := gsl(t, data, "una frase larga y propia\n", strings.Fields(slip.args)...)
		if code != slip.code || !strings.Contains(errOut, slip.says) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("gsl %s: %d %q %q", slip.args, code, out, errOut)
		}
	}
	if _, out, _ := gsl(t, data, "", "user", "list"); out != "" {
		t.Errorf("somebody was added without a role: %s", out)
	}
	if _, out, _ := gsl(t, data, "", "municipality", "list"); strings.Count(out, " active ") != 2 || strings.Count(out, "\n") != 2 {
		t.Errorf("gsl municipality list: %s", out)
	}
}

// In a directory that is not ours nothing is made, and nothing is called well.
func TestACommandInAWrongPlaceSaysSo(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	for _, c := range []string{"verify", "backup status", "municipality list", "municipality migrate", "user list", "export benefits --municipality 05802"} {
		code, out, errOut := gsl(t, nowhere, "", strings.Fields(c)...)
		if code != exitUsage || out != "" || !strings.Contains(errOut, "--data") {
			t.Errorf("gsl %s: %d %q %q", c, code, out, errOut)
		}
	}
	if _, err := os.Stat(nowhere); err == nil {
		t.Error("the directory was made")
	}
}

// Over real data the demo would call real people fictitious.
func TestTheDemoIsNotServedOverOtherData(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if code, _, errOut := gsl(t, data, "", "municipality", "add", "05802"); code != exitDone {
		t.Fatal(errOut)
	}
	code, out, errOut := gsl(t, data, "", "serve", "--demo", "--addr", "127.0.0.1:0")
	if code != exitUsage || out != "" || !strings.Contains(errOut, "is no demo") {
		t.Errorf("gsl serve --demo: %d %q %q", code, out, errOut)
	}
}

func TestARestoreWithoutItsConfigurationSaysWhereItLooked(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	code, _, errOut := gsl(t, data, "", "restore", "--all")
	if code != exitFailed || !strings.Contains(errOut, "--litestream") || !strings.Contains(errOut, filepath.Join(data, "replicas")) {
		t.Errorf("gsl restore --all: %d %q", code, errOut)
	}
	if code, _, errOut := gsl(t, data, "", "verify"); code != exitUsage || !strings.Contains(errOut, "--data") {
		t.Errorf("gsl verify of what it left: %d %q", code, errOut)
	}
}

// Whoever restores at night has the settings of the server in one file.
func TestTheSettingsFileHoldsTheKeyOfTheStore(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // that all can read it is what is found
			t.Fatal(err)
		}
		return path
	}
	yml := write("litestream.yml", "access-key-id: ${LITESTREAM_ACCESS_KEY_ID}\nsecret-access-key: ${LITESTREAM_SECRET_ACCESS_KEY}\n"+
		"dbs:\n  - path: ${GSL_FILE}\n    replica:\n      type: s3\n      endpoint: http://127.0.0.1:1\n      region: us-east-1\n      bucket: gsl\n      path: ${GSL_REPLICA}\n")
	key := write("store.key", "geheim-x\n")
	conf := write("gsl.conf", "GSL_LITESTREAM="+yml+"\nLITESTREAM_ACCESS_KEY_ID=gsl\nLITESTREAM_SECRET_ACCESS_KEY_FILE="+key+"\n")
	code, out, errOut := gsl(t, filepath.Join(dir, "data"), "", "serve", "--check", "--config", conf)
	if code != exitDone || !strings.Contains(out, "LITESTREAM_SECRET_ACCESS_KEY") || strings.Contains(out, "geheim") ||
		!strings.Contains(out, "can read "+key) || !strings.Contains(out, "can read "+conf) {
		t.Errorf("gsl serve --check: %d %s %s", code, out, errOut)
	}
}

func TestADamagedNationalFileSaysWhatToDo(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "national.db"), []byte("nothing of ours"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := gsl(t, data, "", "verify"); code != exitFailed || !strings.Contains(errOut, "gsl restore --all") {
		t.Errorf("gsl verify: %d %q", code, errOut)
	}
}

func TestAGroupOfCommandsHelps(t *testing.T) {
	for _, group := range []string{"municipality", "user", "import", "export", "backup"} {
		if code, out, errOut := gsl(t, t.TempDir(), "", group, "--help"); code != exitDone || errOut != "" || !strings.Contains(out, group+" ") {
			t.Errorf("gsl %s --help: %d %q %q", group, code, out, errOut)
		}
	}
	if code, _, errOut := gsl(t, t.TempDir(), "", "fly", "--help"); code != exitUsage || !strings.Contains(errOut, "no command") {
		t.Errorf("gsl fly --help: %d %q", code, errOut)
	}
}
