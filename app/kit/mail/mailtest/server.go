// Package mailtest is a mail server for tests: it speaks SMTP on a real socket
// and keeps what it is given.
package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync"
	"testing"
)

// Letter is what the server has taken.
type Letter struct {
	From, To string
	Data     string // head and body, as it came
	Secret   bool   // the connection was secret
	User     string // who signed in, "" for nobody
}

// Server is a mail server on a port of its own.
type Server struct {
	Host string
	Port int

	mu       sync.Mutex
	letters  []Letter
	sessions int
	reply    map[string]string // verb → answer in the place of the usual one
	implicit bool              // secret from the first byte
	identity *httptest.Server
}

// New starts a server; it ends with the test. With secret it offers STARTTLS and
// asks for a user.
func New(t testing.TB, secret bool) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, reply: map[string]string{}}
	if secret {
		s.identity = httptest.NewTLSServer(nil)
		t.Cleanup(s.identity.Close)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return s
}

// Implicit makes the connection secret from the first byte, of a server that was
// made secret.
func (s *Server) Implicit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.implicit = true
}

// Trust is what a client needs to believe the server is who it says.
func (s *Server) Trust() *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(s.identity.Certificate())
	return &tls.Config{RootCAs: pool, ServerName: s.Host, MinVersion: tls.VersionTLS12}
}

// Answer makes the server answer a verb in its own way, "" as usual again.
func (s *Server) Answer(verb, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply[verb] = text
}

// Letters is what the server has taken so far.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// Sessions is how often somebody has called.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}

func (s *Server) own(verb string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reply[verb]
}

// call is one connection.
type call struct {
	server *Server
	conn   net.Conn
	text   *textproto.Conn
	letter Letter
}

func (s *Server) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	s.mu.Lock()
	s.sessions++
	implicit := s.implicit
	s.mu.Unlock()
	c := &call{server: s, conn: conn, text: textproto.NewConn(conn)}
	if implicit {
		c.hide()
	}
	c.say("220 mailtest ESMTP")
	for {
		line, err := c.text.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		if verb = strings.ToUpper(verb); verb == "QUIT" {
			c.say("221 bye")
			return
		}
		if own := s.own(verb); own != "" {
			if own == "HANGUP" {
				return
			}
			c.say(own)
			continue
		}
		if !c.usual(verb, rest) {
			return
		}
	}
}

func (c *call) say(text string) { _ = c.text.PrintfLine("%s", text) }

// hide goes on in secret.
func (c *call) hide() {
	conn := tls.Server(c.conn, &tls.Config{Certificates: c.server.identity.TLS.Certificates, MinVersion: tls.VersionTLS12})
	c.conn, c.text, c.letter.Secret = conn, textproto.NewConn(conn), true
}

// usual answers as a server does; false ends the call.
func (c *call) usual(verb, rest string) bool {
	switch verb {
	case "EHLO", "HELO":
		c.hello()
	case "STARTTLS":
		c.say("220 go ahead")
		c.hide()
	case "AUTH":
		return c.auth(rest)
	case "MAIL":
		c.letter.From = address(rest)
		c.say("250 ok")
	case "RCPT":
		c.letter.To = address(rest)
		c.say("250 ok")
	case "DATA":
		return c.data()
	default:
		c.say("250 ok")
	}
	return true
}

func (c *call) hello() {
	lines := []string{"mailtest", "8BITMIME"}
	if c.server.identity != nil {
		if c.letter.Secret {
			lines = append(lines, "AUTH PLAIN LOGIN")
		} else {
			lines = append(lines, "STARTTLS")
		}
	}
	for i, line := range lines {
		mark := "-"
		if i == len(lines)-1 {
			mark = " "
		}
		c.say(fmt.Sprintf("250%s%s", mark, line))
	}
}

func (c *call) auth(rest string) bool {
	method, first, _ := strings.Cut(rest, " ")
	if method == "PLAIN" {
		raw, err := base64.StdEncoding.DecodeString(first)
		parts := strings.Split(string(raw), "\x00")
		if err != nil || len(parts) != 3 {
			c.say("535 no")
			return true
		}
		c.letter.User = parts[1]
		c.say("235 welcome")
		return true
	}
	c.say("504 not that way")
	return true
}

func (c *call) data() bool {
	c.say("354 go on")
	data, err := c.text.ReadDotBytes()
	if err != nil {
		return false
	}
	if own := c.server.own("."); own != "" {
		c.say(own)
		return true
	}
	c.letter.Data = string(data)
	c.server.mu.Lock()
	c.server.letters = append(c.server.letters, c.letter)
	c.server.mu.Unlock()
	c.say("250 taken")
	return true
}

func address(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	inside, _, _ := strings.Cut(after, ">")
	return inside
}
