package web

import "net/http"

func (s *Server) customerRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/customers", s.console(s.customers))
	mux.Handle("POST /c/{account}/customers/columns", s.console(s.setCustomerColumns))
	mux.Handle("POST /c/{account}/customers/filters", s.console(s.saveCustomerFilter))
	mux.Handle("POST /c/{account}/customers/filters/delete", s.console(s.deleteCustomerFilter))
	mux.Handle("POST /c/{account}/customers/list", s.console(s.exportCustomerList))
	mux.Handle("POST /c/{account}/customers/export", s.console(s.exportCustomers))
	mux.Handle("GET /c/{account}/customers/import", s.console(s.imports))
	mux.Handle("POST /c/{account}/customers/import", s.consoleUpload(s.startImport))
	mux.Handle("GET /c/{account}/customers/import/template", s.console(s.importTemplate))
	mux.Handle("GET /c/{account}/customers/import/runs/{op}", s.console(s.importRun))
	mux.Handle("POST /c/{account}/customers/import/runs/{op}/stop", s.console(s.stopImport))
	mux.Handle("GET /c/{account}/customers/import/runs/{op}/problems", s.console(s.importProblems))
	mux.Handle("GET /c/{account}/customers/new", s.console(s.newCustomer))
	mux.Handle("POST /c/{account}/customers/new", s.console(s.createCustomer))
	mux.Handle("GET /c/{account}/customers/{customer}", s.console(s.customer))
	mux.Handle("GET /c/{account}/customers/{customer}/edit", s.console(s.editCustomer))
	mux.Handle("POST /c/{account}/customers/{customer}/edit", s.console(s.saveCustomer))
	mux.Handle("GET /c/{account}/customers/{customer}/delete", s.console(s.askDelete))
	mux.Handle("POST /c/{account}/customers/{customer}/delete", s.console(s.deleteCustomer))
	mux.Handle("GET /c/{account}/customers/{customer}/tos", s.console(s.askTOS))
	mux.Handle("POST /c/{account}/customers/{customer}/tos", s.console(s.acceptTOS))
	mux.Handle("GET /c/{account}/customers/{customer}/buy", s.console(s.askPurchase))
	mux.Handle("POST /c/{account}/customers/{customer}/buy", s.console(s.buy))
	mux.Handle("GET /c/{account}/customers/{customer}/subscriptions/{sub}/seats", s.console(s.askSeats))
	mux.Handle("POST /c/{account}/customers/{customer}/subscriptions/{sub}/seats", s.console(s.orderSeats))
	mux.Handle("GET /c/{account}/customers/{customer}/subscriptions/{sub}/offer", s.console(s.askOffer))
	mux.Handle("POST /c/{account}/customers/{customer}/subscriptions/{sub}/offer", s.console(s.orderOffer))
	mux.Handle("GET /c/{account}/customers/{customer}/subscriptions/{sub}/renewal", s.console(s.askRenewal))
	mux.Handle("POST /c/{account}/customers/{customer}/subscriptions/{sub}/renewal", s.console(s.orderRenewal))
	mux.Handle("GET /c/{account}/customers/{customer}/transfer-out", s.console(s.askTransferOut))
	mux.Handle("POST /c/{account}/customers/{customer}/transfer-out", s.console(s.transferOut))
	s.transferTokenRoutes(mux)
	for action := range subscriptionActions {
		path := " /c/{account}/customers/{customer}/subscriptions/{sub}/" + action
		mux.Handle("GET"+path, s.console(s.subscriptionQuestion(action)))
		mux.Handle("POST"+path, s.console(s.changeSubscription(action)))
	}
	mux.Handle("GET /c/{account}/customers/{customer}/orders/{order}/reject", s.console(s.askReject))
	mux.Handle("POST /c/{account}/customers/{customer}/orders/{order}/reject", s.console(s.rejectOrder))
	for action := range orderActions {
		path := " /c/{account}/customers/{customer}/orders/{order}/" + action
		mux.Handle("GET"+path, s.console(s.orderQuestion(action)))
		mux.Handle("POST"+path, s.console(s.closeOrder(action)))
	}
}

// exportCustomers downloads all customers.
func (s *Server) exportCustomers(w http.ResponseWriter, r *http.Request, v *Visit) error {
	file := &download{w: w, name: "customers.csv"}
	return s.downloaded(r, file, s.app.ExportCustomers(r.Context(), v.Actor, file))
}

// exportCustomerList downloads the list as it is asked for.
func (s *Server) exportCustomerList(w http.ResponseWriter, r *http.Request, v *Visit) error {
	q, err := customerQuery(keptQuery(r.PostFormValue("query")))
	if err != nil {
		return err
	}
	file := &download{w: w, name: "customer-list.csv"}
	return s.downloaded(r, file, s.app.ExportCustomerList(r.Context(), v.Actor, q, file))
}

// downloaded ends a download. What fails after its first byte can only break it off.
func (s *Server) downloaded(r *http.Request, file *download, err error) error {
	if err != nil && file.begun {
		s.log.ErrorContext(r.Context(), "download broken off", "number", number(r), "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}

// download is a CSV file on its way to the browser.
type download struct {
	w     http.ResponseWriter
	name  string
	begun bool
}

// Write implements io.Writer.
func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begun = true
		d.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		d.w.Header().Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
	}
	return d.w.Write(b)
}
