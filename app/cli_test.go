package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// gsl runs a command as a shell would, with the data directory given.
func gsl(t *testing.T, data, stdin string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	term := terminal{in: strings.NewReader(stdin), out: &stdout, err: &stderr, getenv: func(name string) string {
		return map[string]string{"GSL_DATA": data}[name]
	}}
	code = run(context.Background(), args, term)
	return code, stdout.String(), stderr.String()
}

func TestEveryCommandHelps(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, c := range commands {
		code, out, errOut := gsl(t, data, "", append(strings.Fields(c.name), "--help")...)
		if code != exitDone || errOut != "" || !strings.Contains(out, "gsl "+c.name) || !strings.Contains(out, "--data") {
			t.Errorf("gsl %s --help: %d %q %q", c.name, code, out, errOut)
		}
	}
	if code, out, _ := gsl(t, data, "", "--help"); code != exitDone || !strings.Contains(out, "import registry") {
		t.Errorf("gsl --help: %d %q", code, out)
	}
}

func TestBadUseIsTwoAndOneLine(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, args := range [][]string{
		{"fly"}, {"municipality"}, {"municipality", "add"}, {"municipality", "add", "99999"}, {"municipality", "suspend", "05802"},
		{"serve", "--nothing"}, {"serve", "extra"}, {"serve", "--addr", "nowhere"}, {"serve", "--addr", "0.0.0.0:8080"},
		{"serve", "--demo", "--addr", "0.0.0.0:8080"}, {"serve", "--public-url", "ftp://x"}, {"serve", "--public-url", "http://gsl.example.cl"},
		{"demo", "--scale", "huge"}, {"user", "add", "--run", "1-1"}, {"import", "registry"},
		{"import", "benefits"}, {"import", "benefits", "--municipality", "05802"}, {"export", "benefits"},
	} {
		code, _, errOut := gsl(t, data, "", args...)
		if code != exitUsage || strings.Count(errOut, "\n") != 1 {
			t.Errorf("gsl %v: %d %q", args, code, errOut)
		}
	}
}

func TestRosterAndMunicipalitiesByCommand(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	steps := []struct {
		stdin string
		args  string
		code  int
		says  string
	}{
		{"", "municipality add 05802 12201", exitDone, "Cabo de Hornos"},
		{"", "municipality add 12202", exitDone, "12201 Cabo de Hornos"}, // Antártica is run by Cabo de Hornos
		{"", "municipality list", exitDone, "Limache"},
		{"una frase larga y propia\n", "user add --run 12.345.678-5 --given-names Ana --surnames Soto --role case_manager --municipality 05802 --unit social", exitDone, ""},
		{"una frase larga y propia\n", "user add --run 12.345.678-5 --given-names Ana --surnames Soto", exitFailed, ""},
		{"", "user add --run 12345678-5 --role rsh_desk --municipality 12201", exitDone, ""},
		{"", "user list", exitDone, "Cabo de Hornos"},
		{"", "user add --invite --run 11.111.111-1 --given-names Iris --surnames Mora --role counterpart --municipality 05802", exitDone, "/invite/"},
		{"", "user add --invite --run 12345678-5 --role director --municipality 05802", exitFailed, ""}, // names are asked for
		{"", "user reset-password --invite --run 11.111.111-1", exitDone, "/invite/"},
		{"corta\n", "user reset-password --run 12345678-5", exitFailed, ""},
		{"otra frase larga y propia\n", "user reset-password --run 12345678-5", exitDone, ""},
		{"", "user list", exitDone, "12.345.678-5"},
		{"", "user disable --run 12345678-5", exitDone, ""},
		{"", "user list", exitDone, "disabled"},
		{"", "user enable --run 12345678-5", exitDone, ""},
		{"", "municipality suspend 05802", exitDone, "suspended"},
		{"", "municipality resume 05802", exitDone, "active"},
		{"", "municipality migrate", exitDone, ""},
		{"", "verify", exitDone, "ok   audit of 05802 Limache"},
		{"", "version", exitDone, "SQLite"},
	}
	for _, step := range steps {
		code, out, errOut := gsl(t, data, step.stdin, strings.Fields(step.args)...)
		if code != step.code || !strings.Contains(out+errOut, step.says) || strings.Contains(errOut, "Ana") || strings.Contains(errOut, "12345678") {
			t.Errorf("gsl %s: %d %q %q", step.args, code, out, errOut)
		}
	}
}

// A demo that was cut short is made anew; one that stands is left alone.
func TestAHalfMadeDemoIsMadeAnew(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if err := clearForDemo(data); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "national.db"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errOut := gsl(t, data, "", "demo"); code != exitDone || !strings.Contains(out, "13.100.213-0") {
		t.Fatalf("gsl demo: %d %q %q", code, out, errOut)
	}
	if code, _, errOut := gsl(t, data, "", "demo"); code != exitFailed || !strings.Contains(errOut, "--data") {
		t.Errorf("a second gsl demo: %d %q", code, errOut)
	}
	if code, out, _ := gsl(t, data, "", "verify"); code != exitDone {
		t.Errorf("gsl verify: %d %q", code, out)
	}
}
