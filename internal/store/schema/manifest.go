package schema

// Kind says where a table lives once the database is spread over several machines.
type Kind string

// The kinds.
const (
	Tenant    Kind = "tenant"    // rows of a console, beside everything else of that console: console_id leads every key
	Reference Kind = "reference" // small and shared: the same rows on every machine
	Local     Kind = "local"     // on one machine only, and nobody else's key leads there
)

// Table is one table with the columns of its primary key.
type Table struct {
	Name string
	Kind Kind
	Key  []string
}

// Tables are all tables of the product. River's and goose's own are local and not listed.
func Tables() []Table {
	return []Table{
		{"settings", Local, []string{"key"}},
		{"sessions", Local, []string{"token"}},
		{"one_time_links", Local, []string{"hash"}},
		{"attempts", Local, []string{"key"}},
		{"mails", Local, []string{"id"}},

		{"resellers", Reference, []string{"id"}},
		{"consoles", Reference, []string{"id"}},
		{"people", Reference, []string{"id"}},
		{"memberships", Reference, []string{"console_id", "person_id"}},
		{"notice_choices", Reference, []string{"person_id", "topic"}},
		{"custom_roles", Reference, []string{"console_id", "id"}},
		{"service_accounts", Reference, []string{"console_id", "id"}},
		{"api_tokens", Reference, []string{"console_id", "id"}},
		{"webhooks", Reference, []string{"console_id", "id"}},
		{"transfer_tokens", Reference, []string{"console_id", "hash"}},
		{"role_grants", Reference, []string{"console_id", "email"}},
		{"operator_events", Reference, []string{"id"}},
		{"legal_entities", Reference, []string{"id"}},
		{"agreements", Reference, []string{"console_id", "legal_entity_id"}},
		{"billing_accounts", Reference, []string{"console_id", "id"}},
		{"skus", Reference, []string{"id"}},
		{"sku_blocks", Reference, []string{"sku_id", "plan"}},
		{"offers", Reference, []string{"sku_id", "plan", "currency"}},
		{"offer_prices", Reference, []string{"sku_id", "plan", "currency", "from_date"}},
		{"sku_authorizations", Reference, []string{"console_id", "sku_id"}},
		{"connections", Reference, []string{"id"}},
		{"issuers", Reference, []string{"id"}},
		{"invoice_numbers", Reference, []string{"issuer_id", "year"}},

		{"customers", Tenant, []string{"console_id", "id"}},
		{"customer_terms", Tenant, []string{"console_id", "term", "customer_id"}},
		{"customer_settings", Tenant, []string{"console_id", "person_id"}},
		{"customer_filters", Tenant, []string{"console_id", "person_id", "name"}},
		{"subscriptions", Tenant, []string{"console_id", "id"}},
		{"segments", Tenant, []string{"console_id", "subscription_id", "seq"}},
		{"lots", Tenant, []string{"console_id", "id", "seq"}},
		{"charges", Tenant, []string{"console_id", "id"}},
		{"billing_months", Tenant, []string{"console_id", "month"}},
		{"invoices", Tenant, []string{"console_id", "id"}},
		{"invoice_lines", Tenant, []string{"console_id", "invoice_id", "id"}},
		{"balance_movements", Tenant, []string{"console_id", "id"}},
		{"ledger_entries", Tenant, []string{"console_id", "group_id", "account"}},
		{"licence_counts", Tenant, []string{"console_id", "month"}},
		{"orders", Tenant, []string{"console_id", "id"}},
		{"migrations", Tenant, []string{"console_id", "id"}},
		{"migration_subscriptions", Tenant, []string{"console_id", "migration_id", "subscription_id"}},
		{"operations", Tenant, []string{"console_id", "id"}},
		{"operation_returns", Tenant, []string{"console_id", "operation_id", "migration_id"}},
		{"uploads", Tenant, []string{"console_id", "operation_id", "seq"}},
		{"cases", Tenant, []string{"console_id", "id"}},
		{"case_entries", Tenant, []string{"console_id", "id"}},
		{"case_undos", Tenant, []string{"console_id", "case_id"}},
		{"case_files", Tenant, []string{"console_id", "id"}},
		{"api_requests", Tenant, []string{"console_id", "caller", "key"}},
		{"webhook_messages", Tenant, []string{"console_id", "webhook_id", "id"}},
		{"webhook_attempts", Tenant, []string{"console_id", "webhook_id", "message_id", "n"}},
		{"audit_events", Tenant, []string{"console_id", "id"}},
		{"notices", Tenant, []string{"console_id", "id"}},
		{"notice_reads", Tenant, []string{"console_id", "person_id"}},
		{"notice_marks", Tenant, []string{"console_id", "person_id", "notice_id"}},
	}
}
