package web

import (
	"maps"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/connection"
	"psc/internal/customer"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/web/view"
)

// connectionLabel tells connections to the same console apart by how they stand.
func connectionLabel(p *view.Page, c app.ConnectionView) string {
	return c.Name + " · " + p.T("unification.other_"+string(c.Side)) + " · " + p.T("connection_state.short."+string(c.State))
}

// tabLabel names a list; what is started is called differently at the two ends (spec section 2).
func tabLabel(p *view.Page, side connection.Side, tab app.MigrationTab) string {
	if tab == app.TabStarted {
		return p.T("migrations.tab.started_" + string(side))
	}
	return p.T("migrations.tab." + string(tab))
}

func (m migrationsModel) tabHref(tab app.MigrationTab) string {
	query := url.Values{"connection": {m.Connection.ID}, "tab": {string(tab)}}
	if size := m.List.keep.Get("size"); size != "" {
		query.Set("size", size)
	}
	return m.List.path + "?" + query.Encode()
}

func (m migrationsModel) tabs(p *view.Page) []view.Tab {
	var tabs []view.Tab
	for _, tab := range app.MigrationTabs(m.Connection.Side) {
		tabs = append(tabs, view.Tab{
			Href: m.tabHref(tab), Label: tabLabel(p, m.Connection.Side, tab),
			Count: p.AtMost(int64(m.Counts[tab]), app.CountLimit-1), Current: tab == m.Tab,
		})
	}
	return tabs
}

// here is the address of this page of the list, without details.
func (m migrationsModel) here() string { return m.List.path + "?" + m.place().Encode() }

func (m migrationsModel) place() url.Values {
	query := maps.Clone(m.List.keep)
	if c := m.List.Page.After; c != (app.Cursor{}) {
		query.Set("after", writeCursor(c))
	}
	if c := m.List.Page.Before; c != (app.Cursor{}) {
		query.Set("before", writeCursor(c))
	}
	return query
}

// details is the address of this page with the details of one customer.
func (m migrationsModel) details(p *view.Page, customerID string) string {
	return p.At("/migrations/" + m.Connection.ID + "/customers/" + customerID + "?" + m.place().Encode())
}

// bulk is what can be done with several rows of the tab: the last part of its address; empty: nothing.
func (m migrationsModel) bulk() string {
	switch {
	case m.Tab == app.TabReady && m.MayStart():
		return "start"
	case m.Tab == app.TabStarted && m.MayTransfer:
		return "cancel"
	case m.Tab == app.TabStarted && m.MayComplete:
		return "complete"
	default:
		return ""
	}
}

func (m migrationsModel) bulkButton(p *view.Page) view.Button {
	switch m.bulk() {
	case "start":
		return view.Button{Text: p.T("migrations.start_selected"), Icon: "swap_horiz", Look: view.Filled, Form: "bulk", Dialog: true, NeedsSelection: true}
	case "cancel":
		return view.Button{Text: p.T("migrations.cancel_selected"), Icon: "undo", Form: "bulk", Dialog: true, NeedsSelection: true}
	case "complete":
		return view.Button{Text: p.T("migrations.complete_selected"), Icon: "task_alt", Look: view.Filled, Form: "bulk", NeedsSelection: true}
	default:
		return view.Button{}
	}
}

// rowAction is what can be done with one row; without text: nothing.
func (m migrationsModel) rowAction(p *view.Page, item app.MigrationItem, ready bool) view.Button {
	at := func(verb, id string) string {
		return p.At("/migrations/" + m.Connection.ID + "/" + verb + "?" + url.Values{"id": {id}}.Encode())
	}
	switch {
	case item.State == "" && ready && m.MayStart():
		return view.Button{Text: p.T("migrations.start"), Look: view.Plain, For: item.CustomerName, Href: at("start", item.CustomerID), Dialog: true}
	case item.State != migration.Started && item.State != migration.Scheduled:
		return view.Button{}
	case m.MayTransfer:
		return view.Button{Text: p.T("migrations.cancel"), Look: view.Plain, For: item.CustomerName, Href: at("cancel", item.ID), Dialog: true}
	case m.MayComplete && item.State == migration.Started:
		return view.Button{Text: p.T("migrations.complete"), Look: view.Plain, For: item.CustomerName, Href: at("complete", item.ID)}
	case m.MayComplete:
		return view.Button{Text: p.T("migrations.change_date"), Look: view.Plain, For: item.CustomerName, Href: at("schedule", item.ID)}
	default:
		return view.Button{}
	}
}

// Scheduled reports whether the person may change the dates of rows of the list.
func (m migrationsModel) Scheduled() bool {
	return m.MayComplete && slices.ContainsFunc(m.Items.Rows, func(item app.MigrationItem) bool { return item.State == migration.Scheduled })
}

// detailButton is a row's action as the main one of its details.
func (m migrationsModel) detailButton(b view.Button) view.Button {
	b.Look, b.For, b.Wide = view.Filled, "", true
	if m.Source() && m.Detail.State != "" {
		b.Look = view.Outline
	}
	return b
}

// nothing says why a list is empty, and what to do.
func (m migrationsModel) nothing(p *view.Page) view.Nothing {
	if m.List.Search != "" || m.Reason != "" {
		return view.Nothing{Icon: "search", Title: p.T("migrations.no_match"), Text: p.T("migrations.no_match_do")}
	}
	if m.Tab == app.TabReady && m.Connection.Waiting {
		return view.Nothing{Icon: "schedule", Title: p.T("migrations.none_yet"), Text: p.T("migrations.none_yet_do", "At", m.Connection.MayStartAt)}
	}
	key := "migrations.none_" + string(m.Tab)
	if m.Tab == app.TabStarted {
		key += "_" + string(m.Connection.Side)
	}
	return view.Nothing{Icon: "inbox", Title: p.T(key), Text: p.T(key + "_do")}
}

// table is the list of the tab.
func (m migrationsModel) table(p *view.Page) view.Table {
	t := view.Table{ID: "row", Caption: tabLabel(p, m.Connection.Side, m.Tab), Columns: m.columns(p)}
	if m.bulk() != "" {
		t.Select = &view.Selection{Form: "bulk"}
		if m.Matching > 1 {
			t.Select.All = p.T(m.allKey(), "Number", p.AtMost(int64(m.Matching), app.CountLimit-1))
			t.Select.Whole = m.Matching == len(m.Items.Rows)
		}
	}
	for _, item := range m.Items.Rows {
		t.Rows = append(t.Rows, m.row(p, item))
	}
	return t
}

func (m migrationsModel) allKey() string {
	if m.List.Search != "" {
		return "migrations.all_matching"
	}
	return "migrations.all"
}

func (m migrationsModel) columns(p *view.Page) []view.Column {
	name := view.Column{Kind: view.NameColumn, Label: p.T("migrations.customer")}
	subs := view.Column{Kind: view.TextColumn, Label: p.T("migrations.subscriptions"), Wide: true}
	seats := view.Column{Kind: view.NumColumn, Label: p.T("migrations.seats_column")}
	currency := view.Column{Kind: view.TextColumn, Label: p.T("migrations.currency"), Wide: true}
	status := view.Column{Kind: view.StatusColumn, Label: p.T("migrations.status")}
	act := view.Column{Kind: view.ActionColumn, Label: p.T("list.actions")}
	switch m.Tab {
	case app.TabReady:
		return []view.Column{name, subs, currency, seats, act}
	case app.TabNotReady:
		return []view.Column{name, {Kind: view.StatusColumn, Label: p.T("migrations.reasons")}, subs, seats, act}
	case app.TabStarted:
		if m.Source() {
			return []view.Column{name, seats, {Kind: view.DateColumn, Label: p.T("migrations.started_at"), Wide: true}, status, act}
		}
		return []view.Column{name, subs, currency, seats, status, act}
	case app.TabMigrating:
		return []view.Column{name, subs, seats, status}
	case app.TabDone:
		return []view.Column{name, subs, {Kind: view.DateColumn, Label: p.T("migrations.billing_date")}, status}
	case app.TabCancelled:
		return []view.Column{name, {Kind: view.DateColumn, Label: p.T("migrations.cancelled_at")}, {Kind: view.TextColumn, Label: p.T("migrations.why")}, status}
	}
	return nil
}

func (m migrationsModel) row(p *view.Page, item app.MigrationItem) view.Row {
	id := rowID(item)
	subs, seats, currencies := m.summary(p, item)
	name := m.nameCell(p, item, id)
	side := m.Connection.Side
	row := view.Row{
		ID: id, Name: item.CustomerName, Unticked: item.State == migration.Scheduled && !m.Source(),
		Current: m.Detail != nil && m.rowOf(m.Detail) == id,
	}
	act := templ.Component(templ.NopComponent)
	if b := m.rowAction(p, item, m.Tab == app.TabReady); b.Text != "" {
		act = rowButton(p, b)
	}
	words := func(s string) templ.Component {
		if s == "" {
			return templ.NopComponent
		}
		return view.Words(s, "")
	}
	status := migrationStatus(p, side, item)
	switch m.Tab {
	case app.TabReady:
		row.Cells = []templ.Component{name, words(subs), words(currencies), words(seats), act}
	case app.TabNotReady:
		if m.MaySee {
			act = rowButton(p, view.Button{Text: p.T("button.details"), Look: view.Plain, For: item.CustomerName, Href: m.details(p, item.CustomerID), Attrs: m.opens(p, item)})
		}
		row.Cells = []templ.Component{name, reasonChips(p, ownFirst(item.Codes), m.Evaluated()), words(subs), words(seats), act}
	case app.TabStarted:
		row.Cells = []templ.Component{name, words(subs), words(currencies), words(seats), status, act}
		if m.Source() {
			row.Cells = []templ.Component{name, words(seats), view.Words(p.When(item.StartedAt), item.StartedBy), status, act}
		}
	case app.TabMigrating:
		row.Cells = []templ.Component{name, words(subs), words(seats), status}
	case app.TabDone:
		row.Cells = []templ.Component{name, words(subs), words(p.Date(item.BillingDate)), status}
	case app.TabCancelled:
		why := "migrations.cancelled_by_hand"
		if item.EndedReason != "" {
			why = "migrations.cancelled_" + item.EndedReason
		}
		row.Cells = []templ.Component{name, view.When(p, item.EndedAt), words(p.T(why)), status}
	}
	return row
}

// ownFirst puts the customer's own reasons before the waiting period, which all share and the page tells above.
func ownFirst(codes []migration.Code) []migration.Code {
	if len(codes) > 1 && codes[0] == migration.WaitingPeriod {
		return append(slices.Clone(codes[1:]), migration.WaitingPeriod)
	}
	return codes
}

// rowID is what a row's checkbox sends: a customer to start, or a migration.
func rowID(item app.MigrationItem) string {
	if item.ID == "" {
		return item.CustomerID
	}
	return item.ID
}

func (m migrationsModel) rowOf(d *detailModel) string { return rowID(d.MigrationItem) }

// opens makes a second link to a row's details; the focus comes back to the row's name.
func (m migrationsModel) opens(p *view.Page, item app.MigrationItem) templ.Attributes {
	attrs := view.Into(m.details(p, item.CustomerID), "details")
	attrs["data-opens"] = "details"
	return attrs
}

// nameCell leads to the details, or, when the customer has moved, to its page.
func (m migrationsModel) nameCell(p *view.Page, item app.MigrationItem, id string) templ.Component {
	switch {
	case m.Tab == app.TabDone:
		return view.NameLink(p.At("/customers/"+item.CustomerID), item.CustomerName, item.Domain)
	case m.Tab == app.TabCancelled, item.State == "" && !m.MaySee:
		return view.Words(item.CustomerName, item.Domain)
	default:
		return view.DetailsLink(m.details(p, item.CustomerID), "details", id, item.CustomerName, item.Domain)
	}
}

// namesShown is how many products a row names.
const namesShown = 1

// summary says what a customer has: products, seats, currencies.
func (m migrationsModel) summary(p *view.Page, item app.MigrationItem) (products, seats, currencies string) {
	var names, codes []string
	total := int64(0)
	for _, sub := range item.Subscriptions {
		if sub.State == customer.SubCancelled {
			continue
		}
		names = append(names, m.SKUs[sub.SKUID].Name)
		if code := string(sub.Currency); !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
		total += sub.Seats
	}
	slices.Sort(codes)
	products = joined(p, names[:min(len(names), namesShown)])
	if more := len(names) - namesShown; more > 0 {
		products = p.T("migrations.and_more", "Names", products, "Number", more)
	}
	if len(names) == 0 {
		return p.T("migrations.no_subscriptions"), "0", ""
	}
	return products, p.Num(total), joined(p, codes)
}

// joined writes a list in words.
func joined(p *view.Page, list []string) string {
	text := ""
	for i, s := range list {
		if i == 0 {
			text = s
			continue
		}
		text = p.T("migrations.join", "First", text, "Second", s)
	}
	return text
}

func (m migrationsModel) pages(p *view.Page) view.Pages {
	g := pager(p, m.List, m.Items, func(item app.MigrationItem) app.Cursor { return item.Cursor })
	g.Range = p.T("migrations.range", "Shown", len(m.Items.Rows), "Total", p.AtMost(int64(m.Matching), app.CountLimit-1))
	return g
}

// How reasons and states look.

func codeTone(code migration.Code) view.Tone {
	switch code {
	case migration.WaitingPeriod:
		return view.Info
	case migration.HasGoogleCloud, migration.HasVoiceCommitment:
		return view.Muted
	case migration.NoBillingAccountInCurrency, migration.BillingAccountNotActive, migration.AgreementNotSigned,
		migration.OpenOrder, migration.SKUNotAuthorized, migration.PendingTOS, migration.SuspendedByVendor,
		migration.AlreadyCustomerOfMain, migration.AccountNotUsable, migration.ChoiceMissing, migration.MoveFailed:
		return view.Bad
	}
	return view.Bad
}

func codeIcon(code migration.Code) string {
	switch codeTone(code) {
	case view.Info:
		return "schedule"
	case view.Muted:
		return "block"
	case view.Bad, view.OK, view.Warn:
	}
	return "error"
}

func migrationTone(state migration.State) view.Tone {
	switch state {
	case migration.Started, migration.Scheduled, migration.Migrating:
		return view.Info
	case migration.Completed:
		return view.OK
	case migration.Cancelled:
		return view.Muted
	}
	return view.Muted
}

func migrationIcon(state migration.State) string {
	switch state {
	case migration.Started:
		return "schedule"
	case migration.Scheduled:
		return "event"
	case migration.Migrating:
		return "sync"
	case migration.Completed:
		return "check_circle"
	case migration.Cancelled:
		return "undo"
	}
	return ""
}

func migrationStateText(p *view.Page, side connection.Side, item app.MigrationItem) string {
	switch item.State {
	case migration.Started:
		return p.T("migration_state.STARTED_" + string(side))
	case migration.Scheduled:
		return p.T("migration_state.SCHEDULED_for", "Date", item.BillingDate)
	case migration.Migrating, migration.Completed, migration.Cancelled:
	}
	return p.T("migration_state." + string(item.State))
}

// findingView is a reason as the panel tells it.
type findingView struct {
	migration.Finding

	Title, Text string
	Link, Href  string        // where this side clears it; empty: it cannot
	Ask         []view.Hidden // the form that asks the main; nil: it cannot clear it
}

// reasons are the findings of the open details; the same reason for several products is told once.
func (m migrationsModel) reasons() []migration.Finding {
	var list []migration.Finding
	for _, f := range m.Detail.Findings {
		if f.Code != migration.SKUNotAuthorized {
			f.SKUID = ""
		}
		if !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	return list
}

// finding says a reason in words, and what the source can do about it.
func (m migrationsModel) finding(p *view.Page, f migration.Finding) findingView {
	code := string(f.Code)
	v := findingView{Finding: f, Title: p.T("readiness.short." + code)}
	args := []any{"Currency", string(f.Currency), "Group", f.Group.Name(), "SKU", m.SKUs[f.SKUID].Name}
	v.Text = p.T("readiness.long."+code, args...)
	if f.Code == migration.OpenOrder || f.Code == migration.PendingTOS || f.Code == migration.SuspendedByVendor {
		v.Link, v.Href = p.T("readiness.link."+code), p.At("/customers/"+m.Detail.CustomerID)
	}
	if app.MayAsk(f.Code) {
		v.Ask = []view.Hidden{
			{Name: "code", Value: code},
			{Name: "currency", Value: string(f.Currency)},
			{Name: "group", Value: string(f.Group)},
			{Name: "sku", Value: f.SKUID},
			{Name: "return", Value: p.Path},
		}
	}
	return v
}

func (m migrationsModel) detailFacts(p *view.Page) []view.Fact {
	d := m.Detail
	facts := []view.Fact{{Label: p.T("migrations.customer_id"), Value: view.CopyText(p, d.CustomerID)}}
	if !d.At.IsZero() {
		facts = append(facts, view.Fact{Label: p.T("migrations.evaluated_at"), Value: view.When(p, d.At)})
	}
	if !d.StartedAt.IsZero() {
		facts = append(facts, view.Fact{Label: p.T("migrations.started_at"), Value: view.Words(p.When(d.StartedAt), d.StartedBy)})
	}
	return facts
}

func (m startModel) left() int64 {
	if m.Scope.All {
		return 0
	}
	return int64(len(m.Scope.IDs)) - m.Customers
}

func startedTone(m startedModel) view.Tone {
	if m.Count == 0 {
		return view.Warn
	}
	return view.OK
}

func notStartedTable(p *view.Page, m startedModel) view.Table {
	t := view.Table{ID: "row", Caption: p.T("migrations.not_started_list"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("migrations.customer")}, {Kind: view.StatusColumn, Label: p.T("migrations.reasons")},
	}}
	for _, n := range m.NotStarted {
		why := reasonChips(p, migration.CodesOf(n.Blockers), true)
		if n.InMigration {
			why = view.Chip(p, view.Muted, "swap_horiz", p.T("migrations.in_migration_already"))
		}
		if n.Unknown {
			t.Rows = append(t.Rows, view.Row{ID: n.CustomerID, Name: n.CustomerID, Cells: []templ.Component{
				view.Words(n.CustomerID, ""), view.Chip(p, view.Muted, "help", p.T("migrations.unknown_customer")),
			}})
			continue
		}
		if n.Moved {
			why = view.Chip(p, view.Muted, "check_circle", p.T("migrations.moved_already"))
		}
		href := p.At("/migrations/" + m.ConnectionID + "/customers/" + n.CustomerID)
		t.Rows = append(t.Rows, view.Row{ID: n.CustomerID, Name: n.Name, Cells: []templ.Component{view.NameLink(href, n.Name, ""), why}})
	}
	return t
}

// requestAccount asks the people of the console who may, for a billing account.
func requestAccount(p *view.Page, currency money.Currency, group catalog.ProductGroup) templ.Component {
	return view.PostAction(p, p.At("/billing/request"), []view.Hidden{
		{Name: "currency", Value: string(currency)}, {Name: "product_group", Value: string(group)}, {Name: "return", Value: p.Path},
	}, view.Button{Text: p.T("migrations.request"), Icon: "send", For: string(currency)})
}
