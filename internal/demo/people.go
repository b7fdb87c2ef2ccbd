package demo

import (
	"strings"
	"time"

	"psc/internal/console"
)

// Password is what everybody in the demo may also sign in with.
const Password = "cherry-cloud-2026"

// Person is somebody of the demo with what the sign-in page says about them.
type Person struct {
	console.Person
	MayKey string // the message that says what the person may do, by the role or the reach
}

// The messages that say what a person may do; those of the roles are "demo.may." and the role in lower case.
const (
	mayAllConsoles = "demo.may.all_consoles"
	mayOperate     = "demo.may.operator"
)

func mayKey(r console.Role) string { return "demo.may." + strings.ToLower(string(r)) }

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
	add := func(m member, host, may string, since time.Time) Person {
		p := Person{
			Person: console.Person{ID: d.id("per", since), Email: m.mail + "@" + host, Name: m.name, CreatedAt: since},
			MayKey: may,
		}
		b.world.People = append(b.world.People, p)
		return p
	}
	join := func(p Person, s *site, r console.Role) {
		b.world.Memberships = append(b.world.Memberships, console.Membership{ConsoleID: s.console.ID, PersonID: p.ID, Role: r})
	}
	last := func() *Person { return &b.world.People[len(b.world.People)-1] }

	all := add(member{"花房 玲 / Rei Hanabusa", "rei.hanabusa"}, "ouun.example", mayAllConsoles, sites[0].console.CreatedAt.Add(time.Hour))
	for _, s := range sites {
		join(all, s, console.RoleSuperAdmin)
	}
	add(member{"Robin Ashgrove", "robin.ashgrove"}, "vendor.example", mayOperate, sites[0].console.CreatedAt.Add(-time.Hour))
	last().Operator = true

	for i, s := range sites {
		for j, role := range console.Roles {
			since := s.console.CreatedAt.Add(time.Duration(j*d.between(20, 300)+2) * time.Hour)
			p := add(members[i][j], "ouun.example", mayKey(role), since)
			last().Language, last().TimeZone = s.language, s.timeZone
			join(p, s, role)
			if role.May(console.EditCustomers) {
				s.staff = append(s.staff, p.Name)
			}
			if role == console.RoleSuperAdmin {
				s.owner = p.Name
			}
		}
	}
}
