package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"

	"psc/internal/app"
)

// reading are the beginnings of the names of methods that change nothing: a key means nothing to them.
var reading = []string{"Get", "List", "Search", "Lookup", "Query", "Check", "Preview", "Wait", "Count", "Report"}

// secret are the methods that answer with what is told once and kept nowhere: a repeat makes another.
var secret = []string{"OfferPasswordReset", "CreateTransferToken", "CreateWebhook", "RotateWebhookSecret"}

// once calls the handler, or answers as it did before if the caller repeats a request. A key stands in the field request_id or
// in the header Idempotency-Key.
func (s *Server) once(ctx context.Context, caller Caller, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	message, ok := request.(proto.Message)
	key := header(ctx, "idempotency-key")
	if ok {
		key = keyOf(message, key)
	}
	method := info.FullMethod[strings.LastIndex(info.FullMethod, "/")+1:]
	if key == "" || !ok || slices.Contains(secret, method) || slices.ContainsFunc(reading, func(p string) bool { return strings.HasPrefix(method, p) }) {
		return handler(ctx, request)
	}
	body, err := bodyOf(message)
	if err != nil {
		return nil, err
	}
	answer, _, err := s.app.Once(ctx, caller, app.Request{Key: key, Method: info.FullMethod, Body: body}, func(ctx context.Context) ([]byte, error) {
		reply, err := handler(ctx, request)
		if err != nil {
			return nil, err
		}
		said, ok := reply.(proto.Message)
		if !ok {
			return nil, fmt.Errorf("%s answers with %T", info.FullMethod, reply)
		}
		packed, err := anypb.New(said)
		if err != nil {
			return nil, err
		}
		return proto.Marshal(packed)
	})
	if err != nil {
		return nil, err
	}
	var packed anypb.Any
	if err := proto.Unmarshal(answer, &packed); err != nil {
		return nil, err
	}
	return packed.UnmarshalNew()
}

// keyOf returns the key of a request. One that only tries what it would do has none.
func keyOf(message proto.Message, header string) string {
	m := message.ProtoReflect()
	if f := m.Descriptor().Fields().ByName("validate_only"); f != nil && f.Kind() == protoreflect.BoolKind && m.Get(f).Bool() {
		return ""
	}
	if f := requestID(m); f != nil && m.Get(f).String() != "" {
		return m.Get(f).String()
	}
	return header
}

// bodyOf is what a request asks for, without the key.
func bodyOf(message proto.Message) ([]byte, error) {
	body := proto.Clone(message)
	if f := requestID(body.ProtoReflect()); f != nil {
		body.ProtoReflect().Clear(f)
	}
	return proto.MarshalOptions{Deterministic: true}.Marshal(body)
}

func requestID(m protoreflect.Message) protoreflect.FieldDescriptor {
	if f := m.Descriptor().Fields().ByName("request_id"); f != nil && f.Kind() == protoreflect.StringKind && !f.IsList() {
		return f
	}
	return nil
}
