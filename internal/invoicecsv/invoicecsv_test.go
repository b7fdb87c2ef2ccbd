package invoicecsv_test

import (
	"encoding/csv"
	"errors"
	"iter"
	"math/big"
	"strings"
	"testing"
	"time"

	"psc/internal/app"
	"psc/internal/billing"
	"psc/internal/civil"
	"psc/internal/invoicecsv"
	"psc/internal/money"
	"psc/internal/store"
)

func line() app.InvoiceLine {
	return app.InvoiceLine{
		Line: billing.Line{
			Owner: billing.Owner{ConsoleID: "cns_1", AccountID: "ba_1"}, Type: billing.UsageLine, Invoice: civil.Month{Year: 2026, Month: time.October},
			Period:  civil.Period{From: civil.NewDate(2026, time.October, 1), To: civil.NewDate(2026, time.October, 15)},
			PerDays: 31, Seats: 10, Price: money.Price{Num: 816, Den: 1}, Amount: money.Amount{Minor: 3_685, Currency: "JPY"},
		},
		Billed: store.Billed{
			SubscriptionID: "sub_1", CustomerID: "cus_1", CustomerName: "Fujimi", Domain: "fujimi.example", SKUID: "sku_1",
			SKUName: "Business Starter", PurchaseOrderID: "PO-1",
		},
	}
}

func write(t *testing.T, f invoicecsv.File, lines ...app.InvoiceLine) string {
	t.Helper()
	f.Describe = func(app.InvoiceLine) string { return "Usage" }
	var b strings.Builder
	if err := f.Write(&b, func(yield func(app.InvoiceLine, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestColumnsAreThoseOfTheSpecification(t *testing.T) {
	t.Parallel()
	got := write(t, invoicecsv.File{ConsoleID: "C32222224", Number: "JP-2026-000001"}, line())
	want := "domain_name,customer_id,sku_name,sku_id,description,order_name,start_date,end_date,quantity,po_number,amount,list_amount," +
		"days,days_in_month,unit_price,exact_amount,currency,line_type,subscription_id,billing_account_id,console_id,migration_id," +
		"counterparty_account_id,lot_id,invoice_number,invoice_month\r\n" +
		"fujimi.example,cus_1,Business Starter,sku_1,Usage,sub_1,2026-10-01,2026-10-14,10,PO-1,3685,3685," +
		"14,31,816,114240/31,JPY,USAGE,sub_1,ba_1,C32222224,,,,JP-2026-000001,2026-10\r\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestNoCellIsAFormulaAndAmountsStayNumbers(t *testing.T) {
	t.Parallel()
	l := line()
	l.SKUName, l.PurchaseOrderID, l.Domain = `=HYPERLINK("x")`, "+1", "＝1"
	l.Amount.Minor, l.Credit = -3_685, true
	rows, err := csv.NewReader(strings.NewReader(write(t, invoicecsv.File{}, l))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]string{0: "'＝1", 2: `'=HYPERLINK("x")`, 9: "'+1", 10: "-3685", 15: "-114240/31"} {
		if rows[1][i] != want {
			t.Errorf("%s is %q, want %q", invoicecsv.Columns[i], rows[1][i], want)
		}
	}
}

func TestTheByteOrderMarkIsOnRequest(t *testing.T) {
	t.Parallel()
	const bom = "\uFEFF"
	if got := write(t, invoicecsv.File{}); strings.HasPrefix(got, bom) {
		t.Error("a byte order mark nobody asked for")
	}
	if got := write(t, invoicecsv.File{BOM: true}); !strings.HasPrefix(got, bom+"domain_name,") {
		t.Errorf("no byte order mark: %.20q", got)
	}
}

func TestExactAmountsInMajorUnits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		num, den int64
		currency money.Currency
		want     string
	}{
		{12_345, 1, "USD", "123.45"}, {1, 2, "JPY", "0.5"}, {1, 8, "USD", "0.00125"}, {1, 3, "USD", "1/300"}, {-7, 1, "KWD", "-0.007"}, {5, 1, "JPY", "5"},
	} {
		if got := invoicecsv.Major(big.NewRat(c.num, c.den), c.currency); got != c.want {
			t.Errorf("%d/%d %s is %s, want %s", c.num, c.den, c.currency, got, c.want)
		}
	}
}

func TestWhatFailsIsHandedOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("gone")
	var lines iter.Seq2[app.InvoiceLine, error] = func(yield func(app.InvoiceLine, error) bool) { yield(app.InvoiceLine{}, broken) }
	if err := (invoicecsv.File{}).Write(&strings.Builder{}, lines); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
