package app

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// The control socket lets a command run inside the server that holds the data
// directory: `gsl user disable` needs no stop of the desks. The client sends its
// arguments; the server runs the command and asks the client, when the command
// does, for its standard input and for the files that the arguments name. Output
// and exit code come back. One connection is one command; when the client goes,
// the command is cancelled.

// controlName is the socket's name in the data directory.
const controlName = "gsl.sock"

func controlPath(data string) string { return filepath.Join(data, controlName) }

// frameKind is what a frame on the control socket means.
type frameKind byte

const (
	frameRun    frameKind = 'R' // client: controlRequest
	frameData   frameKind = 'D' // client: what was read of standard input; empty at its end
	frameRefuse frameKind = 'X' // client: why a file was not opened
	frameOpened frameKind = 'H' // client: the file's descriptor comes along

	frameOut  frameKind = 'O' // server: to standard output
	frameErr  frameKind = 'E' // server: to standard error
	frameRead frameKind = 'I' // server: give so many bytes of standard input
	frameOpen frameKind = 'F' // server: open a file, controlFile
	frameExit frameKind = 'C' // server: the exit code, one byte; the last frame
)

// controlRequest is the command that a client wants to be run.
type controlRequest struct {
	Args []string
}

// controlFile is a file that the command wants: one that its arguments name.
type controlFile struct {
	Path   string
	Create bool // a new one, to be written
}

// largestFrame bounds what one side makes the other hold in memory.
const largestFrame = 64 << 10

var errFrame = errors.New("control socket: what came is no frame")

func writeFrame(w io.Writer, kind frameKind, body []byte) error {
	frame := make([]byte, 5+len(body))
	frame[0] = byte(kind)
	binary.BigEndian.PutUint32(frame[1:], uint32(len(body))) //nolint:gosec // never above largestFrame
	copy(frame[5:], body)
	_, err := w.Write(frame)
	return err
}

func readFrame(r io.Reader) (frameKind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > largestFrame {
		return 0, nil, errFrame
	}
	body := make([]byte, size)
	_, err := io.ReadFull(r, body)
	return frameKind(head[0]), body, err
}

func writeJSON(w io.Writer, kind frameKind, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if len(body) > largestFrame {
		return fmt.Errorf("control socket: %d bytes of arguments are too many", len(body))
	}
	return writeFrame(w, kind, body)
}
