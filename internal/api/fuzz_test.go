package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// FuzzGateway sends what no client would: whatever it is, the answer is an answer, never a panic or a defect of ours, and
// what is refused has written nothing.
func FuzzGateway(f *testing.F) {
	w := newWorld(f)
	id := w.AddCustomers(w.A, 1, nil)[0]
	account := string(w.A.AccountID)
	methods := everyMethod(f)
	for i := range methods {
		f.Add(i, "", `{}`)
		f.Add(i, "pageSize=1&filter=state=LIVE", `{"scope":{"all":true},"billingDate":{"year":9999999,"month":-1,"day":99}}`)
	}
	for _, body := range []string{
		`[]`, `null`, `"`, `{"customer":null}`, `{"name":1}`, `{"domain":"\u0000"}`, `{"numUnits":"9223372036854775807"}`,
		`{"numUnits":-1,"plan":"PLAN_FLEXIBLE","skuId":"sku_seats"}`, `{"content":"AAA=","fileName":"\n"}`, `{"timeout":"-1s"}`,
		`{"choices":{"groups":[{}],"subscriptions":{"":""}},"scope":{"ids":[""]}}`,
		`{"catalogItems":[{"id":"sku_seats","offers":[{"price":{"numerator":"-1","denominator":"0"}}]}],"validateOnly":true}`,
		`{"amount":{"currencyCode":"JPY","units":"-9223372036854775808","nanos":-1},"reason":"r"}`, `{"month":"0000-00","parent":"consoles/*"}`,
		`{"priceStep":{"skuId":"sku_seats","plan":7,"effectiveDate":{"year":10000,"month":13,"day":0}}}`, `{"value":"-1h","name":"settings/../x"}`,
		strings.Repeat(`{"a":`, 1000),
	} {
		f.Add(len(body)%len(methods), "pageToken=eyJxIjoiIiwicCI6LTF9&orderBy=%00", body)
	}
	f.Fuzz(func(t *testing.T, n int, query, body string) {
		if n < 0 || strings.ContainsAny(query, " #\r\n\x00") || strings.Contains(strings.ToLower(body), "timeout") {
			return // no request, or one that is told to wait
		}
		m := methods[n%len(methods)]
		if strings.HasSuffix(m.full, "/WaitOperation") {
			body = `{"timeout":"0s"}`
		}
		asked := *w.World
		asked.T = t
		path, token := strings.Replace(m.restPath(account), "customers/any", "customers/"+id, 1), "Console A"
		if strings.HasPrefix(path, "/v1/vendor/") {
			token = "Operator"
		}
		r, err := http.NewRequestWithContext(t.Context(), m.verb, w.url+path+"?"+query, strings.NewReader(body))
		if err != nil {
			return // no request
		}
		r.Header.Set("Authorization", "Bearer "+token)
		before := asked.Texts(asked.DumpSQL(""))
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%s %s?%s %s: %s", m.verb, path, query, body, answer.Status)
		}
		if answer.StatusCode != http.StatusOK && !slices.Equal(asked.Texts(asked.DumpSQL("")), before) {
			t.Errorf("%s %s?%s %s: %s, and something was written", m.verb, path, query, body, answer.Status)
		}
	})
}
