package api

import (
	"context"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"

	"psc/internal/app"
	pscv1 "psc/proto/psc/v1"
)

// own implements the services of psc.v1.
type own struct{ app *app.App }

// ownPart is the product's own API: psc.v1.
func ownPart(a *app.App) Part {
	o := own{a}
	return Part{
		Services: func(r grpc.ServiceRegistrar) {
			pscv1.RegisterConsoleServiceServer(r, o)
			pscv1.RegisterCustomerServiceServer(r, o)
		},
		Gateway: []Gateway{
			gateway(pscv1.NewConsoleServiceClient, pscv1.RegisterConsoleServiceHandlerClient),
			gateway(pscv1.NewCustomerServiceClient, pscv1.RegisterCustomerServiceHandlerClient),
		},
	}
}

func gateway[C any](
	client func(grpc.ClientConnInterface) C, register func(context.Context, *runtime.ServeMux, C) error,
) Gateway {
	return func(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
		return register(ctx, mux, client(conn))
	}
}
