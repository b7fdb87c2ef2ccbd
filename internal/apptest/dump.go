package apptest

import (
	"slices"
	"strings"

	"psc/internal/store/schema"
)

// DumpSQL returns the query for all rows of all tables but those of the console except.
func (w *World) DumpSQL(except string) string {
	var parts []string
	for _, table := range schema.Tables() {
		columns := w.Texts(map[string]string{
			"sqlite": `SELECT name FROM pragma_table_info('` + table.Name + `') ORDER BY cid`,
			"postgres": `SELECT CAST(attname AS text) FROM pg_attribute WHERE attrelid = CAST('` + table.Name + `' AS regclass)
				AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
		}[w.DB.Engine().Name()])
		where := ""
		if slices.Contains(columns, "console_id") {
			where = ` WHERE console_id <> '` + except + `'`
		}
		for i, column := range columns {
			columns[i] = `COALESCE(CAST(` + column + ` AS text), '')`
		}
		parts = append(parts, `SELECT '`+table.Name+` ' || `+strings.Join(columns, ` || '|' || `)+` AS line FROM `+table.Name+where)
	}
	return `SELECT line FROM (` + strings.Join(parts, ` UNION ALL `) + `) x ORDER BY line`
}
