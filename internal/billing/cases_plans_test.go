package billing_test

import (
	"slices"
	"testing"

	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/customer"
	"psc/internal/money"
)

// monthlyInput is the history of a subscription on a monthly plan: step functions by billing date.
type monthlyInput struct {
	movedCase
	Price struct {
		Basis string
		Text  *string
		Steps []struct {
			From  string
			Minor fraction
		}
	}
	BillingMonths []string `json:"billing_months"`
	Subscription  struct {
		ActiveFrom *string `json:"active_from"`
		ActiveTo   *string `json:"active_to_exclusive"`
	}
	Suspended []struct {
		From   string
		To     string `json:"to_exclusive"`
		Billed bool
	}
	Seats []struct {
		From  string
		Count int64
	}
	Owners []struct {
		From    string
		Account string
	}
	Expected expectation
}

// history is the subscription as if its first owner kept it.
func (c monthlyInput) history(t *testing.T) []billing.Segment {
	t.Helper()
	start := c.Owners[0].From
	if c.Subscription.ActiveFrom != nil {
		start = *c.Subscription.ActiveFrom
	}
	rows := []billing.Segment{{
		Owner: ownerOf(c.Owners[0].Account), Period: civil.Period{From: date(t, start), To: civil.Forever},
		Plan: plans[c.Plan], State: customer.SubActive, Channel: customer.Online, Price: money.Price{Den: 1},
	}}
	from := func(day string, edit func(*billing.Segment)) {
		rows = append(rows, billing.Change(rows, date(t, day), edit)...)
	}
	for _, step := range c.Seats {
		from(step.From, func(s *billing.Segment) { s.Seats = step.Count })
	}
	for _, step := range c.Price.Steps {
		from(step.From, func(s *billing.Segment) { s.Price = step.Minor.price(t) })
	}
	for _, pause := range c.Suspended {
		from(pause.From, func(s *billing.Segment) {
			s.State, s.Suspension = customer.SubSuspended, customer.SuspendedByReseller
			if s.Billed() != pause.Billed {
				t.Errorf("suspended and billed: %v", s.Billed())
			}
		})
		from(pause.To, func(s *billing.Segment) { s.State, s.Suspension = customer.SubActive, "" })
	}
	if c.Subscription.ActiveTo != nil {
		from(*c.Subscription.ActiveTo, func(s *billing.Segment) { s.State = customer.SubCancelled })
	}
	return rows
}

// monthlyCase bills the months from the rows of all consoles together, and again each console from its own.
func monthlyCase(t *testing.T, raw []byte) {
	t.Helper()
	var c monthlyInput
	decode(t, raw, &c)
	c.check(t, "FLEXIBLE", "ANNUAL_MONTHLY")
	if c.Price.Basis != "per_seat_per_month" {
		t.Fatalf("price %s", c.Price.Basis)
	}
	months := make([]civil.Month, len(c.BillingMonths))
	for i, m := range c.BillingMonths {
		months[i] = date(t, m+"-01").Month()
	}
	alone := c.history(t)
	together := slices.Clone(alone)
	first := ownerOf(c.Owners[0].Account)
	byConsole := map[billing.Owner][]billing.Segment{first: alone}
	holder := first
	for _, o := range c.Owners[1:] {
		d, to := date(t, o.From), ownerOf(o.Account)
		together = append(together, billing.Change(together, d, func(s *billing.Segment) { s.Owner = to })...)
		left, came := billing.Move(byConsole[holder], d, to, "mig")
		byConsole[holder] = left
		byConsole[to] = append(byConsole[to], came...)
		holder = to
	}
	c.checkInstants(t, func(d civil.Date) bool {
		return slices.ContainsFunc(c.Owners, func(o struct {
			From    string
			Account string
		},
		) bool {
			return date(t, o.From) == d
		})
	})

	c.Expected.check(t, c.Currency, monthsOf(t, c.Currency, months, together))
	var each []billing.Line
	for _, rows := range byConsole {
		each = append(each, monthsOf(t, c.Currency, months, rows)...)
	}
	c.Expected.check(t, c.Currency, each)
}

func monthsOf(t *testing.T, currency money.Currency, months []civil.Month, rows []billing.Segment) []billing.Line {
	t.Helper()
	var lines []billing.Line
	for _, m := range months {
		of, err := billing.MonthLines(m, currency, rows)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, of...)
	}
	return lines
}

// prepaidInput is the history of a prepaid subscription: lots, moves and perhaps a renewal.
type prepaidInput struct {
	movedCase
	Price struct {
		Basis string
		Text  *string
	}
	Term struct {
		Start  string
		End    string `json:"end_exclusive"`
		Days   int64
		Months int
	}
	Lots []struct {
		Lot       string
		Seats     int64
		From      string
		To        string `json:"to_exclusive"`
		Days      int64
		TermDays  int64     `json:"term_days"`
		Price     *fraction `json:"price_per_seat_term"`
		Charged   string
		ChargedTo string `json:"charged_to"`
	}
	Migrations []struct {
		Date      string
		ToAccount string `json:"to_account"`
	}
	FirstAccount string `json:"first_account"`
	Renewal      *struct {
		Date  string
		Seats int64
		Price fraction `json:"price_per_seat_term"`
	}
	SameDayOrder []string `json:"same_day_order"`
	Expected     expectation
}

func (c prepaidInput) term(t *testing.T) civil.Period {
	t.Helper()
	return civil.Period{From: date(t, c.Term.Start), To: date(t, c.Term.End)}
}

// lots returns the lots with who was charged for each.
func (c prepaidInput) lots(t *testing.T) (lots []billing.Lot, chargedTo []billing.Owner) {
	t.Helper()
	for _, l := range c.Lots {
		period := civil.Period{From: date(t, l.From), To: date(t, l.To)}
		if l.Seats == 0 || period.Empty() { // nothing was bought, so there is no lot and no line
			continue
		}
		lot := billing.Lot{
			ID: l.Lot, Period: period, Seats: l.Seats, TermDays: l.TermDays,
			Charged: money.Amount{Minor: number(t, l.Charged), Currency: c.Currency},
		}
		if l.Price != nil {
			term := civil.Period{From: period.To - civil.Date(l.TermDays), To: period.To}
			charged, err := billing.NewLot(l.Lot, period, l.Seats, l.Price.price(t), term, c.Currency)
			if err != nil || charged.Charged != lot.Charged || charged.TermDays != l.TermDays {
				t.Errorf("lot %+v, %v; want %+v", charged, err, lot)
			}
			lot = charged
		}
		if period.Days() != l.Days || lot.Period.To == date(t, c.Term.End) && l.TermDays != c.Term.Days {
			t.Errorf("lot %s: %d days of %d", l.Lot, period.Days(), lot.TermDays)
		}
		lots, chargedTo = append(lots, lot), append(chargedTo, ownerOf(l.ChargedTo))
	}
	return lots, chargedTo
}

// prepaidCase charges purchases and moves what is left of them, day by day.
func prepaidCase(t *testing.T, raw []byte) {
	t.Helper()
	var c prepaidInput
	decode(t, raw, &c)
	c.check(t, "ANNUAL_YEARLY")
	if c.Price.Basis != "per_seat_per_term" || c.term(t).Days() != c.Term.Days {
		t.Fatalf("price %s, term of %d days", c.Price.Basis, c.term(t).Days())
	}
	lots, chargedTo := c.lots(t)
	owner, bought := ownerOf(c.FirstAccount), make([]bool, len(lots))
	var held []billing.Lot
	var lines []billing.Line
	buy := func(on civil.Date) { // what the present owner is charged for
		for i, l := range lots {
			if l.Period.From == on && chargedTo[i] == owner && !bought[i] {
				bought[i], held = true, append(held, l)
				lines = append(lines, l.Charge(owner, billing.CommitmentLine))
			}
		}
	}
	for _, d := range c.days(t) {
		if !slices.Equal(c.SameDayOrder, []string{"migration", "purchase"}) {
			buy(d)
		}
		for _, m := range c.Migrations {
			if date(t, m.Date) != d {
				continue
			}
			to := ownerOf(m.ToAccount)
			moved, err := billing.Transfer{MigrationID: "mig", Date: d, From: owner, To: to}.Lines(held)
			if err != nil {
				t.Fatal(err)
			}
			lines, owner = append(lines, moved...), to
			buy(d)
		}
		buy(d)
		if c.Renewal != nil && date(t, c.Renewal.Date) == d {
			next := billing.TermAt(date(t, c.Term.Start), c.Term.Months, d)
			lot, err := billing.NewLot("R1", next, c.Renewal.Seats, c.Renewal.Price.price(t), next, c.Currency)
			if err != nil || next.From != d {
				t.Fatalf("renewal for %s: %v", next, err)
			}
			held = append(held, lot)
			lines = append(lines, lot.Charge(owner, billing.RenewalLine))
		}
	}
	if slices.Contains(bought, false) {
		t.Errorf("bought: %v", bought)
	}
	for _, order := range c.SameDayOrder {
		if order != "purchase" && order != "migration" {
			t.Errorf("order of %q", order)
		}
	}
	c.checkInstants(t, func(d civil.Date) bool { return slices.Contains(c.days(t), d) })
	c.Expected.check(t, c.Currency, lines)
}

// days returns the days on which something happens, in order.
func (c prepaidInput) days(t *testing.T) []civil.Date {
	t.Helper()
	var days []civil.Date
	for _, l := range c.Lots {
		days = append(days, date(t, l.From))
	}
	for _, m := range c.Migrations {
		days = append(days, date(t, m.Date))
	}
	if c.Renewal != nil {
		days = append(days, date(t, c.Renewal.Date))
	}
	slices.Sort(days)
	return slices.Compact(days)
}
