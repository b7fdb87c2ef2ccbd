package demo

import "fmt"

var deFamilies = []word{
	{"Falkenried", "falkenried"},
	{"Brüggemann", "brueggemann"},
	{"Ostermeier", "ostermeier"},
	{"Köhlerbach", "koehlerbach"},
	{"Steinhöfel", "steinhoefel"},
	{"Wiesentahl", "wiesentahl"},
	{"Dornbusch", "dornbusch"},
	{"Übelacker", "uebelacker"},
	{"Rosenkötter", "rosenkoetter"},
	{"Hagedorn", "hagedorn"},
	{"Kirchgässner", "kirchgaessner"},
	{"Lindenschmidt", "lindenschmidt"},
	{"Moosbrugger", "moosbrugger"},
	{"Nagelschmitz", "nagelschmitz"},
	{"Pfefferkorn", "pfefferkorn"},
	{"Rautenberg", "rautenberg"},
	{"Sommerfeld", "sommerfeld"},
	{"Tiefenbacher", "tiefenbacher"},
	{"Vogelsänger", "vogelsaenger"},
	{"Weißgerber", "weissgerber"},
	{"Zöllner", "zoellner"},
	{"Großmann", "grossmann"},
	{"Altendorf", "altendorf"},
	{"Eichstätter", "eichstaetter"},
}

var deGiven = []word{
	{"Anna", "anna"},
	{"Jürgen", "juergen"},
	{"Sabine", "sabine"},
	{"Lukas", "lukas"},
	{"Jördis", "joerdis"},
	{"Stefan", "stefan"},
	{"Miriam", "miriam"},
	{"Tobias", "tobias"},
	{"Käthe", "kaethe"},
	{"Emre", "emre"},
	{"Franziska", "franziska"},
	{"Björn", "bjoern"},
	{"Claudia", "claudia"},
	{"Paul", "paul"},
	{"Aylin", "aylin"},
	{"Heinrich", "heinrich"},
}

var (
	dePlaces = []word{
		{"Buchenried", "buchenried"},
		{"Hohenwalde", "hohenwalde"},
		{"Mühlensee", "muehlensee"},
		{"Grünfelde", "gruenfelde"},
		{"Erlenbruck", "erlenbruck"},
		{"Sankt Wendolin", "st wendolin"},
		{"Kaltenmoor", "kaltenmoor"},
		{"Rabenstätt", "rabenstaett"},
		{"Schönhagen", "schoenhagen"},
		{"Ahornau", "ahornau"},
		{"Birkenförde", "birkenfoerde"},
		{"Silberquell", "silberquell"},
		{"Nordhafen", "nordhafen"},
		{"Weidenau", "weidenau"},
		{"Lerchenthal", "lerchenthal"},
	}
	deIndustries = []word{
		{"Maschinenbau", "maschinenbau"},
		{"Spedition", "spedition"},
		{"Feinmechanik", "feinmechanik"},
		{"Logistik", "logistik"},
		{"Elektrotechnik", "elektrotechnik"},
		{"Bäckereien", "baeckereien"},
		{"Verlag", "verlag"},
		{"Medizintechnik", "medizintechnik"},
		{"Software", "software"},
		{"Holzbau", "holzbau"},
		{"Brauerei", "brauerei"},
		{"Werkzeuge", "werkzeuge"},
		{"Solartechnik", "solartechnik"},
		{"Möbelwerke", "moebelwerke"},
		{"Sanitär", "sanitaer"},
		{"Druckerei", "druckerei"},
		{"Optik", "optik"},
		{"Gartenbau", "gartenbau"},
	}
	deStreets = []string{"Lindenallee", "Bahnhofstraße", "Am Mühlbach", "Gartenweg", "Hauptstraße", "Schulgasse", "Werftstraße", "Rosenweg"}
)

// german draws an organisation of the German-speaking countries.
func german(d dice) organisation {
	form := draw(d, []weighted[func(dice) organisation]{{deFirm, 55}, {dePlaceFirm, 15}, {deSchool, 8}, {deOffice, 22}})
	o := form(d)
	place, family, given := pick(d, dePlaces), pick(d, deFamilies), pick(d, deGiven)
	o.country, o.language = draw(d, []weighted[string]{{"DE", 85}, {"AT", 15}}), "de"
	o.postal = fmt.Sprintf("%05d", d.between(1001, 99900))
	if o.country == "AT" {
		o.postal = fmt.Sprintf("%04d", d.between(1010, 9990))
	}
	o.address = fmt.Sprintf("%s %d, %s", pick(d, deStreets), d.between(1, 180), place.text)
	o.phone = fmt.Sprintf("+49 30 23125 %03d", d.IntN(1000)) // reserved for drama
	o.contact, o.mail = given.text+" "+family.text, given.latin+"."+family.latin
	return o
}

func deFirm(d dice) organisation {
	family, industry := pick(d, deFamilies), pick(d, deIndustries)
	form := draw(d, []weighted[string]{
		{"%s %s GmbH", 50}, {"%s %s GmbH & Co. KG", 20}, {"%s %s AG", 10}, {"%s %s KG", 8}, {"%s & Söhne %s OHG", 7}, {"%s %s UG (haftungsbeschränkt)", 5},
	})
	return named(business, fmt.Sprintf(form, family.text, industry.text), family.latin, industry.latin)
}

func dePlaceFirm(d dice) organisation {
	place, industry := pick(d, dePlaces), pick(d, deIndustries)
	form := draw(d, []weighted[string]{{"%s %s GmbH", 60}, {"%s %s eG", 25}, {"%s %s SE", 15}})
	return named(business, fmt.Sprintf(form, place.text, industry.text), place.latin, industry.latin)
}

func deSchool(d dice) organisation {
	place := pick(d, dePlaces)
	form := pick(d, []word{{"Gymnasium %s", "gymnasium"}, {"Hochschule %s", "hochschule"}, {"Volkshochschule %s e.V.", "vhs"}, {"Berufskolleg %s", "berufskolleg"}})
	return named(school, fmt.Sprintf(form.text, place.text), form.latin, place.latin)
}

func deOffice(d dice) organisation {
	place := pick(d, dePlaces)
	form := pick(d, []word{
		{"Stadtwerke %s AG", "stadtwerke"},
		{"Klinikum %s gGmbH", "klinikum"},
		{"Sportverein %s e.V.", "sv"},
		{"Stadt %s", "stadt"},
		{"Freiwillige Feuerwehr %s e.V.", "feuerwehr"},
		{"Sparverein %s eG", "sparverein"},
		{"Diakoniewerk %s e.V.", "diakonie"},
		{"Verkehrsbetriebe %s GmbH", "verkehrsbetriebe"},
		{"Kunstverein %s e.V.", "kunstverein"},
	})
	return named(office, fmt.Sprintf(form.text, place.text), form.latin, place.latin)
}
