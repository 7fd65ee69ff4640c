package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// longestAddress is what the kernel takes for the name of a socket.
const longestAddress = 107

// atSocket calls use with a name of the socket that the kernel takes: its own, or
// for a long one the way through a descriptor of its directory.
func atSocket(data string, use func(name string) error) error {
	if path := controlPath(data); len(path) <= longestAddress {
		return use(path)
	}
	dir, err := os.Open(data) //nolint:gosec // the operator names the directory
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	return use(fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), controlName))
}

// controlListener is the socket with the place where it lies.
type controlListener struct {
	*net.UnixListener
	path string
}

// listenControl makes the socket. Whoever calls holds the data directory's lock:
// a socket that lies there is of a process that was killed.
func listenControl(data string) (*controlListener, error) {
	path := controlPath(data)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var listener *net.UnixListener
	err := atSocket(data, func(name string) (err error) {
		listener, err = net.ListenUnix("unix", &net.UnixAddr{Name: name, Net: "unix"})
		return err
	})
	if err != nil {
		return nil, err
	}
	listener.SetUnlinkOnClose(false) // by the name it was made with, which may hold a descriptor
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return &controlListener{UnixListener: listener, path: path}, nil
}

// Accept waits for the next client.
func (l *controlListener) Accept() (*net.UnixConn, error) { return l.AcceptUnix() }

// Close ends listening and takes the socket away.
func (l *controlListener) Close() error {
	return errors.Join(os.Remove(l.path), l.UnixListener.Close())
}

// dialControl reaches the server that holds the data directory.
func dialControl(ctx context.Context, data string) (conn *net.UnixConn, err error) {
	if err := ownSocket(controlPath(data)); err != nil {
		return nil, err
	}
	err = atSocket(data, func(name string) error {
		c, err := (&net.Dialer{}).DialContext(ctx, "unix", name)
		if err == nil {
			conn = c.(*net.UnixConn) //nolint:forcetypeassert // what "unix" gives
		}
		return err
	})
	return conn, err
}

// ownSocket makes sure that what lies there is a socket of ours, or of the user
// whose directory it is when root asks.
func ownSocket(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || info.Mode().Type() != fs.ModeSocket {
		return errors.New("no socket")
	}
	if uid := os.Geteuid(); uid != 0 && int(stat.Uid) != uid && stat.Uid != 0 {
		return fmt.Errorf("the socket belongs to user %d", stat.Uid)
	}
	return nil
}

// checkPeer lets in who runs the server, and root.
func checkPeer(conn *net.UnixConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var peer *syscall.Ucred
	var asked error
	if err := raw.Control(func(fd uintptr) {
		peer, asked = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED) //nolint:gosec // a descriptor is small
	}); err != nil {
		return err
	}
	if asked != nil {
		return asked
	}
	if peer.Uid != 0 && int(peer.Uid) != os.Geteuid() {
		return fmt.Errorf("user %d may not command this server", peer.Uid)
	}
	return nil
}

// sendFile hands a file over; the other side has it open once it arrived.
func sendFile(conn *net.UnixConn, file *os.File) error {
	name := filepath.Base(file.Name())
	frame := append([]byte{byte(frameOpened), 0, 0, byte(len(name) >> 8), byte(len(name))}, name...) //nolint:gosec // a name has at most 255 bytes
	n, _, err := conn.WriteMsgUnix(frame, syscall.UnixRights(int(file.Fd())), nil)                   //nolint:gosec // a descriptor is small
	if err == nil && n < len(frame) {
		_, err = conn.Write(frame[n:])
	}
	return err
}

// fileReader reads a connection and keeps the files that come along.
type fileReader struct {
	conn  *net.UnixConn
	files []int
}

// mostFiles is how many files may wait to be taken: one question, one file.
const mostFiles = 4

// Read reads what came, and puts descriptors aside.
func (r *fileReader) Read(buffer []byte) (int, error) {
	side := make([]byte, syscall.CmsgSpace(4))
	n, sideN, _, _, err := r.conn.ReadMsgUnix(buffer, side)
	if sideN > 0 {
		r.keep(side[:sideN])
	}
	if err != nil {
		r.drop()
		return n, err
	}
	if n == 0 && len(buffer) > 0 {
		r.drop()
		return 0, net.ErrClosed
	}
	return n, nil
}

func (r *fileReader) keep(side []byte) {
	messages, err := syscall.ParseSocketControlMessage(side)
	if err != nil {
		return
	}
	for i := range messages {
		fds, err := syscall.ParseUnixRights(&messages[i])
		if err != nil {
			continue
		}
		for _, fd := range fds {
			syscall.CloseOnExec(fd)
			if len(r.files) >= mostFiles {
				_ = syscall.Close(fd)
				continue
			}
			r.files = append(r.files, fd)
		}
	}
}

func (r *fileReader) drop() {
	for _, fd := range r.files {
		_ = syscall.Close(fd)
	}
	r.files = nil
}

// take gives the oldest file that came; nil for none.
func (r *fileReader) take(name string) *os.File {
	if len(r.files) == 0 {
		return nil
	}
	fd := r.files[0]
	r.files = r.files[1:]
	return os.NewFile(uintptr(fd), name) //nolint:gosec // a descriptor is small
}
