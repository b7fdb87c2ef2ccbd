package web

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/connection"
	"psc/internal/migration"
	"psc/internal/money"
	"psc/internal/web/view"
)

func addConsole(p *view.Page) view.Button {
	return view.Button{Text: p.T("unification.add"), Icon: "add", Look: view.Filled, Href: p.At("/unification/add")}
}

// stateKey names a state; an invitation is called differently at its two ends (spec section 2).
func stateKey(side connection.Side, state connection.State) string {
	if state == connection.Invited {
		return "connection_state.INVITED_" + string(side)
	}
	return "connection_state." + string(state)
}

func stateTone(side connection.Side, state connection.State) view.Tone {
	switch {
	case state == connection.Connected:
		return view.OK
	case state == connection.Invited && side == connection.Source:
		return view.Warn
	case state == connection.Invited:
		return view.Info
	default:
		return view.Muted
	}
}

func stateIcon(state connection.State) string {
	switch state {
	case connection.Connected:
		return "link"
	case connection.Invited:
		return "mail"
	case connection.Closed, connection.Cancelled, connection.Declined, connection.Expired:
		return "link_off"
	}
	return ""
}

// manageLook: managing migrations is what a connection is for, once it can be done and until it is done.
func manageLook(l link) view.Look {
	if l.Waiting || l.CloseAdvised() {
		return view.Outline
	}
	return view.Filled
}

func closeLook(l link) view.Look {
	if l.CloseAdvised() {
		return view.Filled
	}
	return view.Plain
}

func (l link) waitTotal() int64 { return int64(l.MayStartAt.Sub(l.AcceptedAt) / time.Minute) }

func (l link) waitDone() int64 { return int64(l.Now.Sub(l.AcceptedAt) / time.Minute) }

func (l link) figuresID() string { return "figures-" + l.ID }

// refresh has the figures look again until the customers have been evaluated; what else the connection's own page says
// about them comes along.
func (l link) refresh(p *view.Page) templ.Attributes {
	if !l.EvaluatedAt.IsZero() {
		return nil
	}
	attrs := view.Poll(p.Path, l.figuresID())
	if p.Path == l.path(p, "") {
		attrs["hx-select-oob"] = "#about-connection"
	}
	return attrs
}

// figureHref leads from a figure to its list, where the side has that list.
func figureHref(p *view.Page, l link, tab app.MigrationTab) string {
	if l.Side == connection.Main && (tab == app.TabReady || tab == app.TabNotReady) {
		return ""
	}
	return listPath(p, l.ID, tab)
}

func onlyWaitingHref(p *view.Page, l link) string {
	href := figureHref(p, l, app.TabNotReady)
	if href == "" {
		return ""
	}
	return href + "&reason=" + string(migration.WaitingPeriod)
}

func endedTable(p *view.Page, list []link) view.Table {
	t := view.Table{ID: "ended-row", Caption: p.T("unification.ended"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("unification.console")},
		{Kind: view.TextColumn, Label: p.T("unification.role")},
		{Kind: view.DateColumn, Label: p.T("unification.ended_at")},
		{Kind: view.StatusColumn, Label: p.T("unification.state")},
	}}
	for _, l := range list {
		sub, self := "", "unification.self_"
		if l.State != connection.Closed { // the invitation came to nothing
			self = "unification.self_never_"
		}
		if l.Name != "" {
			sub = string(l.AccountID)
		}
		t.Rows = append(t.Rows, view.Row{ID: l.ID, Name: l.OtherName(), Cells: []templ.Component{
			view.NameLink(l.path(p, ""), l.OtherName(), sub), view.Words(p.T(self+string(l.Side)), ""),
			view.When(p, l.endedAt()), linkState(p, l.Side, l.State),
		}})
	}
	return t
}

// endedAt is when the connection ended; an expiry that nobody has written yet was at its moment.
func (l link) endedAt() time.Time {
	if l.EndedAt.IsZero() {
		return l.ExpiresAt
	}
	return l.EndedAt
}

func accountIDAttrs(wrong bool) templ.Attributes {
	attrs := templ.Attributes{
		"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "maxlength": "40", "class": "code", "autofocus": true,
	}
	if wrong {
		attrs["data-autofocus"] = true
	}
	return attrs
}

// inviteFacts are what the source is told about who invites it (spec C9).
func inviteFacts(p *view.Page, l link) []view.Fact {
	return []view.Fact{
		{Label: p.T("unification.inviter"), Value: view.Words(l.InvitedByName, l.Reseller)},
		{Label: p.T("unification.main"), Value: view.Words(l.OtherName(), "")},
		{Label: p.T("unification.account_id"), Value: view.CopyText(p, string(l.AccountID))},
		{Label: p.T("unification.invited_at"), Value: view.When(p, l.InvitedAt)},
		{Label: p.T("unification.expires"), Value: view.Countdown(p, l.ExpiresAt, l.Now)},
	}
}

func connectionFacts(p *view.Page, l link) []view.Fact {
	facts := []view.Fact{{Label: p.T("unification.invited_at"), Value: view.When(p, l.InvitedAt)}}
	if l.Side == connection.Main {
		facts = append(facts, view.Fact{Label: p.T("unification.inviter"), Value: view.Words(l.InvitedByName, "")})
	}
	if l.State == connection.Invited {
		facts = append(facts, view.Fact{Label: p.T("unification.expires"), Value: view.Countdown(p, l.ExpiresAt, l.Now)})
	}
	if !l.AcceptedAt.IsZero() {
		facts = append(facts,
			view.Fact{Label: p.T("unification.accepted_at"), Value: view.When(p, l.AcceptedAt)},
			view.Fact{Label: p.T("unification.may_start_at"), Value: view.When(p, l.MayStartAt)})
	}
	if l.State == connection.Connected && !l.EvaluatedAt.IsZero() {
		facts = append(facts, view.Fact{Label: p.T("migrations.evaluated_at"), Value: view.When(p, l.EvaluatedAt)})
	}
	if !l.Open() {
		facts = append(facts,
			view.Fact{Label: p.T("unification.ended_at"), Value: view.When(p, l.endedAt())},
			view.Fact{Label: p.T("unification.ended_by"), Value: view.Words(p.T(endedKey(l)), "")})
	}
	return facts
}

// endedKey says by whom or why a connection ended, no more of it than this side may know (spec C4).
func endedKey(l link) string {
	switch {
	case l.State == connection.Expired:
		return "unification.by_time"
	case l.Reason != "":
		return "unification.by_" + l.Reason
	case l.EndedBy == l.Side:
		return "unification.by_own"
	default:
		return "unification.by_other"
	}
}

// MaySwitchSharing reports whether the person may switch what the main reads of earlier orders (spec M9).
func (m connectionModel) MaySwitchSharing() bool {
	return m.May && m.Side == connection.Source && (m.State == connection.Connected || m.State == connection.Closed)
}

func newAccountHref(p *view.Page, currency money.Currency, group catalog.ProductGroup) string {
	return p.At("/billing/new?" + url.Values{"currency": {string(currency)}, "product_group": {string(group)}}.Encode())
}

// lacking is how many customers lack an account, as far as they are counted.
func lacking(p *view.Page, n int64) string {
	if n >= app.CountLimit {
		return p.T("unification.customers_more", "Number", p.Num(app.CountLimit-1))
	}
	return p.T("unification.customers", "Count", n)
}

func missingAsk(p *view.Page, a app.MissingAccount) []view.Hidden {
	return []view.Hidden{
		{Name: "code", Value: string(migration.NoBillingAccountInCurrency)},
		{Name: "currency", Value: string(a.Currency)},
		{Name: "group", Value: string(a.Group)},
		{Name: "return", Value: p.Path},
	}
}

func stopRun(c app.Closing) []view.Hidden {
	if c.Migrating > 0 {
		return []view.Hidden{{Name: "stop_run", Value: "1"}}
	}
	return nil
}

func closeText(p *view.Page, c app.Closing) string {
	if c.Migrating > 0 {
		return p.T("unification.stop_and_close")
	}
	return p.T("unification.close")
}
