package cli

import (
	"context"

	"github.com/spf13/cobra"

	"psc/internal/customer"
)

// createCustomer has a flag for the domain and each of the contact data, called as the columns of a file of customers are.
func createCustomer(t *Terminal) *cobra.Command {
	values := map[string]*string{"domain": new(string)}
	cmd := t.verb("customer", "create", inConsole, cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		c := customer.ContactOf(func(name string) string { return *values[name] })
		c.Domain = *values["domain"]
		c, err := s.CreateCustomer(ctx, s.actor, c)
		if err != nil {
			return err
		}
		return s.Result(newCustomerJSON(c, 0), c.ID, s.Say.T("cli.customer.created", "Customer", c.Name)+"\n"+c.ID)
	})
	cmd.Flags().StringVar(values["domain"], "domain", "", t.Say.T("import_column.domain"))
	t.contactFlags(cmd, values)
	return cmd
}
