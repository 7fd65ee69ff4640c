// Package clamd asks a ClamAV daemon whether something in a file is known to
// harm. It speaks INSTREAM: the file goes over in pieces, and no path does, so
// the daemon needs no right to anything of ours.
package clamd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"time"
)

// Client is one daemon.
type Client struct {
	network, address string
	patience         time.Duration // for a whole file
}

// How long a daemon may take for a file, and how much goes over at once.
const (
	patience    = 60 * time.Second
	piece       = 64 << 10
	longestWord = 4 << 10
)

// Parse reads "unix:/run/clamav/clamd.ctl" or "tcp:host:3310".
func Parse(text string) (*Client, error) {
	network, address, _ := strings.Cut(text, ":")
	switch network {
	case "unix":
		if filepath.IsAbs(address) {
			return &Client{network, address, patience}, nil
		}
	case "tcp":
		if host, port, err := net.SplitHostPort(address); err == nil && host != "" && port != "" {
			return &Client{network, address, patience}, nil
		}
	}
	return nil, fmt.Errorf("%q is neither unix:/path/of/clamd.ctl nor tcp:host:3310", text)
}

// Host is the machine of the daemon, "" for this one.
func (c *Client) Host() string {
	host, _, _ := net.SplitHostPort(c.address)
	return host
}

// Look gives the name of what the daemon finds in the file, "" for nothing.
func (c *Client) Look(ctx context.Context, file io.Reader) (string, error) {
	answer, err := c.ask(ctx, "zINSTREAM\x00", func(conn net.Conn) error { return send(conn, file) })
	switch {
	case err != nil:
		return "", err
	case answer == "stream: OK":
		return "", nil
	case strings.HasSuffix(answer, " FOUND"):
		return strings.TrimSuffix(strings.TrimPrefix(answer, "stream: "), " FOUND"), nil
	}
	return "", fmt.Errorf("clamd: %s", answer) // "INSTREAM size limit exceeded. ERROR": see StreamMaxLength
}

// Ping reports whether a daemon answers.
func (c *Client) Ping(ctx context.Context) error {
	answer, err := c.ask(ctx, "zPING\x00", func(net.Conn) error { return nil })
	if err == nil && answer != "PONG" {
		err = errors.New("clamd: not a daemon of ClamAV")
	}
	return err
}

// ask sends a command with what belongs to it, and gives the answer. A daemon
// that has had enough answers before all of it has gone over.
func (c *Client) ask(ctx context.Context, command string, more func(net.Conn) error) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, c.network, c.address)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }() // nothing is left to lose
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	_, sent := io.WriteString(conn, command)
	if sent == nil {
		sent = more(conn)
	}
	answer, err := io.ReadAll(io.LimitReader(conn, longestWord))
	text := strings.TrimRight(string(bytes.TrimRight(answer, "\x00")), "\r\n")
	if text == "" {
		return "", errors.Join(errors.New("clamd: no answer"), sent, err)
	}
	return text, nil
}

// send writes the file in pieces, each after its length; one of no length ends it.
func send(conn net.Conn, file io.Reader) error {
	buffer := make([]byte, 4+piece)
	for {
		n, err := io.ReadFull(file, buffer[4:])
		binary.BigEndian.PutUint32(buffer, uint32(n)) //nolint:gosec // at most a piece
		if _, failed := conn.Write(buffer[:4+n]); failed != nil {
			return failed
		}
		switch {
		case n == 0 && errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
			return err
		}
	}
}
