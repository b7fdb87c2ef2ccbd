package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// form is a form of a page as a browser without scripts would send it.
type form struct {
	method, action string
	fields         url.Values
}

// submit sends the form of a page that has a button of this text, with what the person changed, as the browser would.
func (b *browser) submit(page response, button string, change url.Values) response {
	b.site.T.Helper()
	f := page.form(button)
	maps.Copy(f.fields, change)
	if f.method == "get" {
		return b.get(f.action + "?" + f.fields.Encode())
	}
	return b.post(f.action, f.fields)
}

// follow goes where an answer leads.
func (b *browser) follow(r response) response {
	b.site.T.Helper()
	r.want(http.StatusSeeOther)
	return b.get(r.Header.Get("Location")).want(http.StatusOK)
}

// path is the address that the answer came from.
func (r response) path() string {
	_, path, _ := strings.Cut(r.asked, " ")
	return path
}

// open follows the link of this text on a page.
func (b *browser) open(page response, text string) response {
	b.site.T.Helper()
	for n := range page.document().Descendants() {
		if n.Data == "a" && strings.HasPrefix(words(n), text) {
			return b.get(attr(n, "href"))
		}
	}
	b.site.T.Fatalf("%s has no link %q:\n%s", page.asked, text, page.text())
	return response{}
}

func (r response) document() *html.Node {
	doc, err := html.Parse(strings.NewReader(r.Body))
	if err != nil {
		r.t.Fatal(err)
	}
	return doc
}

// has reports whether the page has a button or a link of this text.
func (r response) has(text string) bool {
	for n := range r.document().Descendants() {
		if (n.Data == "a" || n.Data == "button") && strings.HasPrefix(words(n), text) {
			return true
		}
	}
	return false
}

// form returns the form that the button of this text submits.
func (r response) form(button string) form {
	r.t.Helper()
	doc := r.document()
	for n := range doc.Descendants() {
		if n.Data != "button" || !strings.HasPrefix(words(n), button) {
			continue
		}
		owner := formOf(doc, n)
		if owner == nil {
			continue
		}
		f := form{method: attr(owner, "method"), action: attr(owner, "action"), fields: url.Values{}}
		if action := attr(n, "formaction"); action != "" {
			f.action = action
		}
		for field := range doc.Descendants() {
			if formOf(doc, field) == owner {
				f.add(field)
			}
		}
		if name := attr(n, "name"); name != "" {
			f.fields.Add(name, attr(n, "value"))
		}
		return f
	}
	r.t.Fatalf("%s has no button %q:\n%s", r.asked, button, r.text())
	return form{}
}

// add adds what a field sends as it stands.
func (f form) add(n *html.Node) {
	name := attr(n, "name")
	switch {
	case n.Data == "select":
		var chosen *html.Node // the first, unless another is marked
		for o := range n.Descendants() {
			if o.Data == "option" && (chosen == nil || has(o, "selected")) {
				chosen = o
			}
		}
		f.fields.Add(name, attr(chosen, "value"))
	case n.Data == "input" && name != "" && attr(n, "type") != "file":
		if kind := attr(n, "type"); kind != "checkbox" && kind != "radio" || has(n, "checked") {
			f.fields.Add(name, attr(n, "value"))
		}
	}
}

// formOf returns the form that a field or a button belongs to.
func formOf(doc, n *html.Node) *html.Node {
	if id := attr(n, "form"); id != "" {
		for f := range doc.Descendants() {
			if f.Data == "form" && attr(f, "id") == id {
				return f
			}
		}
	}
	for p := range n.Ancestors() {
		if p.Data == "form" {
			return p
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// words are what a reader sees of an element.
func words(n *html.Node) string {
	var b strings.Builder
	for t := range n.Descendants() {
		if t.Type == html.TextNode {
			b.WriteString(t.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
