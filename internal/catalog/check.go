package catalog

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"psc/internal/fault"
)

// Item is a SKU with what it costs: a line of the catalogue as it is loaded.
type Item struct {
	SKU

	Offers []Offer
}

// BlockCodes are the readiness codes that a block may give.
var BlockCodes = []string{"HAS_GOOGLE_CLOUD", "HAS_VOICE_COMMITMENT"}

// maxText is how many characters an ID or a name may have.
const maxText = 100

// The most that a limit may be: seats of an edition, days of a trial.
const (
	maxSeats = 1_000_000
	maxTrial = 365
)

// Check returns everything that is wrong in a catalogue, each with its place, such as skus[2].offers[0].plan.
func Check(items []Item) []fault.Field {
	c := checking{seen: map[string]bool{}}
	if len(items) == 0 {
		c.wrong("skus", "catalog.empty", nil)
	}
	for i, item := range items {
		c.at = fmt.Sprintf("skus[%d]", i)
		c.item(item)
	}
	return c.fields
}

type checking struct {
	at     string
	seen   map[string]bool
	fields []fault.Field
}

func (c *checking) wrong(name, key string, args fault.Args) {
	if c.at != "" {
		name = c.at + "." + name
	}
	c.fields = append(c.fields, fault.Field{Name: name, Key: key, Args: args})
}

func (c *checking) item(item Item) {
	c.text("sku_id", item.ID)
	c.text("product", item.Product)
	c.text("name", item.Name)
	if c.seen[item.ID] {
		c.wrong("sku_id", "catalog.twice", fault.Args{"Value": item.ID})
	}
	c.seen[item.ID] = true
	if !item.Group.Valid() {
		c.choice("product_group", string(item.Group), []ProductGroup{GoogleWorkspace, GoogleCloud})
	}
	if item.Edition != "" {
		c.text("edition.name", item.Edition)
	}
	if item.EditionSeats < 0 || item.EditionSeats > maxSeats || (item.EditionSeats > 0) != (item.Edition != "") {
		c.wrong("edition.max_seats", "catalog.number", fault.Args{"Most": maxSeats})
	}
	if item.TrialDays < 0 || item.TrialDays > maxTrial {
		c.wrong("trial_days", "catalog.number", fault.Args{"Most": maxTrial})
	}
	var plans []Plan
	for i, b := range item.Blocks {
		place := fmt.Sprintf("cannot_migrate[%d].", i)
		c.plan(place, b.Plan)
		if slices.Contains(plans, b.Plan) {
			c.wrong(place+"plan", "catalog.twice", fault.Args{"Value": string(b.Plan)})
		}
		plans = append(plans, b.Plan)
		if !slices.Contains(BlockCodes, b.Code) {
			c.choice(place+"reason", b.Code, BlockCodes)
		}
	}
	c.offers(item.Offers)
}

func (c *checking) offers(list []Offer) {
	seen := map[string]bool{}
	for i, o := range list {
		place := fmt.Sprintf("offers[%d].", i)
		c.plan(place, o.Plan)
		if !o.Currency.Valid() {
			c.wrong(place+"currency", "catalog.currency", fault.Args{"Value": string(o.Currency)})
		}
		key := string(o.Plan) + "/" + string(o.Currency)
		if seen[key] {
			c.wrong(place+"plan", "catalog.twice", fault.Args{"Value": key})
		}
		seen[key] = true
	}
}

func (c *checking) plan(place string, p Plan) {
	if !p.Valid() {
		c.choice(place+"plan", string(p), Plans)
	}
}

func (c *checking) text(name, value string) {
	n := utf8.RuneCountInString(value)
	switch {
	case strings.TrimSpace(value) == "":
		c.wrong(name, "catalog.missing", nil)
	case n > maxText || strings.TrimSpace(value) != value:
		c.wrong(name, "catalog.text", fault.Args{"Limit": maxText})
	}
}

// choice reports a value that is none of those possible.
func (c *checking) choice(name, value string, of any) {
	c.wrong(name, "catalog.choice", fault.Args{"Value": value, "Choices": strings.Trim(fmt.Sprint(of), "[]")})
}
