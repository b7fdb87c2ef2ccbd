package money_test

import (
	"errors"
	"testing"

	"psc/internal/money"
)

func TestParsePrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		currency money.Currency
		want     money.Price
		err      error
	}{
		{"1360", "JPY", money.Price{Num: 1360, Den: 1}, nil},
		{"0", "JPY", money.Price{Num: 0, Den: 1}, nil},
		{"12", "USD", money.Price{Num: 1200, Den: 1}, nil},
		{"12.5", "USD", money.Price{Num: 1250, Den: 1}, nil},
		{"12.00/12", "USD", money.Price{Num: 1200, Den: 12}, nil},
		{"1.234", "KWD", money.Price{Num: 1234, Den: 1}, nil},
		{"1360.5", "JPY", money.Price{}, money.ErrDecimals},
		{"12.005", "USD", money.Price{}, money.ErrDecimals},
		{"", "JPY", money.Price{}, money.ErrPrice},
		{"12.", "USD", money.Price{}, money.ErrPrice},
		{".5", "USD", money.Price{}, money.ErrPrice},
		{"-1", "JPY", money.Price{}, money.ErrPrice},
		{"1,360", "JPY", money.Price{}, money.ErrPrice},
		{"12/0", "JPY", money.Price{}, money.ErrPrice},
		{"12/", "JPY", money.Price{}, money.ErrPrice},
		{"12/1000001", "JPY", money.Price{}, money.ErrPrice},
		{"100000000001", "JPY", money.Price{}, money.ErrPrice},
		{"99999999999999999999", "JPY", money.Price{}, money.ErrPrice},
	} {
		got, err := money.ParsePrice(c.text, c.currency)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%q in %s: %v, %v; want %v, %v", c.text, c.currency, got, err, c.want, c.err)
		}
	}
}
