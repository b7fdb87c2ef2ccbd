package customer

// ContactField is one of the data that a console edits of its customer, by the name that files and forms call it.
type ContactField struct {
	Name, Value string
}

// Contact returns what a console edits of its customer.
func (c Customer) Contact() []ContactField {
	return []ContactField{
		{"org_display_name", c.Name},
		{"primary_contact_name", c.ContactName},
		{"primary_contact_email", c.ContactEmail},
		{"alternate_email", c.AlternateEmail},
		{"phone", c.Phone},
		{"region_code", c.Country},
		{"postal_code", c.PostalCode},
		{"address", c.Address},
		{"language_code", c.Language},
		{"crm_id", c.CRMID},
	}
}

// ContactOf returns the customer whose contact data get returns by these names.
func ContactOf(get func(name string) string) Customer {
	return Customer{
		Name: get("org_display_name"), ContactName: get("primary_contact_name"), ContactEmail: get("primary_contact_email"),
		AlternateEmail: get("alternate_email"), Phone: get("phone"), Country: get("region_code"), PostalCode: get("postal_code"),
		Address: get("address"), Language: get("language_code"), CRMID: get("crm_id"),
	}
}
