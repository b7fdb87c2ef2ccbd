package console

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"psc/internal/fault"
)

// CustomRole is a role that a console has made for itself. Its ID stands wherever the name of a built-in role does.
type CustomRole struct {
	ConsoleID  string
	ID         Role
	Name       string
	Privileges []Privilege // in the order of Assignable
	Archived   bool        // can be given to nobody; nobody has it
}

// Assignable are the privileges that a custom role can be made of. ViewCustomers is always among its privileges: without it no
// page opens.
var Assignable = []Privilege{ViewCustomers, AddCustomers, EditCustomers, TransferCustomers, Billing, SupportCases, ManageUsers}

const maxRoleName = 60

// CheckCustomRole returns the role as it is kept, or refuses it with the fault "role.invalid", naming each wrong field.
func CheckCustomRole(r CustomRole) (CustomRole, error) {
	r.Name = strings.TrimSpace(r.Name)
	var fields []fault.Field
	if n := utf8.RuneCountInString(r.Name); n == 0 || n > maxRoleName || strings.ContainsFunc(r.Name, unicode.IsControl) {
		fields = append(fields, fault.Field{Name: "name", Key: "role.name", Args: fault.Args{"Most": maxRoleName}})
	}
	for _, p := range r.Privileges {
		if !slices.Contains(Assignable, p) {
			fields = append(fields, fault.Field{Name: "privileges", Key: "role.privilege", Args: fault.Args{"Typed": clip(string(p), 40)}})
			break
		}
	}
	if len(fields) > 0 {
		return r, &fault.Error{Kind: fault.Invalid, Key: "role.invalid", Fields: fields}
	}
	given := append([]Privilege{ViewCustomers}, r.Privileges...)
	r.Privileges = slices.DeleteFunc(slices.Clone(Assignable), func(p Privilege) bool { return !slices.Contains(given, p) })
	return r, nil
}
