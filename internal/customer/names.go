package customer

import (
	"strings"

	"psc/internal/console"
)

// legalForms stand before a Japanese organisation's name and say nothing about its place in a list.
//
//nolint:gosmopolitan // the words themselves are the rule
var legalForms = []string{
	"株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "(株)", "(有)", "(同)", "一般社団法人", "公益社団法人",
	"一般財団法人", "公益財団法人", "医療法人社団", "医療法人財団", "医療法人", "社会福祉法人", "学校法人", "宗教法人",
	"特定非営利活動法人", "npo法人", "独立行政法人", "国立大学法人", "税理士法人", "弁護士法人", "監査法人",
}

// SortName returns the text that a customer of this name is sorted by: folded, without a leading legal form.
func SortName(name string) string {
	folded := console.Fold(name)
	for _, form := range legalForms {
		if rest, ok := strings.CutPrefix(folded, form); ok && strings.TrimSpace(rest) != "" {
			return strings.TrimSpace(rest)
		}
	}
	return folded
}

// SearchText returns the text in which a search for a part of the name or the domain looks.
func SearchText(name, domain string) string {
	return console.SearchForm(name) + " " + console.SearchForm(domain)
}
