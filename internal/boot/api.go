package boot

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"

	"psc/internal/api"
	"psc/internal/api/channelv1"
	"psc/internal/api/oauth"
	"psc/internal/api/resellerv1"
	"psc/internal/app"
	"psc/internal/web"
)

// programs puts together what programs call. A further API on this port is one more of the Parts.
func (b *bootstrap) programs(ctx context.Context, a *app.App, log *slog.Logger, base *url.URL) (*api.Server, error) {
	endpoint := oauth.Endpoint{App: a, Catalog: b.catalog, Log: log, BaseURL: base, Address: func(r *http.Request) string {
		return web.ClientAddress(r, b.opt.ClientIPHeader)
	}}
	return api.New(context.WithoutCancel(ctx), a, b.catalog, log, api.Config{
		BaseURL: base, Parts: []api.Part{channelv1.Part(a), resellerv1.Part(a, base), endpoint.Part()},
		Authenticate: a.Caller,
	})
}
