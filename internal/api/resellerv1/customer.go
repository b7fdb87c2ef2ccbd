package resellerv1

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/api/reseller/v1"

	"psc/internal/app"
	"psc/internal/customer"
	"psc/internal/fault"
)

// getCustomer is reseller.customers.get.
func (s *service) getCustomer(ctx context.Context, c call) (any, error) {
	cust, err := s.find(ctx, c)
	if err != nil {
		return nil, err
	}
	return s.customer(c, cust), nil
}

// find returns the live customer that a path names by its ID or its domain; one that moved away or was deleted is not found.
func (s *service) find(ctx context.Context, c call) (customer.Customer, error) {
	if strings.Contains(c.ids[0], ".") {
		return s.app.CustomerOfDomain(ctx, c.Actor, c.ids[0])
	}
	record, err := s.record(ctx, c, c.ids[0])
	return record.Customer, err
}

func (s *service) record(ctx context.Context, c call, id string) (app.CustomerRecord, error) {
	record, err := s.app.Customer(ctx, c.Actor, id)
	if err == nil && record.Customer.State != customer.Live {
		err = fault.New(fault.NotFound, "customer.not_found", nil)
	}
	return record, err
}

// insertCustomer is reseller.customers.insert. What the API calls required is required.
func (s *service) insertCustomer(ctx context.Context, c call) (any, error) {
	in := reseller.Customer{}
	if err := read(&in, c.body); err != nil {
		return nil, err
	}
	a := in.PostalAddress
	if a == nil {
		a = &reseller.Address{}
	}
	if err := require(
		needed{"customerDomain", in.CustomerDomain}, needed{"alternateEmail", in.AlternateEmail},
		needed{"postalAddress.contactName", a.ContactName}, needed{"postalAddress.organizationName", a.OrganizationName},
		needed{"postalAddress.countryCode", a.CountryCode}, needed{"postalAddress.postalCode", a.PostalCode},
	); err != nil {
		return nil, err
	}
	if c.query.Has(authToken) {
		if err := s.consented(ctx, c, in.CustomerDomain); err != nil {
			return nil, err
		}
	}
	cust := customer.Customer{Domain: in.CustomerDomain}
	write(&cust, &in)
	cust, err := s.app.CreateCustomer(ctx, c.Actor, cust)
	if err != nil {
		return nil, err
	}
	return s.customer(c, cust), nil
}

// patchCustomer is reseller.customers.patch: what the request does not name stays.
func (s *service) patchCustomer(ctx context.Context, c call) (any, error) {
	was, err := s.find(ctx, c)
	if err != nil {
		return nil, err
	}
	in, named := s.customer(c, was), reseller.Customer{}
	if err := errors.Join(read(in, c.body), fill(&named, c.body)); err != nil {
		return nil, err
	}
	// Which line of the address that is kept is the place nobody knows, so that another place comes with its lines.
	if a := named.PostalAddress; a != nil && a.Locality+a.Region != "" {
		if a.AddressLine1 == "" {
			return nil, fault.InvalidField("postalAddress.addressLine1", "reseller.address_whole", nil)
		}
		in.PostalAddress.AddressLine1, in.PostalAddress.AddressLine2, in.PostalAddress.AddressLine3 = a.AddressLine1, a.AddressLine2, a.AddressLine3
	}
	return s.edit(ctx, c, was, in)
}

// updateCustomer is reseller.customers.update: what the request does not name is emptied.
func (s *service) updateCustomer(ctx context.Context, c call) (any, error) {
	was, err := s.find(ctx, c)
	if err != nil {
		return nil, err
	}
	in := &reseller.Customer{CustomerDomain: was.Domain}
	if err := read(in, c.body); err != nil {
		return nil, err
	}
	return s.edit(ctx, c, was, in)
}

func (s *service) edit(ctx context.Context, c call, was customer.Customer, in *reseller.Customer) (any, error) {
	if !strings.EqualFold(in.CustomerDomain, was.Domain) {
		return nil, fault.InvalidField("customerDomain", "reseller.domain_stays", nil)
	}
	is := was
	write(&is, in)
	if err := s.app.EditContact(ctx, c.Actor, is, app.ContactMark(was)); err != nil {
		return nil, err
	}
	record, err := s.record(ctx, c, was.ID)
	if err != nil {
		return nil, err
	}
	return s.customer(c, record.Customer), nil
}

// read reads a customer over another one.
func read(in *reseller.Customer, body []byte) error {
	if err := fill(in, body); err != nil {
		return err
	}
	if in.CustomerType != "" && in.CustomerType != domainType {
		return fault.InvalidField("customerType", "reseller.customer_type", nil)
	}
	return nil
}

// domainType is the type of all customers: organisations with a domain of their own.
const domainType = "domain"

// addressLines is how many lines an address has in the API.
const addressLines = 3

// customer renders a customer.
func (s *service) customer(c call, cust customer.Customer) *reseller.Customer {
	a := &reseller.Address{
		Kind: "customers#address", OrganizationName: cust.Name, ContactName: cust.ContactName, CountryCode: cust.Country, PostalCode: cust.PostalCode,
	}
	a.AddressLine1, a.AddressLine2, a.AddressLine3 = lines(cust.Address)
	return &reseller.Customer{
		Kind: "reseller#customer", CustomerId: cust.ID, CustomerDomain: cust.Domain, CustomerType: domainType, PostalAddress: a,
		AlternateEmail: cust.AlternateEmail, PhoneNumber: cust.Phone, ResourceUiUrl: s.page(c, cust.ID),
		CustomerDomainVerified: !cust.IdentityAt.IsZero(), ForceSendFields: []string{"CustomerDomainVerified"},
	}
}

// page is the address of a customer's page.
func (s *service) page(c call, customerID string) string {
	return s.base.JoinPath("c", string(c.Console.AccountID), "customers", customerID).String()
}

// lines returns an address as the lines that the API has; what are more of them stand in the last.
func lines(address string) (first, second, third string) {
	list := strings.SplitN(address, "\n", addressLines)
	list = append(list, "", "", "")
	return list[0], list[1], strings.ReplaceAll(list[2], "\n", ", ")
}

// phones are the numbers that the API takes; others are left out without a word.
var phones = regexp.MustCompile(`^\+[0-9][0-9 ()./-]{6,30}$`)

// write takes over what clients write of a customer. What only we write they send back as they had it, and it is not looked at.
func write(c *customer.Customer, in *reseller.Customer) {
	c.AlternateEmail = in.AlternateEmail
	if in.PhoneNumber == "" || phones.MatchString(in.PhoneNumber) {
		c.Phone = in.PhoneNumber
	}
	a := in.PostalAddress
	if a == nil {
		a = &reseller.Address{}
	}
	c.Name, c.ContactName, c.Country, c.PostalCode = a.OrganizationName, a.ContactName, a.CountryCode, a.PostalCode
	first, second, third := lines(c.Address)
	if first == a.AddressLine1 && second == a.AddressLine2 && third == a.AddressLine3 && a.Locality+a.Region == "" {
		return // it stays as it is, in more lines than the API has
	}
	place := strings.TrimSpace(a.Region + " " + a.Locality)
	parts := []string{a.AddressLine1, a.AddressLine2, a.AddressLine3, place}
	if strings.EqualFold(a.CountryCode, "JP") {
		parts = []string{place, a.AddressLine1, a.AddressLine2, a.AddressLine3}
	}
	c.Address = strings.Join(slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" }), "\n")
}
