package demo

import (
	"fmt"
	"strings"
)

var enFamilies = []string{
	"Whitcombe", "Hargrave", "Delacroix", "Okafor", "Lindqvist", "Marlowe", "Castellan", "Thornbury", "Redfern", "Ashworth",
	"Villanueva", "Kowalczyk", "Brannigan", "Fairweather", "Holloway", "Pemberton", "Nakagawa", "Osterman", "Quintero", "Rutledge",
	"Sorensen", "Tremblay", "Underhill", "Vandermeer", "Winslow", "Yarborough", "Abernathy", "Blackwood", "Corrigan", "Dunmore",
	"Ellsworth", "Fitzgibbon", "Galloway", "Hathaway", "Ingersoll", "Jessup", "Kensington", "Langford", "Merriweather", "Northcott",
}

var enGiven = []string{
	"Emma", "Liam", "Olivia", "Noah", "Ava", "Elijah", "Sophia", "Lucas", "Mia", "Mason", "Amelia", "Ethan", "Harper", "Logan",
	"Nora", "Caleb", "Ruth", "Dylan", "Naomi", "Felix", "Imani", "Diego", "Mei", "Arjun", "Fatima", "Theo",
}

var (
	enPlaceHeads = []string{
		"Cedar", "Elk", "Raven", "Copper", "Maple", "Silver", "Granite", "Willow", "Heron", "Juniper", "Bristle", "Larkspur",
		"Otter", "Salmon", "Tamarack", "Wren", "Amber", "Birch", "Cobalt", "Drift", "Ember", "Fern", "Harbor", "Iron",
	}
	enPlaceTails = []string{
		"mere", "hollow", "fall", "wick", "bluff", "haven", "stead", "gate", "moor", "crest", "brook", "landing", "reach", "vale",
	}
	enIndustries = []string{
		"Freight", "Timber", "Dental Group", "Software", "Robotics", "Brewing", "Coffee Roasters", "Outfitters", "Analytics",
		"Marine", "Construction", "Aerospace Parts", "Foods", "Orchards", "Insurance", "Veterinary Care", "Media", "Biosciences",
		"Energy", "Packaging", "Staffing", "Architects", "Plumbing", "Solar", "Textiles", "Instruments", "Logistics", "Security",
		"Fisheries", "Printing",
	}
	enStreets = []string{"Larkspur Avenue", "Alder Street", "Quarry Road", "Ferry Street", "Madrona Way", "Mill Lane", "Orchard Drive", "Beacon Street"}
	enStates  = []string{"WA", "OR", "ID", "MT", "CA", "CO", "AZ", "MN", "TX", "NY"}
)

// american draws an organisation of the United States.
func american(d dice) organisation {
	form := draw(d, []weighted[func(dice) organisation]{{enFirm, 40}, {enPlaceFirm, 30}, {enPartners, 8}, {enSchools, 8}, {enOffice, 14}})
	o := form(d)
	if o.trade == business && !strings.Contains(o.name, "&") {
		o.name += draw(d, []weighted[string]{{", Inc.", 40}, {" LLC", 32}, {" Corp.", 8}, {" Co-op", 5}, {" Co.", 8}, {" Group", 7}})
	}
	o.country, o.language = "US", "en"
	o.postal = fmt.Sprintf("%05d", d.between(10001, 99900))
	o.address = fmt.Sprintf("%d %s, %s, %s", d.between(100, 9900), pick(d, enStreets), enPlace(d), pick(d, enStates))
	o.phone = fmt.Sprintf("+1 206-555-01%02d", d.IntN(100)) // reserved for fiction
	return withEnglishContact(d, o)
}

// british draws a company of the United Kingdom.
func british(d dice) organisation {
	o := pick(d, []func(dice) organisation{enFirm, enPlaceFirm})(d)
	o.name += draw(d, []weighted[string]{{" Ltd", 70}, {" plc", 15}, {" LLP", 15}})
	o.country, o.language = "GB", "en-GB"
	o.postal = fmt.Sprintf("ZZ%d %dAA", d.between(1, 9), d.between(1, 9))
	o.address = fmt.Sprintf("%d %s, %s", d.between(1, 240), pick(d, enStreets), enPlace(d))
	o.phone = fmt.Sprintf("+44 20 7946 0%03d", d.IntN(1000)) // reserved for drama
	return withEnglishContact(d, o)
}

// singaporean draws a company of Singapore.
func singaporean(d dice) organisation {
	o := pick(d, []func(dice) organisation{enFirm, enPlaceFirm})(d)
	o.name += " Pte. Ltd."
	o.country, o.language = "SG", "en"
	o.postal = fmt.Sprintf("%06d", d.between(10000, 820000))
	o.address = fmt.Sprintf("%d %s, #%02d-%02d", d.between(1, 240), pick(d, enStreets), d.between(1, 40), d.between(1, 30))
	o.phone = fmt.Sprintf("+65 0%03d %04d", d.IntN(1000), d.IntN(10000)) // no number begins with a zero
	return withEnglishContact(d, o)
}

func withEnglishContact(d dice, o organisation) organisation {
	given, family := pick(d, enGiven), pick(d, enFamilies)
	o.contact, o.mail = given+" "+family, strings.ToLower(given+"."+family)
	return o
}

func enPlace(d dice) string { return pick(d, enPlaceHeads) + pick(d, enPlaceTails) }

// plain writes a name as the words of a domain.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("&", "and", ",", "", ".", "", "'", "").Replace(name))
}

func enFirm(d dice) organisation {
	name := pick(d, enFamilies) + " " + pick(d, enIndustries)
	return named(business, name, plain(name))
}

func enPlaceFirm(d dice) organisation {
	name := enPlace(d) + " " + pick(d, enIndustries)
	return named(business, name, plain(name))
}

func enPartners(d dice) organisation {
	name := pick(d, enFamilies) + " & " + pick(d, enFamilies)
	return named(business, name+pick(d, []string{" LLP", ", P.C.", " Law Group", " CPAs"}), plain(name))
}

func enSchools(d dice) organisation {
	place := enPlace(d)
	form := pick(d, []string{" County Schools", " Unified School District", " Community College", " Academy", " Charter School"})
	return named(school, place+form, plain(place+form))
}

func enOffice(d dice) organisation {
	place := enPlace(d)
	form := pick(d, []string{
		"City of %s", "%s Public Library", "%s Medical Center", "Port of %s", "%s Food Bank", "%s Community Foundation", "%s Fire District",
		"%s Family Clinic", "%s Credit Union", "%s County Parks", "%s Symphony",
	})
	name := fmt.Sprintf(form, place)
	return named(office, name, plain(name))
}
