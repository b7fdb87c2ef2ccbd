//go:build e2e

// Package product runs the real binary in tests: built once per test process, on a free port of the loopback, with a
// database of its own. What a test starts ends with the test.
package product

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long the product may take to start or to stop on a busy machine.
const patience = 60 * time.Second

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "psc-e2e")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "psc")
	out, err := exec.CommandContext(context.Background(), "go", "build", "-o", bin, "psc/cmd/psc").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build psc: %w\n%s", err, out)
	}
	return bin, nil
})

// Binary returns the path of the built binary.
func Binary(tb testing.TB) string {
	tb.Helper()
	bin, err := build()
	if err != nil {
		tb.Fatal(err)
	}
	return bin
}

// Run runs one command to its end and returns what it wrote. It fails the test if the command fails.
func Run(tb testing.TB, args ...string) string {
	tb.Helper()
	out, err := Try(tb, args...)
	if err != nil {
		tb.Fatalf("psc %v: %v\n%s", args, err, out)
	}
	return out
}

// Try runs one command to its end and returns what it wrote, errors included.
func Try(tb testing.TB, args ...string) (string, error) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), Binary(tb), args...)
	cmd.Env = append(os.Environ(), "LANG=en_US.UTF-8")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Process is a running product.
type Process struct {
	tb   testing.TB
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	URL  string        // http://localhost:PORT; empty if it does not serve

	mu  sync.Mutex
	out bytes.Buffer
}

// Serve starts a command that serves pages (demo, serve) and waits until it is ready.
func Serve(tb testing.TB, args ...string) *Process {
	tb.Helper()
	addr := freeAddr(tb)
	p := Start(tb, append(args, "--addr", addr)...)
	_, port, _ := net.SplitHostPort(addr)
	p.URL = "http://localhost:" + port
	p.waitReady()
	return p
}

// Start starts a command that goes on until it is stopped.
func Start(tb testing.TB, args ...string) *Process {
	tb.Helper()
	p := &Process{tb: tb, cmd: exec.Command(Binary(tb), args...), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), "LANG=en_US.UTF-8")
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	pipe, err := p.cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	p.cmd.Stderr = p.cmd.Stdout
	if err := p.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go p.read(bufio.NewScanner(pipe))
	tb.Cleanup(p.Kill)
	return p
}

func (p *Process) read(lines *bufio.Scanner) {
	for lines.Scan() {
		p.mu.Lock()
		p.out.Write(lines.Bytes())
		p.out.WriteByte('\n')
		p.mu.Unlock()
	}
	_ = p.cmd.Wait() // how it ended is in what it wrote
	close(p.done)
}

// Output returns what the process has written so far.
func (p *Process) Output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// Find waits until the process has written what the pattern matches, and returns it.
func (p *Process) Find(pattern *regexp.Regexp) string {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.tb.Context(), patience)
	defer cancel()
	for ; ctx.Err() == nil; pause(ctx) {
		if found := pattern.FindString(p.Output()); found != "" {
			return found
		}
	}
	p.tb.Fatalf("psc did not write %s\n%s", pattern, p.Output())
	return ""
}

// pause lets a moment pass before somebody looks again, or less if the time for it is up.
func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(50 * time.Millisecond):
	}
}

func (p *Process) waitReady() {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.tb.Context(), patience)
	defer cancel()
	for ; ctx.Err() == nil; pause(ctx) {
		select {
		case <-p.done:
			p.tb.Fatalf("psc ended before it was ready\n%s", p.Output())
		default:
		}
		resp, err := http.Get(p.URL + "/readyz")
		if err != nil {
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return
		}
	}
	p.tb.Fatalf("psc was not ready in %s\n%s", patience, p.Output())
}

// PID is the number under which the operating system knows the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Kill ends the process at once, as a power cut would.
func (p *Process) Kill() { p.end(syscall.SIGKILL) }

// Stop asks the process to end and waits until it has.
func (p *Process) Stop() { p.end(syscall.SIGTERM) }

func (p *Process) end(signal os.Signal) {
	_ = p.cmd.Process.Signal(signal)
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		p.tb.Errorf("psc did not end on %v\n%s", signal, p.Output())
	}
}

func freeAddr(tb testing.TB) string {
	tb.Helper()
	l, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		tb.Fatal(err)
	}
	return addr
}
