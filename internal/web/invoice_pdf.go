package web

import (
	"bytes"
	"net/http"
	"strings"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/pdf"
	"psc/internal/web/view"
)

// paperLines is how many lines a PDF has at the most: some hundred pages, which are drawn in seconds. A file of more is a CSV.
const paperLines = 20_000

func (s *Server) sendInvoicePDF(w http.ResponseWriter, _ *http.Request, v *Visit, d invoiceDoc) error {
	if !pdf.Available() {
		return fault.New(fault.Precondition, "invoices.no_pdf", nil)
	}
	lines, err := d.read(0, paperLines)
	if err != nil {
		return err
	}
	if d.Count > paperLines {
		return fault.New(fault.Precondition, "invoices.pdf_too_long", fault.Args{"Lines": d.Count, "Most": paperLines})
	}
	var file bytes.Buffer
	if err := d.document(v.Page, lines).Write(&file); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", d.fileName("pdf"))
	_, _ = file.WriteTo(w) // fails if the client did not wait
	return nil
}

// document is the invoice on paper.
func (d *invoiceDoc) document(p *view.Page, lines []app.InvoiceLine) pdf.Document {
	doc := pdf.Document{
		Product: p.T("app.name"), Title: p.T("invoices.paper"), Note: p.T("invoices.conserved"),
		Subtitle: p.T("invoices.of", "Account", d.Account.Name, "Month", p.Month(d.Month)),
		Page:     func(page, pages int) string { return p.T("invoices.page", "Page", page, "Pages", pages) },
	}
	switch {
	case !d.Issued():
		doc.Title, doc.Stamp = p.T("invoices.paper_draft"), p.T("invoices.draft")
	case d.Final.RegistrationNumber != "":
		doc.Title = p.T("invoices.paper_qualified")
	}
	doc.Foot = doc.Title + " · " + doc.Subtitle
	if d.Issued() {
		doc.Foot = doc.Title + " " + d.number() + " · " + doc.Subtitle
	}
	for _, f := range d.wording(p) {
		doc.Facts = append(doc.Facts, pdf.Fact{Label: f[0], Value: f[1], Note: f[2]})
	}
	for _, s := range d.sums(p) {
		doc.Sums = append(doc.Sums, pdf.Sum{Label: s.Label, Text: s.Text, Total: s.Total})
	}
	charged, given := grouped(lines)
	if len(charged) > 0 {
		doc.Tables = append(doc.Tables, pdf.Table{Title: p.T("invoices.charges"), Columns: paperColumns(p), Rows: chargedRows(p, charged)})
	}
	if len(given) > 0 {
		doc.Tables = append(doc.Tables, pdf.Table{
			Title: p.T("invoices.credits"), Note: p.T("invoices.credits_what"), Columns: paperColumns(p), Rows: givenRows(p, given),
		})
	}
	return doc
}

func paperColumns(p *view.Page) []pdf.Column {
	return []pdf.Column{
		{Label: p.T("invoices.usage_dates"), Width: 0.44},
		{Label: p.T("invoices.day_count"), Width: 0.14, Right: true},
		{Label: p.T("invoices.seats"), Width: 0.1, Right: true},
		{Label: p.T("invoices.unit_price"), Width: 0.16, Right: true},
		{Label: p.T("invoices.amount"), Width: 0.16, Right: true},
	}
}

func chargedRows(p *view.Page, customers []customerLines) []pdf.Row {
	var rows []pdf.Row
	for _, c := range customers {
		rows = append(rows, pdf.Row{Heading: c.Name + " (" + c.Domain + ")"})
		for _, s := range c.Subscriptions {
			rows = append(rows, pdf.Row{Sub: subscriptionName(p, s.First)})
			for _, l := range s.Lines {
				rows = append(rows, paperLine(p, l))
			}
		}
	}
	return rows
}

func givenRows(p *view.Page, lines []app.InvoiceLine) []pdf.Row {
	var rows []pdf.Row
	for _, l := range lines {
		rows = append(rows, pdf.Row{Heading: l.CustomerName + " (" + l.Domain + ")"}, pdf.Row{Sub: subscriptionName(p, l)}, paperLine(p, l))
	}
	return rows
}

func subscriptionName(p *view.Page, l app.InvoiceLine) string {
	name := l.SKUName + " · " + p.T("plan."+string(l.Plan))
	if l.PurchaseOrderID != "" {
		name += " · " + p.T("invoices.po", "Number", l.PurchaseOrderID)
	}
	return name
}

func paperLine(p *view.Page, l app.InvoiceLine) pdf.Row {
	notes := lineNotes(p, l)
	when := days(p, l.Period)
	if len(notes) == 1 { // no more than what it is for
		when, notes = when+"  "+notes[0], nil
	}
	return pdf.Row{
		Cells: []string{when, daysOf(p, l.Line), p.Num(l.Seats), unitPrice(p, l.Line), amount(p, l.Amount)},
		Note:  strings.Join(notes, " · "),
	}
}
