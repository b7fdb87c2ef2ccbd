package demo

import (
	"strconv"
	"strings"
)

// trade is what an organisation does; it decides what it buys.
type trade string

const (
	business trade = "business"
	school   trade = "school"
	office   trade = "office" // cities, clinics, associations
)

// organisation is a customer before it has bought anything.
type organisation struct {
	name     string
	latin    string // its name in plain ASCII words; the domain is made from it
	domain   string
	trade    trade
	country  string
	language string
	postal   string
	address  string
	phone    string
	contact  string
	mail     string // the contact's, without the host
}

// word is a piece of a name and how it is written in ASCII.
type word struct{ text, latin string }

// register knows which names and domains of the world are taken.
type register struct{ names, domains map[string]bool }

func newRegister() *register {
	return &register{names: map[string]bool{}, domains: map[string]bool{}}
}

// settle draws organisations until one has a name of its own, or, in a very large world, takes a namesake, and
// gives it a domain that nobody else has, under a name reserved for tests and examples (RFC 2606).
func (r *register) settle(d dice, organise func(dice) organisation) organisation {
	org := organise(d)
	for range 12 {
		if !r.names[org.name] {
			break
		}
		org = organise(d)
	}
	r.names[org.name] = true
	label := strings.ReplaceAll(strings.ToLower(org.latin), " ", "-")
	zone := draw(d, []weighted[string]{{".example", 7}, {".test", 3}})
	org.domain = label + zone
	for n := 2; r.domains[org.domain]; n++ {
		org.domain = label + "-" + strconv.Itoa(n) + zone
	}
	r.domains[org.domain] = true
	return org
}

// abroad is the branch in America of an organisation that has the same domain.
func (o organisation) abroad(d dice) organisation {
	branch := american(d)
	branch.name = title(o.latin) + pick(d, []string{" USA, Inc.", " America, Inc.", " US LLC"})
	branch.latin, branch.domain, branch.trade = o.latin, o.domain, business
	return branch
}

func title(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
