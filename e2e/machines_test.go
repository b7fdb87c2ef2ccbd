//go:build e2e

package e2e_test

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"testing"
	"time"

	"psc/e2e/product"
	"psc/internal/pgtest"
)

// TestManyMachines has three serving and three working processes on one PostgreSQL, kills two of each at random while a run
// moves customers, and finds the run ended by the others: everybody moved once. Whoever signed in at one that was killed goes on at
// another.
func TestManyMachines(t *testing.T) {
	d := newRun(t, pgtest.URL(t))
	d.first.Kill() // it has made the world
	var serving, working []*product.Process
	for range 3 {
		serving = append(serving, product.Serve(t, "serve", "--database", d.database))
		working = append(working, product.Start(t, "work", "--database", d.database))
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	visitor := &http.Client{Jar: jar} // cookies are of a host, whatever its port
	page, err := visitor.Get(serving[0].URL + "/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(page.Body)
	if err != nil {
		t.Fatal(err)
	}
	person := regexp.MustCompile(`per_\w+`).FindString(string(text))
	if _, err := visitor.PostForm(serving[0].URL+"/sign-in/as", url.Values{"person": {person}}); err != nil {
		t.Fatal(err)
	}

	run := d.begin()
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		for _, p := range append(serving[:2:2], working[:2]...) {
			time.Sleep(rand.N(time.Second))
			p.Kill()
		}
	}()
	<-killed
	answer, err := visitor.Get(serving[2].URL + "/me")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.Request.URL.Path != "/me" {
		t.Errorf("the other one answers %s at %s", answer.Status, answer.Request.URL)
	}
	d.ends(run)
}
