package app

import (
	"context"
	"time"

	"psc/internal/console"
	"psc/internal/fault"
	"psc/internal/store"
)

// transferTokenPrefix begins every such token, so that programs that look for leaked secrets find it.
const transferTokenPrefix = "psct_"

// transferTokenStands is for how long a customer's token can be used.
const transferTokenStands = 7 * day

// CreateTransferToken makes the token with which a customer lets another reseller have its subscriptions. Whoever asks for it hands it to
// the customer; it is told this once. Tokens follow the system's clock.
func (a *App) CreateTransferToken(ctx context.Context, actor console.Actor, customerID string) (token string, until time.Time, err error) {
	if err := actor.May(console.TransferCustomers); err != nil {
		return "", until, err
	}
	now := a.Clock.Now()
	until = a.Wall.Now().Add(transferTokenStands)
	secret, err := a.newSecret()
	if err != nil {
		return "", until, err
	}
	token = transferTokenPrefix + secret
	return token, until, a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(ctx, actor.ConsoleID, customerID)
		if err != nil {
			return found(err, "customer.not_found")
		}
		if err := c.CheckLive(); err != nil {
			return err
		}
		if err := tx.InsertTransferToken(ctx, store.TransferToken{
			ConsoleID: c.ConsoleID, CustomerID: c.ID, Hash: secretHash(token), ExpiresAt: until,
		}); err != nil {
			return err
		}
		return a.record(ctx, tx, now, actor, entry{
			Action: "customer.transfer_token", Subject: c.ID, Customer: c.ID, Data: map[string]string{"Customer": c.Name},
		})
	})
}

// unknownTransfer is what every token is told that opens nothing for a customer, for whatever reason.
func unknownTransfer() error { return fault.New(fault.Forbidden, "transfer.token", nil) }
