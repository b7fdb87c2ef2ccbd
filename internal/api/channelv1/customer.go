package channelv1

import (
	"context"
	"slices"
	"strings"

	"cloud.google.com/go/channel/apiv1/channelpb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/genproto/googleapis/type/postaladdress"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"psc/internal/app"
	"psc/internal/customer"
	"psc/internal/fault"
)

// ListCustomers implements channelpb.CloudChannelServiceServer.
func (s *service) ListCustomers(ctx context.Context, r *channelpb.ListCustomersRequest) (*channelpb.ListCustomersResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	limit, from, err := customersPage.read(r, "customers "+r.GetFilter())
	if err != nil {
		return nil, err
	}
	answer := &channelpb.ListCustomersResponse{}
	if r.GetFilter() != "" {
		domain, err := domainFilter(r.GetFilter())
		if err != nil {
			return nil, err
		}
		c, err := s.app.CustomerOfDomain(ctx, p.Actor, domain)
		switch {
		case fault.Is(err, "customer.not_found"):
		case err != nil:
			return nil, err
		default:
			answer.Customers = append(answer.Customers, p.customer(c))
		}
		return answer, nil
	}
	q := app.CustomerQuery{Order: app.CustomerOrder{Key: app.ByCreated}, Page: app.Page{
		Limit: limit, After: app.Cursor{SortName: from.After, ID: from.ID},
	}}
	l, err := s.app.Customers(ctx, p.Actor, q)
	if err != nil {
		return nil, err
	}
	for _, c := range l.Rows {
		answer.Customers = append(answer.Customers, p.customer(c))
	}
	if l.HasNext {
		last := q.Order.Place(l.Rows[len(l.Rows)-1])
		answer.NextPageToken = token{"customers ", last.SortName, last.ID}.String()
	}
	return answer, nil
}

// domainFilter reads the one filter of customers: domain = "example.com", with = or : and with or without the quotes.
func domainFilter(filter string) (string, error) {
	i := strings.IndexAny(filter, "=:")
	if i < 0 || strings.TrimSpace(filter[:i]) != "domain" {
		return "", fault.InvalidField("filter", "channel.filter", fault.Args{"Example": `domain = "example.com"`})
	}
	return strings.Trim(strings.TrimSpace(filter[i+1:]), `"`), nil
}

// GetCustomer implements channelpb.CloudChannelServiceServer.
func (s *service) GetCustomer(ctx context.Context, r *channelpb.GetCustomerRequest) (*channelpb.Customer, error) {
	p, record, err := s.record(ctx, "name", r.GetName())
	if err != nil {
		return nil, err
	}
	return p.customer(record.Customer), nil
}

// record returns the live customer of a name; one that moved away or was deleted is not found.
func (s *service) record(ctx context.Context, field, name string) (place, app.CustomerRecord, error) {
	p, err := at(ctx, field, name, "customers")
	if err != nil {
		return p, app.CustomerRecord{}, err
	}
	record, err := s.live(ctx, p, p.ids[0])
	return p, record, err
}

func (s *service) live(ctx context.Context, p place, id string) (app.CustomerRecord, error) {
	record, err := s.app.Customer(ctx, p.Actor, id)
	if err == nil && record.Customer.State != customer.Live {
		err = fault.New(fault.NotFound, "customer.not_found", nil)
	}
	return record, err
}

// CreateCustomer implements channelpb.CloudChannelServiceServer.
func (s *service) CreateCustomer(ctx context.Context, r *channelpb.CreateCustomerRequest) (*channelpb.Customer, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	if r.GetCustomer() == nil {
		return nil, required("customer")
	}
	if r.GetCustomer().GetChannelPartnerId() != "" {
		return nil, noLinks()
	}
	c := customer.Customer{Domain: r.GetCustomer().GetDomain()}
	write(&c, r.GetCustomer())
	c, err = s.app.CreateCustomer(ctx, p.Actor, c)
	if fault.Is(err, "customer.domain_taken") {
		return nil, taken(err)
	}
	if err != nil {
		return nil, named(err)
	}
	return p.customer(c), nil
}

// taken tells a domain that the console has already by the code that clients look for.
func taken(err error) error {
	f := *fault.As(err)
	return status.Error(codes.AlreadyExists, "The console has a customer of the domain "+f.Args["Domain"].(string)+" already.") //nolint:errcheck,forcetypeassert // the fault has it
}

// UpdateCustomer implements channelpb.CloudChannelServiceServer.
func (s *service) UpdateCustomer(ctx context.Context, r *channelpb.UpdateCustomerRequest) (*channelpb.Customer, error) {
	if r.GetCustomer() == nil {
		return nil, required("customer")
	}
	p, record, err := s.record(ctx, "customer.name", r.GetCustomer().GetName())
	if err != nil {
		return nil, err
	}
	c, sent := record.Customer, r.GetCustomer()
	wanted := p.customer(c)
	if err := update(wanted, sent, r.GetUpdateMask().GetPaths()); err != nil {
		return nil, err
	}
	if !strings.EqualFold(wanted.GetDomain(), c.Domain) {
		return nil, fault.InvalidField("customer.domain", "channel.domain_stays", nil)
	}
	seen := app.ContactMark(c)
	write(&c, wanted)
	if err := s.app.EditContact(ctx, p.Actor, c, seen); err != nil {
		return nil, named(err)
	}
	if record, err = s.app.Customer(ctx, p.Actor, c.ID); err != nil {
		return nil, err
	}
	return p.customer(record.Customer), nil
}

// DeleteCustomer implements channelpb.CloudChannelServiceServer.
func (s *service) DeleteCustomer(ctx context.Context, r *channelpb.DeleteCustomerRequest) (*emptypb.Empty, error) {
	p, record, err := s.record(ctx, "name", r.GetName())
	if err == nil {
		err = s.app.DeleteCustomer(ctx, p.Actor, record.Customer.ID)
	}
	return &emptypb.Empty{}, err
}

// CheckCloudIdentityAccountsExist implements channelpb.CloudChannelServiceServer. It knows the console's own customers only.
func (s *service) CheckCloudIdentityAccountsExist(
	ctx context.Context, r *channelpb.CheckCloudIdentityAccountsExistRequest,
) (*channelpb.CheckCloudIdentityAccountsExistResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	domain := r.GetDomain()
	if _, host, ok := strings.Cut(r.GetPrimaryAdminEmail(), "@"); ok && domain == "" {
		domain = host
	}
	if domain == "" {
		return nil, required("domain")
	}
	answer := &channelpb.CheckCloudIdentityAccountsExistResponse{}
	c, err := s.app.CustomerOfDomain(ctx, p.Actor, domain)
	switch {
	case fault.Is(err, "customer.not_found"):
	case err != nil:
		return nil, err
	case !c.IdentityAt.IsZero():
		answer.CloudIdentityAccounts = []*channelpb.CloudIdentityCustomerAccount{{
			Existing: true, Owned: true, CustomerName: p.name("customers", c.ID), CustomerCloudIdentityId: c.ID,
			CustomerType: channelpb.CloudIdentityInfo_DOMAIN,
		}}
	}
	return answer, nil
}

// ProvisionCloudIdentity implements channelpb.CloudChannelServiceServer.
func (s *service) ProvisionCloudIdentity(ctx context.Context, r *channelpb.ProvisionCloudIdentityRequest) (*longrunningpb.Operation, error) {
	p, record, err := s.record(ctx, "customer", r.GetCustomer())
	if err != nil {
		return nil, err
	}
	info, user := r.GetCloudIdentityInfo(), r.GetUser()
	if info.GetCustomerType() == channelpb.CloudIdentityInfo_TEAM {
		return nil, unimplemented("Customers are organisations with a domain of their own: customer_type TEAM is not known here.")
	}
	in := app.Identity{
		CustomerID: record.Customer.ID, Admin: user.GetEmail(), AdminName: personName(info.GetLanguageCode(), user.GetGivenName(), user.GetFamilyName()),
		AlternateEmail: info.GetAlternateEmail(), Phone: info.GetPhoneNumber(), Language: info.GetLanguageCode(),
	}
	provision := s.app.ProvisionIdentity
	if r.GetValidateOnly() {
		provision = s.app.CheckIdentity
	}
	c, err := provision(ctx, p.Actor, in)
	if fault.Is(err, "customer.identity_there") {
		return nil, status.Error(codes.AlreadyExists, "The customer has a Cloud Identity already.")
	}
	if err != nil {
		return nil, named(err)
	}
	return done("operations/"+c.ID, channelpb.OperationMetadata_PROVISION_CLOUD_IDENTITY, p.customer(c))
}

// customer renders a customer.
func (p place) customer(c customer.Customer) *channelpb.Customer {
	first, last := splitName(c.Language, c.ContactName)
	out := &channelpb.Customer{
		Name: p.name("customers", c.ID), OrgDisplayName: c.Name, AlternateEmail: c.AlternateEmail, Domain: c.Domain,
		OrgPostalAddress: &postaladdress.PostalAddress{RegionCode: c.Country, PostalCode: c.PostalCode},
		PrimaryContactInfo: &channelpb.ContactInfo{
			FirstName: first, LastName: last, DisplayName: c.ContactName, Email: c.ContactEmail, Phone: c.Phone,
		},
		CreateTime: timestamppb.New(c.CreatedAt), LanguageCode: c.Language, CorrelationId: c.CRMID,
	}
	if c.Address != "" {
		out.OrgPostalAddress.AddressLines = strings.Split(c.Address, "\n")
	}
	if !c.IdentityAt.IsZero() {
		out.CloudIdentityId = c.ID
		out.CloudIdentityInfo = &channelpb.CloudIdentityInfo{
			CustomerType: channelpb.CloudIdentityInfo_DOMAIN, PrimaryDomain: c.Domain, AlternateEmail: c.AlternateEmail,
			PhoneNumber: c.Phone, LanguageCode: c.Language,
		}
	}
	return out
}

// write takes over what clients write of a customer. What only we write they send back as they had it, and it is not looked at.
func write(c *customer.Customer, m *channelpb.Customer) {
	info := m.GetPrimaryContactInfo()
	c.Name, c.AlternateEmail, c.Language, c.CRMID = m.GetOrgDisplayName(), m.GetAlternateEmail(), m.GetLanguageCode(), m.GetCorrelationId()
	c.ContactName = personName(c.Language, info.GetFirstName(), info.GetLastName())
	c.ContactEmail, c.Phone = info.GetEmail(), info.GetPhone()
	a := m.GetOrgPostalAddress()
	c.Country, c.PostalCode = a.GetRegionCode(), a.GetPostalCode()
	lines, place := slices.Clone(a.GetAddressLines()), strings.TrimSpace(a.GetAdministrativeArea()+" "+a.GetLocality())
	if c.Country == "JP" {
		lines = append([]string{place}, lines...)
	} else {
		lines = append(lines, place)
	}
	c.Address = strings.Join(slices.DeleteFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "" }), "\n")
}

// update copies the fields of a mask from one message to another of its kind; without a mask, those that are not empty.
func update(to, from proto.Message, paths []string) error {
	target, source := to.ProtoReflect(), from.ProtoReflect()
	fields := target.Descriptor().Fields()
	for i := range fields.Len() {
		if f := fields.Get(i); len(paths) == 0 && source.Has(f) || slices.Equal(paths, []string{"*"}) {
			replace(target, source, f)
		}
	}
	if slices.Equal(paths, []string{"*"}) {
		return nil
	}
	for _, path := range paths {
		if !updatePath(target, source, strings.Split(path, ".")) {
			return fault.InvalidField("update_mask", "channel.mask", fault.Args{"Path": path})
		}
	}
	return nil
}

// updatePath copies what is at the end of a path; it reports false if there is no such field.
func updatePath(to, from protoreflect.Message, path []string) bool {
	f := to.Descriptor().Fields().ByTextName(path[0])
	if f == nil {
		f = to.Descriptor().Fields().ByJSONName(path[0])
	}
	switch {
	case f == nil:
		return false
	case len(path) == 1:
		replace(to, from, f)
		return true
	case f.Message() == nil || f.IsList() || f.IsMap():
		return false
	default:
		return updatePath(to.Mutable(f).Message(), from.Get(f).Message(), path[1:])
	}
}

func replace(to, from protoreflect.Message, f protoreflect.FieldDescriptor) {
	if from.Has(f) {
		to.Set(f, from.Get(f))
	} else {
		to.Clear(f)
	}
}

// familyFirst reports whether the family name stands first in a language.
func familyFirst(language string) bool {
	switch name, _, _ := strings.Cut(strings.ToLower(language), "-"); name {
	case "ja", "ko", "zh", "hu", "vi":
		return true
	default:
		return false
	}
}

// personName is the one name that we keep of a person.
func personName(language, first, last string) string {
	if familyFirst(language) {
		first, last = last, first
	}
	return strings.TrimSpace(first + " " + last)
}

// splitName is personName backwards: the given name of one word, the family name the rest.
func splitName(language, name string) (first, last string) {
	if familyFirst(language) {
		last, first, _ = strings.Cut(name, " ")
		return first, last
	}
	first, last, _ = strings.Cut(name, " ")
	return first, last
}

// named names the fields of a fault as the request does. What another state does not allow is no conflict to clients: trying again
// would not help.
func named(err error) error {
	f := fault.As(err)
	if f == nil {
		return err
	}
	told := *f
	if f.Key == "subscription.state" || f.Key == "order.state" {
		told.Kind = fault.Precondition
	}
	told.Fields = slices.Clone(f.Fields)
	for i, field := range told.Fields {
		if name, ok := fieldNames[field.Name]; ok {
			told.Fields[i].Name = name
		}
	}
	return &told
}

// fieldNames are the names of our forms' fields in the requests.
var fieldNames = map[string]string{
	"org_display_name": "customer.org_display_name", "domain": "customer.domain", "alternate_email": "customer.alternate_email",
	"primary_contact_name": "customer.primary_contact_info.first_name", "primary_contact_email": "customer.primary_contact_info.email",
	"phone": "customer.primary_contact_info.phone", "region_code": "customer.org_postal_address.region_code",
	"postal_code": "customer.org_postal_address.postal_code", "address": "customer.org_postal_address.address_lines",
	"language_code": "customer.language_code", "crm_id": "customer.correlation_id", "email": "user.email",
	"sku": "entitlement.offer", "plan": "entitlement.offer", "trial": "entitlement.offer", "account": "entitlement.billing_account",
	"seats": "parameters.num_units", "max_seats": "parameters.max_units", "purchase_order": "entitlement.purchase_order_id",
	"renewal": "renewal_settings",
}
