// Package channelv1 speaks the Cloud Channel API v1 (google.cloud.channel.v1.CloudChannelService), so that what was written for it
// works here unchanged. docs/cloud-channel.md says what stands for what, and what differs.
package channelv1

import (
	"context"
	"strings"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"psc/internal/api"
	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
)

// Part returns the API as a part of the port.
func Part(a *app.App) api.Part {
	channel := &service{app: a}
	return api.Part{
		Services: func(r grpc.ServiceRegistrar) {
			channelpb.RegisterCloudChannelServiceServer(r, channel)
			longrunningpb.RegisterOperationsServer(r, &operations{service: channel})
		},
		Gateway: []api.Gateway{
			rest(channelpb.File_google_cloud_channel_v1_service_proto.Services().ByName("CloudChannelService")),
			rest(longrunningpb.File_google_longrunning_operations_proto.Services().ByName("Operations")),
		},
	}
}

type service struct {
	channelpb.UnimplementedCloudChannelServiceServer

	app *app.App
}

// place is where a call acts: who acts, in which console, and the IDs that the resource's name has after it.
type place struct {
	console.Actor

	account string // accounts/{account}
	ids     []string
}

// at reads a resource name such as accounts/{account}/customers/{customer}, kinds being what stands after the account; field says
// where the name stood. The account is the account ID of the caller's console. Every other, and one that does not exist, is the same
// "not found".
func at(ctx context.Context, field, name string, kinds ...string) (place, error) {
	parts := strings.Split(name, "/")
	if len(parts) > 3 && parts[2] == "channelPartnerLinks" && (len(kinds) == 0 || kinds[0] != parts[2]) {
		return place{}, noLinks()
	}
	ids, err := idsOf(field, name, append([]string{"accounts"}, kinds...)...)
	if err != nil {
		return place{}, err
	}
	caller := api.CallerOf(ctx)
	id, err := console.ParseAccountID(ids[0])
	if err != nil || id != caller.Console.AccountID {
		return place{}, fault.New(fault.NotFound, "console.not_found", nil)
	}
	return place{Actor: caller.Actor, account: "accounts/" + string(id), ids: ids[1:]}, nil
}

// idsOf reads the IDs of a name that is made of these kinds.
func idsOf(field, name string, kinds ...string) ([]string, error) {
	parts := strings.Split(name, "/")
	fits := len(parts) == 2*len(kinds)
	ids := make([]string, len(kinds))
	for i := 0; fits && i < len(kinds); i++ {
		ids[i] = parts[2*i+1]
		fits = parts[2*i] == kinds[i] && ids[i] != ""
	}
	if !fits {
		return nil, fault.InvalidField(field, "api.name", fault.Args{"Pattern": strings.Join(kinds, "/*/") + "/*"})
	}
	return ids, nil
}

// name writes the name of what stands in the account: pairs of kind and ID.
func (p place) name(parts ...string) string { return p.account + "/" + strings.Join(parts, "/") }

func required(field string) error { return fault.InvalidField(field, "channel.required", nil) }

func unimplemented(why string) error { return status.Error(codes.Unimplemented, why) }

func noLinks() error {
	return unimplemented("There are no channel partner links: a connection of consoles is not a distributor's link to an indirect reseller.")
}
