package schema_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"psc/internal/store"
	"psc/internal/store/schema"
	"psc/internal/store/storetest"
)

// found is what a database says of one of its tables.
type found struct {
	key     []string
	unique  map[string][]string // the columns of each unique index
	foreign []reference
	trigger bool
}

// reference is a foreign key.
type reference struct {
	table    string
	from, to []string
}

// TestManifest holds the schema of both engines to the manifest, and to what lets it be spread over machines.
func TestManifest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var have map[string]*found
		if err := db.Engine().View(t.Context(), func(c store.Conn) (err error) {
			have, err = read(t.Context(), c, describe[db.Engine().Name()])
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if c := have["customers"]; c == nil || len(c.unique) == 0 || len(have["subscriptions"].foreign) != 3 {
			t.Fatalf("customers are read as %+v", c) // without its keys, a table has nothing that could be wrong
		}
		for _, problem := range check(have) {
			t.Error(problem)
		}
	})
}

// check returns what is wrong with the tables, by the manifest's word.
func check(have map[string]*found) (problems []string) {
	kinds := map[string]schema.Kind{}
	for _, table := range schema.Tables() {
		kinds[table.Name] = table.Kind
		if have[table.Name] == nil {
			problems = append(problems, table.Name+" is in the manifest, not in the database")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if kinds[name] == "" {
			problems = append(problems, name+" is in the database, not in the manifest")
		}
	}
	for _, table := range schema.Tables() {
		f := have[table.Name]
		if f == nil {
			continue
		}
		if !slices.Equal(f.key, table.Key) {
			problems = append(problems, fmt.Sprintf("%s has the key %v, the manifest says %v", table.Name, f.key, table.Key))
		}
		if f.trigger {
			problems = append(problems, table.Name+" has a trigger")
		}
		if table.Kind == schema.Tenant {
			for index, columns := range f.unique {
				if columns[0] != "console_id" {
					problems = append(problems, fmt.Sprintf("unique index %s of %s begins with %s", index, table.Name, columns[0]))
				}
			}
		}
		for _, r := range f.foreign {
			if !mayRefer(table.Kind, kinds[r.table], r) {
				problems = append(problems, fmt.Sprintf("%s is %s and must not refer to %s, which is %s, by %v",
					table.Name, table.Kind, r.table, kinds[r.table], r.from))
			}
		}
	}
	return problems
}

// mayRefer reports whether rows on different machines never need each other: everybody finds the reference tables, and a
// console's rows are together.
func mayRefer(from, to schema.Kind, r reference) bool {
	switch to {
	case schema.Reference:
		return true
	case schema.Tenant:
		return from == schema.Tenant && r.from[0] == "console_id" && r.to[0] == "console_id"
	case schema.Local:
		return from == schema.Local
	default:
		return false
	}
}

func TestManifestRefusesWhatCannotBeSpread(t *testing.T) {
	t.Parallel()
	whole := func() map[string]*found {
		m := map[string]*found{}
		for _, table := range schema.Tables() {
			m[table.Name] = &found{key: table.Key, unique: map[string][]string{"pk": table.Key}}
		}
		return m
	}
	if problems := check(whole()); problems != nil {
		t.Fatalf("nothing is wrong, yet %v", problems)
	}
	for name, spoil := range map[string]func(map[string]*found){
		"a table more":   func(m map[string]*found) { m["extra"] = &found{} },
		"a table less":   func(m map[string]*found) { delete(m, "orders") },
		"another key":    func(m map[string]*found) { m["orders"].key = []string{"id"} },
		"unique without": func(m map[string]*found) { m["orders"].unique["u"] = []string{"id", "console_id"} },
		"reference to rows": func(m map[string]*found) {
			m["consoles"].foreign = []reference{{"orders", []string{"a"}, []string{"id"}}}
		},
		"reference to local": func(m map[string]*found) {
			m["consoles"].foreign = []reference{{"sessions", []string{"a"}, []string{"b"}}}
		},
		"across consoles": func(m map[string]*found) {
			m["orders"].foreign = []reference{{"customers", []string{"a"}, []string{"id"}}}
		},
		"rows to local": func(m map[string]*found) {
			m["orders"].foreign = []reference{{"sessions", []string{"a"}, []string{"b"}}}
		},
		"a trigger": func(m map[string]*found) { m["orders"].trigger = true },
		"out of the product": func(m map[string]*found) {
			m["orders"].foreign = []reference{{"river_job", []string{"a"}, []string{"b"}}}
		},
	} {
		m := whole()
		spoil(m)
		if problems := check(m); len(problems) != 1 {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

// others are the tables of River, goose and SQLite.
var others = regexp.MustCompile(`^(river_|goose_|sqlite_)`)

// describe reads every table of an engine: rows of what it tells (table, key, unique, foreign or trigger), the table,
// and by what it tells the name and columns, separated by commas.
var describe = map[string]string{
	"sqlite": `
		SELECT 'table', name, '', '', '' FROM sqlite_master WHERE type = 'table'
		UNION ALL SELECT 'trigger', tbl_name, name, '', '' FROM sqlite_master WHERE type = 'trigger'
		UNION ALL SELECT 'key', m.name, '', group_concat(i.name ORDER BY i.pk), ''
			FROM sqlite_master m JOIN pragma_table_info(m.name) i WHERE m.type = 'table' AND i.pk > 0 GROUP BY m.name
		UNION ALL SELECT 'unique', m.name, l.name, group_concat(i.name ORDER BY i.seqno), ''
			FROM sqlite_master m JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i
			WHERE m.type = 'table' AND l."unique" = 1 GROUP BY m.name, l.name
		UNION ALL SELECT 'foreign', m.name, f."table", group_concat(f."from" ORDER BY f.seq), group_concat(f."to" ORDER BY f.seq)
			FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' GROUP BY m.name, f.id, f."table"`,
	"postgres": `
		WITH tables AS (SELECT oid, CAST(relname AS text) AS name FROM pg_class
			WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace)
		SELECT 'table', name, '', '', '' FROM tables
		UNION ALL SELECT 'trigger', t.name, '', '', '' FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
		UNION ALL SELECT CASE WHEN i.indisprimary THEN 'key' ELSE 'unique' END, t.name, CAST(i.indexrelid AS text),
				(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
					JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum), ''
			FROM tables t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique
		UNION ALL SELECT 'foreign', t.name, r.name,
				(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n)
					JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum),
				(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(attnum, n)
					JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.attnum)
			FROM pg_constraint c JOIN tables t ON t.oid = c.conrelid JOIN tables r ON r.oid = c.confrelid WHERE c.contype = 'f'`,
}

// read reads the product's tables.
func read(ctx context.Context, c store.Conn, sql string) (have map[string]*found, err error) {
	rows, err := c.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	have = map[string]*found{}
	for rows.Next() {
		var what, table, name, columns, to string
		if err := rows.Scan(&what, &table, &name, &columns, &to); err != nil {
			return nil, err
		}
		if others.MatchString(table) {
			continue
		}
		if have[table] == nil {
			have[table] = &found{unique: map[string][]string{}}
		}
		f, list := have[table], strings.Split(columns, ",")
		switch what {
		case "key":
			f.key = list
		case "unique":
			f.unique[name] = list
		case "foreign":
			f.foreign = append(f.foreign, reference{name, list, strings.Split(to, ",")})
		case "trigger":
			f.trigger = true
		}
	}
	return have, rows.Err()
}

// words brings the text of one engine's step into the words of the other.
var words = strings.NewReplacer(`text COLLATE "C"`, "TEXT", "bigint", "INTEGER", "bytea", "BLOB", ") STRICT;", ");")

// TestOneText holds the steps of both engines to be word for word the same but for types.
func TestOneText(t *testing.T) {
	t.Parallel()
	steps := func(folder string) map[string]string {
		texts := map[string]string{}
		list, err := fs.Glob(schema.Files, folder+"/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range list {
			text, err := fs.ReadFile(schema.Files, path)
			if err != nil {
				t.Fatal(err)
			}
			texts[strings.TrimPrefix(path, folder)] = words.Replace(string(text))
		}
		return texts
	}
	lite, pg := steps("lite"), steps("pg")
	if len(lite) == 0 || len(lite) != len(pg) {
		t.Fatalf("%d steps for SQLite, %d for PostgreSQL", len(lite), len(pg))
	}
	for name, text := range lite {
		ours, theirs := strings.Split(text, "\n"), strings.Split(pg[name], "\n")
		for i, line := range ours {
			if i >= len(theirs) || line != theirs[i] {
				t.Errorf("step %s differs at line %d: %q", name, i+1, line)
				break
			}
		}
		if len(ours) != len(theirs) {
			t.Errorf("step %s has %d lines for SQLite, %d for PostgreSQL", name, len(ours), len(theirs))
		}
	}
}
