package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/connection"
	"psc/internal/fault"
)

type connectionJSON struct {
	ID            string           `json:"id"`
	Side          connection.Side  `json:"side"` // of the console that asks
	State         connection.State `json:"state"`
	Reason        string           `json:"reason,omitempty"`
	OtherConsole  string           `json:"other_account_id"`
	OtherName     string           `json:"other_name,omitempty"`
	OtherReseller string           `json:"other_reseller,omitempty"`
	InvitedAt     time.Time        `json:"invited_at"`
	ExpiresAt     time.Time        `json:"expires_at"`
	AcceptedAt    time.Time        `json:"accepted_at,omitzero"`
	MayStartAt    time.Time        `json:"may_start_at,omitzero"`
	EndedAt       time.Time        `json:"ended_at,omitzero"`
	EvaluatedAt   time.Time        `json:"evaluated_at,omitzero"`
	SharesOrders  bool             `json:"shares_orders"`
}

func newConnectionJSON(v app.ConnectionView) connectionJSON {
	return connectionJSON{
		v.ID, v.Side, v.State, v.Reason, string(v.AccountID), v.Name, v.Reseller, v.InvitedAt, v.ExpiresAt, v.AcceptedAt,
		v.MayStartAt, v.EndedAt, v.EvaluatedAt, v.SharesOrders,
	}
}

type connectionPageJSON struct {
	connectionJSON

	Ready       int                  `json:"ready"`
	NotReady    int                  `json:"not_ready"`
	OnlyWaiting int                  `json:"only_waiting"` // of those not ready: for no other reason than the waiting period
	EndsInvites int                  `json:"ends_invites"` // what accepting would end
	Missing     []missingAccountJSON `json:"missing_accounts"`
}

type missingAccountJSON struct {
	Currency     string `json:"currency"`
	ProductGroup string `json:"product_group"`
	Customers    int64  `json:"customers"`
}

func newMissingAccountJSON(m app.MissingAccount) missingAccountJSON {
	return missingAccountJSON{string(m.Currency), string(m.Group), m.Customers}
}

func connectionCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"connection",
		t.verb("connection", "list", inConsole, cobra.NoArgs, listConnections),
		t.verb("connection", "show ID", inConsole, cobra.ExactArgs(1), showConnection),
		t.verb("connection", "invite ACCOUNT_ID", inConsole, cobra.ExactArgs(1), inviteConsole),
		acceptConnection(t),
		t.verb("connection", "decline ID", inConsole, cobra.ExactArgs(1), declineConnection),
		t.verb("connection", "cancel ID", inConsole, cobra.ExactArgs(1), cancelInvite),
		closeConnection(t),
		t.verb("connection", "share-orders ID on|off", inConsole, cobra.ExactArgs(2), shareOrders),
	)
}

func listConnections(ctx context.Context, s *session, _ []string) error {
	list, err := s.Connections(ctx, s.actor)
	if err != nil {
		return err
	}
	tab := table{columns: []string{"ident", "side", "state", "other_console", "name", "invited", "may_start"}}
	for _, v := range list {
		tab.add(v.ID, word(s.Terminal, "side", v.Side), word(s.Terminal, "connection_state.short", v.State), string(v.AccountID), v.Name, s.when(v.InvitedAt), s.when(v.MayStartAt))
	}
	return s.Table(collected(list, newConnectionJSON), tab)
}

func showConnection(ctx context.Context, s *session, args []string) error {
	p, err := s.Connection(ctx, s.actor, args[0])
	if err != nil {
		return err
	}
	j := connectionPageJSON{
		connectionJSON: newConnectionJSON(p.ConnectionView), Ready: p.Ready, NotReady: p.NotReady, OnlyWaiting: p.OnlyWaiting, EndsInvites: p.EndsInvites,
		Missing: collected(p.Missing, newMissingAccountJSON),
	}
	if s.JSON || s.Quiet {
		return s.Result(j, p.ID, "")
	}
	pairs := []string{
		"ident", p.ID, "side", word(s.Terminal, "side", p.Side), "state", word(s.Terminal, "connection_state.short", p.State), "other_console", string(p.AccountID), "name", p.Name,
		"reseller", p.Reseller, "invited", s.when(p.InvitedAt), "expires", s.when(p.ExpiresAt), "accepted", s.when(p.AcceptedAt),
		"may_start", s.when(p.MayStartAt), "ended", s.when(p.EndedAt), "evaluated", s.when(p.EvaluatedAt),
	}
	if p.State == connection.Connected {
		pairs = append(pairs, "ready", s.Say.Num(int64(p.Ready)), "not_ready", s.Say.Num(int64(p.NotReady)))
	}
	s.record(pairs...)
	for _, m := range p.Missing {
		s.Line(s.Say.T("cli.connection.missing", "Currency", string(m.Currency), "Group", m.Group.Name(), "Count", m.Customers))
	}
	return nil
}

func inviteConsole(ctx context.Context, s *session, args []string) error {
	c, err := s.InviteConsole(ctx, s.actor, args[0])
	if err != nil {
		return err
	}
	return s.afterwards(ctx, c.ID, s.Say.T("cli.connection.invited", "ID", c.ID, "Until", c.ExpiresAt))
}

func acceptConnection(t *Terminal) *cobra.Command {
	var wait bool
	cmd := t.verb("connection", "accept ID", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		c, err := s.AcceptConnection(ctx, s.actor, args[0])
		if err != nil {
			return err
		}
		if wait {
			if err := s.awaitEvaluation(ctx, c.ID); err != nil {
				return err
			}
		}
		return s.afterwards(ctx, c.ID, s.Say.T("cli.connection.accepted", "From", c.MayStartAt))
	})
	t.yes(cmd, &wait, "wait")
	return cmd
}

// awaitEvaluation waits until psc serve or psc work has found out who of the new source's customers is ready.
func (s *session) awaitEvaluation(ctx context.Context, id string) error {
	for looks := 1; ; looks++ {
		p, err := s.Connection(ctx, s.actor, id)
		if err != nil || !p.EvaluatedAt.IsZero() {
			return err
		}
		if looks == looksInDoubt {
			s.Tell(s.Say.T("cli.nobody_works"))
		}
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
	}
}

// afterwards writes how a connection stands now.
func (s *session) afterwards(ctx context.Context, id, sentence string) error {
	p, err := s.Connection(ctx, s.actor, id)
	if err != nil {
		return err
	}
	return s.Result(newConnectionJSON(p.ConnectionView), id, sentence)
}

func declineConnection(ctx context.Context, s *session, args []string) error {
	if err := s.DeclineConnection(ctx, s.actor, args[0]); err != nil {
		return err
	}
	return s.afterwards(ctx, args[0], s.Say.T("cli.connection.declined"))
}

func cancelInvite(ctx context.Context, s *session, args []string) error {
	if err := s.CancelInvite(ctx, s.actor, args[0]); err != nil {
		return err
	}
	return s.afterwards(ctx, args[0], s.Say.T("cli.connection.cancelled"))
}

// closeConnection wants --yes after saying what closing undoes (spec C6).
func closeConnection(t *Terminal) *cobra.Command {
	var yes, stopRun bool
	cmd := t.verb("connection", "close ID", inConsole, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		if !yes {
			p, err := s.PreviewClose(ctx, s.actor, args[0])
			if err != nil {
				return err
			}
			return fault.New(fault.Precondition, "cli.connection.unconfirmed", fault.Args{"Open": p.Open, "Migrating": p.Migrating})
		}
		if err := s.CloseConnection(ctx, s.actor, args[0], stopRun); err != nil {
			return err
		}
		return s.afterwards(ctx, args[0], s.Say.T("cli.connection.closed"))
	})
	t.yes(cmd, &yes, "yes")
	t.yes(cmd, &stopRun, "stop-run")
	return cmd
}

func shareOrders(ctx context.Context, s *session, args []string) error {
	on, ok := map[string]bool{"on": true, "off": false}[args[1]]
	if !ok {
		return fault.New(fault.Invalid, "cli.on_off", nil)
	}
	if err := s.ShareOrders(ctx, s.actor, args[0], on); err != nil {
		return err
	}
	key := "cli.connection.unshared"
	if on {
		key = "cli.connection.shared"
	}
	return s.afterwards(ctx, args[0], s.Say.T(key))
}
