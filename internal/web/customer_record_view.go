package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/web/view"
)

func (m recordModel) contactFacts(p *view.Page) []view.Fact {
	c := m.Customer
	tos := view.Chip(p, view.Warn, "", p.T("customers.tos_pending"))
	if !c.TOSAcceptedAt.IsZero() {
		tos = view.When(p, c.TOSAcceptedAt)
	}
	facts := []view.Fact{
		{Label: p.T("customer_page.contact"), Value: view.Words(cmp.Or(c.ContactName, "–"), c.ContactEmail)},
		{Label: p.T("import_column.alternate_email"), Value: view.Words(cmp.Or(c.AlternateEmail, "–"), "")},
		{Label: p.T("customer_page.phone"), Value: view.Words(cmp.Or(c.Phone, "–"), "")},
		{Label: p.T("customer_page.address"), Value: view.Words(cmp.Or(address(p, c), "–"), "")},
		{Label: p.T("import_column.language_code"), Value: view.Words(cmp.Or(languageName(p, c.Language), "–"), "")},
		{Label: p.T("customer_page.tos"), Value: tos},
		{Label: p.T("customer_page.customer_id"), Value: view.CopyText(p, c.ID)},
		{Label: p.T("customer_page.crm"), Value: view.Words(cmp.Or(c.CRMID, "–"), "")},
		{Label: p.T("customer_page.since"), Value: view.When(p, c.CreatedAt)},
	}
	return facts
}

// address is written from the large to the small in Japan, and the other way elsewhere.
func address(p *view.Page, c customer.Customer) string {
	parts := []string{c.Address, c.PostalCode, regionName(p, c.Country)}
	if c.Country == "JP" {
		slices.Reverse(parts)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// languageName names a customer's language in the reader's.
func languageName(p *view.Page, code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	return display.Languages(language.Make(p.Lang())).Name(tag)
}

// regionName names a country in the reader's language.
func regionName(p *view.Page, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return display.Regions(language.Make(p.Lang())).Name(region)
}

func (m recordModel) subscriptionTable(p *view.Page) view.Table {
	t := view.Table{ID: "sub", Caption: p.T("customer_page.subscriptions"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("customer_page.product")},
		{Kind: view.NumColumn, Label: p.T("customer_page.seats")},
		{Kind: view.NumColumn, Label: p.T("customer_page.price")},
		{Kind: view.TextColumn, Label: p.T("customer_page.account")},
		{Kind: view.TextColumn, Label: p.T("customer_page.term"), Wide: true},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	actions := m.Live() && (m.MayEdit || m.Operator)
	if actions {
		t.Columns = append(t.Columns, view.Column{Kind: view.ActionColumn, Label: p.T("list.actions")})
	}
	for _, l := range m.Subscriptions {
		row := view.Row{ID: l.ID, Name: l.SKU.Name, Cells: []templ.Component{
			view.Words(l.SKU.Name, productNote(p, l)),
			view.Words(p.Num(l.Seats), seatsNote(p, l.Subscription)), view.Words(price(p, l.Subscription), pricePer(p, l.Plan)),
			view.Words(l.Account.Name, m.entities(p, l)), view.Words(term(p, l.Subscription), renewal(p, l.Subscription)),
			subscriptionStatus(p, l.Subscription),
		}}
		if actions {
			row.Cells = append(row.Cells, subscriptionMenu(p, l, m.subscriptionButtons(p, l)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// entities names the legal entity behind the account; of what moved away, the one that it went to as well (spec M4).
func (m recordModel) entities(p *view.Page, l app.SubscriptionLine) string {
	if m.Move != nil {
		for _, e := range m.Move.Entities {
			if e.SubscriptionID == l.ID && e.From != e.To {
				return p.T("customer_page.entity_changed", "From", e.From, "To", e.To)
			}
		}
	}
	return l.Account.LegalEntity
}

// passageTable says where the customer came from and where it went, with the way to the connection.
func (m recordModel) passageTable(p *view.Page) view.Table {
	t := view.Table{ID: "passage", Caption: p.T("customer_page.passages"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("customer_page.passage")},
		{Kind: view.TextColumn, Label: p.T("console.account_id")},
		{Kind: view.DateColumn, Label: p.T("customer_page.passage_date", "Zone", p.BillingZone)},
		{Kind: view.DateColumn, Label: p.T("shell.when")},
	}}
	for _, one := range m.Passages {
		key := "customer_page.came_from"
		if one.Out {
			key = "customer_page.went_to"
		}
		name := p.T(key, "Console", one.Console)
		t.Rows = append(t.Rows, view.Row{ID: one.MigrationID, Name: name, Cells: []templ.Component{
			view.NameLink(p.At("/unification/"+one.ConnectionID), name, undoNote(p, one)), view.CopyText(p, string(one.AccountID)),
			view.Words(p.Date(one.BillingDate), ""), view.When(p, one.At),
		}})
	}
	return t
}

// productNote says how a subscription is sold, and what it becomes at its renewal.
func productNote(p *view.Page, l app.SubscriptionLine) string {
	note := p.T("plan."+string(l.Plan)) + " · " + p.T("channel."+string(l.Channel))
	if l.RenewalSKUID != "" && l.Renewal != customer.RenewCancel {
		note += " · " + p.T("customer_page.product_at_renewal", "SKU", l.RenewalSKU.Name)
	}
	return note
}

// seatsNote says how many seats there can be, or will be.
func seatsNote(p *view.Page, s customer.Subscription) string {
	switch {
	case s.RenewalSeats > 0:
		return p.T("customer_page.at_renewal", "Seats", s.RenewalSeats)
	case s.MaxSeats > 0:
		return p.T("customer_page.at_most", "Seats", s.MaxSeats)
	default:
		return ""
	}
}

// price writes what a seat costs, exactly: one that is a fraction of a minor unit as a division.
func price(p *view.Page, s customer.Subscription) string {
	if s.Price.Num%s.Price.Den == 0 {
		return p.Money(s.Price.Num/s.Price.Den, string(s.Currency))
	}
	return p.T("customer_page.fraction", "Amount", p.Money(s.Price.Num, string(s.Currency)), "By", s.Price.Den)
}

func pricePer(p *view.Page, plan catalog.Plan) string {
	if plan == catalog.AnnualYearlyPay {
		return p.T("customer_page.per_year")
	}
	return p.T("customer_page.per_month")
}

// term writes when the subscription began, or its present term: the last day that it covers.
func term(p *view.Page, s customer.Subscription) string {
	switch {
	case s.State == customer.SubTrial:
		return p.T("customer_page.trial_until", "Date", s.TrialEnd-1)
	case s.TermEnd == 0:
		return p.T("customer_page.from", "Date", s.StartDate)
	default:
		return p.T("customer_page.term_dates", "From", s.TermStart, "To", s.TermEnd-1)
	}
}

func renewal(p *view.Page, s customer.Subscription) string {
	words := make([]string, 0, 2)
	if s.Renewal != "" {
		words = append(words, p.T("renewal."+string(s.Renewal)))
	}
	if s.PurchaseOrderID != "" {
		words = append(words, p.T("customer_page.po", "Number", s.PurchaseOrderID))
	}
	return strings.Join(words, " · ")
}

func subscriptionStatus(p *view.Page, s customer.Subscription) templ.Component {
	if s.SuspensionReason != "" {
		return view.Chip(p, view.Bad, "pause", p.T("suspension."+string(s.SuspensionReason)))
	}
	return view.Chip(p, subscriptionTone(s.State), "", p.T("subscription_state."+string(s.State)))
}

func subscriptionTone(state customer.SubscriptionState) view.Tone {
	switch state {
	case customer.SubActive:
		return view.OK
	case customer.SubTrial:
		return view.Info
	case customer.SubSuspended:
		return view.Bad
	case customer.SubCancelled:
		return view.Muted
	}
	return view.Muted
}

// subscriptionButtons are what the person may do to a subscription as it stands.
func (m recordModel) subscriptionButtons(p *view.Page, l app.SubscriptionLine) []view.Button {
	path := customerPath(p, m.Customer.ID) + "/subscriptions/" + l.ID + "/"
	var buttons []view.Button
	offer := func(action string, err error) {
		if err == nil {
			buttons = append(buttons, ask(p, "customer_page.subscription_"+action, path+action, l.SKU.Name))
		}
	}
	if m.MayEdit && m.Free() {
		if l.State == customer.SubActive || l.State == customer.SubTrial {
			buttons = append(buttons, view.Button{Text: p.T("order_page.seats"), For: l.SKU.Name, Href: path + "seats"})
		}
		if mayReoffer(l.Subscription) {
			buttons = append(buttons, view.Button{Text: p.T("order_page.offer"), For: l.SKU.Name, Href: path + "offer"})
		}
		if l.Plan.Annual() && l.State != customer.SubCancelled && l.SuspensionReason != customer.SuspendedByVendor {
			buttons = append(buttons, view.Button{Text: p.T("order_page.renewal"), For: l.SKU.Name, Href: path + "renewal"})
		}
		_, err := billing.StartPaid(l.Subscription, m.Today)
		offer("start-paid", err)
		_, err = l.Suspend(customer.SuspendedByReseller)
		offer("suspend", err)
		_, err = l.Lift(customer.SuspendedByReseller)
		offer("reactivate", err)
		if _, err = billing.OrderEnd(l.Subscription, m.Today); m.Operator {
			_, err = billing.VendorEnd(l.Subscription)
		}
		offer("end", err)
	}
	if m.Operator {
		_, err := l.Suspend(customer.SuspendedByVendor)
		offer("vendor-suspend", err)
		_, err = l.Lift(customer.SuspendedByVendor)
		offer("vendor-lift", err)
	}
	return buttons
}

// menuItem is a button as it stands in a menu.
func menuItem(b view.Button) view.Button {
	b.Look = view.Plain
	return b
}

// ask is a button that leads to a question.
func ask(p *view.Page, key, href, about string) view.Button {
	return view.Button{Text: p.T(key), For: about, Look: view.Outline, Href: href, Dialog: true}
}

func (m recordModel) orderTable(p *view.Page) view.Table {
	t := view.Table{ID: "order", Caption: p.T("customer_page.orders"), Columns: orderColumns(p)}
	actions := m.Live() && (m.MayEdit || m.Operator)
	if actions {
		t.Columns = append(t.Columns, view.Column{Kind: view.ActionColumn, Label: p.T("list.actions")})
	}
	for _, o := range m.Orders {
		row := view.Row{ID: o.ID, Name: o.SKU.Name, Cells: orderCells(p, o.Order, o.SKU.Name)}
		if actions {
			row.Cells = append(row.Cells, actionButtons(p, m.orderButtons(p, o)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// earlierTable lists the orders from consoles that the customer came from.
func (m recordModel) earlierTable(p *view.Page) view.Table {
	t := view.Table{ID: "earlier", Caption: p.T("customer_page.earlier"), Columns: orderColumns(p)}
	for _, o := range m.Earlier {
		t.Rows = append(t.Rows, view.Row{ID: o.ID, Cells: orderCells(p, o.Order, o.SKU.Name)})
	}
	return t
}

func orderColumns(p *view.Page) []view.Column {
	return []view.Column{
		{Kind: view.NameColumn, Label: p.T("customer_page.order_what")},
		{Kind: view.TextColumn, Label: p.T("customer_page.product")},
		{Kind: view.NumColumn, Label: p.T("customer_page.seats")},
		{Kind: view.TextColumn, Label: p.T("customer_page.order_by"), Wide: true},
		{Kind: view.DateColumn, Label: p.T("shell.when")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}
}

func orderCells(p *view.Page, o customer.Order, sku string) []templ.Component {
	seats := seatsText(p, o.SeatsBefore, o.SeatsAfter)
	switch {
	case o.Action == customer.OrderCreated:
		seats = p.Num(o.SeatsAfter)
	case o.Action == customer.OrderRenewalSet && o.SeatsBefore != o.SeatsAfter:
		seats = p.T("customer_page.at_renewal", "Seats", o.SeatsAfter)
	}
	return []templ.Component{
		view.Words(p.T("order_action."+string(o.Action)), ""), view.Words(sku, p.T("plan."+string(o.Plan))),
		view.Words(seats, ""), view.Words(p.T("operator_type."+string(o.By)), o.ByName),
		view.When(p, o.At), orderStatus(p, o),
	}
}

// orderStatus tells how far an order is, and why it was rejected.
func orderStatus(p *view.Page, o customer.Order) templ.Component {
	chip := view.Chip(p, orderTone(o.State), "", p.T("order_state."+string(o.State)))
	if o.Reason == "" {
		return chip
	}
	return templ.Join(chip, view.Words("", o.Reason))
}

func orderTone(state customer.OrderState) view.Tone {
	switch state {
	case customer.OrderOpen:
		return view.Warn
	case customer.OrderFulfilled:
		return view.OK
	case customer.OrderCancelled:
		return view.Muted
	case customer.OrderRejected:
		return view.Bad
	}
	return view.Muted
}

// orderButtons are what the person may do to an open order.
func (m recordModel) orderButtons(p *view.Page, o app.OrderLine) []view.Button {
	path := customerPath(p, m.Customer.ID) + "/orders/" + o.ID + "/"
	var buttons []view.Button
	if o.State == customer.OrderOpen && m.MayEdit && m.Free() {
		buttons = append(buttons, ask(p, "customer_page.order_cancel", path+"cancel", o.SKU.Name))
	}
	if o.State == customer.OrderOpen && m.Operator {
		buttons = append(buttons, ask(p, "customer_page.order_fulfil", path+"fulfil", o.SKU.Name), ask(p, "customer_page.order_reject", path+"reject", o.SKU.Name))
	}
	return buttons
}

func (m recordModel) historyTable(p *view.Page) view.Table {
	t := auditTable(p, m.Events)
	t.Caption = p.T("customer_page.history")
	return t
}

func (m recordModel) orderPages(p *view.Page) view.Pages {
	last := ""
	if n := len(m.Orders); n > 0 && m.MoreOrders {
		last = m.Orders[n-1].ID
	}
	return m.pages(p, "orders", len(m.Orders), m.At.Orders, last, url.Values{"history": {m.At.Events}, "list": {m.InList}})
}

func (m recordModel) historyPages(p *view.Page) view.Pages {
	last := ""
	if n := len(m.Events); n > 0 && m.MoreEvents {
		last = m.Events[n-1].ID
	}
	return m.pages(p, "history", len(m.Events), m.At.Events, last, url.Values{"orders": {m.At.Orders}, "list": {m.InList}})
}

// pages walks one of the customer's two histories and leaves the other where it is. before is where this page begins, and
// last its last row if there are older ones.
func (m recordModel) pages(p *view.Page, list string, rows int, before, last string, other url.Values) view.Pages {
	g := view.Pages{Action: customerPath(p, m.Customer.ID), List: list, Range: p.T("shell.rows", "Count", rows)}
	at := func(id string) string {
		query := url.Values{list: {id}}
		maps.Copy(query, other)
		maps.DeleteFunc(query, func(_ string, v []string) bool { return v[0] == "" })
		if len(query) == 0 {
			return g.Action
		}
		return g.Action + "?" + query.Encode()
	}
	if before != "" {
		g.First = at("")
	}
	if last != "" {
		g.Next = at(last)
	}
	return g
}

// subscription returns one of the customer's subscriptions.
func (m recordModel) subscription(id string) (app.SubscriptionLine, error) {
	for _, l := range m.Subscriptions {
		if l.ID == id {
			return l, nil
		}
	}
	return app.SubscriptionLine{}, fault.New(fault.NotFound, "subscription.not_found", nil)
}

// subscriptionName names the product of one of the customer's subscriptions.
func (m recordModel) subscriptionName(id string) (string, error) {
	l, err := m.subscription(id)
	return l.SKU.Name, err
}

// orderName names the product of one of the customer's orders.
func (m recordModel) orderName(id string) (string, error) {
	for _, o := range m.Orders {
		if o.ID == id {
			return o.SKU.Name, nil
		}
	}
	return "", fault.New(fault.NotFound, "order.not_found", nil)
}

// contactFields are the fields of a form of contact data.
func contactFields(p *view.Page, c customer.Customer, bad refusal) []view.Input {
	kinds := map[string]view.FieldType{
		"primary_contact_email": view.EmailField, "alternate_email": view.EmailField, "phone": "tel", "address": view.AreaField,
	}
	limits := map[string]int{
		"primary_contact_email": 254, "alternate_email": 254, "phone": 40, "region_code": 2, "postal_code": 20, "address": 500,
		"language_code": 35, "crm_id": 100,
	}
	hints := map[string]string{
		"region_code": "customer_page.country_hint", "language_code": "customer_page.language_hint",
		"alternate_email": "customer_page.alternate_email_hint",
	}
	var fields []view.Input
	for _, f := range c.Contact() {
		in := view.Input{
			Name: f.Name, Type: kinds[f.Name], Label: p.T("import_column." + f.Name), Value: f.Value, Error: bad.Of(f.Name),
			Optional: f.Name != "org_display_name", Required: f.Name == "org_display_name",
			Attrs: templ.Attributes{"maxlength": cmp.Or(limits[f.Name], 200), "autocomplete": "off"},
		}
		if hint := hints[f.Name]; hint != "" {
			in.Hint = p.T(hint)
		}
		fields = append(fields, in)
	}
	return fields
}
