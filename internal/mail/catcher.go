package mail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"

	gomail "github.com/wneessen/go-mail"

	"psc/internal/i18n"
)

// NewCatcher returns an office that sends nothing out and keeps each letter as a file in a directory.
func NewCatcher(dir string, c Config, catalog *i18n.Catalog) (*Office, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &Office{config: c, catalog: catalog, carrier: Catcher(dir)}, nil
}

// Catcher is a directory of letters that were not sent out, a file ID.eml each.
type Catcher string

func (c Catcher) carry(_ context.Context, id string, m *gomail.Msg) error {
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return err
	}
	whole := c.path(id) + ".part"
	if err := os.WriteFile(whole, b.Bytes(), 0o600); err != nil {
		return err
	}
	return os.Rename(whole, c.path(id))
}

func (c Catcher) path(id string) string { return filepath.Join(string(c), id+".eml") }

// ids are those that the product gives: none leads out of the directory.
var ids = regexp.MustCompile(`^\w+$`)

// Plain returns the subject and the plain part of a letter that was caught, or ok false if there is none.
func (c Catcher) Plain(id string) (subject, text string, ok bool) {
	if !ids.MatchString(id) {
		return "", "", false
	}
	file, err := os.ReadFile(c.path(id))
	if err != nil {
		return "", "", false
	}
	subject, text, err = plainOf(file)
	return subject, text, err == nil
}

func plainOf(file []byte) (subject, text string, err error) {
	m, err := mail.ReadMessage(bytes.NewReader(file))
	if err != nil {
		return "", "", err
	}
	if subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return "", "", err
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return "", "", err
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			return "", "", errors.Join(err, errNoText)
		}
		if kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type")); kind == "text/plain" {
			b, err := io.ReadAll(quotedprintable.NewReader(part))
			return subject, string(b), err
		}
	}
}

var errNoText = errors.New("the letter has no plain part")
