package customercsv_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"psc/internal/customercsv"
)

// A file of 100,000 customers is checked and read in a bounded amount of memory: what grows is a note of each
// domain and external ID. It cannot run beside other tests, whose memory it would count.
func TestALargeFileTakesLittleMemory(t *testing.T) { //nolint:paralleltest // see above
	const count, most = 100_000, 40 << 20
	var text bytes.Buffer
	text.WriteString("org_display_name,domain,address,phone,subscription_external_id,sku_id,plan,num_units,currency,billing_account_id,start_date\n")
	for i := range count {
		fmt.Fprintf(&text, "株式会社%d,customer-%d.example,%s,03-5550-0101,S-%d,%s,FLEXIBLE,%d,JPY,BA-WORKSPACE-JPY,2026-10-01\n",
			i, i, strings.Repeat("大阪府大阪市中央区", 10), i, starter, 1+i%300)
	}
	file := bytes.NewReader(text.Bytes())
	before, peak := heap(), uint64(0)
	calls := 0
	watch := func(done, total int64) {
		if calls++; calls%40 == 0 || done == total {
			peak = max(peak, heap())
		}
	}
	report, err := customercsv.Check(t.Context(), file, reference(), watch)
	if err != nil || report.Good != count || report.Customers != count || report.Subscriptions != count {
		t.Fatalf("%v, report %+v", err, report)
	}
	read := 0
	err = customercsv.Rows(t.Context(), file, reference(), func(batch []customercsv.Record) error {
		if read += len(batch); read%20_000 == 0 {
			peak = max(peak, heap())
		}
		return nil
	})
	if err != nil || read != count {
		t.Fatalf("%v, %d records", err, read)
	}
	used := int64(peak) - int64(before)
	t.Logf("%d rows in %d MB of file took %d MB", count, text.Len()>>20, used>>20)
	if used > most {
		t.Errorf("%d bytes, want at most %d", used, most)
	}
	runtime.KeepAlive(file)
}

// heap returns how many bytes are in use once all garbage is gone.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// FuzzCheck feeds anything: no panic, and Check and Rows agree on what is good.
func FuzzCheck(f *testing.F) {
	for _, name := range []string{"../../docs/import-example.csv", "testdata/shift_jis.csv"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("domain,org_display_name\n\"a"))
	f.Add([]byte("d\x00o\x00"))
	f.Add([]byte("\xEF\xBB\xBFdomain,org_display_name,num_units,unit_price\n'=a.example,\xFF,1/0,9/9\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		report, err := customercsv.Check(t.Context(), bytes.NewReader(text), reference(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if (report.Good < report.Rows || report.Broken) != (report.ProblemCount > 0) {
			t.Fatalf("report %+v", report)
		}
		var records []customercsv.Record
		err = customercsv.Rows(t.Context(), bytes.NewReader(text), reference(), func(batch []customercsv.Record) error {
			for _, r := range batch {
				r.Line = 0
				records = append(records, r)
			}
			return nil
		})
		if (err != nil) != report.Broken || len(records) != report.Good {
			t.Fatalf("%v, %d records, report %+v", err, len(records), report)
		}
		if again := check(t, written(t, records)); again.Good != report.Good || again.ProblemCount > 0 {
			t.Fatalf("what was read is written as something else: %+v", again)
		}
	})
}
