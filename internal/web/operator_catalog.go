package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/catalogfile"
	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
	"psc/internal/web/view"
)

func (s *Server) operatorCatalogRoutes(mux *routes) {
	mux.Handle("GET /operator/catalog", s.operator(s.catalogList))
	mux.Handle("GET /operator/catalog/prices", s.operator(s.priceList))
	mux.Handle("GET /operator/catalog/load", s.operator(s.loadForm))
	mux.Handle("POST /operator/catalog/load", s.operators(fileForm, s.loadCatalog))
	mux.Handle("GET /operator/catalog/skus/{sku}", s.operator(s.sku))
	mux.Handle("GET /operator/catalog/skus/{sku}/price", s.operator(s.priceForm))
	mux.Handle("POST /operator/catalog/skus/{sku}/price", s.operator(s.setPrice))
}

const catalogPath = "/operator/catalog"

func catalogTabs(p *view.Page, prices bool) []view.Tab {
	return []view.Tab{
		{Href: catalogPath, Label: p.T("catalog_page.skus"), Current: !prices},
		{Href: catalogPath + "/prices", Label: p.T("catalog_page.prices"), Current: prices},
	}
}

func (s *Server) catalogList(w http.ResponseWriter, r *http.Request, v *Visit) error {
	items, err := s.app.Catalog(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.operator_catalog")
	return s.show(w, r, catalogPage(v.Page, items))
}

func skuPath(id string) string { return catalogPath + "/skus/" + url.PathEscape(id) }

func catalogTable(p *view.Page, items []catalog.Item) view.Table {
	t := view.Table{ID: "sku", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("customer_page.product")},
		{Kind: view.TextColumn, Label: p.T("agreement_page.family")},
		{Kind: view.TextColumn, Label: p.T("agreement_page.sku_id"), Wide: true},
		{Kind: view.TextColumn, Label: p.T("catalog_page.limits")},
		{Kind: view.NumColumn, Label: p.T("catalog_page.offers")},
	}}
	for _, item := range items {
		group := item.Group.Name()
		if group == item.Product {
			group = ""
		}
		t.Rows = append(t.Rows, view.Row{ID: item.ID, Name: item.Name, Cells: []templ.Component{
			view.NameLink(skuPath(item.ID), item.Name, ""), view.Words(item.Product, group), view.Words(item.ID, ""),
			view.Words(strings.Join(limits(p, item.SKU), " · "), ""), view.Words(p.Num(int64(len(item.Offers))), ""),
		}})
	}
	return t
}

// limits say in words what an order of the SKU has to keep to.
func limits(p *view.Page, s catalog.SKU) (list []string) {
	if s.AddOn {
		list = append(list, p.T("catalog_page.add_on"))
	}
	if s.EditionSeats > 0 {
		list = append(list, p.T("catalog_page.edition", "Edition", s.Edition, "Count", s.EditionSeats))
	}
	if s.TrialDays > 0 {
		list = append(list, p.T("catalog_page.trial", "Count", s.TrialDays))
	}
	return list
}

// skuModel is one SKU with its offers and the prices to come.
type skuModel struct {
	catalog.Item

	Steps []catalog.Step
	Today civil.Date
}

func (s *Server) skuModel(r *http.Request, v *Visit) (m skuModel, err error) {
	items, err := s.app.Catalog(r.Context(), v.Actor)
	if err != nil {
		return m, err
	}
	steps, err := s.app.PriceSteps(r.Context(), v.Actor)
	if err != nil {
		return m, err
	}
	for _, item := range items {
		if item.ID == r.PathValue("sku") {
			m = skuModel{Item: item, Today: s.today()}
		}
	}
	for _, step := range steps {
		if step.SKUID == m.ID {
			m.Steps = append(m.Steps, step)
		}
	}
	if m.ID == "" {
		return m, fault.New(fault.NotFound, "fault.not_found", nil)
	}
	v.Page.Title = m.Name
	return m, nil
}

func (s *Server) sku(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.skuModel(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, catalogSKUPage(v.Page, m))
}

func (m skuModel) facts(p *view.Page) []view.Fact {
	facts := []view.Fact{
		{Label: p.T("agreement_page.sku_id"), Value: view.CopyText(p, m.ID)},
		{Label: p.T("agreement_page.family"), Value: view.Words(m.Product, m.Group.Name())},
		{Label: p.T("catalog_page.limits"), Value: view.Words(orNone(p, limits(p, m.SKU)), "")},
	}
	var blocks []string
	for _, b := range m.Blocks {
		blocks = append(blocks, p.T("plan."+string(b.Plan)))
	}
	return append(facts, view.Fact{Label: p.T("catalog_page.blocks"), Value: view.Words(orNone(p, blocks), "")})
}

func orNone(p *view.Page, list []string) string {
	if len(list) == 0 {
		return p.T("catalog_page.none")
	}
	return strings.Join(list, " · ")
}

func (m skuModel) offerTable(p *view.Page) view.Table {
	t := view.Table{ID: "offer", Caption: p.T("catalog_page.offers"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("catalog_page.plan")},
		{Kind: view.TextColumn, Label: p.T("invoices.currency")},
		{Kind: view.NumColumn, Label: p.T("catalog_page.price")},
		{Kind: view.TextColumn, Label: p.T("catalog_page.coming")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, o := range m.Offers {
		var coming []string
		for _, step := range m.Steps {
			if step.From > m.Today && step.Plan == o.Plan && step.Currency == o.Currency {
				coming = append(coming, p.T("catalog_page.from", "Price", listed(p, step.Price, o.Currency), "Date", step.From))
			}
		}
		name := p.T("plan." + string(o.Plan))
		query := url.Values{"plan": {string(o.Plan)}, "currency": {string(o.Currency)}}
		t.Rows = append(t.Rows, view.Row{ID: string(o.Plan) + string(o.Currency), Name: name, Cells: []templ.Component{
			view.Words(name, p.T("catalog_page.per_"+perOf(o.Plan))), view.Words(string(o.Currency), ""), view.Words(listed(p, o.Price, o.Currency), ""),
			view.Words(strings.Join(coming, " · "), ""), actionButtons(p, []view.Button{{
				Text: p.T("catalog_page.set"), For: name + " " + string(o.Currency), Href: skuPath(m.ID) + "/price?" + query.Encode(),
			}}),
		}})
	}
	return t
}

// perOf is what a price is for: a seat for a month, or for a year.
func perOf(plan catalog.Plan) string {
	if plan == catalog.AnnualYearlyPay {
		return "year"
	}
	return "month"
}

// listed writes a price per seat; one that is no whole number of minor units with what it goes on by.
func listed(p *view.Page, amount money.Price, c money.Currency) string {
	return exactly(p, amount.Exact(1, 1, 1), c)
}

func (s *Server) priceList(w http.ResponseWriter, r *http.Request, v *Visit) error {
	items, err := s.app.Catalog(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	steps, err := s.app.PriceSteps(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.operator_catalog")
	return s.show(w, r, pricesPage(v.Page, priceTable(v.Page, items, steps, s.today())))
}

// priceTable lists the prices that have an effective date, the latest first.
func priceTable(p *view.Page, items []catalog.Item, steps []catalog.Step, today civil.Date) view.Table {
	names := map[string]string{}
	for _, item := range items {
		names[item.ID] = item.Name
	}
	t := view.Table{ID: "price", Caption: p.T("catalog_page.prices"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("customer_page.product")},
		{Kind: view.TextColumn, Label: p.T("catalog_page.plan")},
		{Kind: view.DateColumn, Label: p.T("catalog_page.date")},
		{Kind: view.NumColumn, Label: p.T("catalog_page.price")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
	}}
	for i, step := range slices.Backward(steps) {
		state := view.Chip(p, view.OK, "", p.T("catalog_page.holds"))
		if step.From > today {
			state = view.Chip(p, view.Info, "schedule", p.T("catalog_page.ahead"))
		}
		t.Rows = append(t.Rows, view.Row{ID: strconv.Itoa(i), Name: names[step.SKUID], Cells: []templ.Component{
			view.NameLink(skuPath(step.SKUID), names[step.SKUID], ""), view.Words(p.T("plan."+string(step.Plan)), string(step.Currency)),
			view.Words(p.Date(step.From), ""), view.Words(listed(p, step.Price, step.Currency), ""), state,
		}})
	}
	return t
}

// priceModel is the form of a new price, and what it would change once that is asked.
type priceModel struct {
	refusal

	SKU         catalog.SKU
	Offer       catalog.Offer
	Price, Date string             // as they are typed
	Forecast    *app.PriceForecast // nil until somebody asks
}

func (s *Server) priceModel(r *http.Request, v *Visit) (m priceModel, err error) {
	sku, err := s.skuModel(r, v)
	if err != nil {
		return m, err
	}
	m = priceModel{SKU: sku.SKU, Price: strings.TrimSpace(r.FormValue("price")), Date: r.FormValue("from")}
	for _, o := range sku.Offers {
		if string(o.Plan) == r.FormValue("plan") && string(o.Currency) == r.FormValue("currency") {
			m.Offer = o
		}
	}
	if m.Offer.SKUID == "" {
		return m, fault.New(fault.NotFound, "fault.not_found", nil)
	}
	v.Page.Title = v.Page.T("catalog_page.set_title", "SKU", sku.Name)
	return m, nil
}

// step reads what was typed.
func (m priceModel) step() (step catalog.Step, err error) {
	step.Offer = m.Offer
	if step.Price, err = money.ParsePrice(m.Price, m.Offer.Currency); errors.Is(err, money.ErrDecimals) {
		return step, fault.InvalidField("price", "catalog.decimals", fault.Args{"Value": m.Price, "Currency": string(m.Offer.Currency)})
	} else if err != nil {
		return step, fault.InvalidField("price", "catalog.price", fault.Args{"Value": m.Price})
	}
	if step.From, err = civil.Parse(m.Date); err != nil {
		return step, fault.InvalidField("from", "audit_filter.date", nil)
	}
	return step, nil
}

// priceForm asks for a new price, and shows what it would change when it has been typed.
func (s *Server) priceForm(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.priceModel(r, v)
	if err != nil {
		return err
	}
	if !r.Form.Has("price") {
		m.Date = s.today().Month().End().String()
		return s.show(w, r, pricePage(v.Page, m))
	}
	step, err := m.step()
	if err == nil {
		var f app.PriceForecast
		f, err = s.app.ForecastPrice(r.Context(), v.Actor, step)
		m.Forecast = &f
	}
	if err != nil {
		return s.againPrice(w, r, v, m, err)
	}
	return s.show(w, r, pricePage(v.Page, m))
}

func (s *Server) againPrice(w http.ResponseWriter, r *http.Request, v *Visit, m priceModel, err error) error {
	return s.again(w, r, v, err, func(bad refusal) templ.Component {
		m.refusal, m.Forecast = bad, nil
		return pricePage(v.Page, m)
	})
}

func (s *Server) setPrice(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m, err := s.priceModel(r, v)
	if err != nil {
		return err
	}
	step, err := m.step()
	if err == nil {
		_, err = s.app.SetPrice(r.Context(), v.Actor, step)
	}
	if err != nil {
		return s.againPrice(w, r, v, m, err)
	}
	return s.done(w, r, skuPath(m.SKU.ID), v.Page.T("catalog_page.set_done", "Price", listed(v.Page, step.Price, step.Currency), "Date", step.From))
}

func (m priceModel) fields(p *view.Page) []view.Input {
	return []view.Input{
		{
			Name: "price", Label: p.T("catalog_page.new_price", "Currency", string(m.Offer.Currency)), Value: m.Price, Error: m.Of("price"), Required: true,
			Hint:  p.T("catalog_page.price_hint", "Price", listed(p, m.Offer.Price, m.Offer.Currency)),
			Attrs: templ.Attributes{"inputmode": "decimal", "autocomplete": "off", "maxlength": 40},
		},
		{
			Name: "from", Type: view.DateField, Label: p.T("catalog_page.date"), Value: m.Date, Error: m.Of("from"), Required: true,
			Hint: p.T("catalog_page.date_hint", "Zone", p.BillingZone),
		},
	}
}

func (m priceModel) which() []view.Hidden {
	return []view.Hidden{{Name: "plan", Value: string(m.Offer.Plan)}, {Name: "currency", Value: string(m.Offer.Currency)}}
}

func (m priceModel) typed() []view.Hidden {
	return append(m.which(), view.Hidden{Name: "price", Value: m.Price}, view.Hidden{Name: "from", Value: m.Date})
}

// loadModel is the form of a catalogue's file, and what loading it would change once it has been read.
type loadModel struct {
	refusal

	Text   string // the file that was read
	Change *app.CatalogChange
}

func (s *Server) loadForm(w http.ResponseWriter, r *http.Request, v *Visit) error {
	v.Page.Title = v.Page.T("catalog_page.load")
	return s.show(w, r, loadPage(v.Page, loadModel{}))
}

// loadCatalog shows what loading a file would change; what was shown is loaded when that is confirmed.
func (s *Server) loadCatalog(w http.ResponseWriter, r *http.Request, v *Visit) error {
	v.Page.Title = v.Page.T("catalog_page.load")
	var m loadModel
	items, err := readCatalog(w, r, &m)
	if err == nil && r.PostFormValue("confirmed") != "" {
		if err = s.app.LoadCatalog(r.Context(), v.Actor, items); err == nil {
			return s.done(w, r, catalogPath, v.Page.T("catalog_page.loaded", "Count", len(items)))
		}
	}
	if err == nil {
		var c app.CatalogChange
		c, err = s.app.PreviewCatalog(r.Context(), v.Actor, items)
		m.Change = &c
	}
	if err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			m.refusal, m.Change = bad.placed(), nil
			return loadPage(v.Page, m)
		})
	}
	return s.show(w, r, loadPage(v.Page, m))
}

// maxCatalog is how long the file of a catalogue may be.
const maxCatalog = 4 << 20

// readCatalog reads the file into the form, or its text if that was shown already.
func readCatalog(w http.ResponseWriter, r *http.Request, m *loadModel) ([]catalog.Item, error) {
	r.Body = http.MaxBytesReader(w, r.Body, 2*maxCatalog)
	if err := r.ParseMultipartForm(2 * maxCatalog); err != nil { //nolint:gosec // it is limited above
		if tooLarge(err) {
			return nil, fault.InvalidField("file", "import.too_large", fault.Args{"Megabytes": maxCatalog >> 20})
		}
		return nil, fault.Wrap(err, fault.Invalid, "web.unreadable", nil)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	if err := readableForm(r); err != nil {
		return nil, err
	}
	if m.Text = r.PostFormValue("text"); m.Text == "" {
		file, _, err := r.FormFile("file")
		if err != nil {
			return nil, fault.InvalidField("file", "import.no_file", nil)
		}
		defer file.Close()
		text, err := io.ReadAll(file)
		if err != nil {
			return nil, err
		}
		m.Text = string(text)
	}
	if !readable(m.Text) {
		return nil, fault.New(fault.Invalid, "web.unreadable", nil)
	}
	items, wrong, err := catalogfile.Read([]byte(m.Text))
	if err == nil && len(wrong) > 0 {
		err = app.InvalidCatalog(append(wrong, catalog.Check(items)...))
	}
	return items, err
}

// placed puts the place before what is wrong there, and leads to no field: the form has one for the whole file.
func (f refusal) placed() refusal {
	for i, problem := range f.Problems {
		if problem.Field != "" && problem.Field != "file" {
			f.Problems[i] = view.Problem{Text: problem.Field + ": " + problem.Text}
		}
	}
	return f
}

func (m loadModel) priceTable(p *view.Page) view.Table {
	t := view.Table{ID: "change", Caption: p.T("catalog_page.changes"), Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("agreement_page.sku_id")},
		{Kind: view.TextColumn, Label: p.T("catalog_page.plan")},
		{Kind: view.NumColumn, Label: p.T("catalog_page.was")},
		{Kind: view.NumColumn, Label: p.T("catalog_page.price")},
	}}
	for i, c := range m.Change.Prices {
		was := p.T("catalog_page.new_offer")
		if !c.New {
			was = listed(p, c.Was, c.Currency)
		}
		t.Rows = append(t.Rows, view.Row{ID: strconv.Itoa(i), Name: c.SKUID, Cells: []templ.Component{
			view.Words(c.SKUID, ""), view.Words(p.T("plan."+string(c.Plan)), string(c.Currency)), view.Words(was, ""),
			view.Words(listed(p, c.Price, c.Currency), ""),
		}})
	}
	return t
}

func (m loadModel) facts(p *view.Page) []view.Fact {
	names := func(list []catalog.SKU) string {
		texts := make([]string, len(list))
		for i, sku := range list {
			texts[i] = sku.Name
		}
		return orNone(p, texts)
	}
	return []view.Fact{
		{Label: p.T("catalog_page.new_skus"), Value: view.Words(names(m.Change.New), "")},
		{Label: p.T("catalog_page.changed_skus"), Value: view.Words(names(m.Change.Changed), "")},
		{Label: p.T("catalog_page.same_skus"), Value: view.Words(p.Num(int64(m.Change.Same)), "")},
		{Label: p.T("catalog_page.changes"), Value: view.Words(p.Num(int64(len(m.Change.Prices))), "")},
	}
}
