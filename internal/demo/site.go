package demo

import (
	"encoding/binary"
	"slices"
	"time"

	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/console"
	"psc/internal/money"
)

// The streams of chance, one for each part of the world.
const (
	streamConsoles = iota + 1
	streamPeople
	streamAccounts
	streamTokyo
	streamSeattle
	streamBerlin
)

// builder carries what the parts of a world share while it is made.
type builder struct {
	seed   uint64
	at     time.Time
	zone   *time.Location
	today  civil.Date
	world  World
	prices map[offerKey]money.Price
	groups map[string]catalog.ProductGroup
	names  *register
	twins  []organisation // Tokyo's businesses, some of which buy in Seattle too
}

// site is a console with what its customers are made from.
type site struct {
	console   console.Console
	stream    uint64
	home      money.Currency
	second    money.Currency // some customers buy in this one too
	share     func(recipe) int
	examples  []recipe // customers that it has whatever chance says
	organise  func(dice) organisation
	foreign   map[money.Currency]func(dice) organisation // who buys in other currencies; absent: the console's own kind
	language  string
	timeZone  string
	opens     int      // the hour of the billing zone at which its day begins
	forbidden []string // the SKUs that it may not sell
	staff     []string // the names of those who place orders
	owner     string   // the name of its super admin
	accounts  []billing.Account
}

func (b *builder) sites() (tokyo, seattle, berlin *site) {
	d := newDice(b.seed, streamConsoles)
	opened := func(years int) time.Time { return b.at.AddDate(-years, -d.between(1, 10), -d.between(1, 25)) }
	founded := opened(11)
	b.world.Reseller = Reseller{ID: d.id("rsl", founded), Name: "桜雲パートナーズ(Ouun Partners)", CreatedAt: founded}
	entity := func(name, country string) {
		b.world.LegalEntities = append(b.world.LegalEntities, billing.LegalEntity{
			ID: d.id("len", founded), ResellerID: b.world.Reseller.ID, Name: name, Country: country,
		})
	}
	entity("桜雲パートナーズ株式会社", "JP")
	entity("Ouun Partners Inc.", "US")
	entity("Ouun Partners Asia Pte. Ltd.", "SG")
	open := func(name string, years int) console.Console {
		symbols := [7]byte(binary.BigEndian.AppendUint64(nil, d.Uint64()))
		at := opened(years)
		c := console.Console{
			ID: d.id("cns", at), AccountID: console.NewAccountID(symbols), Name: name,
			ResellerID: b.world.Reseller.ID, ResellerName: b.world.Reseller.Name, State: console.Active, CreatedAt: at,
		}
		b.world.Consoles = append(b.world.Consoles, c)
		return c
	}
	tokyo = &site{
		console: open("桜雲パートナーズ 東京 (Tokyo)", 9), stream: streamTokyo, home: "JPY", second: "USD",
		share: func(r recipe) int { return r.tokyo }, organise: japanese,
		language: "ja", timeZone: "Asia/Tokyo", opens: 9,
		forbidden: []string{enterpriseEssentials, appBuilder},
	}
	seattle = &site{
		console: open("Ouun Partners Seattle", 7), stream: streamSeattle, home: "USD", second: "JPY",
		share: func(r recipe) int { return r.seattle }, organise: american,
		foreign:  map[money.Currency]func(dice) organisation{"EUR": german, "GBP": british, "SGD": singaporean},
		examples: examples,
		language: "en", timeZone: "America/Los_Angeles", opens: 1,
	}
	berlin = &site{
		console: open("Ouun Partners Berlin", 6), stream: streamBerlin, home: "EUR", second: "USD",
		share: func(r recipe) int { return r.berlin }, organise: german,
		foreign:  map[money.Currency]func(dice) organisation{"GBP": british},
		language: "en", timeZone: "Europe/Berlin", opens: 15,
	}
	for _, s := range []*site{tokyo, seattle, berlin} {
		b.authorise(s)
	}
	return tokyo, seattle, berlin
}

func (b *builder) authorise(s *site) {
	for _, sku := range b.world.SKUs {
		if !slices.Contains(s.forbidden, sku.ID) {
			b.world.Authorizations = append(b.world.Authorizations, Authorization{ConsoleID: s.console.ID, SKUID: sku.ID})
		}
	}
}

// agreements: everybody has signed with the two main legal entities; only Seattle with the third.
func (b *builder) agreements(tokyo, seattle, berlin *site) {
	d := newDice(b.seed, streamAccounts)
	sign := func(s *site, entities ...int) {
		for _, e := range entities {
			b.world.Agreements = append(b.world.Agreements, Agreement{
				ConsoleID: s.console.ID, LegalEntityID: b.world.LegalEntities[e].ID, SignedBy: s.owner,
				SignedAt: s.console.CreatedAt.Add(time.Duration(d.between(30, 3000)) * time.Minute),
			})
		}
	}
	sign(tokyo, 0, 1)
	sign(seattle, 0, 1, 2)
	sign(berlin, 0, 1)
}

// opening describes a billing account to be made; entity counts the legal entities.
type opening struct {
	name     string
	currency money.Currency
	group    catalog.ProductGroup
	entity   int
	state    billing.AccountState
}

// accounts: Tokyo can take JPY and USD of both main legal entities; its GBP account waits for the operator, its SGD
// account belongs to the legal entity whose agreement it has not signed, and it has none for EUR.
func (b *builder) accounts(tokyo, seattle, berlin *site) {
	b.open(tokyo, []opening{
		{"東日本 Workspace 請求", "JPY", catalog.GoogleWorkspace, 0, billing.AccountActive},
		{"西日本 Workspace 請求", "JPY", catalog.GoogleWorkspace, 1, billing.AccountActive},
		{"Google Cloud 請求", "JPY", catalog.GoogleCloud, 0, billing.AccountActive},
		{"外貨 USD 請求(本社)", "USD", catalog.GoogleWorkspace, 0, billing.AccountActive},
		{"外貨 USD 請求(海外)", "USD", catalog.GoogleWorkspace, 1, billing.AccountActive},
		{"Google Cloud USD 請求", "USD", catalog.GoogleCloud, 1, billing.AccountActive},
		{"旧 Workspace 請求", "JPY", catalog.GoogleWorkspace, 0, billing.AccountClosed},
		{"アジア SGD 請求", "SGD", catalog.GoogleWorkspace, 2, billing.AccountActive},
		{"外貨 GBP 請求", "GBP", catalog.GoogleWorkspace, 1, billing.AccountPending},
	})
	b.open(seattle, []opening{
		{"US Workspace", "USD", catalog.GoogleWorkspace, 1, billing.AccountActive},
		{"US Workspace, Japan desk", "USD", catalog.GoogleWorkspace, 0, billing.AccountActive},
		{"US Google Cloud", "USD", catalog.GoogleCloud, 1, billing.AccountActive},
		{"US legacy partners", "USD", catalog.GoogleWorkspace, 1, billing.AccountProbation},
		{"Japan desk JPY", "JPY", catalog.GoogleWorkspace, 0, billing.AccountActive},
		{"Europe EUR", "EUR", catalog.GoogleWorkspace, 1, billing.AccountActive},
		{"United Kingdom GBP", "GBP", catalog.GoogleWorkspace, 1, billing.AccountActive},
		{"Singapore SGD", "SGD", catalog.GoogleWorkspace, 2, billing.AccountActive},
		{"US reseller tier 2 (closed)", "USD", catalog.GoogleWorkspace, 1, billing.AccountClosed},
	})
	b.open(berlin, []opening{
		{"DACH Workspace", "EUR", catalog.GoogleWorkspace, 1, billing.AccountActive},
		{"DACH Workspace, Konzernkunden", "EUR", catalog.GoogleWorkspace, 0, billing.AccountActive},
		{"DACH Google Cloud", "EUR", catalog.GoogleCloud, 1, billing.AccountActive},
		{"DACH Altverträge", "EUR", catalog.GoogleWorkspace, 1, billing.AccountProbation},
		{"International USD", "USD", catalog.GoogleWorkspace, 1, billing.AccountActive},
		{"United Kingdom GBP", "GBP", catalog.GoogleWorkspace, 1, billing.AccountActive},
	})
}

func (b *builder) open(s *site, list []opening) {
	d := newDice(b.seed, streamAccounts+100*s.stream)
	at := s.console.CreatedAt.Add(72 * time.Hour)
	for _, o := range list {
		entity := b.world.LegalEntities[o.entity]
		s.accounts = append(s.accounts, billing.Account{
			ConsoleID: s.console.ID, ID: d.id("bac", at), Name: o.name, Currency: o.currency, Group: o.group,
			LegalEntityID: entity.ID, LegalEntity: entity.Name, State: o.state, Signed: b.signed(s, entity.ID), PaymentDays: billing.PaymentDays, CreatedAt: at,
		})
		at = at.Add(time.Duration(d.between(20, 45)) * 24 * time.Hour)
	}
	if last := &s.accounts[len(s.accounts)-1]; last.State == billing.AccountPending {
		last.CreatedAt = b.at.Add(-40 * time.Hour)
		last.ID = d.id("bac", last.CreatedAt)
	}
	b.world.Accounts = append(b.world.Accounts, s.accounts...)
}

func (b *builder) signed(s *site, entityID string) bool {
	return slices.ContainsFunc(b.world.Agreements, func(a Agreement) bool {
		return a.ConsoleID == s.console.ID && a.LegalEntityID == entityID
	})
}
