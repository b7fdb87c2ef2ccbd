package web

import (
	"net/http"

	"psc/internal/app"
	"psc/internal/customer"
	"psc/internal/web/view"
)

func (s *Server) askTransferOut(w http.ResponseWriter, r *http.Request, v *Visit) error {
	q, err := s.app.QuoteTransferOut(r.Context(), v.Actor, r.PathValue("customer"))
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("transfer_page.title")
	return s.show(w, r, transferOutPage(v.Page, q))
}

func (s *Server) transferOut(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := s.app.TransferOut(r.Context(), v.Actor, r.PathValue("customer")); err != nil {
		return err
	}
	return s.done(w, r, customerPath(v.Page, r.PathValue("customer")), v.Page.T("transfer_page.done"))
}

// transferRows say what the transfer of one subscription means.
func transferRows(p *view.Page, l app.TransferLine) []quoteRow {
	currency := string(l.Currency)
	rows := []quoteRow{{p.T("quote.plan"), p.T("plan." + string(l.Plan))}, {p.T("quote.seats"), p.Num(l.Seats)}}
	if l.Credit != 0 {
		rows = append(rows, quoteRow{p.T("transfer_page.credit"), p.Money(l.Credit, currency)})
	}
	for _, m := range l.Months {
		q := app.Quote{Now: l.Subscription}
		rows = append(rows, quoteRow{p.T("quote.month", "Month", p.Month(m.Month)), monthText(p, q, m)})
	}
	return rows
}

// mayTransferOut reports whether there is something of the customer that could go to the vendor.
func (m recordModel) mayTransferOut() bool {
	for _, l := range m.Subscriptions {
		if l.State != customer.SubCancelled {
			return m.MayTransfer && m.Live() && m.Free()
		}
	}
	return false
}
