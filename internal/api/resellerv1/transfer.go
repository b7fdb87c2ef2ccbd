package resellerv1

import (
	"context"
	"strings"

	"google.golang.org/api/reseller/v1"

	"psc/internal/app"
	"psc/internal/customer"
	"psc/internal/fault"
)

// authToken is the parameter in which a customer of another console lets this one have its subscriptions.
const authToken = "customerAuthToken"

// consented refuses a token that is not of a customer of this domain.
func (s *service) consented(ctx context.Context, c call, domain string) error {
	from, err := s.app.CustomerOfToken(ctx, c.Actor, c.query.Get(authToken))
	if err == nil && !strings.EqualFold(from.Domain, strings.TrimSpace(domain)) {
		err = fault.New(fault.Forbidden, tokenRefused, nil)
	}
	return err
}

// tokenRefused is what every token is told that opens nothing for a customer.
const tokenRefused = "transfer.token"

// takeOver has the customer get all subscriptions that it has in another console, and answers with that of the SKU. Clients insert one
// after the other: what came along with the first is there.
func (s *service) takeOver(ctx context.Context, c call, cust customer.Customer, sku string) (any, error) {
	token := c.query.Get(authToken)
	list, err := s.app.TransferableTo(ctx, c.Actor, cust.ID, token)
	if fault.Is(err, tokenRefused) {
		return s.cameAlong(ctx, c, cust, sku, err)
	}
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		if t.SKUID == sku {
			c.ids = []string{cust.ID, t.ID}
			if _, err := s.app.TakeOver(ctx, c.Actor, app.TransferIn{CustomerID: cust.ID, Token: token}); err != nil {
				return nil, err
			}
			return s.getSubscription(ctx, c)
		}
	}
	return nil, fault.InvalidField("skuId", "reseller.value", nil)
}

// cameAlong answers with the subscription of a SKU that was taken over and not changed since, or else with the refusal.
func (s *service) cameAlong(ctx context.Context, c call, cust customer.Customer, sku string, refusal error) (any, error) {
	record, err := s.record(ctx, c, cust.ID)
	if err != nil {
		return nil, err
	}
	for _, l := range record.Subscriptions {
		if l.SKUID != sku || l.State == customer.SubCancelled {
			continue
		}
		orders, err := s.app.Orders(ctx, c.Actor, app.OrderFilter{CustomerID: cust.ID, SubscriptionID: l.ID}, "", 1)
		if err != nil {
			return nil, err
		}
		if len(orders) > 0 && orders[0].Action == customer.OrderTransferredIn {
			return s.subscription(c, cust, l), nil
		}
	}
	return nil, refusal
}

// listTransferable lists what the token of a customer of another console lets this one's customer of the same domain have.
func (s *service) listTransferable(ctx context.Context, c call) (any, error) {
	if err := require(needed{"customerId" + parameters, c.query.Get("customerId")}); err != nil {
		return nil, err
	}
	c.ids = []string{c.query.Get("customerId")}
	cust, err := s.find(ctx, c)
	if err != nil {
		return nil, err
	}
	list, err := s.app.TransferableTo(ctx, c.Actor, cust.ID, c.query.Get(authToken))
	if err != nil {
		return nil, err
	}
	out := &reseller.Subscriptions{Kind: listKind}
	for _, t := range list {
		one := s.subscription(c, cust, app.SubscriptionLine{Subscription: t.Subscription, SKU: t.SKU})
		one.TransferInfo = &reseller.SubscriptionTransferInfo{MinimumTransferableSeats: t.Seats}
		out.Subscriptions = append(out.Subscriptions, one)
	}
	return out, nil
}
