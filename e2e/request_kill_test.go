//go:build e2e

package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"psc/e2e/product"
)

// TestARequestIsDoneOnceWhateverBecomesOfTheProcess kills the process between a request with a key and its answer, at once and a
// little later, and repeats it: there is one effect. A repeat is answered as the first time; where the process died between the change and
// its answer, that it was begun, and after a minute that the answer is lost. It is never done again.
func TestARequestIsDoneOnceWhateverBecomesOfTheProcess(t *testing.T) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "psc.db")
	serve := []string{"demo", "--database", database, "--data", t.TempDir(), "--customers", "60"}
	product.Run(t, "schema", "up", "--database", database)
	process := product.Serve(t, serve...)
	psc := func(args ...string) string { return product.Run(t, append(args, "--database", database)...) }
	var consoles []struct {
		AccountID string `json:"account_id"`
	}
	decode(t, psc("console", "list", "--json"), &consoles)
	account := consoles[0].AccountID
	token := strings.TrimSpace(psc("token", "create", "-q", "robot", "ADD_CUSTOMERS", "--as", "rei.hanabusa@ouun.example", "--console", account))

	ask := func(domain string) (status int, body string, err error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, process.URL+"/v1/consoles/"+account+"/customers", strings.NewReader(
			`{"orgDisplayName":"Killed","domain":"`+domain+`","regionCode":"JP","languageCode":"ja"}`))
		if err != nil {
			return 0, "", err
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Idempotency-Key", domain)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, "", err
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		return answer.StatusCode, string(text), err
	}
	for i, wait := range []time.Duration{0, 3 * time.Millisecond, 8 * time.Millisecond, 20 * time.Millisecond} {
		domain := fmt.Sprintf("killed-%d.example", i)
		sent := make(chan string, 1)
		go func() {
			status, body, err := ask(domain)
			sent <- fmt.Sprint(status, " ", body, err)
		}()
		time.Sleep(wait)
		process.Kill()
		first := <-sent
		process = product.Serve(t, serve...)
		status, body, err := ask(domain)
		if err != nil || status != http.StatusOK && !strings.Contains(body, "REQUEST_UNDER_WAY") && !strings.Contains(body, "REQUEST_ANSWER_LOST") {
			t.Fatalf("repeated: %d %s, %v", status, body, err)
		}
		if strings.HasPrefix(first, "200 ") && first != fmt.Sprint(status, " ", body, err) {
			t.Errorf("first %s\nthen %d %s", first, status, body)
		}
		if again, told, err := ask(domain); err != nil || again != status || told != body {
			t.Errorf("%d %s\nand again %d %s, %v", status, body, again, told, err)
		}
		var found []struct{ Domain string }
		decode(t, psc("customer", "list", "--search", domain, "--json", "--console", account), &found)
		if len(found) != 1 || found[0].Domain != domain {
			t.Errorf("after %s there are %+v", wait, found)
		}
		t.Logf("killed after %s: first %q, repeated %d", wait, first[:min(len(first), 40)], status)
	}
}
