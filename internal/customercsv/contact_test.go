package customercsv_test

import (
	"testing"

	"psc/internal/customer"
	"psc/internal/customercsv"
)

func TestContactIsHeldToTheRulesOfTheFile(t *testing.T) {
	good := customer.Customer{ID: "cus_1", Domain: "kitahama.example", Name: " =Kitahama ", Country: "jp", ContactEmail: "a@kitahama.example"}
	c, fields := customercsv.Contact(good)
	if len(fields) != 0 || c.ID != "cus_1" || c.Name != "=Kitahama" || c.Country != "JP" {
		t.Errorf("%+v, %v", c, fields)
	}
	bad := good
	bad.Name, bad.ContactEmail = "", "nobody"
	_, fields = customercsv.Contact(bad)
	if len(fields) != 2 || fields[0].Name != "org_display_name" || fields[1].Name != "primary_contact_email" {
		t.Errorf("%v", fields)
	}
}
