package api_test

import (
	"net/http"
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
)

// TestTheAPIDescribesItself, to whom it does not know, too.
func TestTheAPIDescribesItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code, document := w.rest("nobody", http.MethodGet, "/openapi.json", "")
	if paths, _ := document["paths"].(map[string]any); code != http.StatusOK || len(paths) < 50 {
		t.Errorf("%d with %d paths", code, len(paths))
	}

	stream, err := grpc_reflection_v1.NewServerReflectionClient(w.conn).ServerReflectionInfo(t.Context(), grpc.WaitForReady(true))
	w.Must(err)
	w.Must(stream.Send(&grpc_reflection_v1.ServerReflectionRequest{
		MessageRequest: &grpc_reflection_v1.ServerReflectionRequest_ListServices{},
	}))
	answer, err := stream.Recv()
	w.Must(err)
	w.Must(stream.CloseSend())
	if !slices.ContainsFunc(answer.GetListServicesResponse().GetService(), func(s *grpc_reflection_v1.ServiceResponse) bool {
		return s.GetName() == "psc.v1.MigrationService"
	}) {
		t.Errorf("reflection: %v", answer)
	}
}

// TestWhatIsNotThere is told like every failure, and what is no call is left to the pages.
func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		method, path, body string
		code               int
		reason             string
	}{
		{http.MethodGet, "/v1/nothing", "", http.StatusNotFound, "API_PATH"},
		{http.MethodPost, "/v1/consoles", "{}", http.StatusMethodNotAllowed, "API_METHOD"},
		{http.MethodGet, "/v1/" + in(w.A, "/customers?pageSize=x"), "", http.StatusBadRequest, "API_UNREADABLE"},
		{http.MethodGet, "/v1/" + in(w.A, "/customers?pagesize=1"), "", http.StatusBadRequest, "API_UNREADABLE"},
		{http.MethodGet, "/v1/" + in(w.A, "/customers?pageSize=-1"), "", http.StatusBadRequest, "API_PAGE_SIZE"},
		{http.MethodGet, "/v1/" + in(w.A, "/customers?pageToken=x"), "", http.StatusBadRequest, "API_PAGE_TOKEN"},
		{http.MethodGet, "/v1/" + in(w.A, "/customers?filter=colour=red"), "", http.StatusBadRequest, "API_FILTER_FIELD"},
		{http.MethodGet, "/v1/" + in(w.A, "/customers?filter=state"), "", http.StatusBadRequest, "API_FILTER"},
		{http.MethodGet, "/v1/" + in(w.A, "/customers?filter=seats>=many"), "", http.StatusBadRequest, "API_FILTER_VALUE"},
		{http.MethodGet, "/v1/" + in(w.A, "/customers?filter=plan=NONE"), "", http.StatusBadRequest, "CUSTOMER_FILTER_INVALID"},
		{http.MethodGet, "/v1/" + in(w.A, "/customers?orderBy=colour"), "", http.StatusBadRequest, "API_ORDER_BY"},
		{http.MethodPost, "/v1/" + in(w.A, "/customers"), `{"colour":"red"}`, http.StatusBadRequest, "API_UNREADABLE"},
		{http.MethodPost, "/v1/" + in(w.A, "/customers"), `{"domain":`, http.StatusBadRequest, "API_UNREADABLE"},
		{http.MethodPost, "/v1/" + in(w.A, "/customers"), `{}`, http.StatusBadRequest, "CUSTOMER_INVALID"},
		{http.MethodGet, "/v1/" + in(w.A, "/customers/none"), "", http.StatusNotFound, "CUSTOMER_NOT_FOUND"},
	} {
		code, body := w.rest("Console A", c.method, c.path, c.body)
		if code != c.code || reasonOf(body) != c.reason {
			t.Errorf("%s %s %s: %d %v", c.method, c.path, c.body, code, body)
		}
	}
}
