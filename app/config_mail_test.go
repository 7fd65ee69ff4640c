package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What would send mail nowhere, in the clear, or to real addresses about made-up
// people, is refused before a port opens.
func TestMailThatShouldNotBeSentIsRefused(t *testing.T) {
	const public = "--public-url=https://gsl.example.cl"
	for _, test := range []struct {
		args string
		says string
	}{
		{"--smtp-host smtp.example.cl " + public, "sender"},
		{"--smtp-host smtp.example.cl --smtp-from nobody " + public, "sender"},
		{"--smtp-host smtp.example.cl --smtp-from a@example.cl --smtp-tls perhaps " + public, "starttls"},
		{"--smtp-host smtp.example.cl --smtp-from a@example.cl --smtp-tls none " + public, "this machine"},
		{"--smtp-host smtp.example.cl --smtp-from a@example.cl", "--public-url"},
		{"--smtp-host smtp.example.cl --smtp-from a@example.cl --demo " + public, "made-up|do not exist"},
		{"--smtp-host smtp.example.cl --smtp-from a@example.cl --smtp-port 70000 " + public, "port"},
	} {
		code, _, errOut := gsl(t, filepath.Join(t.TempDir(), "data"), "", append([]string{"serve"}, strings.Fields(test.args)...)...)
		found := false
		for _, says := range strings.Split(test.says, "|") {
			found = found || strings.Contains(errOut, says)
		}
		if code != exitUsage || !found || strings.Count(errOut, "\n") != 1 {
			t.Errorf("gsl serve %s: %d %q", test.args, code, errOut)
		}
	}
}

func TestTheMailPasswordComesFromAFileOrTheEnvironment(t *testing.T) {
	name := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(name, []byte("una clave larga\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"": "del ambiente", name: "una clave larga"} {
		c, err := mailDefaults(func(key string) string {
			return map[string]string{"GSL_SMTP_HOST": "smtp.example.cl", "GSL_SMTP_PORT": "465", "GSL_SMTP_PASSWORD": "del ambiente", "GSL_SMTP_PASSWORD_FILE": file}[key]
		})
		if err != nil || c.Password != want || c.Port != 465 {
			t.Errorf("%q: %+v %v", file, c, err)
		}
	}
	if _, err := mailDefaults(func(key string) string { return map[string]string{"GSL_SMTP_PASSWORD_FILE": "/no/such/file"}[key] }); err == nil {
		t.Error("a file that is not there was accepted")
	}
}
