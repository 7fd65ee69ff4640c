package clamd

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// daemon is one that answers as ClamAV does, with EICAR's word for what harms.
func daemon(t *testing.T, answer func(body []byte) string) *Client {
	t.Helper()
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "clamd.ctl"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(conn, answer)
		}
	}()
	c, err := Parse("unix:" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func serve(conn net.Conn, answer func([]byte) string) {
	defer func() { _ = conn.Close() }()
	command := make([]byte, len("zPING\x00"))
	if _, err := io.ReadFull(conn, command); err != nil {
		return
	}
	if string(command) == "zPING\x00" {
		_, _ = io.WriteString(conn, "PONG\x00")
		return
	}
	_, _ = io.ReadFull(conn, make([]byte, len("zINSTREAM\x00")-len(command)))
	var body []byte
	for {
		size := make([]byte, 4)
		if _, err := io.ReadFull(conn, size); err != nil {
			return
		}
		n := binary.BigEndian.Uint32(size)
		if n == 0 {
			break
		}
		part := make([]byte, n)
		if _, err := io.ReadFull(conn, part); err != nil {
			return
		}
		if body = append(body, part...); len(body) > 1<<20 {
			_, _ = io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
			return
		}
	}
	_, _ = io.WriteString(conn, answer(body))
}

func TestADaemonIsAsked(t *testing.T) {
	c := daemon(t, func(body []byte) string {
		if bytes.Contains(body, []byte("EICAR")) {
			return "stream: Win.Test.EICAR_HDB-1 FOUND\x00"
		}
		return "stream: OK\x00"
	})
	ctx := context.Background()
	if err := c.Ping(ctx); err != nil {
		t.Error(err)
	}
	long := strings.Repeat("una carta ", 20_000)
	for text, want := range map[string]string{"": "", "una carta": "", long: "", long + "EICAR": "Win.Test.EICAR_HDB-1"} {
		if found, err := c.Look(ctx, strings.NewReader(text)); err != nil || found != want {
			t.Errorf("%d letters: %q %v", len(text), found, err)
		}
	}
	if _, err := c.Look(ctx, bytes.NewReader(make([]byte, 4<<20))); err == nil || !strings.Contains(err.Error(), "size limit") {
		t.Errorf("more than it takes: %v", err)
	}
}

// A daemon that is away, hangs up, is none or says nothing is trouble, in time.
func TestADaemonThatDoesNotAnswer(t *testing.T) {
	over := make(chan struct{})
	defer close(over)
	silent := daemon(t, func([]byte) string { <-over; return "" })
	silent.patience = 50 * time.Millisecond
	away, err := Parse("unix:" + filepath.Join(t.TempDir(), "nobody"))
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	for what, c := range map[string]*Client{
		"silent": silent, "away": away, "hangs up": daemon(t, func([]byte) string { return "" }),
		"another program": daemon(t, func([]byte) string { return "HTTP/1.1 400 Bad Request\r\n\r\n" }),
	} {
		if found, err := c.Look(context.Background(), strings.NewReader("una carta")); err == nil || found != "" {
			t.Errorf("%s: %q %v", what, found, err)
		}
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestAddressesOfADaemon(t *testing.T) {
	for text, good := range map[string]bool{
		"unix:/run/clamav/clamd.ctl": true, "tcp:127.0.0.1:3310": true, "tcp:clamav:3310": true, "tcp:[::1]:3310": true,
		"": false, "/run/clamav/clamd.ctl": false, "unix:clamd.ctl": false, "tcp:3310": false, "tcp::3310": false, "http://clamav:3310": false,
	} {
		if _, err := Parse(text); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}
