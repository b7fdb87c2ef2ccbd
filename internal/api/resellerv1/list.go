package resellerv1

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"google.golang.org/api/reseller/v1"

	"psc/internal/app"
)

// How many subscriptions a page has, and has at most.
const (
	usualPage = 20
	mostPage  = 100
)

const listKind = "reseller#subscriptions"

// token is where a page ended; List is which list that was, as another cannot go on from it.
type token struct {
	List  string                `json:"l"`
	After app.SubscriptionPlace `json:"a"`
}

// listSubscriptions is reseller.subscriptions.list: what has not ended, by domain.
func (s *service) listSubscriptions(ctx context.Context, c call) (any, error) {
	if c.query.Has(authToken) {
		return s.listTransferable(ctx, c)
	}
	q := app.SubscriptionQuery{Domain: c.query.Get("customerNamePrefix"), Limit: usualPage}
	if text := c.query.Get("maxResults"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostPage {
			return nil, parameter("maxResults", "reseller.max_results", map[string]any{"Most": mostPage})
		}
		q.Limit = n
	}
	if id := c.query.Get("customerId"); id != "" {
		c.ids = []string{id}
		cust, err := s.find(ctx, c)
		if err != nil {
			return nil, err
		}
		q.CustomerID = cust.ID
	}
	list := q.CustomerID + " " + strings.ToLower(q.Domain)
	var err error
	if q.After, err = readToken(c.query.Get("pageToken"), list); err != nil {
		return nil, err
	}
	rows, next, err := s.app.Subscriptions(ctx, c.Actor, q)
	if err != nil {
		return nil, err
	}
	out := &reseller.Subscriptions{Kind: listKind}
	for _, row := range rows {
		out.Subscriptions = append(out.Subscriptions, s.subscription(c, row.Customer, row.SubscriptionLine))
	}
	if next != (app.SubscriptionPlace{}) {
		text, err := json.Marshal(token{list, next})
		if err != nil {
			return nil, err
		}
		out.NextPageToken = base64.RawURLEncoding.EncodeToString(text)
	}
	return out, nil
}

// readToken reads the token of a page of the list; empty is its beginning.
func readToken(text, list string) (app.SubscriptionPlace, error) {
	var t token
	if text == "" {
		return t.After, nil
	}
	content, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(content, &t)
	}
	if err != nil || t.List != list || unprintable(t.After.Domain+t.After.CustomerID+t.After.ID) {
		return t.After, parameter("pageToken", "api.page_token", nil)
	}
	return t.After, nil
}
