package api

import (
	"context"
	"net/url"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"

	"psc/internal/app"
	pscv1 "psc/proto/psc/v1"
)

// own implements the services of psc.v1.
type own struct{ app *app.App }

// ownPart is the product's own API: psc.v1.
func ownPart(a *app.App, base *url.URL) Part {
	o := own{a}
	v := vendor{o, base}
	return Part{
		Services: func(r grpc.ServiceRegistrar) {
			pscv1.RegisterAuditServiceServer(r, o)
			pscv1.RegisterBillingAccountServiceServer(r, o)
			pscv1.RegisterCaseServiceServer(r, o)
			pscv1.RegisterCatalogServiceServer(r, o)
			pscv1.RegisterConnectionServiceServer(r, o)
			pscv1.RegisterConsoleServiceServer(r, o)
			pscv1.RegisterCustomerServiceServer(r, o)
			pscv1.RegisterInvoiceServiceServer(r, o)
			pscv1.RegisterMigrationServiceServer(r, o)
			pscv1.RegisterNoticeServiceServer(r, o)
			pscv1.RegisterOperationServiceServer(r, o)
			pscv1.RegisterOrderServiceServer(r, o)
			pscv1.RegisterSubscriptionServiceServer(r, o)
			pscv1.RegisterUserServiceServer(r, o)
			pscv1.RegisterWebhookServiceServer(r, o)
			pscv1.RegisterIssuerServiceServer(r, v)
			pscv1.RegisterMonthServiceServer(r, v)
			pscv1.RegisterPersonServiceServer(r, v)
			pscv1.RegisterSettingServiceServer(r, v)
			pscv1.RegisterVendorAccountServiceServer(r, v)
			pscv1.RegisterVendorAuditServiceServer(r, v)
			pscv1.RegisterVendorCaseServiceServer(r, v)
			pscv1.RegisterVendorCatalogServiceServer(r, v)
			pscv1.RegisterVendorConsoleServiceServer(r, v)
			pscv1.RegisterVendorOrderServiceServer(r, v)
		},
		Gateway: []Gateway{
			gateway(pscv1.NewAuditServiceClient, pscv1.RegisterAuditServiceHandlerClient),
			gateway(pscv1.NewBillingAccountServiceClient, pscv1.RegisterBillingAccountServiceHandlerClient),
			gateway(pscv1.NewCaseServiceClient, pscv1.RegisterCaseServiceHandlerClient),
			gateway(pscv1.NewCatalogServiceClient, pscv1.RegisterCatalogServiceHandlerClient),
			gateway(pscv1.NewConnectionServiceClient, pscv1.RegisterConnectionServiceHandlerClient),
			gateway(pscv1.NewConsoleServiceClient, pscv1.RegisterConsoleServiceHandlerClient),
			gateway(pscv1.NewCustomerServiceClient, pscv1.RegisterCustomerServiceHandlerClient),
			gateway(pscv1.NewInvoiceServiceClient, pscv1.RegisterInvoiceServiceHandlerClient),
			gateway(pscv1.NewMigrationServiceClient, pscv1.RegisterMigrationServiceHandlerClient),
			gateway(pscv1.NewNoticeServiceClient, pscv1.RegisterNoticeServiceHandlerClient),
			gateway(pscv1.NewOperationServiceClient, pscv1.RegisterOperationServiceHandlerClient),
			gateway(pscv1.NewOrderServiceClient, pscv1.RegisterOrderServiceHandlerClient),
			gateway(pscv1.NewSubscriptionServiceClient, pscv1.RegisterSubscriptionServiceHandlerClient),
			gateway(pscv1.NewUserServiceClient, pscv1.RegisterUserServiceHandlerClient),
			gateway(pscv1.NewWebhookServiceClient, pscv1.RegisterWebhookServiceHandlerClient),
			gateway(pscv1.NewIssuerServiceClient, pscv1.RegisterIssuerServiceHandlerClient),
			gateway(pscv1.NewMonthServiceClient, pscv1.RegisterMonthServiceHandlerClient),
			gateway(pscv1.NewPersonServiceClient, pscv1.RegisterPersonServiceHandlerClient),
			gateway(pscv1.NewSettingServiceClient, pscv1.RegisterSettingServiceHandlerClient),
			gateway(pscv1.NewVendorAccountServiceClient, pscv1.RegisterVendorAccountServiceHandlerClient),
			gateway(pscv1.NewVendorAuditServiceClient, pscv1.RegisterVendorAuditServiceHandlerClient),
			gateway(pscv1.NewVendorCaseServiceClient, pscv1.RegisterVendorCaseServiceHandlerClient),
			gateway(pscv1.NewVendorCatalogServiceClient, pscv1.RegisterVendorCatalogServiceHandlerClient),
			gateway(pscv1.NewVendorConsoleServiceClient, pscv1.RegisterVendorConsoleServiceHandlerClient),
			gateway(pscv1.NewVendorOrderServiceClient, pscv1.RegisterVendorOrderServiceHandlerClient),
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
