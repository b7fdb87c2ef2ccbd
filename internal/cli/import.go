package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/customercsv"
	"psc/internal/fault"
)

type importJSON struct {
	Encoding             string        `json:"encoding"`
	Rows                 int           `json:"rows"`
	Good                 int           `json:"good_rows"`
	Customers            int           `json:"customers"`     // in the good rows
	Subscriptions        int           `json:"subscriptions"` // in the good rows
	CustomersAdded       int64         `json:"customers_added"`
	CustomersChanged     int64         `json:"customers_changed"`
	SubscriptionsAdded   int64         `json:"subscriptions_added"`
	SubscriptionsChanged int64         `json:"subscriptions_changed"`
	ProblemCount         int           `json:"problem_count"`
	Problems             []problemJSON `json:"problems"` // the first ones
	RefusedCount         int64         `json:"refused_count"`
	Refused              []problemJSON `json:"refused"` // good rows that could not be applied: the first ones
}

type problemJSON struct {
	Line    int    `json:"line"`
	Column  string `json:"column"`
	Key     string `json:"key"`
	Message string `json:"message"`
}

// importCommand imports a file while it waits; the whole file is checked before anything is written.
func importCommand(t *Terminal) *cobra.Command {
	var check, skipBad bool
	cmd := t.verb("import", "import FILE", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		file, err := openFile(args[0])
		if err != nil {
			return err
		}
		var r app.ImportResult
		if check {
			r, err = s.CheckImport(ctx, s.actor, file, s.progress())
		} else {
			r, err = s.ImportCustomers(ctx, s.actor, file, skipBad, s.progress())
		}
		if err = errors.Join(err, file.Close()); r.Checked {
			s.tellProblems(args[0], r)
			if err == nil || s.JSON {
				err = errors.Join(s.imported(r, check), err)
			}
		}
		if err == nil && check && r.Report.ProblemCount > 0 {
			err = fault.New(fault.Invalid, "import.bad_rows", fault.Args{"Count": r.Report.ProblemCount})
		}
		return err
	})
	t.yes(cmd, &check, "check")
	t.yes(cmd, &skipBad, "skip-bad")
	return cmd
}

// progress tells each tenth of each step once.
func (t *Terminal) progress() app.ImportProgress {
	last, told := "", int64(-1)
	return func(step string, done, total int64) {
		tenth := 10 * done / max(total, 1)
		if t.JSON || (step == last && tenth <= told) {
			return
		}
		last, told = step, tenth
		key := "cli.import.checking"
		if step == "write" {
			key = "cli.import.writing"
		}
		t.Tell(t.Say.T(key, "Percent", 10*tenth))
	}
}

// tellProblems lists what is wrong on the error stream.
func (t *Terminal) tellProblems(path string, r app.ImportResult) {
	if t.JSON {
		return
	}
	name := filepath.Base(path)
	for _, list := range [][]customercsv.Problem{r.Report.Problems, r.Refused} {
		for _, p := range list {
			t.Tell(t.Say.T("cli.import.problem", "File", name, "Line", p.Line, "Column", p.Column, "Problem", t.problem(p).Message))
		}
	}
	if total := r.Report.ProblemCount + int(r.Counts.Refused); total > len(r.Report.Problems)+len(r.Refused) {
		t.Tell(t.Say.T("cli.import.more_problems", "Total", total))
	}
}

func (t *Terminal) problem(p customercsv.Problem) problemJSON {
	return problemJSON{p.Line, p.Column, p.Key, t.Say.Field(fault.Field{Name: p.Column, Key: p.Key, Args: p.Args})}
}

func (s *session) imported(r app.ImportResult, check bool) error {
	out := importJSON{
		r.Report.Encoding, r.Report.Rows, r.Report.Good, r.Report.Customers, r.Report.Subscriptions, r.Counts.CustomersAdded,
		r.Counts.CustomersChanged, r.Counts.SubscriptionsAdded, r.Counts.SubscriptionsChanged, r.Report.ProblemCount,
		collected(r.Report.Problems, s.problem), r.Counts.Refused, collected(r.Refused, s.problem),
	}
	if check {
		return s.Result(out, "", s.Say.T("cli.import.checked", "Rows", r.Report.Rows, "Encoding", r.Report.Encoding,
			"Good", r.Report.Good, "Customers", r.Report.Customers, "Subscriptions", r.Report.Subscriptions))
	}
	return s.Result(out, "", s.Say.T("cli.import.imported",
		"CustomersAdded", r.Counts.CustomersAdded, "CustomersChanged", r.Counts.CustomersChanged,
		"SubscriptionsAdded", r.Counts.SubscriptionsAdded, "SubscriptionsChanged", r.Counts.SubscriptionsChanged,
		"LeftOut", int64(r.Report.Rows-r.Report.Good)+r.Counts.Refused))
}

// exportCommand writes all customers.
func exportCommand(t *Terminal) *cobra.Command {
	return t.verb("export", "export [FILE]", inConsole, cobra.MaximumNArgs(1), func(ctx context.Context, s *session, args []string) error {
		return s.export(args, func(w io.Writer) error { return s.ExportCustomers(ctx, s.actor, w) })
	})
}

// export writes to the standard output, or to the file that is named, which is there only once it is whole.
func (t *Terminal) export(file []string, write func(io.Writer) error) error {
	if len(file) == 0 {
		return write(t.Out)
	}
	name := file[0]
	part, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return unusable(err)
	}
	if err := errors.Join(write(part), part.Close()); err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	if err := os.Rename(part.Name(), name); err != nil {
		return errors.Join(unusable(err), os.Remove(part.Name()))
	}
	return t.said(name, "cli.export.done", "File", name)
}
