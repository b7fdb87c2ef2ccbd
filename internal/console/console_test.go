package console_test

import (
	"slices"
	"testing"

	"psc/internal/console"
	"psc/internal/fault"
)

// The table of spec section 1, row by row; the columns are console.Roles. A role has nothing else.
var table = map[console.Privilege]string{
	console.ViewCustomers:     "xxxxx",
	console.AddCustomers:      "xxx  ",
	console.EditCustomers:     "xxx  ",
	console.TransferCustomers: "xxx  ",
	console.Billing:           "xx x ",
	console.SupportCases:      "xx   ",
	console.ManageUsers:       "x    ",
	console.SuperAdmin:        "x    ",
	console.Operate:           "     ", // operators only, whose roles are nobody's
}

func TestRolesHaveThePrivilegesOfTheSpecification(t *testing.T) {
	t.Parallel()
	for i, role := range console.Roles {
		has := 0
		for privilege, row := range table {
			want := row[i] == 'x'
			if want {
				has++
			}
			if got := slices.Contains(role.Privileges(), privilege); got != want {
				t.Errorf("%s may %s: %v, want %v", role, privilege, got, want)
			}
			err := console.Actor{Role: role}.May(privilege)
			switch {
			case want && err != nil:
				t.Errorf("%s is refused %s: %v", role, privilege, err)
			case !want && (!fault.Is(err, "forbidden") || fault.KindOf(err) != fault.Forbidden):
				t.Errorf("%s, %s: %v, want forbidden", role, privilege, err)
			}
		}
		if got := len(role.Privileges()); got != has {
			t.Errorf("%s has %d privileges, want %d", role, got, has)
		}
		if !role.Valid() {
			t.Errorf("%s is not valid", role)
		}
	}
}

func TestOneOfSeveralPrivilegesIsEnough(t *testing.T) {
	t.Parallel()
	viewer := console.Actor{Role: console.RoleViewer}
	if err := viewer.May(console.Billing, console.ViewCustomers); err != nil {
		t.Errorf("a viewer is refused what viewers or billing may: %v", err)
	}
	if err := viewer.May(console.AddCustomers, console.TransferCustomers); err == nil {
		t.Error("a viewer may what only those who add or transfer may")
	}
}

func TestWithoutARoleNothingIsAllowed(t *testing.T) {
	t.Parallel()
	for _, actor := range []console.Actor{{}, {PersonID: "p", ConsoleID: "c"}, {Role: "OWNER"}} {
		for privilege := range table {
			if err := actor.May(privilege); !fault.Is(err, "forbidden") {
				t.Errorf("%+v may %s: %v", actor, privilege, err)
			}
		}
	}
	if console.Role("OWNER").Valid() || console.Role("").Valid() {
		t.Error("an unknown role is valid")
	}
}

func TestOnlyOperatorsAndTheSystemOperate(t *testing.T) {
	t.Parallel()
	for _, role := range console.Roles {
		if err := (console.Actor{Role: role}).MayOperate(); !fault.Is(err, "forbidden_operator") {
			t.Errorf("%s: %v", role, err)
		}
	}
	for _, actor := range []console.Actor{{Operator: true}, {System: true}} {
		if err := actor.MayOperate(); err != nil {
			t.Errorf("%+v: %v", actor, err)
		}
		for privilege := range table {
			if err := actor.May(privilege); err != nil {
				t.Errorf("%+v, %s: %v", actor, privilege, err)
			}
		}
	}
}
