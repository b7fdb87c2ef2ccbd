package demo

import (
	"slices"
	"strings"
	"time"

	"psc/internal/console"
)

// Password is what everybody in the demo may also sign in with.
const Password = "cherry-cloud-2026"

// MayKey returns the message that says, in one line, what the person may do with these memberships.
func MayKey(p console.Person, of []console.Membership) string {
	switch {
	case p.Operator:
		return "demo.may.operator"
	case len(of) == 0:
		return "demo.may.nothing"
	case len(of) > 1:
		return "demo.may.several_consoles"
	default:
		return "demo.may." + strings.ToLower(string(of[0].Role))
	}
}

// member is a person of one console, for each role in the order of console.Roles.
type member struct{ name, mail string }

var members = [3][5]member{
	{{"佐伯 遥", "haruka.saeki"}, {"髙橋 健太", "kenta.takahashi"}, {"山﨑 美緒", "mio.yamasaki"}, {"𠮷村 慎一", "shinichi.yoshimura"}, {"小野寺 葵", "aoi.onodera"}},
	{{"Grace Whitlock", "grace.whitlock"}, {"Marcus Delgado", "marcus.delgado"}, {"Priya Raman", "priya.raman"}, {"Owen Castellan", "owen.castellan"}, {"Hannah Birch", "hannah.birch"}},
	{{"Katharina Völker", "katharina.voelker"}, {"Jonas Brandstätter", "jonas.brandstaetter"}, {"Leyla Aydınoğlu", "leyla.aydinoglu"}, {"Matthias Groß", "matthias.gross"}, {"Svenja Lüders", "svenja.lueders"}},
}

// people: one person for each role in each console, one who is super admin in all three, and the vendor's operator.
func (b *builder) people(sites ...*site) {
	d := newDice(b.seed, streamPeople)
	add := func(m member, host string, since time.Time) *console.Person {
		b.world.People = append(b.world.People, console.Person{
			ID: d.id("per", since), Email: m.mail + "@" + host, Name: m.name, CreatedAt: since,
		})
		return &b.world.People[len(b.world.People)-1]
	}
	join := func(p *console.Person, s *site, r console.Role) {
		b.world.Memberships = append(b.world.Memberships, console.Membership{ConsoleID: s.console.ID, PersonID: p.ID, Role: r})
	}
	all := add(member{"花房 玲 / Rei Hanabusa", "rei.hanabusa"}, "ouun.example", sites[0].console.CreatedAt.Add(time.Hour))
	for _, s := range sites {
		join(all, s, console.RoleSuperAdmin)
	}
	vendor := add(member{"Robin Ashgrove", "robin.ashgrove"}, "vendor.example", sites[0].console.CreatedAt.Add(-time.Hour))
	vendor.Operator = true

	for i, s := range sites {
		for j, role := range console.Roles {
			since := s.console.CreatedAt.Add(time.Duration(j*d.between(20, 300)+2) * time.Hour)
			p := add(members[i][j], "ouun.example", since)
			p.Language, p.TimeZone = s.language, s.timeZone
			join(p, s, role)
			if slices.Contains(role.Privileges(), console.EditCustomers) {
				s.staff = append(s.staff, p.Name)
			}
			if role == console.RoleSuperAdmin {
				s.owner = p.Name
			}
		}
	}
}
