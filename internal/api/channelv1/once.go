package channelv1

import (
	"context"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/proto"

	"psc/internal/api"
	"psc/internal/app"
)

// repeatable is a request that can be sent again.
type repeatable interface {
	proto.Message
	GetRequestId() string
}

// once does what a request asks for, unless it was done before under the same request_id: then it answers what it answered then.
func (s *service) once(
	ctx context.Context, method string, r repeatable, do func(context.Context) (*longrunningpb.Operation, error),
) (*longrunningpb.Operation, error) {
	exactly := proto.MarshalOptions{Deterministic: true}
	body, err := exactly.Marshal(r)
	if err != nil {
		return nil, err
	}
	c := api.CallerOf(ctx)
	caller := app.Caller{TokenID: c.TokenID, Owner: c.TokenID, Actor: c.Actor, Console: c.Console}
	answer, _, err := s.app.Once(ctx, caller, app.Request{Key: r.GetRequestId(), Method: "cloudchannel." + method, Body: body}, func(ctx context.Context) ([]byte, error) {
		op, err := do(ctx)
		if err != nil {
			return nil, err
		}
		return exactly.Marshal(op)
	})
	if err != nil {
		return nil, err
	}
	op := &longrunningpb.Operation{}
	return op, proto.Unmarshal(answer, op)
}
