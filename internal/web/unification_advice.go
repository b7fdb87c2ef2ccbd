package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"psc/internal/app"
	"psc/internal/catalog"
	"psc/internal/money"
	"psc/internal/web/view"
)

// adviceModel ranks the person's consoles as the main (spec C8).
type adviceModel struct {
	List   []app.Advice
	Domain string
	Now    time.Time
}

// StayApart are the names of the consoles with customers that can never move, if there are several: at least these
// stay apart.
func (m adviceModel) StayApart() string {
	var names []string
	for _, a := range m.List {
		if a.Fixed > 0 {
			names = append(names, a.Name)
		}
	}
	if len(names) < 2 {
		return ""
	}
	return strings.Join(names, " / ")
}

func (s *Server) unificationAdvice(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := adviceModel{Domain: strings.TrimSpace(r.FormValue("domain")), Now: s.app.Clock.Now()}
	list, err := s.app.AdviseMain(r.Context(), v.Actor, m.Domain)
	if err != nil {
		return err
	}
	m.List = list
	v.Page.Title = v.Page.T("unification.which")
	return s.show(w, r, advicePage(v.Page, m))
}

// reasonsFor say what counts for or against a console.
func reasonsFor(p *view.Page, a app.Advice) []string {
	list := []string{p.T("advice.has_customers", "Count", a.Customers)}
	if a.Fixed > 0 {
		list = append(list, p.T("advice.has_fixed", "Count", a.Fixed))
	}
	list = append(list, p.T("advice.has_currencies", "Count", a.Currencies))
	if a.Preferred {
		list = append(list, p.T("advice.has_domain"))
	}
	return list
}

func adviceAccountHref(a app.Advice, currency money.Currency, group catalog.ProductGroup) string {
	return "/c/" + string(a.AccountID) + "/billing/new?" +
		url.Values{"currency": {string(currency)}, "product_group": {string(group)}}.Encode()
}
