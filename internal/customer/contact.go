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
		{"phone", c.Phone},
		{"region_code", c.Country},
		{"postal_code", c.PostalCode},
		{"address", c.Address},
		{"language_code", c.Language},
		{"crm_id", c.CRMID},
	}
}
