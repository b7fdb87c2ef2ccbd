package web

import (
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/migration"
	"psc/internal/web/view"
)

// scheduleModel is the form that changes the date of scheduled migrations.
type scheduleModel struct {
	refusal

	ConnectionID string
	Scope        app.Scope
	Date         string // as it was typed
	Today        civil.Date
}

func (s *Server) scheduleForm(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.AddCustomers); err != nil {
		return err
	}
	con := r.PathValue("con")
	scope, ok, err := s.askedScope(w, r, v, app.TabStarted)
	if !ok {
		return err
	}
	if _, err := s.app.Connection(r.Context(), v.Actor, con); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("migrations.schedule_title")
	return s.show(w, r, schedulePage(v.Page, scheduleModel{ConnectionID: con, Scope: scope, Today: s.today()}))
}

func (s *Server) reschedule(w http.ResponseWriter, r *http.Request, v *Visit) error {
	con := r.PathValue("con")
	scope, err := readScope(r)
	if err != nil {
		return err
	}
	typed := r.PostFormValue("date")
	d, err := scheduledDate(typed)
	if err == nil {
		var n int64
		if n, err = s.app.RescheduleMigrations(r.Context(), v.Actor, con, scope, d); err == nil {
			return s.scheduled(w, r, v, con, n, d)
		}
	}
	if bad := fault.As(err); bad == nil || len(bad.Fields) == 0 {
		return err
	}
	v.Page.Title, v.Page.Path = v.Page.T("migrations.schedule_title"), scopePath(v.Page, con, "schedule", scope)
	return s.again(w, r, v, err, func(bad refusal) templ.Component {
		return schedulePage(v.Page, scheduleModel{refusal: bad, ConnectionID: con, Scope: scope, Date: typed, Today: s.today()})
	})
}

// scheduledDate reads the date of a schedule.
func scheduledDate(typed string) (civil.Date, error) {
	d, err := civil.Parse(typed)
	if err != nil {
		return 0, fault.InvalidField("date", "complete.on_unreadable", nil)
	}
	return d, nil
}

// scheduled leads to the list and says for when how many are scheduled.
func (s *Server) scheduled(w http.ResponseWriter, r *http.Request, v *Visit, con string, n int64, d civil.Date) error {
	return s.done(w, r, listPath(v.Page, con, app.TabStarted), v.Page.T("migrations.scheduled", "Count", n, "Date", d))
}

func (s *Server) withdrawSchedules(w http.ResponseWriter, r *http.Request, v *Visit) error {
	con := r.PathValue("con")
	scope, err := readScope(r)
	if err != nil {
		return err
	}
	n, err := s.app.WithdrawSchedules(r.Context(), v.Actor, con, scope)
	if err != nil {
		return err
	}
	return s.done(w, r, listPath(v.Page, con, app.TabStarted), v.Page.T("migrations.withdrawn", "Count", n))
}

// dateInput is the field of a billing date on which migrations are to be completed.
func dateInput(p *view.Page, hint, value, problem string, today civil.Date) view.Input {
	first, last := today+1, today+migration.ScheduleAhead
	return view.Input{
		Name: "date", Type: view.DateField, Label: p.T("complete.on"), Value: value, Error: problem,
		Hint:  p.T(hint, "From", first, "To", last, "Zone", p.BillingZone),
		Attrs: templ.Attributes{"min": first.String(), "max": last.String()},
	}
}
