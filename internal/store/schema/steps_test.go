package schema_test

import (
	"database/sql"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"psc/internal/pgtest"
	"psc/internal/store"
	"psc/internal/store/lite"
	"psc/internal/store/pg"
	"psc/internal/store/schema"
)

// eachAtStepOne runs the test on a database of each engine that has only the first step.
func eachAtStepOne(t *testing.T, test func(t *testing.T, e store.Engine)) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "psc.db")
		stepOne(t, goose.DialectSQLite3, "lite", "sqlite", path)
		e, err := lite.Open(path, log)
		test(t, opened(t, e, err))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := pgtest.URL(t)
		stepOne(t, goose.DialectPostgres, "pg", "pgx", url)
		e, err := pg.Open(t.Context(), url, log)
		test(t, opened(t, e, err))
	})
}

func stepOne(t *testing.T, dialect goose.Dialect, folder, driver, name string) {
	t.Helper()
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files, err := fs.Sub(schema.Files, folder)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := goose.NewProvider(dialect, db, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, e store.Engine, err error) store.Engine {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// ofStepOne are rows of the first step: the connection of a source S to a main M has ended after a yearly subscription
// moved from one to the other on day 100, 90 days after the source had bought it for 1000. The source had changed it twice. The
// consoles are of two resellers that were meant to be one.
var ofStepOne = []string{
	`INSERT INTO resellers VALUES ('r', 'Reseller', 1), ('r2', 'Reseller', 2), ('s', 'Another', 3)`,
	`INSERT INTO consoles VALUES ('S', 'CS', 'Source', 'r', 'ACTIVE', 0, 1), ('M', 'CM', 'Main', 'r2', 'ACTIVE', 0, 1)`,
	`INSERT INTO legal_entities VALUES ('le', 'r', 'Entity', 'JP', 1), ('le2', 'r2', 'Two', 'JP', 1), ('le3', 's', 'Three', 'JP', 1)`,
	`INSERT INTO billing_accounts VALUES ('S', 'bs', 'Of S', 'JPY', 'GOOGLE_WORKSPACE', 'le', 'ACTIVE', 1),
		('M', 'bm', 'Of M', 'JPY', 'GOOGLE_WORKSPACE', 'le', 'ACTIVE', 1)`,
	`INSERT INTO skus VALUES ('sku', 'Product', 'Sku', 'GOOGLE_WORKSPACE', 0)`,
	`INSERT INTO connections (id, main_id, source_id, state, reason, invited_by_id, invited_by_name, invited_at, expires_at,
		accepted_at, may_start_at, ended_at, ended_by) VALUES ('c', 'M', 'S', 'CLOSED', '', 'p', 'Person', 1, 9, 2, 3, 4, 'MAIN'),
		('open', 'M', 'S', 'INVITED', '', 'p', 'Person', 5, 9, 0, 0, 0, '')`,
	`INSERT INTO customers (console_id, id, domain, name, sort_name, search_text, state, contact_name, contact_email, phone, country,
		postal_code, address, language, crm_id, tos_accepted_at, created_at, moved_at)
		SELECT k.id, 'cus', 'a.example', 'A', 'a', 'a', CASE k.id WHEN 'S' THEN 'MOVED' ELSE 'LIVE' END, '', '', '', '', '', '', '', '', 0, 1,
			CASE k.id WHEN 'S' THEN 5 ELSE 0 END FROM consoles k`,
	`INSERT INTO subscriptions (console_id, id, customer_id, external_id, sku_id, product_group, plan, state, suspension_reason,
		channel, seats, max_seats, currency, price_num, price_den, billing_account_id, purchase_order_id, renewal, start_date,
		term_start, term_end, trial_end, moved, created_at)
		SELECT k.id, 'sub', 'cus', '', 'sku', 'GOOGLE_WORKSPACE', 'ANNUAL_YEARLY_PAY', 'ACTIVE', '', 'ONLINE', 1, 1, 'JPY', 1000, 1,
			CASE k.id WHEN 'S' THEN 'bs' ELSE 'bm' END, '', '', 10, 10, 375, 0, CASE k.id WHEN 'S' THEN 1 ELSE 0 END, 1 FROM consoles k`,
	`INSERT INTO segments (console_id, subscription_id, seq, customer_id, billing_account_id, from_date, to_date, plan, state,
		suspension_reason, channel, seats, price_num, price_den, migration_id)
		VALUES ('S', 'sub', 1, 'cus', 'bs', 10, 20, 'ANNUAL_YEARLY_PAY', 'ACTIVE', '', 'ONLINE', 3, 1000, 1, ''),
			('S', 'sub', 2, 'cus', 'bs', 20, 30, 'ANNUAL_YEARLY_PAY', 'ACTIVE', '', 'ONLINE', 2, 1000, 1, ''),
			('S', 'sub', 3, 'cus', 'bs', 30, 100, 'ANNUAL_YEARLY_PAY', 'ACTIVE', '', 'ONLINE', 1, 1000, 1, ''),
			('M', 'sub', 1, 'cus', 'bm', 100, 2932896, 'ANNUAL_YEARLY_PAY', 'ACTIVE', '', 'ONLINE', 1, 1000, 1, 'mig')`,
	`INSERT INTO lots (console_id, id, seq, subscription_id, customer_id, billing_account_id, from_date, to_date, seats, price_num,
		price_den, term_days, currency, charged, held_from, held_to, migration_id)
		VALUES ('S', 'lot', 1, 'sub', 'cus', 'bs', 10, 375, 1, 1000, 1, 365, 'JPY', 1000, 10, 100, ''),
			('S', 'past', 1, 'sub', 'cus', 'bs', 10, 90, 1, 1000, 1, 365, 'JPY', 1, 10, 2932896, ''),
			('S', 'back', 1, 'sub', 'cus', 'bs', 10, 375, 1, 1000, 1, 365, 'JPY', 0, 10, 50, ''),
			('M', 'back', 1, 'sub', 'cus', 'bm', 10, 375, 1, 1000, 1, 365, 'JPY', 0, 50, 60, ''),
			('S', 'back', 2, 'sub', 'cus', 'bs', 10, 375, 1, 1000, 1, 365, 'JPY', 0, 60, 100, ''),
			('M', 'back', 2, 'sub', 'cus', 'bm', 10, 375, 1, 1000, 1, 365, 'JPY', 0, 100, 2932896, ''),
			('M', 'lot', 1, 'sub', 'cus', 'bm', 10, 375, 1, 1000, 1, 365, 'JPY', 1000, 100, 2932896, 'mig')`,
	`INSERT INTO charges (console_id, id, billing_account_id, invoice_month, line_type, customer_id, subscription_id, lot_id,
		migration_id, counterparty_id, from_date, to_date, per_days, seats, price_num, price_den, currency, amount, supplied_date)
		VALUES ('S', 'lot', 'bs', 0, 'COMMITMENT', 'cus', 'sub', 'lot', '', '', 10, 375, 365, 1, 1000, 1, 'JPY', 1000, 10),
			('S', 'past', 'bs', 0, 'COMMITMENT', 'cus', 'sub', 'past', '', '', 10, 90, 365, 1, 1000, 1, 'JPY', 1, 10),
			('S', 'mig/lot/credit', 'bs', 90, 'TRANSFER_CREDIT', 'cus', 'sub', 'lot', 'mig', 'M', 100, 375, 365, 1, 1000, 1, 'JPY', -753, 10),
			('M', 'mig/lot/charge', 'bm', 90, 'TRANSFER_CHARGE', 'cus', 'sub', 'lot', 'mig', 'S', 100, 375, 365, 1, 1000, 1, 'JPY', 753, 100)`,
	`INSERT INTO operations (console_id, id, kind, state, connection_id, source_id, total, started_by_id, started_by, started_at, ended_at)
		VALUES ('M', 'op', 'COMPLETE_MIGRATIONS', 'DONE', 'c', 'S', 2, 'p', 'Person', 3, 4), ('M', 'imp', 'IMPORT', 'RUNNING', '', '', 1, 'p', 'Person', 3, 0)`,
	`INSERT INTO operation_returns VALUES ('M', 'op', 'mig', 'cus', 'A', 'a.example', 'OPEN_ORDER', 4)`,
	`INSERT INTO uploads SELECT console_id, id, 7, CAST('bytes' AS BLOB) FROM operations WHERE id = 'imp'`,
}

// TestStepsKeepWhatIsThere brings a database that has rows from the first step to the newest.
func TestStepsKeepWhatIsThere(t *testing.T) {
	t.Parallel()
	eachAtStepOne(t, func(t *testing.T, e store.Engine) {
		ctx := t.Context()
		if err := e.Update(ctx, func(c store.Conn) error {
			for _, row := range ofStepOne {
				if e.Name() == "postgres" {
					row = strings.ReplaceAll(row, "AS BLOB", "AS bytea")
				}
				if _, err := c.Exec(ctx, row); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for range 2 { // who starts again finds nothing to do
			if err := e.SchemaUp(ctx); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct{ what, sql, want string }{
			{"resellers", `SELECT id || ' ' || name FROM resellers ORDER BY id`, "r Reseller, s Another"},
			{"of whom", `SELECT id || ' ' || reseller_id FROM (SELECT id, reseller_id FROM consoles UNION ALL
				SELECT id, reseller_id FROM legal_entities) x ORDER BY id`, "M r, S r, le r, le2 r, le3 s"},
			{
				"accounts", `SELECT id || ' ' || name || ' ' || CAST(payment_days AS text) FROM billing_accounts ORDER BY id`,
				"bm Of M 30, bs Of S 30",
			},
			{
				"connections", `SELECT id || ' ' || state || ' ' || main_name || '/' || main_reseller || ' ' || source_name || '/' || source_reseller
				|| ' ' || evaluation || CAST(sent_at + evaluation_at AS text) FROM connections ORDER BY id`,
				"c CLOSED Main/Reseller Source/Reseller 0, open INVITED / / 0",
			},
			{
				"lots", `SELECT console_id || ' ' || id || ' ' || CAST(seq AS text) || ' ' || CAST(charged AS text) || ' '
				|| CAST(released_to AS text) || migration_id FROM lots ORDER BY id, held_from`,
				"S back 1 0 50, M back 1 0 60, S back 2 0 100, M back 2 0 100, S lot 1 1000 100, M lot 1 1000 100mig, S past 1 1 10",
			},
			{
				"segments", `SELECT console_id || ' ' || CAST(seq AS text) || ' ' || CAST(seats AS text) FROM segments ORDER BY from_date`,
				"S 1 3, S 2 2, S 3 1, M 3 1",
			},
			{
				"operations", `SELECT id || ' ' || kind || ' ' || state FROM operations ORDER BY id`,
				"imp IMPORT RUNNING, op COMPLETE_MIGRATIONS DONE",
			},
			{"returns", `SELECT operation_id || ' ' || customer_id || ' ' || reason FROM operation_returns`, "op cus OPEN_ORDER"},
			{"uploads", `SELECT operation_id || ' ' || CAST(seq AS text) || ' ' || CAST(length(bytes) AS text) FROM uploads`, "imp 7 5"},
			{
				"ledger", `SELECT console_id || ' ' || group_id || ' ' || account || ' ' || billing_account_id || ' ' || migration_id || ' '
				|| CAST(amount AS text) FROM ledger_entries WHERE amount > 0 AND lot_id = 'lot' ORDER BY booked_on, group_id, console_id`,
				"S lot/purchase UNBILLED bs  1000, S lot/used/100 DEFERRED bs  247, M mig/lot/charge UNBILLED bm mig 753, S mig/lot/credit CLEARING bs mig 753",
			},
		} {
			if got := column(t, e, c.sql); got != c.want {
				t.Errorf("%s are\n%s, want\n%s", c.what, got, c.want)
			}
		}
		if err := store.New(e).View(ctx, func(tx *store.Tx) error {
			found, err := tx.CheckLedger(ctx, 5)
			for _, d := range found {
				t.Errorf("ledger: %+v", d)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for _, sql := range []string{
			`INSERT INTO operation_returns VALUES ('M', 'unknown', 'm', 'cus', 'A', 'a.example', '', 4)`,
			`INSERT INTO uploads SELECT console_id, 'unknown', 1, bytes FROM uploads`,
			`UPDATE lots SET released_to = to_date + 1`,
			`INSERT INTO resellers VALUES ('t', 'Reseller', 4)`,
		} {
			if err := e.Update(ctx, func(c store.Conn) error { _, err := c.Exec(ctx, sql); return err }); err == nil {
				t.Errorf("%s is possible", sql)
			}
		}
	})
}

// column returns what a query of one text finds, one after the other.
func column(t *testing.T, e store.Engine, sql string) string {
	t.Helper()
	var list []string
	if err := e.View(t.Context(), func(c store.Conn) error {
		rows, err := c.Query(t.Context(), sql)
		if err != nil {
			return err
		}
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			list = append(list, s)
		}
		return rows.Close()
	}); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return strings.Join(list, ", ")
}
