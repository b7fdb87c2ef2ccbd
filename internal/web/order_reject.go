package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/web/view"
)

// rejectModel is the question before the vendor rejects an open order.
func (s *Server) rejectModel(r *http.Request, v *Visit) (q questionModel, err error) {
	if err := v.Actor.MayOperate(); err != nil {
		return q, err
	}
	id := r.PathValue("order")
	m, err := s.record(r, v, app.HistoryPlace{Orders: id + "~"})
	if err != nil {
		return q, err
	}
	name, err := m.orderName(id)
	if err != nil {
		return q, err
	}
	back := customerPath(v.Page, m.Customer.ID)
	v.Page.Title = v.Page.T("customer_page.order_reject")
	return questionModel{
		Key: "customer_page.order_reject", Path: back + "/orders/" + id + "/reject", Back: backOr(r, back), Name: m.Customer.Name, What: name,
		Return: r.FormValue("return"), Look: view.Danger,
	}, nil
}

func (s *Server) askReject(w http.ResponseWriter, r *http.Request, v *Visit) error {
	q, err := s.rejectModel(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, rejectPage(v.Page, q, refusal{}))
}

func (s *Server) rejectOrder(w http.ResponseWriter, r *http.Request, v *Visit) error {
	reject := action{do: func(a *app.App, ctx context.Context, actor console.Actor, id string) error {
		return a.RejectOrder(ctx, actor, id, r.PostFormValue("reason"))
	}}
	err := s.actOn(w, r, v, reject, "order_reject", r.PathValue("order"))
	if fault.Is(err, "order.reason") {
		q, bad := s.rejectModel(r, v)
		if bad != nil {
			return bad
		}
		return s.again(w, r, v, err, func(bad refusal) templ.Component { return rejectPage(v.Page, q, bad) })
	}
	return err
}
