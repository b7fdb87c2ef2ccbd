//go:build e2e

package e2e_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// mails sees what people are told by mail, after somebody was invited.
func (x *tour) mails() {
	x.t.Helper()
	x.stop("notice-choices", "/me/notices")
	file, unsubscribe := x.caughtMail()
	x.stop("unsubscribe", unsubscribe)
	x.as(operator)
	x.stop("operator-mails", "/operator/mail")
	x.stop("operator-mail", "/operator/mail/"+strings.TrimSuffix(filepath.Base(file), ".eml"))
	x.as(boss)
}

// caughtMail waits until the demo has kept a mail that brings a notice, and returns its file and the link that ends such mails.
func (x *tour) caughtMail() (file, unsubscribe string) {
	x.t.Helper()
	link := regexp.MustCompile(`/unsubscribe/[\w.-]+`)
	for range 300 {
		found, err := filepath.Glob(filepath.Join(x.data, "mail", "*.eml"))
		if err != nil {
			x.t.Fatal(err)
		}
		for _, file := range found {
			text, err := os.ReadFile(file)
			if err != nil {
				x.t.Fatal(err)
			}
			if path := link.FindString(strings.ReplaceAll(string(text), "=\r\n", "")); path != "" {
				return file, path
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	x.t.Fatal("the demo has kept no mail")
	return "", ""
}
