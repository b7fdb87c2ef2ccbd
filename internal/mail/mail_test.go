package mail_test

import (
	"io"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/clock"
	"psc/internal/console"
	"psc/internal/i18n"
	"psc/internal/mail"
	"psc/internal/mailtest"
	"psc/internal/store"
	"psc/internal/store/storetest"
)

func catalog(t *testing.T) *i18n.Catalog {
	t.Helper()
	c, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func config(t *testing.T) mail.Config {
	t.Helper()
	base, err := url.Parse("https://console.example")
	if err != nil {
		t.Fatal(err)
	}
	return mail.Config{From: netmail.Address{Name: "Console", Address: "console@vendor.example"}, Base: base, Language: i18n.English}
}

// mailing is a world whose mails go to a server, with two super admins and a viewer in each of A and B.
func mailing(t *testing.T, db *store.DB) (*apptest.World, *mailtest.Server) {
	t.Helper()
	w, server := apptest.New(t, db), mailtest.New(t)
	post, err := mail.NewSMTP(server.URL(), config(t), catalog(t))
	w.Must(err)
	w.Post = post
	w.Must(w.SwitchMailOn(t.Context()))
	w.Update(func(tx *store.Tx) error {
		for _, c := range []console.Console{w.A, w.B} {
			for i, role := range []console.Role{console.RoleSuperAdmin, console.RoleSuperAdmin, console.RoleViewer} {
				id := "per_" + c.ID + string(rune('1'+i))
				p := console.Person{ID: id, Email: strings.ToLower(id + "@" + c.Name[8:] + ".example"), Name: "Person " + id, CreatedAt: apptest.Start}
				if i == 1 {
					p.Language = i18n.Japanese
				}
				if err := tx.InsertPerson(t.Context(), p); err != nil {
					return err
				}
				m := console.Membership{ConsoleID: c.ID, PersonID: id, Role: role}
				if err := tx.SetMembership(t.Context(), m, apptest.Start); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return w, server
}

// work tries every waiting mail once, and keeps the job of what failed.
func work(w *apptest.World) (failed int) {
	for _, j := range w.Jobs(store.KindMail) {
		if w.RunJob(j) != nil {
			failed++
		} else {
			w.DropJob(j)
		}
	}
	return failed
}

// TestEveryMailArrivesUnderOneMessageID has the server be down, refuse for now, and die before and after it has taken a mail.
func TestEveryMailArrivesUnderOneMessageID(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, server := mailing(t, db)
		server.Down()
		con, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID)) // two super admins of B are told
		w.Must(err)
		_, err = w.AcceptConnection(t.Context(), apptest.Admin(w.B), con.ID) // and two of A
		w.Must(err)
		if n := work(w); n != 4 {
			t.Fatalf("%d mails failed while the server was down, want 4", n)
		}
		server.Up()
		server.Fail(mailtest.TemporarilyRefused, mailtest.DroppedBefore, mailtest.DroppedAfter)
		if n := work(w); n != 3 {
			t.Errorf("%d mails failed, want 3", n)
		}
		if n := work(w); n != 0 {
			t.Errorf("%d mails failed at a good server", n)
		}
		if n := len(w.Jobs(store.KindMail)); n != 0 {
			t.Errorf("%d jobs are left", n)
		}
		times := map[string]int{}
		for _, m := range server.Mails() {
			times[m.Header.Get("Message-ID")+" "+m.Header.Get("To")]++
		}
		repeated := 0
		for _, n := range times {
			repeated += n - 1
		}
		if len(times) != 4 || repeated != 1 {
			t.Errorf("got %v: want 4 mails, and one of them, which the server took and did not say so, twice", times)
		}
		if states := w.Texts(`SELECT DISTINCT state FROM mails`); !slices.Equal(states, []string{"SENT"}) {
			t.Error(states)
		}
		w.Must(w.RunDue(t.Context()))
		if n := len(w.Jobs(store.KindMail)); n != 0 {
			t.Errorf("%d mails were written again", n)
		}
	})
}

// TestAMailThatWasTakenIsSentOnce runs a job again after its mail was settled.
func TestAMailThatWasTakenIsSentOnce(t *testing.T) {
	t.Parallel()
	w, server := mailing(t, storetest.SQLite(t))
	_, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
	w.Must(err)
	jobs := w.Jobs(store.KindMail)
	for range 2 {
		for _, j := range jobs {
			w.Must(w.RunJob(j))
		}
	}
	if n := len(server.Mails()); n != 2 {
		t.Errorf("%d mails, want 2", n)
	}
}

func TestAMailSpeaksTheLanguageOfItsReader(t *testing.T) {
	t.Parallel()
	w, server := mailing(t, storetest.SQLite(t))
	con, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
	w.Must(err)
	work(w)
	var subjects []string
	for _, m := range server.Mails() {
		body, err := io.ReadAll(m.Body)
		w.Must(err)
		for _, want := range []string{"text/plain", "text/html", "https://console.example/c/" + string(w.B.AccountID) + "/notices/"} {
			if !strings.Contains(strings.ReplaceAll(string(body), "=\r\n", ""), want) {
				t.Errorf("the mail lacks %q:\n%s", want, body)
			}
		}
		if m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(m.Header.Get("List-Unsubscribe"), "<https://console.example/unsubscribe/") {
			t.Errorf("%v", m.Header)
		}
		subjects = append(subjects, m.Header.Get("Content-Language"))
	}
	slices.Sort(subjects)
	if !slices.Equal(subjects, []string{"en", "ja"}) {
		t.Errorf("languages %v of the mails about %s", subjects, con.ID)
	}
}

// TestWhoEndsMailsGetsNone ends them with the mail's own link, by choice, and by leaving the console.
func TestWhoEndsMailsGetsNone(t *testing.T) {
	t.Parallel()
	w, server := mailing(t, storetest.SQLite(t))
	invite := func() string {
		con, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
		w.Must(err)
		return con.ID
	}
	cancel := func(id string) { w.Must(w.CancelInvite(t.Context(), apptest.Admin(w.A), id)) }
	con := invite()
	work(w)
	var link string
	for _, m := range server.Mails() {
		if strings.Contains(m.Header.Get("To"), "per_cns_b1@") {
			link = m.Header.Get("List-Unsubscribe")
		}
	}
	token := strings.TrimSuffix(strings.TrimPrefix(link, "<https://console.example/unsubscribe/"), ">")
	if _, err := w.Unsubscribe(t.Context(), token+"x"); err == nil {
		t.Error("a token that nobody gave out ends mails")
	}
	sub, err := w.Unsubscribe(t.Context(), token)
	w.Must(err)
	if sub.Topic != "invite_received" || sub.Email != "per_cns_b1@b.example" {
		t.Errorf("%+v", sub)
	}
	cancel(con) // of the same topic
	if n := len(w.Jobs(store.KindMail)); n != 1 {
		t.Errorf("%d mails wait, want that of the one who did not end them", n)
	}
	w.Must(w.ChooseNotices(t.Context(), "per_cns_B2", []app.NoticeChoice{{Topic: "invite_received", Bell: true}}))
	work(w) // what was written before the choice
	con = invite()
	if n := len(w.Jobs(store.KindMail)); n != 0 {
		t.Errorf("%d mails wait for people who want none", n)
	}
	w.Must(w.ChooseNotices(t.Context(), "per_cns_B2", []app.NoticeChoice{{Topic: "invite_received", Bell: true, Mail: true}}))
	cancel(con)
	w.Exec(`UPDATE memberships SET state = 'SUSPENDED' WHERE person_id = 'per_cns_B2'`)
	work(w)
	if states := w.Texts(`SELECT state FROM mails ORDER BY id`); !slices.Equal(states, []string{"SENT", "SENT", "DROPPED", "DROPPED"}) || len(server.Mails()) != 2 {
		t.Errorf("%v, %d mails", states, len(server.Mails()))
	}
}

func TestALinkGoesByMailAndIsForgotten(t *testing.T) {
	t.Parallel()
	w, server := mailing(t, storetest.SQLite(t))
	admin := apptest.Admin(w.A)
	admin.PersonID = "per_cns_A2"
	secret, _, err := w.Invite(t.Context(), admin, "new@a.example", console.RoleBilling)
	w.Must(err)
	second, _, err := w.Invite(t.Context(), admin, "new@a.example", console.RoleBilling) // the first link is over
	w.Must(err)
	reset, err := w.OfferPasswordReset(t.Context(), console.Actor{Operator: true, Name: "Op"}, "per_cns_a1@a.example")
	w.Must(err)
	if n := work(w); n != 0 {
		t.Errorf("%d failed", n)
	}
	var all strings.Builder
	for _, m := range server.Mails() {
		body, err := io.ReadAll(m.Body)
		w.Must(err)
		all.WriteString(m.Header.Get("Content-Language") + " " + m.Header.Get("To") + strings.ReplaceAll(string(body), "=\r\n", ""))
	}
	for _, want := range []string{"/join/" + second, "/reset/" + reset, "ja <new@a.example>"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("no mail has %q:\n%s", want, all.String())
		}
	}
	if strings.Contains(all.String(), secret) || len(server.Mails()) != 2 {
		t.Errorf("%d mails, or one brings a link that is over", len(server.Mails()))
	}
	if left := w.Texts(`SELECT id FROM mails WHERE secret <> '' OR state = 'WAITING'`); len(left) != 0 {
		t.Errorf("%v keep their secret", left)
	}
}

func TestWhatIsRefusedForGoodOrForTooLongIsGivenUp(t *testing.T) {
	t.Parallel()
	w, server := mailing(t, storetest.SQLite(t))
	_, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
	w.Must(err)
	server.Fail(mailtest.Refused, mailtest.TemporarilyRefused)
	if n := work(w); n != 1 {
		t.Errorf("%d wait for another try, want 1", n)
	}
	server.Down()
	w.Wall = clock.Fixed(apptest.Start.Add(5 * 24 * time.Hour))
	if n := work(w); n != 0 {
		t.Errorf("%d still wait after five days", n)
	}
	list, _, err := w.Mails(t.Context(), console.Actor{Operator: true}, "", 10)
	w.Must(err)
	if len(list) != 2 || list[0].State != app.MailRefused || list[1].State != app.MailRefused || !strings.Contains(list[1].Problem+list[0].Problem, "nobody of that name") {
		t.Errorf("%+v", list)
	}
	w.Wall = clock.Fixed(apptest.Start.Add(100 * 24 * time.Hour))
	w.Must(w.SweepEnded(t.Context()))
	if left := w.Texts(`SELECT id FROM mails`); len(left) != 0 {
		t.Errorf("%v are kept forever", left)
	}
}

func TestTheDemoKeepsMailsAsFiles(t *testing.T) {
	t.Parallel()
	w, _ := mailing(t, storetest.SQLite(t))
	dir := filepath.Join(t.TempDir(), "mail")
	post, err := mail.NewCatcher(dir, config(t), catalog(t))
	w.Must(err)
	w.Post = post
	_, err = w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
	w.Must(err)
	work(w)
	files, err := os.ReadDir(dir)
	w.Must(err)
	if len(files) != 2 {
		t.Fatalf("%d files", len(files))
	}
	var words []string
	for _, f := range files {
		subject, text, ok := mail.Catcher(dir).Plain(strings.TrimSuffix(f.Name(), ".eml"))
		if !ok {
			t.Error(f.Name() + " cannot be read")
		}
		words = append(words, subject, text)
	}
	all := strings.Join(words, "\n")
	for _, want := range []string{"Connection invite received – Console B", "接続の招待の受信 – Console B", "Person per_cns_B2 様", "Open it in the console:"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in:\n%s", want, all)
		}
	}
	if _, _, ok := mail.Catcher(dir).Plain("../" + strings.TrimSuffix(files[0].Name(), ".eml")); ok {
		t.Error("a name leads out of the directory")
	}
}
