package customercsv

import (
	"psc/internal/customer"
	"psc/internal/fault"
)

// Contact returns the customer as it would be read from a file, and what is wrong with it by the names of the columns:
// what a person types into a form is held to the same rules.
func Contact(c customer.Customer) (customer.Customer, []fault.Field) {
	var fields []fault.Field
	cells := map[string]cell{}
	for i, text := range customerCells(c) {
		cells[columns[1+i].name] = cell{text: guard(text)}
	}
	r := row{cells: cells, scan: newScan(Reference{}, func(p Problem) {
		fields = append(fields, fault.Field{Name: p.Column, Key: p.Key, Args: p.Args})
	})}
	r.encoding = nameUTF8
	read := r.customer()
	c.Domain, c.Name, c.ContactName, c.ContactEmail = read.Domain, read.Name, read.ContactName, read.ContactEmail
	c.AlternateEmail, c.Phone, c.Country, c.PostalCode, c.Address = read.AlternateEmail, read.Phone, read.Country, read.PostalCode, read.Address
	c.Language, c.CRMID = read.Language, read.CRMID
	return c, fields
}
