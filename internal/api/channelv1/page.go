package channelv1

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"

	"psc/internal/fault"
)

// paging is what a request for a page says.
type paging interface {
	GetPageSize() int32
	GetPageToken() string
}

// size is how many rows a page of a kind of list has, and has at most.
type size struct{ usual, most int }

// The lists, with the documented sizes of their pages.
var (
	customersPage    = size{10, 50}
	entitlementsPage = size{50, 100}
	changesPage      = size{10, 50}
	operationsPage   = size{50, 100}
	productsPage     = size{100, 1000}
	offersPage       = size{500, 1000}
	offeredPage      = size{100, 1000} // purchasable and transferable ones
	subscribersPage  = size{100, 1000}
)

// token is where a page ended; List is which list that was, as another cannot go on from it.
type token struct {
	List  string `json:"l"`
	After string `json:"a"`
	ID    string `json:"i,omitempty"`
}

// read returns how many rows are asked for, and after which they begin.
func (s size) read(r paging, list string) (limit int, t token, err error) {
	limit = int(r.GetPageSize())
	switch {
	case limit < 0:
		return 0, t, fault.InvalidField("page_size", "api.page_size", nil)
	case limit == 0:
		limit = s.usual
	}
	if r.GetPageToken() != "" {
		text, err := base64.RawURLEncoding.DecodeString(r.GetPageToken())
		if err == nil {
			err = json.Unmarshal(text, &t)
		}
		if err != nil || t.List != list {
			return 0, t, fault.InvalidField("page_token", "api.page_token", nil)
		}
	}
	return min(limit, s.most), t, nil
}

func (t token) String() string {
	text, _ := json.Marshal(t) // texts
	return base64.RawURLEncoding.EncodeToString(text)
}

// pageOf returns a page of a list that is there as a whole, by name, and the token of the next.
func pageOf[T interface{ GetName() string }](s size, r paging, of string, list []T) (page []T, next string, err error) {
	return pageBy(s, r, of, list, T.GetName)
}

// pageBy is pageOf of things that have their name elsewhere.
func pageBy[T any](s size, r paging, of string, list []T, name func(T) string) (page []T, next string, err error) {
	limit, t, err := s.read(r, of)
	if err != nil {
		return nil, "", err
	}
	slices.SortStableFunc(list, func(x, y T) int { return cmp.Compare(name(x), name(y)) })
	list = slices.DeleteFunc(list, func(x T) bool { return name(x) <= t.After })
	if len(list) <= limit {
		return list, "", nil
	}
	return list[:limit], token{List: of, After: name(list[limit-1])}.String(), nil
}
