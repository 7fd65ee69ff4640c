package app

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"
)

// stayHere are the commands that never run inside another process: they are the
// server, or say something of this binary.
var stayHere = []string{"serve", "demo", "version", "health"}

// partingWait is how long a client that was interrupted waits for the command to
// come to its end and say so.
const partingWait = 5 * time.Second

// errNoServer says that nobody answers on the control socket.
var errNoServer = errors.New("no server works in the data directory")

// inServer runs a command inside the server that holds the data directory;
// errNoServer when there is none.
func inServer(ctx context.Context, data string, args []string, term terminal) (int, error) {
	conn, err := dialControl(ctx, data)
	if err != nil {
		return 0, errNoServer
	}
	defer func() { _ = conn.Close() }()
	interrupted := context.AfterFunc(ctx, func() {
		_ = conn.SetReadDeadline(time.Now().Add(partingWait))
		_ = conn.CloseWrite() // the server cancels the command; its last words still come
	})
	defer interrupted()
	if err := writeJSON(conn, frameRun, controlRequest{Args: args}); err != nil {
		return 0, err
	}
	guest := &controlGuest{conn: conn, args: args, term: term}
	for {
		kind, body, err := readFrame(conn)
		if err != nil {
			return 0, fmt.Errorf("the server went away before the command ended: %w", err)
		}
		if kind == frameExit && len(body) == 1 {
			return int(body[0]), nil
		}
		if err := guest.answer(kind, body); err != nil {
			return 0, err
		}
	}
}

// controlGuest answers what the server asks on behalf of the command.
type controlGuest struct {
	conn *net.UnixConn
	args []string
	term terminal
}

func (g *controlGuest) answer(kind frameKind, body []byte) error {
	switch kind {
	case frameOut:
		_, err := g.term.out.Write(body)
		return err
	case frameErr:
		_, err := g.term.err.Write(body)
		return err
	case frameRead:
		return g.read(body)
	case frameOpen:
		return g.open(body)
	}
	return errFrame
}

// read gives what standard input holds, only when asked: a shell loop that reads
// lines keeps those that the command does not want. It waits beside the loop, so
// that an interruption is noticed while somebody thinks about a password.
func (g *controlGuest) read(body []byte) error {
	if len(body) != 4 {
		return errFrame
	}
	buffer := make([]byte, min(binary.BigEndian.Uint32(body), largestFrame))
	go func() {
		n, err := g.term.in.Read(buffer)
		if n == 0 && err != nil && !errors.Is(err, io.EOF) {
			_ = writeFrame(g.conn, frameRefuse, []byte(err.Error()))
			return
		}
		_ = writeFrame(g.conn, frameData, buffer[:n]) // a server that is gone is noticed by the loop
	}()
	return nil
}

// open opens a file with our rights and hands the descriptor over: the server's
// user need not see the folder, and no name is misread in another directory. It
// opens what stands in the arguments and nothing else, whatever it is asked.
func (g *controlGuest) open(body []byte) error {
	var wanted controlFile
	if err := json.Unmarshal(body, &wanted); err != nil {
		return errFrame
	}
	if !named(g.args, wanted.Path) {
		return writeFrame(g.conn, frameRefuse, []byte("it is not among the arguments"))
	}
	file, err := openLocal(wanted)
	if err != nil {
		if p := (*os.PathError)(nil); errors.As(err, &p) {
			err = p.Err
		}
		return writeFrame(g.conn, frameRefuse, []byte(err.Error()))
	}
	defer func() { _ = file.Close() }()
	return sendFile(g.conn, file)
}

// named reports whether a path is one of the arguments, or the value of one.
func named(args []string, path string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		_, value, _ := strings.Cut(arg, "=")
		return path != "" && (arg == path || value == path)
	})
}

func openLocal(wanted controlFile) (*os.File, error) {
	if wanted.Create {
		return os.OpenFile(wanted.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names it
	}
	return os.Open(wanted.Path) //nolint:gosec // the operator names it
}
