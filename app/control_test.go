//go:build linux

package app

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// While the desks work, the person at the machine adds a municipality, people
// and an office's old register: the commands run inside the server.
func TestCommandsRunInsideTheServer(t *testing.T) {
	data := copyDemo(t)
	base, _ := program(t, data)
	folder := t.TempDir()
	t.Chdir(folder)
	if err := os.WriteFile("entregas.csv", []byte("run;fecha;prestacion;monto\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("office.conf", []byte("GSL_MAX_OPEN=9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		stdin, args string
		code        int
		says        string
	}{
		{"", "municipality add 05602 --config=office.conf", exitDone, "is ready"},
		{"una frase larga y propia\n", "user add --run 12.345.678-5 --given-names Ana --surnames Soto --role case_manager --municipality 05602 --unit social", exitDone, ""},
		{"una frase larga y propia\n", "user add --run 12.345.678-5 --given-names Ana --surnames Soto", exitFailed, "gsl user add: "},
		{"", "user list", exitDone, "12.345.678-5"},
		{"", "user disable --run 12345678-5", exitDone, ""},
		{"", "user list", exitDone, "disabled"},
		{"", "municipality suspend 99999", exitUsage, "no municipality"},
		{"", "import benefits --municipality 05602 entregas.csv", exitDone, "0 rows read"},
		{"", "import benefits --municipality 05602 no-such.csv", exitFailed, "no such file"},
		{"", "export benefits --municipality 05802", exitDone, "run"},
		{"", "export benefits --municipality 05802 --out all.csv", exitDone, ""},
		{"", "export benefits --municipality 05802 --out all.csv", exitFailed, "file exists"},
		{"", "verify --quick", exitDone, "ok   audit of 05602"},
	} {
		code, out, errOut := gsl(t, data, step.stdin, strings.Fields(step.args)...)
		if code != step.code || !strings.Contains(strings.ToLower(out+errOut), strings.ToLower(step.says)) {
			t.Errorf("gsl %s: %d %q %q", step.args, code, out, errOut)
		}
	}
	answer, err := http.Get(base + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("/readyz answered %d after the commands", answer.StatusCode)
	}
	if table, err := os.ReadFile("all.csv"); err != nil || len(table) < 1000 {
		t.Errorf("the table that was asked for: %d bytes, %v", len(table), err)
	}
	if info, err := os.Stat(controlPath(data)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v", info, err)
	}
}

// A second server, or a demo over the first one's data, is refused at once.
func TestServersNeverRunInsideAnother(t *testing.T) {
	data := copyDemo(t)
	program(t, data)
	for _, args := range []string{"serve --addr 127.0.0.1:0", "serve --demo --addr 127.0.0.1:0", "demo"} {
		begun := time.Now()
		code, _, errOut := gsl(t, data, "", strings.Fields(args)...)
		if took := time.Since(begun); code != exitFailed || took > time.Second || strings.Count(errOut, "\n") != 1 {
			t.Errorf("gsl %s: %d after %v: %q", args, code, took, errOut)
		}
	}
}

// What a killed server left does not hinder a command, nor the next server.
func TestASocketOfAKilledServerIsReplaced(t *testing.T) {
	data := copyDemo(t)
	_, kill := program(t, data)
	if code, out, errOut := gsl(t, data, "", "user", "list"); code != exitDone {
		t.Fatalf("beside the server: %d %q %q", code, out, errOut)
	}
	kill()
	if _, err := os.Lstat(controlPath(data)); err != nil {
		t.Fatalf("kill -9 left no socket: the test would prove nothing: %v", err)
	}
	if code, out, errOut := gsl(t, data, "", "user", "list"); code != exitDone {
		t.Errorf("beside a dead socket: %d %q %q", code, out, errOut)
	}
	program(t, data)
	if code, out, errOut := gsl(t, data, "", "user", "list"); code != exitDone {
		t.Errorf("beside the next server: %d %q %q", code, out, errOut)
	}
}

// An interruption, and a client that is gone, end the command inside the server.
func TestACommandEndsWithItsClient(t *testing.T) {
	h := newHouse(t)
	h.serve(t)
	ctx, interrupt := context.WithCancel(context.Background())
	stdin, _ := io.Pipe() // nobody types
	var out, errOut bytes.Buffer
	term := terminal{in: stdin, out: &watched{&out, "password", interrupt}, err: &errOut, getenv: func(name string) string {
		return map[string]string{"GSL_DATA": h.config.Data}[name]
	}}
	begun := time.Now()
	code := run(ctx, strings.Fields("user reset-password --run 13100213-0"), term)
	if code == exitDone || time.Since(begun) > 3*time.Second || strings.Count(errOut.String(), "\n") != 1 {
		t.Errorf("%d after %v: %q %q", code, time.Since(begun), out.String(), errOut.String())
	}
	conn, err := dialControl(context.Background(), h.config.Data)
	if err != nil {
		t.Fatal(err)
	}
	if err := writeJSON(conn, frameRun, controlRequest{Args: []string{"user", "reset-password", "--run", "13100213-0"}}); err != nil {
		t.Fatal(err)
	}
	if kind, _, err := readFrame(conn); err != nil || kind != frameOut {
		t.Fatalf("%c %v", kind, err)
	}
	_ = conn.Close() // as a client does that was killed; h.serve's end waits for the command
}

// watched calls a function when a text was written.
type watched struct {
	io.Writer
	text string
	then func()
}

func (w *watched) Write(text []byte) (int, error) {
	if strings.Contains(string(text), w.text) {
		w.then()
	}
	return w.Writer.Write(text)
}

// serve runs the house as gsl serve does, until the test ends.
func (h *house) serve(t *testing.T) (addr string, stop func() error) {
	t.Helper()
	return h.serveOn(t, listenLoopback(t))
}

func (h *house) serveOn(t *testing.T, listener net.Listener) (addr string, stop func() error) {
	t.Helper()
	h.app.run = run
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.app.Serve(ctx, listener) }()
	stopped := false
	stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(10 * time.Second):
			t.Fatal("it did not stop within 10 s")
			return nil
		}
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	for end := time.Now().Add(5 * time.Second); ; {
		if _, err := os.Lstat(controlPath(h.config.Data)); err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("no control socket")
		}
		time.Sleep(time.Millisecond)
	}
	return "http://" + listener.Addr().String(), stop
}

// A directory with a name that no socket address holds has a socket all the same.
func TestASocketInADeepDirectory(t *testing.T) {
	deep := filepath.Join(t.TempDir(), strings.Repeat("carpeta/", 20), "data")
	from := copyDemo(t)
	if err := os.MkdirAll(filepath.Dir(deep), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(from, deep); err != nil {
		t.Fatal(err)
	}
	if len(controlPath(deep)) <= longestAddress {
		t.Fatal("not deep enough")
	}
	program(t, deep)
	if code, out, errOut := gsl(t, deep, "", "municipality", "list"); code != exitDone || !strings.Contains(out, "Limache") {
		t.Errorf("%d %q %q", code, out, errOut)
	}
}

// Another user of the machine commands nothing, even where the directory lets
// them reach the socket.
func TestAnotherUserCommandsNothing(t *testing.T) {
	if os.Getenv("GSL_TEST_STRANGER") != "" {
		code, _, _ := gsl(t, os.Getenv("GSL_TEST_STRANGER"), "", "user", "list")
		if code == exitDone {
			t.Error("the roster was listed")
		}
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can play another user")
	}
	h := newHouse(t)
	h.serve(t)
	for dir := h.config.Data; len(dir) > len(os.TempDir()); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o777); err != nil { //nolint:gosec // that is the test
			t.Fatal(err)
		}
	}
	if err := os.Chmod(controlPath(h.config.Data), 0o666); err != nil { //nolint:gosec // that is the test
		t.Fatal(err)
	}
	binary := filepath.Join(filepath.Dir(h.config.Data), "stranger.test")
	copyFile(t, os.Args[0], binary)
	c := exec.Command(binary, "-test.run=^TestAnotherUserCommandsNothing$", "-test.v")
	c.Env = append(os.Environ(), "GSL_TEST_STRANGER="+h.config.Data)
	c.Dir = filepath.Dir(h.config.Data)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// The client of the test above refuses a socket of somebody else's; the server does so too.
	c = exec.Command(binary, "-test.run=^TestStrangerKnocks$", "-test.v")
	c.Env = append(os.Environ(), "GSL_TEST_KNOCK="+h.config.Data)
	c.Dir = filepath.Dir(h.config.Data)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(h.log.String(), "user 65534 may not command this server") {
		t.Errorf("the log does not say who knocked: %s", h.log.String())
	}
}

// TestStrangerKnocks is the other user of TestAnotherUserCommandsNothing.
func TestStrangerKnocks(t *testing.T) {
	data := os.Getenv("GSL_TEST_KNOCK")
	if data == "" {
		t.Skip("played by TestAnotherUserCommandsNothing")
	}
	conn, err := rawControl(data)
	if err != nil {
		t.Fatal(err)
	}
	_ = writeJSON(conn, frameRun, controlRequest{Args: []string{"user", "list"}})
	if kind, body, err := readFrame(conn); err == nil {
		t.Errorf("the server answered %c %q", kind, body)
	}
}

// The server cannot make a client open what nobody asked it to.
func TestAClientOpensOnlyWhatItsArgumentsName(t *testing.T) {
	for path, want := range map[string]bool{"a.csv": true, "out.csv": true, "/etc/passwd": false, "": false, "user": true} {
		if got := named([]string{"user", "a.csv", "--out=out.csv", "--x="}, path); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
}

func listenLoopback(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// rawControl is a client that trusts whatever lies there.
func rawControl(data string) (*net.UnixConn, error) {
	return net.DialUnix("unix", nil, &net.UnixAddr{Name: controlPath(data), Net: "unix"})
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o755); err != nil {
		t.Fatal(err)
	}
}
