package api

import (
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/type/date"
	moneypb "google.golang.org/genproto/googleapis/type/money"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"psc/internal/civil"
	"psc/internal/fault"
	"psc/internal/money"
	pscv1 "psc/proto/psc/v1"
)

// each converts a list.
func each[T, M any](list []T, convert func(T) M) []M {
	messages := make([]M, len(list))
	for i, item := range list {
		messages[i] = convert(item)
	}
	return messages
}

// instant is missing where nothing has happened.
func instant(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// day is missing where there is none.
func day(d civil.Date) *date.Date {
	if d <= 0 || d >= civil.Forever {
		return nil
	}
	year, month, of := d.Civil()
	return &date.Date{Year: int32(year), Month: int32(month), Day: int32(of)} //nolint:gosec // parts of a date are small
}

// readDay reads a date that has to be one.
func readDay(field string, m *date.Date) (civil.Date, error) {
	d := civil.NewDate(int(m.GetYear()), time.Month(m.GetMonth()), int(m.GetDay()))
	if year, month, of := d.Civil(); year != int(m.GetYear()) || int32(month) != m.GetMonth() || int32(of) != m.GetDay() { //nolint:gosec // parts of a date are small
		return 0, fault.InvalidField(field, "api.date", nil)
	}
	return d, nil
}

func amount(a money.Amount) *moneypb.Money { return minor(a.Minor, a.Currency) }

// minor writes minor units as google.type.Money: whole units and billionths, both of the amount's sign.
func minor(n int64, c money.Currency) *moneypb.Money {
	scale := int64(1)
	for range c.Digits() {
		scale *= 10
	}
	return &moneypb.Money{
		CurrencyCode: string(c), Units: n / scale,
		Nanos: int32(n % scale * (1_000_000_000 / scale)), //nolint:gosec // less than a billion
	}
}

func price(p money.Price, c money.Currency) *pscv1.Price {
	return &pscv1.Price{CurrencyCode: string(c), Numerator: p.Num, Denominator: p.Den}
}

// enum returns the value that a word of ours has in an enum: its name without the enum's prefix.
func enum[E protoreflect.Enum](word string) E {
	var zero E
	values := zero.Descriptor().Values()
	if v := values.ByName(protoreflect.Name(prefix(zero) + word)); v != nil {
		if e, ok := zero.Type().New(v.Number()).(E); ok {
			return e
		}
	}
	return zero
}

// word returns our word for a value of an enum; empty if none was chosen or there is no such value.
func word[E protoreflect.Enum](e E) string {
	v := e.Descriptor().Values().ByNumber(e.Number())
	if v == nil || v.Number() == 0 {
		return ""
	}
	return strings.TrimPrefix(string(v.Name()), prefix(e))
}

func prefix(e protoreflect.Enum) string {
	return strings.TrimSuffix(string(e.Descriptor().Values().ByNumber(0).Name()), "UNSPECIFIED")
}

func protoName(name string) protoreflect.Name { return protoreflect.Name(name) }

func protoText(s string) protoreflect.Value { return protoreflect.ValueOfString(s) }
