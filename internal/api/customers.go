package api

import (
	"context"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/money"
	pscv1 "psc/proto/psc/v1"
)

// ListCustomers implements pscv1.CustomerServiceServer.
func (o own) ListCustomers(ctx context.Context, r *pscv1.ListCustomersRequest) (*pscv1.ListCustomersResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	q, err := customerQuery(r)
	if err != nil {
		return nil, err
	}
	limit, after, err := readPage[app.Cursor](r, p.actor.ConsoleID, r.GetFilter(), r.GetOrderBy())
	if err != nil {
		return nil, err
	}
	q.Page = app.Page{After: after, Limit: limit}
	list, err := o.app.Customers(ctx, p.actor, q)
	if err != nil {
		return nil, err
	}
	answer := &pscv1.ListCustomersResponse{Customers: each(list.Rows, p.customer)}
	if list.HasNext {
		last := list.Rows[len(list.Rows)-1]
		answer.NextPageToken = nextPage(q.Order.Place(last), p.actor.ConsoleID, r.GetFilter(), r.GetOrderBy())
	}
	return answer, nil
}

// customerKeys are what a list of customers can be ordered by.
var customerKeys = map[string]app.CustomerKey{
	"": app.ByName, "org_display_name": app.ByName, "domain": app.ByDomain, "create_time": app.ByCreated,
	"next_renewal_date": app.ByRenewal, "seats": app.BySeats,
}

func customerQuery(r *pscv1.ListCustomersRequest) (q app.CustomerQuery, err error) {
	f := filterable{}
	f.one("state", func(s string) { q.State = customer.State(s) })
	f.one("search", func(s string) { q.Search = s })
	f.one("sku_id", func(s string) { q.SKUID = s })
	f.one("plan", func(s string) { q.Plan = catalog.Plan(s) })
	f.one("subscription_state", func(s string) { q.Status = customer.SubscriptionState(s) })
	f.one("suspension_reason", func(s string) { q.Reason = customer.SuspensionReason(s) })
	f.one("currency", func(s string) { q.Currency = money.Currency(s) })
	f.one("migration", func(s string) { q.Migration = app.MigrationPlace(s) })
	f.many("renews_within_days", "=", func(_, s string) (ok bool) { q.RenewsWithin, ok = number(s); return ok })
	f.many("seats", "= >= <=", func(operator, s string) bool {
		n, ok := number(s)
		if operator != "<=" {
			q.SeatsFrom = n
		}
		if operator != ">=" {
			q.SeatsTo = n
		}
		return ok
	})
	if err := f.apply(r.GetFilter()); err != nil {
		return q, err
	}
	key, down := strings.CutSuffix(strings.TrimSpace(r.GetOrderBy()), " desc")
	if q.Order.Key, q.Order.Down = customerKeys[key], down; q.Order.Key == "" {
		return q, fault.InvalidField("order_by", "api.order_by", fault.Args{"Field": key})
	}
	return q, nil
}

// GetCustomer implements pscv1.CustomerServiceServer.
func (o own) GetCustomer(ctx context.Context, r *pscv1.GetCustomerRequest) (*pscv1.Customer, error) {
	p, err := at(ctx, "name", r.GetName(), "customers")
	if err != nil {
		return nil, err
	}
	return o.customer(ctx, p)
}

// customer returns the customer of a name as it is now.
func (o own) customer(ctx context.Context, p place) (*pscv1.Customer, error) {
	record, err := o.app.Customer(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	return p.customer(record.Customer), nil
}

// CreateCustomer implements pscv1.CustomerServiceServer.
func (o own) CreateCustomer(ctx context.Context, r *pscv1.CreateCustomerRequest) (*pscv1.Customer, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	c := customer.ContactOf(contactIn(r.GetCustomer()))
	c.Domain = r.GetCustomer().GetDomain()
	if c, err = o.app.CreateCustomer(ctx, p.actor, c); err != nil {
		return nil, err
	}
	p.ids = []string{c.ID}
	return o.customer(ctx, p)
}

// UpdateCustomer implements pscv1.CustomerServiceServer.
func (o own) UpdateCustomer(ctx context.Context, r *pscv1.UpdateCustomerRequest) (*pscv1.Customer, error) {
	p, err := at(ctx, "customer.name", r.GetCustomer().GetName(), "customers")
	if err != nil {
		return nil, err
	}
	record, err := o.app.Customer(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	changed, err := masked(record.Customer, r.GetCustomer(), r.GetUpdateMask())
	if err != nil {
		return nil, err
	}
	seen := r.GetCustomer().GetEtag()
	if seen == "" { // of what was read just now, so that the fields not named stay what they are
		seen = app.ContactMark(record.Customer)
	}
	if err := o.app.EditContact(ctx, p.actor, changed, seen); err != nil {
		return nil, err
	}
	return o.customer(ctx, p)
}

// contactIn returns the message's contact data by name.
func contactIn(m *pscv1.Customer) func(name string) string {
	fields := m.ProtoReflect()
	return func(name string) string {
		return fields.Get(fields.Descriptor().Fields().ByName(protoName(name))).String()
	}
}

// masked returns the customer with the fields of m that the mask names.
func masked(c customer.Customer, m *pscv1.Customer, mask *fieldmaskpb.FieldMask) (customer.Customer, error) {
	known := map[string]string{}
	for _, f := range c.Contact() {
		known[f.Name] = f.Value
	}
	sent, paths := contactIn(m), mask.GetPaths()
	for _, path := range paths {
		if _, ok := known[path]; !ok && path != "*" {
			return c, fault.InvalidField("update_mask", "api.field_mask", fault.Args{"Field": path})
		}
	}
	changed := customer.ContactOf(func(name string) string {
		if slices.Contains(paths, name) || slices.Contains(paths, "*") || len(paths) == 0 && sent(name) != "" {
			return sent(name)
		}
		return known[name]
	})
	changed.ID = c.ID
	return changed, nil
}

func (p place) customer(c customer.Customer) *pscv1.Customer {
	m := &pscv1.Customer{
		Name: p.name("customers", c.ID), Id: c.ID, Domain: c.Domain, State: enum[pscv1.Customer_State](string(c.State)),
		TermsAcceptTime: instant(c.TOSAcceptedAt), CreateTime: instant(c.CreatedAt), MoveTime: instant(c.MovedAt),
		Migrating: c.MigrationID != "", Seats: c.Seats, NextRenewalDate: day(c.NextRenewal), Etag: app.ContactMark(c),
	}
	fields := m.ProtoReflect()
	for _, f := range c.Contact() {
		fields.Set(fields.Descriptor().Fields().ByName(protoName(f.Name)), protoText(f.Value))
	}
	return m
}
