package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (s *Server) unificationRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/unification", s.console(s.unification))
	mux.Handle("GET /c/{account}/unification/add", s.console(s.inviteForm))
	mux.Handle("POST /c/{account}/unification", s.console(s.invite))
	mux.Handle("GET /c/{account}/unification/advice", s.console(s.unificationAdvice))
	mux.Handle("GET /c/{account}/unification/{id}", s.console(s.connection))
	mux.Handle("POST /c/{account}/unification/{id}/accept", s.console(s.acceptConnection))
	mux.Handle("GET /c/{account}/unification/{id}/decline", s.console(s.confirmDecline))
	mux.Handle("POST /c/{account}/unification/{id}/decline", s.console(s.declineConnection))
	mux.Handle("GET /c/{account}/unification/{id}/cancel", s.console(s.confirmCancelInvite))
	mux.Handle("POST /c/{account}/unification/{id}/cancel", s.console(s.cancelInvite))
	mux.Handle("GET /c/{account}/unification/{id}/close", s.console(s.confirmClose))
	mux.Handle("POST /c/{account}/unification/{id}/close", s.console(s.closeConnection))
	mux.Handle("POST /c/{account}/unification/{id}/share", s.console(s.shareOrders))
}

// link is a connection as a page draws it, with the console from which it is seen.
type link struct {
	app.ConnectionPage

	Self console.Console
	Now  time.Time
	Wait time.Duration // the waiting period that an acceptance begins
}

// OtherName is what the console at the other end is called: before it has accepted, only its account ID is known.
func (l link) OtherName() string {
	if l.Name == "" {
		return string(l.AccountID)
	}
	return l.Name
}

// Open reports whether the connection is invited or connected.
func (l link) Open() bool { return l.State == connection.Invited || l.State == connection.Connected }

// CloseAdvised reports whether nothing is left that the connection could be kept for (spec C7).
func (l link) CloseAdvised() bool {
	return l.State == connection.Connected && !l.Waiting && !l.EvaluatedAt.IsZero() && !l.Movable
}

// path is the address of the connection's page, and of what is done there.
func (l link) path(p *view.Page, action string) string { return p.At("/unification/" + l.ID + action) }

type unificationModel struct {
	Open  []link
	Ended []link
	May   bool // connect and close
	Add   bool // invite: a console that is connected as a source cannot
	Self  console.Console
	Wait  time.Duration
}

func (s *Server) unification(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.Connections(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	m := unificationModel{May: v.May(console.SuperAdmin), Add: v.May(console.SuperAdmin), Self: v.Console, Wait: s.app.Config.Terms.Waiting}
	for _, c := range list {
		l := s.link(v, app.ConnectionPage{ConnectionView: c})
		if c.State == connection.Connected {
			m.Add = m.Add && c.Side == connection.Main
			if l.ConnectionPage, err = s.app.Connection(r.Context(), v.Actor, c.ID); err != nil {
				return err
			}
		}
		if l.Open() {
			m.Open = append(m.Open, l)
		} else {
			m.Ended = append(m.Ended, l)
		}
	}
	v.Page.Title = v.Page.T("nav.unify")
	return s.show(w, r, unificationPage(v.Page, m))
}

func (s *Server) link(v *Visit, c app.ConnectionPage) link {
	return link{ConnectionPage: c, Self: v.Console, Now: s.app.Clock.Now(), Wait: s.app.Config.Terms.Waiting}
}

// inviteModel is the form that adds a console.
type inviteModel struct {
	Typed string
	Error string
	Self  console.Console
	Wait  time.Duration
}

func (s *Server) inviteForm(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.SuperAdmin); err != nil {
		return err
	}
	list, err := s.app.Connections(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(list, func(c app.ConnectionView) bool { return c.State == connection.Connected && c.Side == connection.Source }) {
		return fault.New(fault.Precondition, "connection.invite.main_is_source", nil)
	}
	v.Page.Title = v.Page.T("unification.add")
	return s.show(w, r, invitePage(v.Page, inviteModel{Self: v.Console, Wait: s.app.Config.Terms.Waiting}))
}

func (s *Server) invite(w http.ResponseWriter, r *http.Request, v *Visit) error {
	typed := r.PostFormValue("account_id")
	_, err := s.app.InviteConsole(r.Context(), v.Actor, typed)
	if fault.Is(err, "connection.invite.unknown") { // a matter of this form, where it may be told (spec C2)
		err = fault.New(fault.Precondition, "connection.invite.unknown", nil)
	}
	if err != nil {
		v.Page.Title, v.Page.Path = v.Page.T("unification.add"), v.Page.At("/unification/add")
		return s.again(w, r, v, err, func(f refusal) templ.Component {
			return invitePage(v.Page, inviteModel{Typed: typed, Error: f.Problems[0].Text, Self: v.Console, Wait: s.app.Config.Terms.Waiting})
		})
	}
	return s.done(w, r, v.Page.At("/unification"), v.Page.T("unification.invited"))
}

// connectionModel is the page of one connection.
type connectionModel struct {
	link
	refusal

	May        bool // connect and close
	MayBill    bool
	MayAsk     bool
	MayRequest bool
}

// Review reports whether the page is the one on which the source decides about an invitation.
func (m connectionModel) Review() bool {
	return m.State == connection.Invited && m.Side == connection.Source
}

func (s *Server) connection(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.connectionModel(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.show(w, r, connectionPage(v.Page, m))
}

func (s *Server) connectionModel(ctx context.Context, v *Visit, id string) (connectionModel, error) {
	c, err := s.app.Connection(ctx, v.Actor, id)
	if err != nil {
		return connectionModel{}, err
	}
	m := connectionModel{
		link: s.link(v, c), May: v.May(console.SuperAdmin), MayBill: v.May(console.Billing),
		MayAsk: v.May(console.AddCustomers, console.TransferCustomers), MayRequest: v.May(console.AddCustomers),
	}
	v.Page.Title = v.Page.T("unification.connection_with", "Console", m.OtherName())
	if m.Review() {
		v.Page.Title = v.Page.T("unification.review")
	}
	return m, nil
}

// act does something to a connection and shows it, with what was wrong if it was refused.
func (s *Server) act(w http.ResponseWriter, r *http.Request, v *Visit, message string, do func(id string) error) error {
	id := r.PathValue("id")
	err := do(id)
	if err == nil {
		return s.done(w, r, v.Page.At("/unification/"+id), v.Page.T(message))
	}
	if fault.As(err) == nil {
		return err
	}
	m, loading := s.connectionModel(r.Context(), v, id)
	if loading != nil {
		return err
	}
	v.Page.Path = m.path(v.Page, "")
	return s.again(w, r, v, err, func(f refusal) templ.Component {
		m.refusal = f
		return connectionPage(v.Page, m)
	})
}

func (s *Server) acceptConnection(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.act(w, r, v, "unification.accepted", func(id string) error {
		_, err := s.app.AcceptConnection(r.Context(), v.Actor, id)
		return s.acceptedAlready(r.Context(), v, id, err)
	})
}

// acceptedAlready says of an invite that was accepted before, in another window or by somebody else, by whom and when.
func (s *Server) acceptedAlready(ctx context.Context, v *Visit, id string, err error) error {
	f := fault.As(err)
	if f == nil || f.Key != "connection.state" || f.Args["State"] != string(connection.Connected) {
		return err
	}
	e, missing := s.app.Acceptance(ctx, v.Actor, id)
	if missing != nil {
		return err
	}
	return fault.New(fault.Conflict, "connection.accepted_already", fault.Args{"Person": e.PersonName, "At": e.At})
}

func (s *Server) declineConnection(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.act(w, r, v, "unification.declined", func(id string) error {
		return s.app.DeclineConnection(r.Context(), v.Actor, id)
	})
}

func (s *Server) cancelInvite(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.act(w, r, v, "unification.cancelled", func(id string) error {
		return s.app.CancelInvite(r.Context(), v.Actor, id)
	})
}

func (s *Server) closeConnection(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.act(w, r, v, "unification.closed", func(id string) error {
		return s.app.CloseConnection(r.Context(), v.Actor, id, r.PostFormValue("stop_run") != "")
	})
}

func (s *Server) shareOrders(w http.ResponseWriter, r *http.Request, v *Visit) error {
	shares, message := r.PostFormValue("share") == "1", "unification.unshared"
	if shares {
		message = "unification.shared"
	}
	return s.act(w, r, v, message, func(id string) error { return s.app.ShareOrders(r.Context(), v.Actor, id, shares) })
}

func (s *Server) confirmDecline(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.confirmEnd(w, r, v, connection.Decline, confirmDeclinePage)
}

func (s *Server) confirmCancelInvite(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.confirmEnd(w, r, v, connection.Cancel, confirmCancelInvitePage)
}

func (s *Server) confirmEnd(
	w http.ResponseWriter, r *http.Request, v *Visit, action connection.Action, page func(*view.Page, link) templ.Component,
) error {
	c, err := s.app.Connection(r.Context(), v.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if _, err := c.Next(action, v.Actor, s.app.Clock.Now()); err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.unify")
	return s.show(w, r, page(v.Page, s.link(v, c)))
}

// closingModel is the question before a connection is closed.
type closingModel struct {
	link

	Closing app.Closing
}

func (s *Server) confirmClose(w http.ResponseWriter, r *http.Request, v *Visit) error {
	closing, err := s.app.PreviewClose(r.Context(), v.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	c, err := s.app.Connection(r.Context(), v.Actor, closing.Connection.ID)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.unify")
	return s.show(w, r, confirmClosePage(v.Page, closingModel{s.link(v, c), closing}))
}
