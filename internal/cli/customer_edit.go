package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"psc/internal/app"
	"psc/internal/customer"
)

// editCustomer changes the contact data that its flags name, and leaves the rest. What somebody else changes between its
// reading and its writing is not overwritten.
func editCustomer(t *Terminal) *cobra.Command {
	values := map[string]*string{}
	var cmd *cobra.Command
	cmd = ofCustomer(t, "edit", func(ctx context.Context, s *session, id string) error {
		r, err := s.Customer(ctx, s.actor, id)
		if err != nil {
			return err
		}
		present := map[string]string{}
		for _, f := range r.Customer.Contact() {
			present[f.Name] = f.Value
		}
		edited := customer.ContactOf(func(name string) string {
			if cmd.Flags().Changed(contactFlag(name)) {
				return *values[name]
			}
			return present[name]
		})
		edited.ID = id
		if err := s.EditContact(ctx, s.actor, edited, app.ContactMark(r.Customer)); err != nil {
			return err
		}
		return s.said(id, "cli.customer.edited", "Customer", edited.Name)
	})
	t.contactFlags(cmd, values)
	return cmd
}

// contactFlags gives a command a flag for each of the contact data, called as the columns of a file of customers are.
func (t *Terminal) contactFlags(cmd *cobra.Command, values map[string]*string) {
	for _, f := range (customer.Customer{}).Contact() {
		values[f.Name] = cmd.Flags().String(contactFlag(f.Name), "", t.Say.T("import_column."+f.Name))
	}
}

func contactFlag(column string) string { return strings.ReplaceAll(column, "_", "-") }
