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
	"runtime/debug"
	"sync"
	"time"
)

// How many commands may run inside the server side by side, and how long one
// waits for a reader who stopped reading: it may hold a file's snapshot meanwhile.
const (
	controlAtOnce = 8
	controlWait   = time.Minute
)

// control answers on the control socket until the context ends; then it cancels
// the commands that run and waits for them. A server without the socket serves
// the desks all the same.
func (a *App) control(ctx context.Context) {
	listener, err := listenControl(a.config.Data)
	if err != nil {
		a.log.WarnContext(ctx, "no control socket: commands need the server stopped", "error", err)
		return
	}
	defer context.AfterFunc(ctx, func() { _ = listener.Close() })()
	var running sync.WaitGroup
	defer running.Wait()
	places := make(chan struct{}, controlAtOnce)
	for {
		conn, err := listener.Accept()
		if err != nil {
			if ctx.Err() == nil {
				a.log.ErrorContext(ctx, "the control socket ended", "error", err)
			}
			return
		}
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			a.host(ctx, conn)
		})
	}
}

// host runs the command of one connection.
func (a *App) host(ctx context.Context, conn *net.UnixConn) {
	defer func() { _ = conn.Close() }()
	if err := checkPeer(conn); err != nil {
		a.log.WarnContext(ctx, "control socket refused", "error", err)
		return
	}
	_ = conn.SetReadDeadline(time.Now().Add(controlWait))
	in := &fileReader{conn: conn}
	var request controlRequest
	kind, body, err := readFrame(in)
	if err != nil || kind != frameRun || json.Unmarshal(body, &request) != nil {
		return // somebody looked whether we are here
	}
	_ = conn.SetReadDeadline(time.Time{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	session := &controlSession{conn: conn, in: in, ctx: ctx, answers: make(chan controlAnswer, 1)}
	go session.listen(cancel)
	// A client that reads no more must not keep the server from stopping.
	defer context.AfterFunc(ctx, func() { _ = conn.SetWriteDeadline(time.Now().Add(time.Second)) })()
	code := a.hosted(ctx, request.Args, session)
	_ = session.send(frameExit, []byte{byte(code)}) //nolint:gosec // 0, 1 or 2
}

// hosted runs the command; a bug in it must not take the desks down.
func (a *App) hosted(ctx context.Context, args []string, session *controlSession) (code int) {
	term := terminal{in: session, out: session.writer(frameOut), err: session.writer(frameErr), getenv: os.Getenv, host: a, files: session}
	defer func() {
		if p := recover(); p != nil {
			a.log.ErrorContext(ctx, "a command failed", "error", fmt.Sprintf("panic: %v\n%s", p, debug.Stack()))
			_, _ = fmt.Fprintln(term.err, "gsl: the command failed; the server's log says more")
			code = exitFailed
		}
	}()
	return a.run(ctx, args, term)
}

// controlAnswer is what the client said to a question.
type controlAnswer struct {
	kind frameKind
	body []byte
	file *os.File
}

// controlSession is the client's terminal as the command sees it.
type controlSession struct {
	conn    *net.UnixConn
	in      *fileReader
	ctx     context.Context //nolint:containedctx // of the command: io.Reader has no other way to end
	answers chan controlAnswer
	writing sync.Mutex
	asking  sync.Mutex
	rest    []byte // of standard input, read and not yet taken
}

// listen takes what the client says; when it says nothing more, the command ends.
func (s *controlSession) listen(cancel func()) {
	defer cancel()
	for {
		kind, body, err := readFrame(s.in)
		if err != nil {
			return
		}
		answer := controlAnswer{kind: kind, body: body}
		if kind == frameOpened {
			if answer.file = s.in.take(string(body)); answer.file == nil {
				return
			}
		}
		select {
		case s.answers <- answer:
		case <-s.ctx.Done():
			if answer.file != nil {
				_ = answer.file.Close()
			}
			return
		}
	}
}

func (s *controlSession) send(kind frameKind, body []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.ctx.Err() == nil {
		_ = s.conn.SetWriteDeadline(time.Now().Add(controlWait))
	}
	return writeFrame(s.conn, kind, body)
}

// ask puts a question and waits for its answer.
func (s *controlSession) ask(kind frameKind, body []byte) (controlAnswer, error) {
	s.asking.Lock()
	defer s.asking.Unlock()
	if err := s.send(kind, body); err != nil {
		return controlAnswer{}, err
	}
	select {
	case answer := <-s.answers:
		if answer.kind == frameRefuse {
			return answer, errors.New(string(answer.body))
		}
		return answer, nil
	case <-s.ctx.Done():
		return controlAnswer{}, s.ctx.Err()
	}
}

// Read reads the client's standard input.
func (s *controlSession) Read(buffer []byte) (int, error) {
	if len(s.rest) == 0 {
		var want [4]byte
		binary.BigEndian.PutUint32(want[:], uint32(min(len(buffer), largestFrame))) //nolint:gosec // bounded
		answer, err := s.ask(frameRead, want[:])
		if err != nil {
			return 0, err
		}
		if len(answer.body) == 0 {
			return 0, io.EOF
		}
		s.rest = answer.body
	}
	n := copy(buffer, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// open asks the client for a file that its arguments name.
func (s *controlSession) open(wanted controlFile) (*os.File, error) {
	body, err := json.Marshal(wanted)
	if err != nil {
		return nil, err
	}
	answer, err := s.ask(frameOpen, body)
	if err != nil {
		return nil, err
	}
	if answer.file == nil {
		return nil, errFrame
	}
	return answer.file, nil
}

func (s *controlSession) writer(kind frameKind) io.Writer {
	return controlWriter{session: s, kind: kind}
}

// controlWriter is the client's standard output or error.
type controlWriter struct {
	session *controlSession
	kind    frameKind
}

func (w controlWriter) Write(text []byte) (int, error) {
	written := 0
	for written < len(text) {
		part := text[written:min(written+largestFrame, len(text))]
		if err := w.session.send(w.kind, part); err != nil {
			return written, err
		}
		written += len(part)
	}
	return written, nil
}
