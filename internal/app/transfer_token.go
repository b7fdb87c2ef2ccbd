package app

import (
	"context"

	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/fault"
	"psc/internal/store"
)

// transferTokenPrefix begins every such token, so that programs that look for leaked secrets find it.
const transferTokenPrefix = "psct_"

// transferTokenStands is for how long a customer's token can be used.
const transferTokenStands = 7 * day

// CreateTransferToken makes the token with which a customer lets another reseller have its subscriptions. Whoever asks for it hands it to
// the customer; it is told this once. Tokens follow the system's clock.
func (a *App) CreateTransferToken(ctx context.Context, actor console.Actor, customerID string) (token string, t TransferToken, err error) {
	if err := actor.May(console.TransferCustomers); err != nil {
		return "", t, err
	}
	now := a.Wall.Now()
	secret, err := a.newSecret()
	if err != nil {
		return "", t, err
	}
	token = transferTokenPrefix + secret
	t = TransferToken{
		ConsoleID: actor.ConsoleID, ID: a.IDs.New("trt", now), CustomerID: customerID, Hash: secretHash(token), CreatedBy: actor.Name,
		CreatedAt: now, ExpiresAt: now.Add(transferTokenStands),
	}
	return token, t, a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(ctx, actor.ConsoleID, customerID)
		if err != nil {
			return found(err, "customer.not_found")
		}
		if err := c.CheckLive(); err != nil {
			return err
		}
		if err := tx.InsertTransferToken(ctx, t); err != nil {
			return err
		}
		return a.record(ctx, tx, a.Clock.Now(), actor, entry{
			Action: "customer.transfer_token", Subject: c.ID, Customer: c.ID, Data: map[string]string{"Customer": c.Name},
		})
	})
}

// TransferToken is what a customer lets another reseller have its subscriptions with.
type TransferToken = store.TransferToken

// transferTokensShown is how many tokens of a customer are listed.
const transferTokensShown = 50

// TransferTokens returns a customer with its newest transfer tokens, the newest first, those that are over too.
func (a *App) TransferTokens(ctx context.Context, actor console.Actor, customerID string) (c customer.Customer, list []TransferToken, err error) {
	if err := actor.May(console.TransferCustomers); err != nil {
		return c, nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if c, err = tx.Customer(ctx, actor.ConsoleID, customerID); err != nil {
			return found(err, "customer.not_found")
		}
		list, err = tx.TransferTokens(ctx, actor.ConsoleID, customerID, transferTokensShown)
		return err
	})
	return c, list, err
}

// RevokeTransferToken takes back a token of a customer that could still be used.
func (a *App) RevokeTransferToken(ctx context.Context, actor console.Actor, customerID, id string) error {
	if err := actor.May(console.TransferCustomers); err != nil {
		return err
	}
	actor.Suspended = false // it takes, and gives nothing
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(ctx, actor.ConsoleID, customerID)
		if err != nil {
			return found(err, "customer.not_found")
		}
		ok, err := tx.RevokeTransferToken(ctx, c.ConsoleID, c.ID, id, a.Wall.Now())
		if err == nil && !ok {
			err = fault.New(fault.NotFound, "token.not_found", nil)
		}
		if err != nil {
			return err
		}
		return a.record(ctx, tx, a.Clock.Now(), actor, entry{
			Action: "customer.transfer_token_revoked", Subject: c.ID, Customer: c.ID, Data: map[string]string{"Customer": c.Name},
		})
	})
}

// unknownTransfer is what every token is told that opens nothing for a customer, for whatever reason.
func unknownTransfer() error { return fault.New(fault.Forbidden, "transfer.token", nil) }
