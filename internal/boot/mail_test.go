package boot_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"psc/internal/mailtest"
)

// A command that can send nothing writes a mail; the process that can sends it when the server is there again.
func TestAMailWaitsForAProcessAndAServer(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t)
	server.Down()
	env := map[string]string{
		"PSC_DATABASE": "sqlite:" + filepath.Join(t.TempDir(), "psc.db"), "PSC_SMTP_URL": server.URL(),
		"PSC_MAIL_FROM": "console@vendor.example", "PSC_BASE_URL": "https://console.example",
	}
	start(t, env, "schema", "up").ends(0)
	start(t, env, "setting", "set", "mail", "on").ends(0)
	created := start(t, env, "user", "create", "--operator", "--name", "Robin", "--email", "robin@vendor.example").ends(0).out.String()
	p := start(t, env, "work")
	p.says("Working")
	server.Up()
	for range 300 {
		if len(server.Mails()) > 0 {
			break
		}
		<-time.After(100 * time.Millisecond)
	}
	mails := server.Mails()
	if len(mails) != 1 || !strings.Contains(mails[0].Header.Get("To"), "robin@vendor.example") || !strings.Contains(created, "/reset/") {
		t.Errorf("%d mails; the command said %s; the log\n%s", len(mails), created, p.err.String())
	}
	p.stop()
	p.ends(0)
}

func TestMailNeedsASenderAndItsLinksAnAddress(t *testing.T) {
	t.Parallel()
	database := "sqlite:" + filepath.Join(t.TempDir(), "psc.db")
	for _, args := range [][]string{
		{"work", "--smtp-url", "smtp://mail.example"},
		{"work", "--smtp-url", "smtp://mail.example", "--base-url", "https://console.example"},
		{"work", "--smtp-url", "https://robin:hidden@mail.example", "--base-url", "https://console.example", "--mail-from", "a@b.example"},
		{"serve", "--addr", "127.0.0.1:0", "--mail-language", "fr"},
	} {
		p := start(t, map[string]string{"PSC_DATABASE": database}, args...).ends(2)
		if strings.Contains(p.err.String(), "hidden") {
			t.Error(p.err.String())
		}
	}
	help := start(t, map[string]string{"PSC_SMTP_URL": "smtp://robin:hidden@mail.example"}, "work", "--help").ends(0)
	if strings.Contains(help.out.String(), "hidden") {
		t.Error("help shows the password of the mail server")
	}
}
