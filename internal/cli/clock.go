package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"psc/internal/app"
)

type clockJSON struct {
	Now     time.Time `json:"now"`
	Zone    string    `json:"billing_zone"`
	Sandbox bool      `json:"sandbox"`
}

func clockCommand(t *Terminal) *cobra.Command {
	return t.slice(
		"clock",
		t.verb("clock", "show", outside, cobra.NoArgs, func(_ context.Context, s *session, _ []string) error {
			return s.clock(s.Clock.Now())
		}),
		t.verb("clock", "advance day|week|month", outside, cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
			now, err := s.AdvanceClock(ctx, s.actor, app.ClockStep(args[0]))
			if err != nil {
				return err
			}
			return s.clock(now)
		}),
	)
}

func (s *session) clock(now time.Time) error {
	j := clockJSON{now, s.Config.BillingZone.String(), s.Config.Sandbox}
	return s.Result(j, now.Format(time.RFC3339), s.when(now))
}
