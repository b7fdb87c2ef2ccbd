package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

const webhooksPath = "/users/access/webhooks"

func (s *Server) webhookRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/users/access/webhooks", s.console(s.webhooks))
	mux.Handle("GET /c/{account}/users/access/webhooks/new", s.console(s.newWebhook))
	mux.Handle("POST /c/{account}/users/access/webhooks", s.console(s.makeWebhook))
	mux.Handle("GET /c/{account}/users/access/webhooks/{webhook}", s.console(s.webhook))
	mux.Handle("GET /c/{account}/users/access/webhooks/{webhook}/edit", s.console(s.editWebhook))
	mux.Handle("POST /c/{account}/users/access/webhooks/{webhook}", s.console(s.changeWebhook))
	mux.Handle("GET /c/{account}/users/access/webhooks/{webhook}/secret", s.console(s.webhookSecretQuestion))
	mux.Handle("POST /c/{account}/users/access/webhooks/{webhook}/secret", s.console(s.rotateWebhookSecret))
	mux.Handle("GET /c/{account}/users/access/webhooks/{webhook}/remove", s.console(s.webhookQuestion))
	mux.Handle("POST /c/{account}/users/access/webhooks/{webhook}/remove", s.console(s.removeWebhook))
	mux.Handle("POST /c/{account}/users/access/webhooks/{webhook}/test", s.console(s.testWebhook))
	mux.Handle("GET /c/{account}/users/access/webhooks/{webhook}/replay", s.console(s.replayQuestion))
	mux.Handle("POST /c/{account}/users/access/webhooks/{webhook}/replay", s.console(s.replayFailed))
	mux.Handle("GET /c/{account}/users/access/webhooks/{webhook}/deliveries/{delivery}", s.console(s.delivery))
	mux.Handle("POST /c/{account}/users/access/webhooks/{webhook}/deliveries/{delivery}/replay", s.console(s.replayDelivery))
}

// webhooks shows where the console's events are sent.
func (s *Server) webhooks(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.Webhooks(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("webhook_page.title")
	return s.show(w, r, webhooksPage(v.Page, list))
}

func webhookTable(p *view.Page, list []app.Webhook) view.Table {
	t := view.Table{ID: "webhook", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("webhook_page.url")},
		{Kind: view.TextColumn, Label: p.T("webhook_page.types")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	for _, x := range list {
		t.Rows = append(t.Rows, view.Row{ID: x.ID, Name: x.URL, Cells: []templ.Component{
			view.NameLink(p.At(hookPath(x, "")), x.URL, x.Description), view.Words(typesTold(p, x), ""), webhookChip(p, x),
		}})
	}
	return t
}

func hookPath(x app.Webhook, act string) string { return webhooksPath + "/" + x.ID + act }

func typesTold(p *view.Page, x app.Webhook) string {
	if len(x.Types) == 0 {
		return p.T("webhook_page.all_types")
	}
	return p.T("webhook_page.some_types", "Count", len(x.Types))
}

func webhookChip(p *view.Page, x app.Webhook) templ.Component {
	switch {
	case x.Reason != "":
		tone := view.Bad
		if x.Reason == console.WebhookByHand {
			tone = view.Muted
		}
		return view.Chip(p, tone, "", p.T("webhook_state."+string(x.Reason)))
	case !x.FailingSince.IsZero():
		return view.Chip(p, view.Warn, "", p.T("webhook_page.failing"))
	}
	return view.Chip(p, view.OK, "", p.T("webhook_state."+string(x.State)))
}

// webhookForm is the form of a webhook.
type webhookForm struct {
	refusal

	Fields               app.WebhookFields
	Version              string // of what is changed; empty: it is new
	Action, Back, BackTo string
	Does                 string
}

// typeGroup are the types of events about one topic.
type typeGroup struct {
	Label string
	Types []string
	Open  bool
}

func (m *webhookForm) groups(p *view.Page) (list []typeGroup) {
	topic := ""
	for _, t := range console.EventTypes {
		of, _, _ := strings.Cut(t, ".")
		if of != topic {
			topic = of
			list = append(list, typeGroup{Label: p.T("audit_topic." + topic)})
		}
		g := &list[len(list)-1]
		g.Types = append(g.Types, t)
		g.Open = g.Open || slices.Contains(m.Fields.Types, t)
	}
	return list
}

func (m *webhookForm) typed(r *http.Request) {
	m.Fields = app.WebhookFields{
		URL: r.PostFormValue("url"), Description: r.PostFormValue("note"), Types: r.PostForm["type"],
		Disabled: m.Version != "" && r.PostFormValue("enabled") == "",
	}
}

func (s *Server) webhookAgain(w http.ResponseWriter, r *http.Request, v *Visit, err error, m webhookForm) error {
	return s.again(w, r, v, err, func(f refusal) templ.Component {
		m.refusal = f
		return webhookFormPage(v.Page, m)
	})
}

func newWebhookForm(v *Visit) webhookForm {
	v.Page.Title = v.Page.T("webhook_page.new")
	return webhookForm{
		Action: v.Page.At(webhooksPath), Back: v.Page.At(webhooksPath), BackTo: v.Page.T("webhook_page.title"), Does: v.Page.T("webhook_page.make"),
	}
}

func (s *Server) newWebhook(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := v.Actor.May(console.ManageUsers); err != nil {
		return err
	}
	return s.show(w, r, webhookFormPage(v.Page, newWebhookForm(v)))
}

func (s *Server) makeWebhook(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := newWebhookForm(v)
	m.typed(r)
	secret, made, err := s.app.MakeWebhook(r.Context(), v.Actor, m.Fields)
	if err != nil {
		return s.webhookAgain(w, r, v, err, m)
	}
	v.Page.Title = v.Page.T("webhook_page.made")
	return s.showSecret(w, r, v, made, secret)
}

func (s *Server) showSecret(w http.ResponseWriter, r *http.Request, v *Visit, x app.Webhook, secret string) error {
	return s.show(w, r, secretPage(v.Page, shownSecret{
		Lead: v.Page.T("webhook_page.once"), Label: v.Page.T("webhook_page.secret"), Secret: secret,
		Back: v.Page.At(hookPath(x, "")), BackTo: v.Page.T("webhook_page.title"),
	}))
}

// hook returns the webhook of the address.
func (s *Server) hook(r *http.Request, v *Visit) (app.Webhook, error) {
	return s.app.Webhook(r.Context(), v.Actor, r.PathValue("webhook"))
}

// webhookModel is a webhook with a page of its deliveries.
type webhookModel struct {
	refusal

	Webhook    app.Webhook
	Asked      url.Values
	Deliveries []app.WebhookMessage
	Pages      view.Pages
}

func (s *Server) webhook(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p := v.Page
	x, err := s.hook(r, v)
	if err != nil {
		return err
	}
	p.Title = p.T("webhook_page.single")
	m := webhookModel{Webhook: x, Asked: url.Values{}}
	for _, name := range []string{"state", "type"} {
		if value := r.FormValue(name); value != "" {
			m.Asked.Set(name, value)
		}
	}
	var more bool
	q, err := app.WebhookQuery{Type: r.FormValue("type"), Before: r.FormValue("before")}.In(r.FormValue("state"))
	if err == nil {
		m.Deliveries, more, err = s.app.WebhookMessages(r.Context(), v.Actor, x.ID, q, app.PageSize)
	}
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal = bad
			return webhookPage(p, m)
		})
	}
	here := p.At(hookPath(x, ""))
	m.Pages = view.Pages{Action: here, List: "list", Range: p.T("shell.rows", "Count", len(m.Deliveries))}
	if q.Before != "" {
		m.Pages.First = here + "?" + m.Asked.Encode()
	}
	if more {
		next := url.Values{"before": {m.Deliveries[len(m.Deliveries)-1].ID}}
		m.Pages.Next = here + "?" + next.Encode() + "&" + m.Asked.Encode()
	}
	return s.show(w, r, webhookPage(p, m))
}

func deliveryTable(p *view.Page, x app.Webhook, list []app.WebhookMessage) view.Table {
	t := view.Table{ID: "delivery", Caption: p.T("webhook_page.deliveries"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("webhook_page.type")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
		{Kind: view.NumColumn, Label: p.T("webhook_page.attempts")},
		{Kind: view.TextColumn, Label: p.T("webhook_page.answer")},
		{Kind: view.DateColumn, Label: p.T("webhook_page.created")},
		{Kind: view.DateColumn, Label: p.T("webhook_page.next")},
	}}
	for _, m := range list {
		next := view.Words("", "")
		if m.SettledAt.IsZero() {
			next = view.When(p, m.NextAt)
		}
		t.Rows = append(t.Rows, view.Row{ID: m.ID, Name: m.Type, Cells: []templ.Component{
			view.NameLink(p.At(hookPath(x, "/deliveries/"+m.ID)), m.Type, m.CustomerID), deliveryChip(p, m), view.Words(p.Num(m.Attempts), ""),
			view.Words(answerTold(m.LastCode, m.Problem), ""), view.When(p, m.At), next,
		}})
	}
	return t
}

// answerTold is what was answered: a code, or why there is none.
func answerTold(code int64, problem string) string {
	if code != 0 {
		return strconv.FormatInt(code, 10)
	}
	return problem
}

func deliveryChip(p *view.Page, m app.WebhookMessage) templ.Component {
	tone := map[string]view.Tone{"WAITING": view.Info, "DELIVERED": view.OK, "FAILED": view.Bad}[string(m.State)]
	if tone == view.Info && m.Tries > 0 {
		tone = view.Warn
	}
	return view.Chip(p, tone, "", p.T("delivery_state."+string(m.State)))
}

func (s *Server) editForm(r *http.Request, v *Visit) (webhookForm, app.Webhook, error) {
	x, err := s.hook(r, v)
	v.Page.Title = v.Page.T("webhook_page.edit")
	return webhookForm{
		Fields:  app.WebhookFields{URL: x.URL, Description: x.Description, Types: x.Types, Disabled: x.State == console.WebhookDisabled},
		Version: strconv.FormatInt(x.Version, 10),
		Action:  v.Page.At(hookPath(x, "")), Back: v.Page.At(hookPath(x, "")), BackTo: v.Page.T("webhook_page.single"), Does: v.Page.T("button.save"),
	}, x, err
}

func (s *Server) editWebhook(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, _, err := s.editForm(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, webhookFormPage(v.Page, m))
}

func (s *Server) changeWebhook(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, x, err := s.editForm(r, v)
	if err != nil {
		return err
	}
	m.typed(r)
	seen, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil {
		return fault.InvalidField("version", "webhook.version", nil)
	}
	if _, err := s.app.ChangeWebhook(r.Context(), v.Actor, x.ID, seen, m.Fields); err != nil {
		return s.webhookAgain(w, r, v, err, m)
	}
	return s.done(w, r, m.Back, v.Page.T("webhook_page.saved"))
}

func (s *Server) webhookSecretQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.askOfWebhook(w, r, v, "secret", view.Button{Text: v.Page.T("webhook_page.rotate"), Look: view.Filled})
}

func (s *Server) webhookQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.askOfWebhook(w, r, v, "remove", view.Button{Text: v.Page.T("webhook_page.remove"), Look: view.Danger})
}

func (s *Server) replayQuestion(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return s.askOfWebhook(w, r, v, "replay", view.Button{Text: v.Page.T("webhook_page.resend"), Look: view.Filled})
}

func (s *Server) askOfWebhook(w http.ResponseWriter, r *http.Request, v *Visit, act string, does view.Button) error {
	x, err := s.hook(r, v)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("webhook_page." + act + "_title")
	return s.show(w, r, webhookQuestionPage(v.Page, x, act, does, refusal{}))
}

func (s *Server) rotateWebhookSecret(w http.ResponseWriter, r *http.Request, v *Visit) error {
	secret, x, err := s.app.RotateWebhookSecret(r.Context(), v.Actor, r.PathValue("webhook"))
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("webhook_page.rotated")
	return s.showSecret(w, r, v, x, secret)
}

func (s *Server) removeWebhook(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.RemoveWebhook(r.Context(), v.Actor, r.PathValue("webhook")); err != nil {
		return err
	}
	return s.done(w, r, v.Page.At(webhooksPath), v.Page.T("webhook_page.removed"))
}

func (s *Server) testWebhook(w http.ResponseWriter, r *http.Request, v *Visit) error {
	x, err := s.hook(r, v)
	if err != nil {
		return err
	}
	id, err := s.app.TestWebhook(r.Context(), v.Actor, x.ID)
	if err != nil {
		return err
	}
	return s.done(w, r, v.Page.At(hookPath(x, "/deliveries/"+id)), v.Page.T("webhook_page.tested"))
}

// replayFailed sends again what has failed since a day, in the zone in which the person reads; without one, everything.
func (s *Server) replayFailed(w http.ResponseWriter, r *http.Request, v *Visit) error {
	x, err := s.hook(r, v)
	if err != nil {
		return err
	}
	var since civil.Date
	if typed := r.PostFormValue("since"); typed != "" {
		if since, err = civil.Parse(typed); err != nil {
			err = fault.InvalidField("since", "webhook.since", nil)
		}
	}
	var n int64
	if err == nil {
		n, err = s.app.ReplayFailedMessages(r.Context(), v.Actor, x.ID, since.Start(v.Page.Zone()))
	}
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			v.Page.Title = v.Page.T("webhook_page.replay_title")
			return webhookQuestionPage(v.Page, x, "replay", view.Button{Text: v.Page.T("webhook_page.resend"), Look: view.Filled}, bad)
		})
	}
	return s.done(w, r, v.Page.At(hookPath(x, "")), v.Page.T("webhook_page.replayed", "Count", n))
}

// delivery shows what is sent, and each attempt to.
func (s *Server) delivery(w http.ResponseWriter, r *http.Request, v *Visit) error {
	x, err := s.hook(r, v)
	if err != nil {
		return err
	}
	m, tries, err := s.app.WebhookMessage(r.Context(), v.Actor, x.ID, r.PathValue("delivery"))
	if err != nil {
		return err
	}
	v.Page.Title = m.Type
	return s.show(w, r, deliveryPage(v.Page, x, m, tries))
}

func attemptTable(p *view.Page, list []app.WebhookAttempt) view.Table {
	t := view.Table{ID: "attempt", Caption: p.T("webhook_page.attempts"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("shell.when")},
		{Kind: view.TextColumn, Label: p.T("webhook_page.answer")},
		{Kind: view.NumColumn, Label: p.T("webhook_page.took")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	for _, a := range list {
		chip := view.Chip(p, view.OK, "", p.T("delivery_state.DELIVERED"))
		told := answerTold(a.Code, "")
		if a.Problem != "" {
			chip, told = view.Chip(p, view.Bad, "", p.T("webhook_page.not_arrived")), a.Problem
		}
		at := p.When(a.At)
		t.Rows = append(t.Rows, view.Row{ID: strconv.FormatInt(a.N, 10), Name: at, Cells: []templ.Component{
			view.Words(at, ""), view.Words(told, ""), view.Words(p.T("webhook_page.millis", "Millis", a.Millis), ""), chip,
		}})
	}
	return t
}

// laidOut is a message as people read it.
func laidOut(body string) string {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(body), "", "  "); err != nil {
		return body
	}
	return out.String()
}

func (s *Server) replayDelivery(w http.ResponseWriter, r *http.Request, v *Visit) error {
	x, err := s.hook(r, v)
	if err != nil {
		return err
	}
	id := r.PathValue("delivery")
	if err := s.app.ReplayWebhookMessage(r.Context(), v.Actor, x.ID, id); err != nil {
		return err
	}
	return s.done(w, r, v.Page.At(hookPath(x, "/deliveries/"+id)), v.Page.T("webhook_page.replayed", "Count", 1))
}

func webhookFacts(p *view.Page, x app.Webhook) []view.Fact {
	facts := []view.Fact{
		{Label: p.T("webhook_page.url"), Value: view.CopyText(p, x.URL)},
		{Label: p.T("webhook_page.types"), Value: view.Words(typesTold(p, x), strings.Join(x.Types, " · "))},
		{Label: p.T("webhook_page.created"), Value: view.Words(p.T("token_page.made_by", "Person", x.CreatedBy, "At", p.When(x.CreatedAt)), "")},
	}
	if !x.OldUntil.IsZero() {
		facts = append(facts, view.Fact{Label: p.T("webhook_page.old_secret"), Value: view.When(p, x.OldUntil)})
	}
	if !x.FailingSince.IsZero() {
		facts = append(facts, view.Fact{Label: p.T("webhook_page.failing_since"), Value: view.When(p, x.FailingSince)})
	}
	return facts
}

func deliveryFacts(p *view.Page, m app.WebhookMessage) []view.Fact {
	facts := []view.Fact{
		{Label: "webhook-id", Value: view.CopyText(p, m.ID)},
		{Label: p.T("webhook_page.created"), Value: view.When(p, m.At)},
	}
	if m.CustomerID != "" {
		facts = append(facts, view.Fact{Label: p.T("webhook_page.customer"), Value: view.CopyText(p, m.CustomerID)})
	}
	if m.SettledAt.IsZero() {
		facts = append(facts, view.Fact{Label: p.T("webhook_page.next"), Value: view.When(p, m.NextAt)})
	}
	return facts
}
