package api

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// local calls the methods of this process as a client would, through the same interceptor and without a connection.
type local struct {
	intercept grpc.UnaryServerInterceptor
	methods   map[string]localMethod // by full name
}

type localMethod struct {
	impl any
	call grpc.MethodHandler
}

// RegisterService implements grpc.ServiceRegistrar.
func (l *local) RegisterService(desc *grpc.ServiceDesc, impl any) {
	for _, m := range desc.Methods {
		l.methods["/"+desc.ServiceName+"/"+m.MethodName] = localMethod{impl, m.Handler}
	}
}

// Invoke implements grpc.ClientConnInterface. The request and the answer are copied, so that neither side holds what is the other's.
func (l *local) Invoke(ctx context.Context, method string, args, reply any, _ ...grpc.CallOption) error {
	m, ok := l.methods[method]
	if !ok {
		return status.Error(codes.Unimplemented, "unknown method "+method)
	}
	sent, _ := metadata.FromOutgoingContext(ctx)
	answer, err := m.call(m.impl, metadata.NewIncomingContext(ctx, sent), func(into any) error { return copyMessage(into, args) }, l.intercept)
	if err != nil {
		return err
	}
	return copyMessage(reply, answer)
}

func copyMessage(into, from any) error {
	to, ok := into.(proto.Message)
	source, fits := from.(proto.Message)
	if !ok || !fits {
		return status.Errorf(codes.Internal, "%T or %T is no message", into, from)
	}
	proto.Merge(to, source)
	return nil
}

// NewStream implements grpc.ClientConnInterface; no method here streams.
func (l *local) NewStream(_ context.Context, _ *grpc.StreamDesc, method string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, method+" does not stream")
}
