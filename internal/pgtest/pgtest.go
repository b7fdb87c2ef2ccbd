// Package pgtest gives tests empty databases on a real PostgreSQL. The server is started once per test
// process and ends with it, however the process ends.
package pgtest

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// serverVariable names the environment variable with the URL of a server to use instead of an own one.
const serverVariable = "PSC_TEST_POSTGRES"

// watch runs the server for as long as the test process holds the other end of its standard input: when that
// process dies, even by kill -9, cat ends, and the server and its folder go too. QUIT ends the server without
// waiting for its clients, TERM ends one that does not listen to QUIT yet. The server alone keeps the log open, so that
// the log ends with it.
const watch = `dir=$1; shift
"$@" </dev/null & server=$!
exec 2>/dev/null
cat
kill -TERM $server; kill -QUIT $server; wait $server
rm -rf "$dir"`

var shared struct {
	once    sync.Once
	durable bool
	url     string
	err     error
	hold    io.WriteCloser // closed by the kernel when this process ends
}

var template struct {
	once sync.Once
	name string
	err  error
}

// quick is how a server runs whose data nobody needs after a crash, and durable how one in production does.
var (
	quick   = []string{"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"}
	durable = []string{"-c", "shared_buffers=1GB", "-c", "checkpoint_timeout=15min"}
)

// Durable has the server of this process write as one in production does, so that what is measured on it is honest. It
// counts if it is called before the first URL.
func Durable() { shared.durable = true }

// URL returns the URL of a fresh, empty database that is dropped when the test has ended.
func URL(tb testing.TB) string {
	tb.Helper()
	return create(tb, server(tb), "template0")
}

// Copy returns the URL of a fresh database as fill leaves one, dropped when the test has ended. An own server has fill
// called once for all copies; on somebody else's nothing may stay behind, so it is called for each.
func Copy(tb testing.TB, fill func(ctx context.Context, url string) error) string {
	tb.Helper()
	ctx, server := context.WithoutCancel(tb.Context()), server(tb)
	if shared.hold == nil {
		url := create(tb, server, "template0")
		if err := fill(ctx, url); err != nil {
			tb.Fatalf("pgtest: fill a database: %v", err)
		}
		return url
	}
	template.once.Do(func() {
		template.name = "psc_template"
		if template.err = execute(ctx, server, "CREATE DATABASE "+template.name+" TEMPLATE template0"); template.err == nil {
			template.err = fill(ctx, database(server, template.name))
		}
	})
	if template.err != nil {
		tb.Fatalf("pgtest: fill the template: %v", template.err)
	}
	return create(tb, server, template.name)
}

// CopyOf returns the URL of a copy of a database to which nobody is connected; it is dropped when the test has ended.
func CopyOf(tb testing.TB, original string) string {
	tb.Helper()
	u, err := url.Parse(original)
	if err != nil {
		tb.Fatalf("pgtest: %v", err)
	}
	return create(tb, server(tb), strings.TrimPrefix(u.Path, "/"))
}

// server returns the URL of the server that all tests of this process share.
func server(tb testing.TB) string {
	tb.Helper()
	shared.once.Do(func() {
		shared.url = os.Getenv(serverVariable) //nolint:forbidigo // only tests call this package
		if shared.url == "" {
			shared.url, shared.hold, shared.err = start(context.WithoutCancel(tb.Context()))
		}
	})
	if shared.err != nil {
		tb.Fatalf("pgtest: %v", shared.err)
	}
	return shared.url
}

func create(tb testing.TB, server, template string) string {
	tb.Helper()
	ctx, name := context.WithoutCancel(tb.Context()), "psc_test_"+strings.ToLower(rand.Text())
	if err := execute(ctx, server, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		tb.Fatalf("pgtest: create a database: %v", err)
	}
	tb.Cleanup(func() {
		if err := execute(ctx, server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Errorf("pgtest: drop the database: %v", err)
		}
	})
	return database(server, name)
}

// database returns the server's URL with the name of a database for its path.
func database(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(err) // it has just been connected to
	}
	u.Path = "/" + name
	return u.String()
}

func execute(ctx context.Context, server, sql string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

// start makes a cluster in a folder of its own, reached by a socket in that folder only.
func start(ctx context.Context) (server string, hold io.WriteCloser, err error) {
	bin, err := newestBin()
	if err != nil {
		return "", nil, err
	}
	owner, err := serverOwner()
	if err != nil {
		return "", nil, err
	}
	// Not t.TempDir: its parents are closed to the user that PostgreSQL runs as.
	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		return "", nil, err
	}
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return "", nil, err
		}
	}
	data := filepath.Join(dir, "data")
	command := func(name string, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // only the programs named below
		cmd.Dir = dir
		// A group of its own, so that Ctrl-C leaves the ending to watch.
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: owner}
		return cmd
	}

	initdb := command(filepath.Join(bin, "initdb"), "--pgdata", data, "--username", "postgres", "--auth", "trust",
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions")
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	how := quick
	if shared.durable {
		how = durable
	}
	postgres := command("sh", append([]string{
		"-c", watch, "pgtest", dir, filepath.Join(bin, "postgres"), "-D", data,
		"-c", "listen_addresses=", "-c", "unix_socket_directories=" + dir, "-c", "max_connections=200",
	}, how...)...)
	hold, err = postgres.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	stderr, err := postgres.StderrPipe()
	if err != nil {
		return "", nil, err
	}
	if err := postgres.Start(); err != nil {
		return "", nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	if err := awaitReady(stderr); err != nil {
		return "", nil, errors.Join(err, hold.Close())
	}
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(dir), hold, nil
}

// awaitReady reads the server's log until it says that it is ready, and drops the rest of it.
func awaitReady(log io.Reader) error {
	var said strings.Builder
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "database system is ready to accept connections") {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return nil
		}
		said.WriteString(lines.Text() + "\n")
	}
	return fmt.Errorf("PostgreSQL did not start:\n%s", said.String())
}

// newestBin returns the folder with the programs of the newest PostgreSQL that Debian has installed.
func newestBin() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	bin, newest := "", 0
	for _, path := range found {
		folder := filepath.Dir(path)
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
		if err == nil && version > newest {
			bin, newest = folder, version
		}
	}
	if bin == "" {
		return "", errors.New("no PostgreSQL in /usr/lib/postgresql: run tools/setup test, or set " + serverVariable + " to a server's URL")
	}
	return bin, nil
}

// serverOwner returns who runs the server: PostgreSQL refuses root; nil means the present user.
func serverOwner() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
