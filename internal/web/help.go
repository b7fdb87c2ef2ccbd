package web

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/a-h/templ"
	"golang.org/x/text/unicode/norm"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/web/view"
)

// helpGroups are the questions that the help answers, in their groups; each has its message help.GROUP.QUESTION.
var helpGroups = []struct {
	name    string
	answers []string
}{
	{"general", []string{"several", "currency"}},
	{"billing", []string{"effect", "account", "accounts_stay"}},
	{"connecting", []string{"wait", "another_main"}},
	{"migrating", []string{"not_ready", "duration", "undo", "entity", "offline", "orders"}},
}

// What an address of the help may ask to be open, beside one answer.
const helpAll = "all"

func (s *Server) helpRoutes(mux *routes) {
	mux.Handle("GET /c/{account}/help", s.console(s.help))
	mux.Handle("POST /c/{account}/help", s.console(s.tellHelp))
}

// helpAnswer is one question with its answer.
type helpAnswer struct {
	ID       string
	Question string
	Answer   []string // paragraphs
	Open     bool
}

type helpGroup struct {
	ID, Title string
	Answers   []helpAnswer
}

// helpModel is the help as it was asked for: all of it, or what matches a search.
type helpModel struct {
	refusal

	Groups  []helpGroup
	Search  string
	About   string // of the opinion
	Helpful string
	Comment string
}

func newHelp(p *view.Page, search, open string) helpModel {
	m := helpModel{Search: search}
	wanted := stems(search)
	for _, g := range helpGroups {
		group := helpGroup{ID: g.name, Title: p.T("help." + g.name + ".title")}
		for _, name := range g.answers {
			a := helpAnswer{ID: name, Question: p.T("help." + g.name + "." + name), Answer: strings.Split(p.T("help."+g.name+"."+name+"_answer"), "\n")}
			text := strings.ToLower(norm.NFKC.String(a.Question + " " + strings.Join(a.Answer, " ")))
			a.Open = open == helpAll || open == name || len(wanted) > 0
			if holdsAll(text, wanted) {
				group.Answers = append(group.Answers, a)
			}
		}
		if len(group.Answers) > 0 {
			m.Groups = append(m.Groups, group)
		}
	}
	return m
}

// stems are what an answer must hold to be found: the words of a search, and of Japanese ones what stands before the kana of an
// ending, so that 取り消し finds 取り消す.
func stems(search string) []string {
	words := strings.Fields(strings.ToLower(norm.NFKC.String(search)))
	for i, word := range words {
		stem := strings.TrimRightFunc(word, func(r rune) bool { return unicode.Is(unicode.Hiragana, r) })
		if stem != "" {
			words[i] = stem
		}
	}
	return words
}

func holdsAll(text string, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}

// topics are the questions to choose from when somebody says what was helpful.
func (m helpModel) topics(p *view.Page) []view.Option {
	list := []view.Option{{Value: "", Label: p.T("help.whole")}}
	for _, g := range newHelp(p, "", "").Groups {
		for _, a := range g.Answers {
			list = append(list, view.Option{Value: a.ID, Label: a.Question})
		}
	}
	return list
}

// help answers what people ask about unification.
func (s *Server) help(w http.ResponseWriter, r *http.Request, v *Visit) error {
	v.Page.Title = v.Page.T("help.title")
	m := newHelp(v.Page, strings.TrimSpace(r.FormValue("q")), r.FormValue("open"))
	if open := r.FormValue("open"); open != helpAll {
		m.About = open
	}
	return s.show(w, r, helpPage(v.Page, m))
}

// tellHelp keeps whether the help was helpful, for the operators.
func (s *Server) tellHelp(w http.ResponseWriter, r *http.Request, v *Visit) error {
	m := newHelp(v.Page, "", "")
	m.About, m.Helpful, m.Comment = r.PostFormValue("about"), r.PostFormValue("helpful"), r.PostFormValue("comment")
	topics := m.topics(v.Page)
	i := slices.IndexFunc(topics, func(o view.Option) bool { return o.Value == m.About })
	var err error
	if i < 0 || m.Helpful != "yes" && m.Helpful != "no" {
		err = fault.InvalidField("helpful", "help.choose", nil)
	} else {
		err = s.app.TellHelp(r.Context(), v.Actor, app.HelpOpinion{Topic: topics[i].Label, Helpful: m.Helpful == "yes", Comment: m.Comment})
	}
	if err != nil {
		v.Page.Title = v.Page.T("help.title")
		return s.again(w, r, v, err, func(f refusal) templ.Component {
			m.refusal = f
			return helpPage(v.Page, m)
		})
	}
	return s.done(w, r, v.Page.At("/help"), v.Page.T("help.thanks"))
}

// helpHref leads to one answer, open.
func helpHref(p *view.Page, answer string) string { return p.At("/help?open=" + answer + "#" + answer) }

// helpQuestion is the question of an answer, for links to it.
func helpQuestion(p *view.Page, answer string) string {
	for _, g := range helpGroups {
		if slices.Contains(g.answers, answer) {
			return p.T("help." + g.name + "." + answer)
		}
	}
	return ""
}
