package money

import (
	"maps"
	"slices"
	"strings"
)

// Currency is an upper-case ISO 4217 code.
type Currency string

// codes holds every currency of ISO 4217 list one (SIX Financial Information, maintenance agency of ISO 4217: list-one.xml,
// published 2026-01-01) by its number of minor digits, CcyMnrUnts there. What has none ("N.A.": metals, XDR, XXX and the like)
// is no money to us. Other tables differ: CLDR gives the digits that are customary in shops.
var codes = map[int]string{
	0: `BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF`,
	2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
		CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
		IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
		MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP
		SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG
		YER ZAR ZMW ZWG`,
	3: `BHD IQD JOD KWD LYD OMR TND`,
	4: `CLF UYW`,
}

// digits is codes by currency.
var digits = byCurrency()

func byCurrency() map[Currency]int {
	all := map[Currency]int{}
	for n, list := range codes {
		for code := range strings.FieldsSeq(list) {
			all[Currency(code)] = n
		}
	}
	return all
}

// Currencies returns all currencies, sorted by code.
func Currencies() []Currency { return slices.Sorted(maps.Keys(digits)) }

// Valid reports whether c is a currency of ISO 4217 that has a minor unit or is counted in whole units.
func (c Currency) Valid() bool { _, ok := digits[c]; return ok }

// Digits returns how many decimal digits the minor unit has: 0 for JPY, 2 for USD, 3 for KWD.
func (c Currency) Digits() int { return digits[c] }
