package cli_test

import (
	"strings"
	"testing"
	"time"
)

// TestAnUndoByCommandLine asks, looks at what it would do, approves, and reads what was decided.
func TestAnUndoByCommandLine(t *testing.T) {
	w := newTerminal(t)
	w.Config.Terms.Waiting = 0
	customer := w.AddCustomers(w.B, 1, nil)[0]
	w.Move(w.Connect(w.A, w.B), w.A, w.B)
	asked := w.id(in(w.B, "undo", "ask", customer, "--text", "The wrong one.")...)
	if out := w.run(in(w.B, "undo", "show", asked)...); !strings.Contains(out, "With the undo") || strings.Contains(out, "Decision") {
		t.Error(out)
	}
	w.run(in(w.B, "undo", "approve", asked, "--consent", "AGREED", "--reason", "Both have written.")...)
	type undo struct {
		Date     string `json:"billing_date"`
		Decision string `json:"decision"`
		Reason   string `json:"reason"`
	}
	if got := into[undo](w, in(w.B, "undo", "show", asked)...); got != (undo{"2026-10-01", "APPROVED", "Both have written."}) {
		t.Errorf("%+v", got)
	}
	w.Clock.Advance(w.Clock.Ahead() + 20*24*time.Hour)
	out := w.run(in(w.B, "undo", "show", asked)...)
	for _, told := range []string{"Oct 1, 2026", "Undone", "Both have written."} {
		if !strings.Contains(out, told) {
			t.Errorf("%q is missing: %s", told, out)
		}
	}
	if strings.Contains(out, "With the undo") {
		t.Errorf("nothing is to be computed: %s", out)
	}
}
