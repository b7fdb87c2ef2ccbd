// Package mailtest is an SMTP server for tests that fails as servers do: it listens on loopback, takes mails without TLS, and does
// to each what the test has laid ready.
package mailtest

import (
	"bufio"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
)

// Failure is what the server does to one mail instead of taking it.
type Failure int

// The failures.
const (
	TemporarilyRefused Failure = iota + 1 // 451 to the recipient
	Refused                               // 550 to the recipient
	DroppedBefore                         // the connection is gone when the text has come, which is lost
	DroppedAfter                          // the text is taken, and the connection gone before that is said
)

// Server is an SMTP server.
type Server struct {
	tb       testing.TB
	addr     string
	mu       sync.Mutex
	listener net.Listener
	failures []Failure
	got      []*mail.Message
}

// New returns a server that listens.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{tb: tb, addr: "127.0.0.1:0"}
	s.Up()
	tb.Cleanup(s.Down)
	return s
}

// URL is the server's address as --smtp-url takes it.
func (s *Server) URL() string { return "smtp://" + s.addr + "?starttls=no" }

// Up has the server listen, at the address where it did before.
func (s *Server) Up() {
	s.tb.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(s.tb.Context(), "tcp", s.addr)
	if err != nil {
		s.tb.Fatal(err)
	}
	s.mu.Lock()
	s.listener, s.addr = listener, listener.Addr().String()
	s.mu.Unlock()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
}

// Down ends listening: whoever connects is refused.
func (s *Server) Down() { _ = s.listener.Close() } // again at the end of the test

// Fail lays ready what happens to the next mails.
func (s *Server) Fail(list ...Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, list...)
}

// Mails returns what was taken.
func (s *Server) Mails() []*mail.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*mail.Message(nil), s.got...)
}

func (s *Server) failure() (f Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.failures) > 0 {
		f, s.failures = s.failures[0], s.failures[1:]
	}
	return f
}

// talk is one connection.
func (s *Server) talk(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(line string) { fmt.Fprint(c, line+"\r\n") }
	say("220 test")
	var f Failure
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
		switch {
		case verb == "MAIL":
			f = s.failure()
			say("250 ok")
		case verb == "RCPT" && f == TemporarilyRefused:
			say("451 come again")
		case verb == "RCPT" && f == Refused:
			say("550 nobody of that name")
		case verb == "DATA":
			say("354 go on")
			if !s.data(in, f) {
				return
			}
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// data reads a mail, and reports whether the connection goes on.
func (s *Server) data(in *bufio.Reader, f Failure) bool {
	var text strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	if f == DroppedBefore {
		return false
	}
	m, err := mail.ReadMessage(strings.NewReader(text.String()))
	if err != nil {
		s.tb.Error(err)
		return false
	}
	s.mu.Lock()
	s.got = append(s.got, m)
	s.mu.Unlock()
	return f != DroppedAfter
}
