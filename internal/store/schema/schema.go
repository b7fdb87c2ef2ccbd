// Package schema holds the numbered steps that bring a database up to date, one folder for each engine,
// and the manifest that says what kind of table each one is.
package schema

import "embed"

// Files are the goose steps: folder "lite" for SQLite, folder "pg" for PostgreSQL.
//
//go:embed lite/*.sql pg/*.sql
var Files embed.FS
