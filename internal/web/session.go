package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/web/view"
)

// What a session holds.
const (
	sessionPerson = "person"
	sessionMark   = "mark" // app.PasswordMark at sign-in
	sessionBegun  = "begun"
	sessionAgent  = "agent" // what the browser calls itself
	sessionLast   = "last"  // the account ID of the console that was open last
	sessionTone   = "flash_tone"
	sessionTitle  = "flash_title"
	sessionText   = "flash_text"

	sessionStarted = "started" // startedModel: what came of the last start
	sessionChoices = "choices" // draft: what was chosen on the page of choices
)

// sessionLife is how long one stays signed in.
const sessionLife = 24 * time.Hour

func (s *Server) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Lifetime = sessionLife
	m.Store = sessionStore{s.app}
	m.HashTokenInStore = true
	m.Cookie.Name = s.cookieName("psc_session")
	m.Cookie.Secure = s.secure()
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.fail(w, r, s.publicPage(r), err) }
	return m
}

func (s *Server) secure() bool { return s.config.BaseURL.Scheme == "https" }

// cookieName pins a cookie to this host and path where TLS allows it.
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

// signIn makes the session one of the person. Its token is new, so that nobody can have planted it.
func (s *Server) signIn(r *http.Request, p console.Person) error {
	if err := s.sessions.Clear(r.Context()); err != nil {
		return err
	}
	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	s.sessions.Put(r.Context(), sessionPerson, p.ID)
	s.sessions.Put(r.Context(), sessionMark, app.PasswordMark(p))
	s.sessions.Put(r.Context(), sessionBegun, s.app.Wall.Now().UnixMicro())
	s.sessions.Put(r.Context(), sessionAgent, agentOf(r))
	return nil
}

// maxAgent is how many characters of what a browser calls itself are kept.
const maxAgent = 300

func agentOf(r *http.Request) string {
	agent := []rune(strings.ToValidUTF8(strings.ReplaceAll(r.UserAgent(), "\x00", ""), ""))
	return string(agent[:min(len(agent), maxAgent)])
}

// sessionToken is how the session of the request is kept.
func (s *Server) sessionToken(r *http.Request) string {
	sum := sha256.Sum256([]byte(s.sessions.Token(r.Context())))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// flash keeps a message for the next page.
func (s *Server) flash(r *http.Request, tone view.Tone, title, text string) {
	s.sessions.Put(r.Context(), sessionTone, string(tone))
	s.sessions.Put(r.Context(), sessionTitle, title)
	s.sessions.Put(r.Context(), sessionText, text)
}

// flashed takes the message that the last request left.
func (s *Server) flashed(ctx context.Context) *view.Flash {
	tone := s.sessions.PopString(ctx, sessionTone)
	if tone == "" {
		return nil
	}
	return &view.Flash{
		Tone: view.Tone(tone), Title: s.sessions.PopString(ctx, sessionTitle), Text: s.sessions.PopString(ctx, sessionText),
	}
}

// keep remembers a value for the pages that follow an answered form.
func (s *Server) keep(r *http.Request, name string, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return err
	}
	s.sessions.Put(r.Context(), name, b)
	return nil
}

// kept reads what keep remembered into a pointer; false: there is nothing that can be read.
func (s *Server) kept(r *http.Request, name string, into any) bool {
	b := s.sessions.GetBytes(r.Context(), name)
	return b != nil && json.Unmarshal(b, into) == nil
}

// sessionStore keeps sessions in the product's database.
type sessionStore struct{ app *app.App }

// FindCtx implements scs.CtxStore.
func (s sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	return s.app.FindSession(ctx, token)
}

// CommitCtx implements scs.CtxStore.
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return err
	}
	kept := app.Session{Token: token, Expires: expires}
	kept.PersonID, _ = values[sessionPerson].(string)
	kept.Agent, _ = values[sessionAgent].(string)
	if begun, ok := values[sessionBegun].(int64); ok {
		kept.BegunAt = time.UnixMicro(begun)
	}
	return s.app.SaveSession(ctx, kept, data)
}

// DeleteCtx implements scs.CtxStore.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.app.EndSession(ctx, token)
}

// errNoContext is what the methods without a context answer: scs calls those with one where they are.
var errNoContext = errors.New("sessions are asked for with a context")

// Find implements scs.Store.
func (sessionStore) Find(string) ([]byte, bool, error) { return nil, false, errNoContext }

// Commit implements scs.Store.
func (sessionStore) Commit(string, []byte, time.Time) error { return errNoContext }

// Delete implements scs.Store.
func (sessionStore) Delete(string) error { return errNoContext }
