package channelv1

import (
	"context"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"google.golang.org/protobuf/types/known/emptypb"
)

// What is not here says why. Methods that are not named at all answer UNIMPLEMENTED by themselves.

func noRepricing() error {
	return unimplemented("There is no repricing: what a reseller asks of its customers is not kept here.")
}

// ListChannelPartnerLinks implements channelpb.CloudChannelServiceServer.
func (*service) ListChannelPartnerLinks(context.Context, *channelpb.ListChannelPartnerLinksRequest) (*channelpb.ListChannelPartnerLinksResponse, error) {
	return nil, noLinks()
}

// GetChannelPartnerLink implements channelpb.CloudChannelServiceServer.
func (*service) GetChannelPartnerLink(context.Context, *channelpb.GetChannelPartnerLinkRequest) (*channelpb.ChannelPartnerLink, error) {
	return nil, noLinks()
}

// CreateChannelPartnerLink implements channelpb.CloudChannelServiceServer.
func (*service) CreateChannelPartnerLink(context.Context, *channelpb.CreateChannelPartnerLinkRequest) (*channelpb.ChannelPartnerLink, error) {
	return nil, noLinks()
}

// UpdateChannelPartnerLink implements channelpb.CloudChannelServiceServer.
func (*service) UpdateChannelPartnerLink(context.Context, *channelpb.UpdateChannelPartnerLinkRequest) (*channelpb.ChannelPartnerLink, error) {
	return nil, noLinks()
}

// GetCustomerRepricingConfig implements channelpb.CloudChannelServiceServer.
func (*service) GetCustomerRepricingConfig(context.Context, *channelpb.GetCustomerRepricingConfigRequest) (*channelpb.CustomerRepricingConfig, error) {
	return nil, noRepricing()
}

// ListCustomerRepricingConfigs implements channelpb.CloudChannelServiceServer.
func (*service) ListCustomerRepricingConfigs(
	context.Context, *channelpb.ListCustomerRepricingConfigsRequest,
) (*channelpb.ListCustomerRepricingConfigsResponse, error) {
	return nil, noRepricing()
}

// CreateCustomerRepricingConfig implements channelpb.CloudChannelServiceServer.
func (*service) CreateCustomerRepricingConfig(
	context.Context, *channelpb.CreateCustomerRepricingConfigRequest,
) (*channelpb.CustomerRepricingConfig, error) {
	return nil, noRepricing()
}

// UpdateCustomerRepricingConfig implements channelpb.CloudChannelServiceServer.
func (*service) UpdateCustomerRepricingConfig(
	context.Context, *channelpb.UpdateCustomerRepricingConfigRequest,
) (*channelpb.CustomerRepricingConfig, error) {
	return nil, noRepricing()
}

// DeleteCustomerRepricingConfig implements channelpb.CloudChannelServiceServer.
func (*service) DeleteCustomerRepricingConfig(context.Context, *channelpb.DeleteCustomerRepricingConfigRequest) (*emptypb.Empty, error) {
	return nil, noRepricing()
}

// GetChannelPartnerRepricingConfig implements channelpb.CloudChannelServiceServer.
func (*service) GetChannelPartnerRepricingConfig(
	context.Context, *channelpb.GetChannelPartnerRepricingConfigRequest,
) (*channelpb.ChannelPartnerRepricingConfig, error) {
	return nil, noRepricing()
}

// ListChannelPartnerRepricingConfigs implements channelpb.CloudChannelServiceServer.
func (*service) ListChannelPartnerRepricingConfigs(
	context.Context, *channelpb.ListChannelPartnerRepricingConfigsRequest,
) (*channelpb.ListChannelPartnerRepricingConfigsResponse, error) {
	return nil, noRepricing()
}

// CreateChannelPartnerRepricingConfig implements channelpb.CloudChannelServiceServer.
func (*service) CreateChannelPartnerRepricingConfig(
	context.Context, *channelpb.CreateChannelPartnerRepricingConfigRequest,
) (*channelpb.ChannelPartnerRepricingConfig, error) {
	return nil, noRepricing()
}

// UpdateChannelPartnerRepricingConfig implements channelpb.CloudChannelServiceServer.
func (*service) UpdateChannelPartnerRepricingConfig(
	context.Context, *channelpb.UpdateChannelPartnerRepricingConfigRequest,
) (*channelpb.ChannelPartnerRepricingConfig, error) {
	return nil, noRepricing()
}

// DeleteChannelPartnerRepricingConfig implements channelpb.CloudChannelServiceServer.
func (*service) DeleteChannelPartnerRepricingConfig(
	context.Context, *channelpb.DeleteChannelPartnerRepricingConfigRequest,
) (*emptypb.Empty, error) {
	return nil, noRepricing()
}
