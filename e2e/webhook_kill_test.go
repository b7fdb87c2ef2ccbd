//go:build e2e

package e2e_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"psc/e2e/product"
	"psc/internal/pgtest"
)

// TestWebhooksSurviveTheirProcess kills the sending process without warning, twice with messages under way: in the end
// every event has arrived at least once, and those of each customer in their order.
func TestWebhooksSurviveTheirProcess(t *testing.T) {
	t.Parallel() // most of its time it waits for what a dead process holds
	for name, database := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "psc.db"), "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killSender(t, database)
		})
	}
}

const (
	hookCustomers = 20
	hookRenames   = 8
	hookKills     = 2
)

func killSender(t *testing.T, database string) {
	t.Helper()
	serve := []string{"demo", "--database", database, "--data", t.TempDir(), "--customers", "20"}
	product.Run(t, "schema", "up", "--database", database)
	p := product.Serve(t, serve...)
	psc := func(args ...string) string { return product.Run(t, append(args, "--database", database)...) }
	var consoles []struct {
		AccountID string `json:"account_id"`
		Name      string
	}
	decode(t, psc("console", "list", "--json"), &consoles)
	console := ""
	for _, c := range consoles {
		if strings.Contains(c.Name, "東京") {
			console = c.AccountID
		}
	}
	in := func(args ...string) []string {
		return append(args, "--console", console, "--as", "haruka.saeki@ouun.example")
	}

	inbox := &inbox{seen: map[string]bool{}, names: map[string][]string{}}
	receiver := httptest.NewServer(inbox)
	t.Cleanup(receiver.Close)
	var made struct{ ID, Secret string }
	decode(t, psc(in("webhook", "create", receiver.URL, "--events", "customer.renamed", "--json")...), &made)
	key, err := standard.NewWebhook(made.Secret)
	if err != nil {
		t.Fatal(err)
	}
	inbox.listen(key)

	token := strings.TrimSpace(psc(in("token", "create", "-q", "test", "edit_customers", "add_customers")...))
	send := func(method, path string, body map[string]string) (answer map[string]any) {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), method, p.URL+"/v1/"+path, strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		if err := json.NewDecoder(a.Body).Decode(&answer); err != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("%s %s: %d %v %v", method, path, a.StatusCode, err, answer)
		}
		return answer
	}
	var customers []string
	for n := range hookCustomers {
		c := send(http.MethodPost, "consoles/"+console+"/customers", map[string]string{
			"domain": fmt.Sprintf("hook%d.example", n), "orgDisplayName": "0", "primaryContactName": "N. N.",
			"primaryContactEmail": "nn@hook.example", "regionCode": "JP", "languageCode": "ja",
		})
		customers = append(customers, fmt.Sprint(c["name"]))
	}
	var want []string
	for n := range hookRenames {
		want = append(want, strconv.Itoa(n+1))
		for _, name := range customers {
			send(http.MethodPatch, name+"?updateMask=org_display_name", map[string]string{"orgDisplayName": strconv.Itoa(n + 1)})
		}
	}

	for range hookKills {
		inbox.await(t, inbox.arrived()+10)
		p.Kill()
		p = product.Serve(t, serve...)
	}
	inbox.await(t, hookCustomers*hookRenames)
	inbox.mu.Lock()
	defer inbox.mu.Unlock()
	for _, name := range customers {
		id := name[strings.LastIndex(name, "/")+1:]
		if got := inbox.names[id]; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s was renamed to %v, want %v", id, got, want)
		}
	}
}

// inbox takes what is signed, slowly, and refuses some of it the first time.
type inbox struct {
	mu      sync.Mutex
	key     *standard.Webhook
	seen    map[string]bool // messages that have come, refused ones as well
	names   map[string][]string
	taken   map[string]bool
	refused int
	forged  int
}

func (b *inbox) listen(key *standard.Webhook) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.key, b.taken = key, map[string]bool{}
}

// ServeHTTP implements http.Handler.
func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var m struct {
		Data struct {
			CustomerID string `json:"customer_id"`
			Facts      struct{ Customer string }
		}
	}
	if err != nil || json.Unmarshal(body, &m) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	time.Sleep(200 * time.Millisecond) // so that messages are under way when the process dies
	b.mu.Lock()
	defer b.mu.Unlock()
	id := r.Header.Get(standard.HeaderWebhookID)
	if b.key.Verify(body, r.Header) != nil {
		b.forged++
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if first := !b.seen[id]; first {
		b.seen[id] = true
		if len(b.seen)%25 == 0 {
			b.refused++
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
	}
	if !b.taken[id] { // the same message may come again
		b.taken[id] = true
		b.names[m.Data.CustomerID] = append(b.names[m.Data.CustomerID], m.Data.Facts.Customer)
	}
}

func (b *inbox) arrived() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.taken)
}

// await waits until so many messages have arrived, and nothing forged.
func (b *inbox) await(t *testing.T, n int) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); b.arrived() < n; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d have arrived; %d were refused, %d not signed", b.arrived(), n, b.refused, b.forged)
		}
	}
}
