package channelv1

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"psc/internal/api"
)

// rest translates REST into the calls of a service by the google.api.http rules that its descriptor has, so that nothing has to be
// generated for what somebody else has described.
func rest(service protoreflect.ServiceDescriptor) api.Gateway {
	return func(_ context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
		var routes []route
		for i := range service.Methods().Len() {
			m := service.Methods().Get(i)
			rule, ok := proto.GetExtension(m.Options(), annotations.E_Http).(*annotations.HttpRule)
			if !ok || rule == nil {
				continue
			}
			for _, rule := range append([]*annotations.HttpRule{rule}, rule.GetAdditionalBindings()...) {
				routes = append(routes, newRoute(mux, conn, m, rule))
			}
		}
		// What comes last is tried first: a list of operations is no operation without a name.
		slices.SortStableFunc(routes, func(x, y route) int { return strings.Count(y.path, "**") - strings.Count(x.path, "**") })
		for _, t := range routes {
			if err := mux.HandlePath(t.verb, t.path, t.serve); err != nil {
				return err
			}
		}
		return nil
	}
}

// route is one way to a method.
type route struct {
	mux        *runtime.ServeMux
	conn       grpc.ClientConnInterface
	method     string // its full name
	in, out    protoreflect.FullName
	verb, path string
	body       string // the field that the body is, "*" for the whole request, or empty
}

func newRoute(mux *runtime.ServeMux, conn grpc.ClientConnInterface, m protoreflect.MethodDescriptor, rule *annotations.HttpRule) route {
	r := route{
		mux: mux, conn: conn, method: "/" + string(m.Parent().FullName()) + "/" + string(m.Name()),
		in: m.Input().FullName(), out: m.Output().FullName(), body: rule.GetBody(),
	}
	switch pattern := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		r.verb, r.path = http.MethodGet, pattern.Get
	case *annotations.HttpRule_Put:
		r.verb, r.path = http.MethodPut, pattern.Put
	case *annotations.HttpRule_Post:
		r.verb, r.path = http.MethodPost, pattern.Post
	case *annotations.HttpRule_Delete:
		r.verb, r.path = http.MethodDelete, pattern.Delete
	case *annotations.HttpRule_Patch:
		r.verb, r.path = http.MethodPatch, pattern.Patch
	}
	return r
}

func (t route) serve(w http.ResponseWriter, r *http.Request, params map[string]string) {
	inbound, outbound := runtime.MarshalerForRequest(t.mux, r)
	ctx, err := runtime.AnnotateContext(r.Context(), t.mux, r, t.method, runtime.WithHTTPPathPattern(t.path))
	var answer proto.Message
	if err == nil {
		answer, err = t.call(ctx, inbound, r, params)
	}
	if err != nil {
		runtime.HTTPError(ctx, t.mux, outbound, w, r, err)
		return
	}
	runtime.ForwardResponseMessage(ctx, t.mux, outbound, w, r, answer, t.mux.GetForwardResponseOptions()...)
}

func (t route) call(ctx context.Context, inbound runtime.Marshaler, r *http.Request, params map[string]string) (proto.Message, error) {
	request, answer, err := t.messages()
	if err != nil {
		return nil, err
	}
	if err := t.read(request, inbound, r, params); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return answer, t.conn.Invoke(ctx, t.method, request, answer)
}

func (t route) messages() (request, answer proto.Message, err error) {
	in, err := protoregistry.GlobalTypes.FindMessageByName(t.in)
	if err != nil {
		return nil, nil, err
	}
	out, err := protoregistry.GlobalTypes.FindMessageByName(t.out)
	if err != nil {
		return nil, nil, err
	}
	return in.New().Interface(), out.New().Interface(), nil
}

// read reads body, query and path into a request; what the path says stands above the rest.
func (t route) read(request proto.Message, inbound runtime.Marshaler, r *http.Request, params map[string]string) error {
	into := request
	if t.body != "" && t.body != "*" {
		m := request.ProtoReflect()
		into = m.Mutable(m.Descriptor().Fields().ByTextName(t.body)).Message().Interface()
	}
	if t.body != "" {
		if err := inbound.NewDecoder(r.Body).Decode(into); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	if t.body != "*" {
		said := [][]string{}
		if t.body != "" {
			said = append(said, []string{t.body})
		}
		for name := range params {
			said = append(said, strings.Split(name, "."))
		}
		if err := r.ParseForm(); err != nil {
			return err
		}
		if err := runtime.PopulateQueryParameters(request, r.Form, utilities.NewDoubleArray(said)); err != nil {
			return err
		}
	}
	for name, value := range params {
		if err := runtime.PopulateFieldFromPath(request, name, value); err != nil {
			return err
		}
	}
	return nil
}
