package cli_test

import "testing"

// TestEditingLeavesWhatNoFlagNames changes one thing of a customer and then another.
func TestEditingLeavesWhatNoFlagNames(t *testing.T) {
	w := newTerminal(t)
	one := w.AddCustomers(w.B, 1, nil)[0]
	type record struct {
		Name    string `json:"name"`
		Contact string `json:"primary_contact_name"`
		Email   string `json:"primary_contact_email"`
	}
	w.refused("customer.invalid", 2, in(w.B, "customer", "edit", one, "--primary-contact-email", "nobody")...)
	w.run(in(w.B, "customer", "edit", one, "--primary-contact-name", "山田 花子", "--primary-contact-email", "hanako@c000001.example")...)
	w.run(in(w.B, "customer", "edit", "c000001.example", "--org-display-name", "山田商事")...)
	want := record{"山田商事", "山田 花子", "hanako@c000001.example"}
	if got := into[record](w, in(w.B, "customer", "show", one)...); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	w.refused("customer.not_found", 3, in(w.A, "customer", "edit", one, "--phone", "1")...)
}
