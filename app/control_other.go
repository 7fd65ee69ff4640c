//go:build !linux

package app

import (
	"context"
	"errors"
	"net"
	"os"
)

// Elsewhere than on Linux commands need the server stopped: who is at the other
// end of a socket is asked in a way of each system's own.
var errNoControl = errors.New("this system has no control socket")

type controlListener struct{ *net.UnixListener }

func (l *controlListener) Accept() (*net.UnixConn, error) { return l.AcceptUnix() }

func listenControl(string) (*controlListener, error) { return nil, errNoControl }

func dialControl(context.Context, string) (*net.UnixConn, error) { return nil, errNoControl }

func checkPeer(*net.UnixConn) error { return errNoControl }

func sendFile(*net.UnixConn, *os.File) error { return errNoControl }

type fileReader struct{ conn *net.UnixConn }

func (r *fileReader) Read(buffer []byte) (int, error) { return r.conn.Read(buffer) }

func (r *fileReader) take(string) *os.File { return nil }
