package app_test

import (
	"strings"
	"testing"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/console"
	"psc/internal/store"
	"psc/internal/support"
)

func openedCase(w *apptest.World, c console.Console) support.Case {
	w.T.Helper()
	opened, err := w.OpenCase(w.T.Context(), apptest.Admin(c), app.NewCase{Kind: support.Question, Title: "Where is it?", Text: "I cannot find it."})
	w.Must(err)
	return opened
}

func TestACaseGoesBackAndForth(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, admin, op := t.Context(), apptest.Admin(w.A), apptest.Operator(w.A)
		id := w.AddCustomers(w.A, 1, nil)[0]
		c, err := w.OpenCase(ctx, admin, app.NewCase{
			Kind: support.Problem, Title: " It  does not\nwork ", Customer: "C000001.example", Text: "See the picture.\r\nThanks.",
			Files: []support.File{{Name: `C:\pictures\"one".png`, Bytes: []byte("\x89PNG\r\n\x1a\nrest")}},
		})
		w.Must(err)
		if c.Number != 1 || c.Title != "It does not work" || c.CustomerID != id || c.State != support.Open {
			t.Errorf("%+v", c)
		}
		want := func(state support.State, entries int) app.CaseThread {
			t.Helper()
			thread, err := w.Case(ctx, admin, c.ID)
			w.Must(err)
			byNumber, err := w.Case(ctx, admin, c.Reference(w.A.AccountID))
			w.Must(err)
			if byNumber.ID != c.ID {
				t.Errorf("%+v", byNumber)
			}
			_, err = w.Case(ctx, admin, c.Reference(w.B.AccountID))
			wantFault(t, err, "case.not_found")
			if thread.State != state || len(thread.Entries) != entries {
				t.Errorf("%s with %d entries, want %s with %d", thread.State, len(thread.Entries), state, entries)
			}
			return thread
		}
		want(support.Open, 1)
		w.Must(w.ActOnCase(ctx, op, c.ID, support.Assign))
		w.Must(w.NoteCase(ctx, op, c.ID, "Looks odd.", []support.File{{Name: "log.txt", Bytes: []byte("internal")}}))
		w.Must(w.ReplyCase(ctx, op, c.ID, "Try again.", nil))
		thread := want(support.Partner, 2)
		if e := thread.Entries[1]; !e.ByOperator || e.By != "" || thread.Assignee != "" {
			t.Errorf("the console learns the operator's name: %+v, %s", e, thread.Assignee)
		}
		w.Must(w.ReplyCase(ctx, admin, c.ID, "Still not.", nil))
		want(support.Operator, 3)
		w.Must(w.ActOnCase(ctx, op, c.ID, support.Resolve))
		w.Must(w.ReplyCase(ctx, admin, c.ID, "No!", nil))
		want(support.Operator, 5)
		w.Must(w.ActOnCase(ctx, admin, c.ID, support.Close))
		wantFault(t, w.ReplyCase(ctx, admin, c.ID, "Hello?", nil), "case.state")
		w.Must(w.ActOnCase(ctx, admin, c.ID, support.Reopen))
		want(support.Operator, 7)

		seen, err := w.Case(ctx, op, "1")
		w.Must(err)
		note := seen.Entries[2]
		if !note.Internal || note.Text != "Looks odd." || seen.Assignee != "Operator" {
			t.Errorf("%+v in charge: %s", note, seen.Assignee)
		}
		_, err = w.CaseFile(ctx, admin, c.ID, note.Files[0].ID)
		wantFault(t, err, "case.file_not_found")
		file, err := w.CaseFile(ctx, admin, c.ID, seen.Entries[0].Files[0].ID)
		if err != nil || file.Name != "_one_.png" || file.Type != "image/png" || !strings.HasPrefix(string(file.Bytes), "\x89PNG") {
			t.Errorf("%q %s, %v", file.Name, file.Type, err)
		}
	})
}

// TestNothingOfAnotherConsolesCases shows: a case is that of one console and of operators.
func TestNothingOfAnotherConsolesCases(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx, c := t.Context(), openedCase(w, w.A)
		for _, who := range []console.Actor{apptest.Admin(w.B), apptest.Operator(w.B)} {
			_, err := w.Case(ctx, who, c.ID)
			wantFault(t, err, "case.not_found")
			wantFault(t, w.ReplyCase(ctx, who, c.ID, "Mine?", nil), "case.not_found")
			list, _, err := w.Cases(ctx, who, app.CasesAll, "", "", 10)
			if err != nil || len(list) != 0 {
				t.Errorf("%v, %v", list, err)
			}
		}
		w.AddCustomers(w.A, 1, nil)
		_, err := w.OpenCase(ctx, apptest.Admin(w.B), app.NewCase{Kind: support.Question, Title: "T", Text: "T", Customer: "cus_000001"})
		wantFault(t, err, "case.customer_unknown")
		if again := openedCase(w, w.B); again.Number != 1 {
			t.Errorf("the first case of a console has the number %d", again.Number)
		}
		_, _, err = w.CaseQueue(ctx, apptest.Admin(w.A), app.CasesAll, "", 10)
		wantFault(t, err, "forbidden_operator")
		queue, more, err := w.CaseQueue(ctx, apptest.Operator(w.C), app.CasesOperator, "", 1)
		if err != nil || len(queue) != 1 || !more || queue[0].ID != c.ID || queue[0].Console != w.A.Name {
			t.Errorf("%+v, %v, %v", queue, more, err)
		}
		queue, more, err = w.CaseQueue(ctx, apptest.Operator(w.C), app.CasesOperator, c.ID, 1)
		if err != nil || len(queue) != 1 || more || queue[0].ConsoleID != w.B.ID {
			t.Errorf("%+v, %v, %v", queue, more, err)
		}
		w.Must(w.ActOnCase(ctx, apptest.Operator(w.A), c.ID, support.Assign))
		mine, _, err := w.CaseQueue(ctx, apptest.Operator(w.C), app.CasesMine, "", 10)
		if err != nil || len(mine) != 1 || mine[0].ID != c.ID {
			t.Errorf("%+v, %v", mine, err)
		}
	})
}

// TestACaseStaysWhereItWasOpened although its customer moves.
func TestACaseStaysWhereItWasOpened(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		con, ids := connected(w, 1)
		c, err := w.OpenCase(ctx, apptest.Admin(w.B), app.NewCase{Kind: support.Question, Title: "T", Text: "T", Customer: ids[0]})
		w.Must(err)
		w.Move(con, w.A, w.B)
		w.Must(w.ReplyCase(ctx, apptest.Operator(w.B), c.ID, "R", nil))
		list, _, err := w.Cases(ctx, apptest.Admin(w.B), app.CasesOpen, ids[0], "", 10)
		if err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
		list, _, err = w.Cases(ctx, apptest.Admin(w.A), app.CasesAll, ids[0], "", 10)
		if err != nil || len(list) != 0 {
			t.Errorf("%v, %v", list, err)
		}
		_, err = w.OpenCase(ctx, apptest.Admin(w.B), app.NewCase{Kind: support.Question, Title: "T", Text: "T", Customer: ids[0]})
		w.Must(err)
	})
}

// TestTwoOpenACaseAtOnce get two numbers.
func TestTwoOpenACaseAtOnce(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		errs := make(chan error)
		for range 4 {
			go func() {
				_, err := w.OpenCase(t.Context(), apptest.Admin(w.A), app.NewCase{Kind: support.Question, Title: "T", Text: "T"})
				errs <- err
			}()
		}
		for range 4 {
			w.Must(<-errs)
		}
		if got := strings.Join(w.Texts(`SELECT CAST(number AS text) FROM cases ORDER BY number`), " "); got != "1 2 3 4" {
			t.Errorf("numbers %s", got)
		}
	})
}

// TestWhatACaseRefuses changes nothing.
func TestWhatACaseRefuses(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		ctx, c := t.Context(), openedCase(w, w.A)
		before := w.Texts(w.DumpSQL(""))
		good := app.NewCase{Kind: support.Question, Title: "T", Text: "T"}
		with := func(change func(*app.NewCase)) app.NewCase {
			in := good
			change(&in)
			return in
		}
		file := func(name, content string) app.NewCase {
			return with(func(in *app.NewCase) { in.Files = []support.File{{Name: name, Bytes: []byte(content)}} })
		}
		for key, in := range map[string]app.NewCase{
			"case.kind":             with(func(in *app.NewCase) { in.Kind = "OTHER" }),
			"case.title_missing":    with(func(in *app.NewCase) { in.Title = " " }),
			"case.title_long":       with(func(in *app.NewCase) { in.Title = strings.Repeat("長", 201) }),
			"case.text_missing":     with(func(in *app.NewCase) { in.Text = "\r\n" }),
			"case.text_long":        with(func(in *app.NewCase) { in.Text = strings.Repeat("長", 10_001) }),
			"case.customer_unknown": with(func(in *app.NewCase) { in.Customer = "nobody.example" }),
			"case.files_many":       with(func(in *app.NewCase) { in.Files = make([]support.File, 6) }),
			"case.file_empty":       file("a.txt", ""),
			"case.file_large":       file("a.txt", strings.Repeat("x", support.FileLimit+1)),
			"case.file_type":        file("page.html", "<script>"),
		} {
			_, err := w.OpenCase(ctx, apptest.Admin(w.A), in)
			wantFault(t, err, key)
		}
		for _, name := range []string{"a.png", "a.jpeg", "a.pdf", ".txt", "a.txt.exe", "a"} {
			_, err := w.OpenCase(ctx, apptest.Admin(w.A), file(name, "plain text"))
			wantFault(t, err, "case.file_type")
		}
		for _, role := range []console.Role{console.RoleViewer, console.RoleBilling, console.RoleIndirectResellerAdmin} {
			who := apptest.As(w.A, role)
			_, err := w.OpenCase(ctx, who, good)
			wantFault(t, err, "forbidden")
			_, err = w.Case(ctx, who, c.ID)
			wantFault(t, err, "forbidden")
			_, _, err = w.Cases(ctx, who, app.CasesAll, "", "", 10)
			wantFault(t, err, "forbidden")
			wantFault(t, w.ReplyCase(ctx, who, c.ID, "T", nil), "forbidden")
		}
		wantFault(t, w.ActOnCase(ctx, apptest.Admin(w.A), c.ID, support.Resolve), "forbidden_operator")
		wantFault(t, w.NoteCase(ctx, apptest.Admin(w.A), c.ID, "T", nil), "forbidden_operator")
		wantFault(t, w.ActOnCase(ctx, apptest.Admin(w.A), c.ID, support.Reopen), "case.state")
		wantFault(t, w.ActOnCase(ctx, apptest.Admin(w.A), c.ID, support.Reply), "case.action")
		nameless := apptest.Operator(w.A)
		nameless.PersonID = ""
		wantFault(t, w.ActOnCase(ctx, nameless, c.ID, support.Assign), "case.nobody")
		if after := w.Texts(w.DumpSQL("")); strings.Join(after, "\n") != strings.Join(before, "\n") {
			t.Error("something was changed")
		}
	})
}

// TestACaseHasOneState whoever acts at the same time: what was read and is not so any more is refused.
func TestACaseHasOneState(t *testing.T) {
	once(t, func(t *testing.T, w *apptest.World) {
		c := openedCase(w, w.A)
		was := c
		c.State = support.Closed
		w.Update(func(tx *store.Tx) error {
			ok, err := tx.ChangeCase(t.Context(), c, was, w.Clock.Now())
			if err == nil && !ok {
				t.Error("refused")
			}
			return err
		})
		w.Update(func(tx *store.Tx) error {
			ok, err := tx.ChangeCase(t.Context(), c, was, w.Clock.Now())
			if ok {
				t.Error("changed again")
			}
			return err
		})
	})
}

func caseActs() map[string]act {
	of := func(do func(w *apptest.World, id string) error) act {
		return func(w *apptest.World) func() error {
			id := openedCase(w, w.A).ID
			return func() error { return do(w, id) }
		}
	}
	return map[string]act{
		"OpenCase": func(w *apptest.World) func() error {
			return func() error {
				_, err := w.OpenCase(w.T.Context(), apptest.Admin(w.A), app.NewCase{Kind: support.Question, Title: "T", Text: "T"})
				return err
			}
		},
		"ReplyCase": of(func(w *apptest.World, id string) error {
			return w.ReplyCase(w.T.Context(), apptest.Admin(w.A), id, "T", nil)
		}),
		"NoteCase": of(func(w *apptest.World, id string) error {
			return w.NoteCase(w.T.Context(), apptest.Operator(w.A), id, "T", nil)
		}),
		"AskUndo": func(w *apptest.World) func() error {
			id := movedOne(w)
			return func() error {
				_, err := w.AskUndo(w.T.Context(), apptest.Admin(w.B), id, "T")
				return err
			}
		},
		"ApproveUndo": func(w *apptest.World) func() error {
			asked := askUndo(w, w.B, movedOne(w))
			return func() error { return approveUndo(w, asked) }
		},
		"RejectUndo": func(w *apptest.World) func() error {
			asked := askUndo(w, w.B, movedOne(w))
			return func() error { return w.RejectUndo(w.T.Context(), apptest.Operator(w.B), asked.ID, "No.") }
		},
		"ActOnCase": of(func(w *apptest.World, id string) error {
			return w.ActOnCase(w.T.Context(), apptest.Admin(w.A), id, support.Close)
		}),
	}
}
