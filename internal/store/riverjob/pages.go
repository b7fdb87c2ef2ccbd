package riverjob

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/riverqueue/river"
	"riverqueue.com/riverui"
)

// Pages returns River's own pages about the jobs, below a path. They work until ctx ends.
func Pages[TTx any](ctx context.Context, client *river.Client[TTx], path string, log *slog.Logger) (http.Handler, error) {
	pages, err := riverui.NewHandler(&riverui.HandlerOpts{
		Endpoints: riverui.NewEndpoints(client, nil), Logger: log, Prefix: path,
		JobListHideArgsByDefault: true,
	})
	if err != nil {
		return nil, err
	}
	return pages, pages.Start(ctx)
}
