package channelv1_test

import (
	"slices"
	"strings"
	"testing"

	channel "cloud.google.com/go/channel/apiv1"
	"cloud.google.com/go/channel/apiv1/channelpb"
	"google.golang.org/grpc/codes"

	"psc/internal/apptest"
)

// TestSubscribersAreWebhooks with Google's clients over gRPC and REST.
func TestSubscribersAreWebhooks(t *testing.T) {
	t.Parallel()
	for name, client := range map[string]func(*world, string) *channel.CloudChannelClient{"grpc": (*world).client, "rest": (*world).restClient} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ctx, c, parent := t.Context(), client(w, w.A.Name), account(w.A)
			register := func(address string) (string, error) {
				r, err := c.RegisterSubscriber(ctx, &channelpb.RegisterSubscriberRequest{Account: parent, ServiceAccount: address})
				return r.GetTopic(), err
			}
			_, err := register("robot@project.iam.gserviceaccount.com")
			wantCode(t, err, codes.InvalidArgument)
			_, err = register("http://a.example/")
			wantCode(t, err, codes.InvalidArgument)
			topic, err := register("https://a.example/")
			w.Must(err)
			again, err := register("https://a.example/")
			w.Must(err)
			_, err = register("https://b.example/")
			w.Must(err)
			hooks, err := w.Webhooks(ctx, apptest.Admin(w.A))
			w.Must(err)
			if len(hooks) != 2 || topic != again || topic != "consoles/"+string(w.A.AccountID)+"/webhooks/"+hooks[0].ID {
				t.Errorf("%s, %s: %+v", topic, again, hooks)
			}
			list := all(t, c.ListSubscribers(ctx, &channelpb.ListSubscribersRequest{Account: parent, PageSize: 1}).Next)
			if !slices.Equal(list, []string{"https://a.example/", "https://b.example/"}) {
				t.Errorf("%v", list)
			}
			stranger := client(w, w.B.Name)
			_, err = stranger.UnregisterSubscriber(ctx, &channelpb.UnregisterSubscriberRequest{Account: parent, ServiceAccount: "https://a.example/"})
			wantCode(t, err, codes.NotFound)
			if others := all(t, stranger.ListSubscribers(ctx, &channelpb.ListSubscribersRequest{Account: account(w.B)}).Next); len(others) != 0 {
				t.Errorf("%v", others)
			}
			gone, err := c.UnregisterSubscriber(ctx, &channelpb.UnregisterSubscriberRequest{Account: parent, ServiceAccount: "https://a.example/"})
			w.Must(err)
			_, err = c.UnregisterSubscriber(ctx, &channelpb.UnregisterSubscriberRequest{Account: parent, ServiceAccount: "https://a.example/"})
			wantCode(t, err, codes.NotFound)
			if gone.GetTopic() != topic || !strings.HasPrefix(topic, "consoles/") {
				t.Errorf("%s", gone.GetTopic())
			}
		})
	}
}
