package cli_test

import (
	"testing"

	"psc/internal/apptest"
	"psc/internal/console"
)

func TestNotices(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	email := w.member(w.B, console.RoleSuperAdmin)
	_, err := w.InviteConsole(t.Context(), apptest.Admin(w.A), string(w.B.AccountID))
	w.Must(err)
	at := string(w.B.AccountID)
	type notice struct {
		ID, Topic string
		Read      bool
	}
	list := into[[]notice](w, "notice", "list", "--unread", "--console", at, "--as", email)
	if len(list) != 1 || list[0].Topic != "invite_received" || list[0].Read {
		t.Fatalf("%+v", list)
	}
	w.run("notice", "read", list[0].ID, "--console", at, "--as", email)
	if list = into[[]notice](w, "notice", "list", "--console", at, "--as", email); len(list) != 1 || !list[0].Read {
		t.Errorf("%+v", list)
	}
	w.run("notice", "read", "--all", "--console", at, "--as", email)
	w.run("notice", "choose", "invite_received", "--bell", "off", "--as", email)
	if list = into[[]notice](w, "notice", "list", "--console", at, "--as", email); len(list) != 0 {
		t.Errorf("%+v is shown although it was switched off", list)
	}
	type topic struct {
		Topic      string
		Bell, Mail bool
	}
	topics := into[[]topic](w, "notice", "topics", "--as", email)
	if len(topics) != len(console.NoticeTopics) || topics[0] != (topic{"invite_received", false, true}) {
		t.Errorf("%+v", topics)
	}
	w.refused("notices.topic_unknown", 2, "notice", "choose", "weather", "--mail", "off", "--as", email)
	w.refused("cli.notice.on_off", 2, "notice", "choose", "invoices", "--mail", "maybe", "--as", email)
	w.refused("cli.as_missing", 2, "notice", "topics")
}
