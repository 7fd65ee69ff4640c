package app

import (
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"gsl/app/kit/clamd"
)

// An address that is none, or far away, is refused before a port opens; one where
// nobody answers is told.
func TestTheAntivirusIsChecked(t *testing.T) {
	for args, says := range map[string]string{
		"--clamd clamd.ctl":                    "unix:/path",
		"--clamd tcp:3310":                     "tcp:host:3310",
		"--clamd tcp:8.8.8.8:3310":             "not encrypted",
		"--clamd-absent perhaps":               "neither refuse nor accept",
		"--clamd unix:x --clamd-absent refuse": "unix:/path",
	} {
		code, _, errOut := gslEnv(t, map[string]string{"GSL_DATA": t.TempDir()}, append([]string{"serve", "--check"}, strings.Fields(args)...)...)
		if code != exitUsage || !strings.Contains(errOut, says) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%s: %d %q", args, code, errOut)
		}
	}
	nobody := "unix:" + filepath.Join(t.TempDir(), "nobody")
	code, out, errOut := gslEnv(t, map[string]string{"GSL_DATA": t.TempDir(), "GSL_CLAMD": nobody}, "serve", "--check")
	if code != exitDone || !strings.Contains(out, "WARN antivirus: no ClamAV answers at "+nobody) {
		t.Errorf("%d %q\n%s", code, errOut, out)
	}
	if (&Config{}).scanner(slog.New(slog.DiscardHandler)) != nil {
		t.Error("off by default")
	}
}

func TestAnAntivirusThatAnswersIsNotWarnedAbout(t *testing.T) {
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "clamd.ctl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.ReadFull(conn, make([]byte, len("zPING\x00")))
			_, _ = io.WriteString(conn, "PONG\x00")
			_ = conn.Close()
		}
	}()
	address := "unix:" + listener.Addr().String()
	if _, err := clamd.Parse(address); err != nil {
		t.Fatal(err)
	}
	if list := clamdFindings(t.Context(), clamdConfig{Address: address}); len(list) > 0 {
		t.Errorf("%v", list)
	}
}
