package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"psc/internal/app"
	"psc/internal/fault"
)

// mostRows is how many rows a page has at most; who asks for more gets that many (AIP-158).
const mostRows = 200

// pageSize returns how many rows to answer with.
func pageSize(asked int32) (int, error) {
	switch {
	case asked < 0:
		return 0, fault.InvalidField("page_size", "api.page_size", nil)
	case asked == 0:
		return app.PageSize, nil
	}
	return min(int(asked), mostRows), nil
}

// paging is what a request for a page says.
type paging interface {
	GetPageSize() int32
	GetPageToken() string
}

// pageToken is the place where a page ended, and what was asked for there: another question cannot go on from it.
type pageToken[P any] struct {
	Query string `json:"q"`
	Place P      `json:"p"`
}

// readPage returns the size of the page, and where it begins; query is what the list was asked for.
func readPage[P any](r paging, query ...string) (limit int, from P, err error) {
	if limit, err = pageSize(r.GetPageSize()); err != nil || r.GetPageToken() == "" {
		return limit, from, err
	}
	var t pageToken[P]
	text, err := base64.RawURLEncoding.DecodeString(r.GetPageToken())
	if err == nil {
		err = json.Unmarshal(text, &t)
	}
	if err != nil || t.Query != digest(query) {
		return limit, from, fault.InvalidField("page_token", "api.page_token", nil)
	}
	return limit, t.Place, nil
}

// nextPage writes the token of the page that goes on from a place.
func nextPage[P any](place P, query ...string) string {
	text, _ := json.Marshal(pageToken[P]{digest(query), place}) // places are texts and numbers
	return base64.RawURLEncoding.EncodeToString(text)
}

func digest(query []string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", query))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// pageOf returns a page of a list that is there as a whole, and the token of the next.
func pageOf[T any](r paging, list []T, query ...string) ([]T, string, error) {
	limit, from, err := readPage[int](r, query...)
	if err != nil {
		return nil, "", err
	}
	if from < 0 || from > len(list) {
		from = len(list)
	}
	rest := list[from:]
	if len(rest) <= limit {
		return rest, "", nil
	}
	return rest[:limit], nextPage(from+limit, query...), nil
}
