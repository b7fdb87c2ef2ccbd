//go:build e2e

package browser

import (
	"fmt"
	"net/url"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// watch notes whether the page is being replaced, and what no page of ours may do; the test fails with that when it ends.
func (p *Page) watch(event any) {
	switch e := event.(type) {
	case *page.EventFrameRequestedNavigation, *page.EventFrameStartedLoading:
		p.leaving.Store(true)
	case *page.EventFrameStoppedLoading:
		p.leaving.Store(false)
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		p.fault("a script threw: %s (%s)", text, e.ExceptionDetails.URL)
	case *log.EventEntryAdded:
		if e.Entry.Source == log.EntrySourceSecurity && e.Entry.Level == log.EntryLevelError {
			p.fault("the security policy stopped something: %s", e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if !local(e.Request.URL) {
			p.fault("a request left the machine: %s", e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 && part(e.Type) {
			p.fault("a part of the page did not load: %d %s", e.Response.Status, e.Response.URL)
		}
	}
}

func (p *Page) fault(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, fmt.Sprintf(format, args...))
}

func local(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := u.Hostname()
	return host == "" || host == "localhost" || host == "127.0.0.1"
}

// part says whether a page is broken without such a thing; a document or a fetch may well be refused.
func part(kind network.ResourceType) bool {
	switch kind {
	case network.ResourceTypeStylesheet, network.ResourceTypeScript, network.ResourceTypeImage, network.ResourceTypeFont:
		return true
	default:
		return false
	}
}
