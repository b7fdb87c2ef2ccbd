package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"psc/internal/console"
	"psc/internal/i18n"
)

// Every answer can be found by its question, open and closed, in both languages and without a script.
func TestTheHelpAnswers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleViewer))
	for _, lang := range i18n.Languages {
		b.header.Set("Accept-Language", lang)
		closed := b.get(at(s.A, "/help")).want(http.StatusOK)
		questions := strings.Count(closed.Body, "<summary>")
		if questions != 13 || strings.Contains(closed.Body, " open>") {
			t.Errorf("%s: %d questions, none of them to be open", lang, questions)
		}
		if all := b.get(at(s.A, "/help?open=all")); strings.Count(all.Body, " open>") != questions {
			t.Errorf("%s: not all are open", lang)
		}
		if one := b.get(at(s.A, "/help?open=undo")); strings.Count(one.Body, `<details id="undo" open>`) != 1 || strings.Count(one.Body, " open>") != 1 {
			t.Errorf("%s: not the one that was asked for is open", lang)
		}
	}
	b.header.Set("Accept-Language", "en")
	found := b.submit(b.get(at(s.A, "/help")), "Search", url.Values{"q": {"ＯＦＦＬＩＮＥ"}}).want(http.StatusOK)
	if strings.Count(found.Body, "<summary>") != 1 || !strings.Contains(found.Body, `<details id="offline" open>`) {
		t.Errorf("a search finds %s", found.text())
	}
	b.get(at(s.A, "/help?q=zzzz")).shows("No answer contains this")
	for path, answer := range map[string]string{"/unification": "wait"} {
		if !strings.Contains(b.get(at(s.A, path)).Body, `href="`+at(s.A, "/help?open="+answer+"#"+answer)+`"`) {
			t.Errorf("%s has no link to the answer %s", path, answer)
		}
	}
}

func TestAnOpinionOfTheHelpReachesTheOperators(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("aoi", s.A, console.RoleViewer))
	page := b.get(at(s.A, "/help?open=undo"))
	b.submit(page, "Send", nil).want(http.StatusUnprocessableEntity).shows("Say whether it was helpful")
	b.submit(page, "Send", url.Values{"about": {"no-such"}, "helpful": {"yes"}}).want(http.StatusUnprocessableEntity)
	b.submit(page, "Send", url.Values{"helpful": {"no"}, "comment": {strings.Repeat("x", 1001)}}).want(http.StatusUnprocessableEntity).
		shows("longer than 1,000 characters")
	b.follow(b.submit(page, "Send", url.Values{"helpful": {"no"}, "comment": {"Which portal?"}})).shows("Thank you")
	operator := s.as(s.person("vendor", s.A, ""))
	operator.get("/operator/audit").want(http.StatusOK).
		shows("“How do I undo a migration?” in the help was found not helpful in console " + string(s.A.AccountID) + ". Comment: Which portal?")
}
