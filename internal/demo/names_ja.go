package demo

import "fmt"

var jaFamilies = []word{
	{"髙橋", "takahashi"},
	{"山﨑", "yamasaki"},
	{"𠮷田", "yoshida"},
	{"濵田", "hamada"},
	{"渡邉", "watanabe"},
	{"齋藤", "saito"},
	{"髙木", "takagi"},
	{"﨑山", "sakiyama"},
	{"𠮷川", "yoshikawa"},
	{"髙野", "takano"},
	{"佐藤", "sato"},
	{"鈴木", "suzuki"},
	{"田中", "tanaka"},
	{"伊東", "ito"},
	{"中村", "nakamura"},
	{"小林", "kobayashi"},
	{"加藤", "kato"},
	{"山本", "yamamoto"},
	{"松井", "matsui"},
	{"井上", "inoue"},
	{"木村", "kimura"},
	{"清水", "shimizu"},
	{"池上", "ikegami"},
	{"橋爪", "hashizume"},
	{"阿久津", "akutsu"},
	{"森下", "morishita"},
	{"岡部", "okabe"},
	{"藤原", "fujiwara"},
	{"三浦", "miura"},
	{"石渡", "ishiwata"},
	{"小川", "ogawa"},
	{"長谷部", "hasebe"},
	{"後藤", "goto"},
	{"近江", "omi"},
	{"村瀬", "murase"},
	{"遠山", "toyama"},
	{"青柳", "aoyagi"},
	{"坂口", "sakaguchi"},
	{"福原", "fukuhara"},
	{"太田垣", "otagaki"},
	{"西尾", "nishio"},
	{"岩瀬", "iwase"},
	{"矢野", "yano"},
	{"松浦", "matsuura"},
	{"千田", "chida"},
	{"菅原", "sugawara"},
	{"久保寺", "kubodera"},
	{"野口", "noguchi"},
	{"水谷", "mizutani"},
	{"飯塚", "iizuka"},
	{"樋口", "higuchi"},
	{"大河内", "okochi"},
	{"辻村", "tsujimura"},
	{"柏木", "kashiwagi"},
	{"浅見", "asami"},
	{"土屋", "tsuchiya"},
	{"片桐", "katagiri"},
	{"早乙女", "saotome"},
	{"鳥居", "torii"},
	{"五十嵐", "igarashi"},
}

var jaGiven = []word{
	{"健一", "kenichi"},
	{"美咲", "misaki"},
	{"大輔", "daisuke"},
	{"陽子", "yoko"},
	{"翔太", "shota"},
	{"由美子", "yumiko"},
	{"浩", "hiroshi"},
	{"さくら", "sakura"},
	{"誠", "makoto"},
	{"千尋", "chihiro"},
	{"拓也", "takuya"},
	{"恵", "megumi"},
	{"直樹", "naoki"},
	{"あゆみ", "ayumi"},
	{"隆", "takashi"},
	{"真理", "mari"},
	{"悠斗", "yuto"},
	{"香織", "kaori"},
	{"哲也", "tetsuya"},
	{"結衣", "yui"},
	{"修", "osamu"},
	{"理恵", "rie"},
	{"亮", "ryo"},
	{"久美子", "kumiko"},
}

// jaPlaces are no municipalities.
var jaPlaces = []word{
	{"桜沢", "sakurazawa"},
	{"白鷺", "shirasagi"},
	{"青葉原", "aobahara"},
	{"霧浜", "kirihama"},
	{"若松野", "wakamatsuno"},
	{"瑞原", "mizuhara"},
	{"鶴見野", "tsurumino"},
	{"緑ヶ淵", "midorigafuchi"},
	{"朝凪", "asanagi"},
	{"深森", "fukamori"},
	{"汐見", "shiomi"},
	{"星川", "hoshikawa"},
	{"千鳥", "chidori"},
	{"風早", "kazahaya"},
	{"椿原", "tsubakihara"},
	{"藤波", "fujinami"},
	{"雪代", "yukishiro"},
	{"灯浜", "hihama"},
	{"高嶺", "takane"},
	{"萩野", "hagino"},
	{"松ヶ浦", "matsugaura"},
	{"橘", "tachibana"},
	{"月見野", "tsukimino"},
	{"浅葱", "asagi"},
	{"七ツ森", "nanatsumori"},
	{"琴川", "kotogawa"},
	{"鳴尾崎", "naruosaki"},
	{"夕映", "yubae"},
	{"楠葉台", "kusuhadai"},
	{"北稜", "hokuryo"},
	{"東雲台", "shinonomedai"},
	{"南汐", "minamishio"},
	{"西嶺", "saire"},
	{"真砂", "masago"},
	{"柚木", "yugi"},
	{"霞ヶ原", "kasumigahara"},
	{"竜胆", "rindo"},
	{"沙羅", "sara"},
	{"八重洲野", "yaesuno"},
	{"銀杏台", "ichodai"},
}

var jaPrefectures = []string{
	"北海道", "宮城県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "長野県", "静岡県", "愛知県", "京都府", "大阪府",
	"兵庫県", "広島県", "香川県", "福岡県", "熊本県", "沖縄県",
}

var jaTowns = []string{"中央", "本町", "緑町", "栄町", "港南", "若葉台", "丸の内東", "旭町", "新町", "大手通", "駅前", "桜ヶ丘"}

var jaIndustries = []word{
	{"製作所", "seisakusho"},
	{"建設", "kensetsu"},
	{"工務店", "komuten"},
	{"物流", "butsuryu"},
	{"運輸", "unyu"},
	{"商事", "shoji"},
	{"電機", "denki"},
	{"精工", "seiko"},
	{"食品", "shokuhin"},
	{"化成", "kasei"},
	{"印刷", "insatsu"},
	{"酒造", "shuzo"},
	{"醤油", "shoyu"},
	{"製菓", "seika"},
	{"水産", "suisan"},
	{"不動産", "fudosan"},
	{"設計事務所", "sekkei"},
	{"システム", "system"},
	{"情報サービス", "joho"},
	{"観光", "kanko"},
	{"旅館", "ryokan"},
	{"薬局", "yakkyoku"},
	{"農園", "noen"},
	{"木材", "mokuzai"},
	{"鉄工", "tekko"},
	{"繊維", "seni"},
	{"計器", "keiki"},
	{"保険サービス", "hoken"},
	{"警備保障", "keibi"},
	{"環境開発", "kankyo"},
	{"倉庫", "soko"},
	{"製薬", "seiyaku"},
	{"ガス", "gas"},
	{"石材", "sekizai"},
	{"人材サービス", "jinzai"},
	{"測量設計", "sokuryo"},
	{"陶器", "toki"},
	{"造園", "zoen"},
	{"冷熱", "reinetsu"},
	{"出版", "shuppan"},
}

var jaBrands = []word{
	{"アオバ", "aoba"},
	{"ミナモ", "minamo"},
	{"ヒカリノ", "hikarino"},
	{"ソラノネ", "soranone"},
	{"カゼマチ", "kazemachi"},
	{"コトノハ", "kotonoha"},
	{"ツムギ", "tsumugi"},
	{"ハルカゼ", "harukaze"},
	{"ユメミ", "yumemi"},
	{"ホシゾラ", "hoshizora"},
	{"リーフノート", "leafnote"},
	{"オリベ", "oribe"},
	{"マルイシ", "maruishi"},
	{"サンライド", "sunride"},
	{"トワノ", "towano"},
	{"ナギサ", "nagisa"},
	{"クロシオ", "kuroshio"},
	{"シラカバ", "shirakaba"},
	{"ミカゲ", "mikage"},
	{"ヤマビコ", "yamabiko"},
}

var jaBrandTails = []word{
	{"デザイン", "design"},
	{"ソフトウェア", "software"},
	{"テクノロジーズ", "technologies"},
	{"フーズ", "foods"},
	{"ロジスティクス", "logistics"},
	{"コンサルティング", "consulting"},
	{"メディア", "media"},
	{"エナジー", "energy"},
	{"ヘルスケア", "healthcare"},
	{"モビリティ", "mobility"},
	{"ラボ", "labo"},
	{"ホームズ", "homes"},
	{"キッチン", "kitchen"},
	{"トラベル", "travel"},
	{"エンジニアリング", "engineering"},
	{"ワークス", "works"},
}

// jaCircles are the names that clinics, schools and welfare corporations give themselves.
var jaCircles = []word{
	{"清和", "seiwa"},
	{"慈光", "jiko"},
	{"明德", "meitoku"},
	{"愛生", "aisei"},
	{"仁愛", "jinai"},
	{"光陽", "koyo"},
	{"敬心", "keishin"},
	{"翠明", "suimei"},
	{"博文", "hakubun"},
	{"誠志", "seishi"},
	{"恵風", "keifu"},
	{"和泉", "izumi"},
}

// japanese draws an organisation of Japan: the form before or after the name, as its kind writes it.
func japanese(d dice) organisation {
	form := draw(d, []weighted[func(dice) organisation]{
		{jaCompany, 62}, {jaBrand, 14}, {jaPractice, 4}, {jaClinic, 6}, {jaSchool, 5}, {jaOffice, 4}, {jaAssociation, 5},
	})
	o := form(d)
	family, given, city := pick(d, jaFamilies), pick(d, jaGiven), pick(d, jaPlaces)
	o.country, o.language = "JP", "ja"
	o.contact, o.mail = family.text+" "+given.text, given.latin+"."+family.latin
	o.postal = fmt.Sprintf("%03d-%04d", d.between(10, 990), d.between(1, 9990))
	o.address = fmt.Sprintf("%s%s市%s%d-%d-%d", pick(d, jaPrefectures), city.text, pick(d, jaTowns), d.between(1, 9), d.between(1, 30), d.between(1, 20))
	// No exchange begins with a zero: nobody answers there.
	o.phone = fmt.Sprintf("+81 3-0%03d-%04d", d.IntN(1000), d.IntN(10000))
	return o
}

// name is an organisation of which only the name is known.
func named(kind trade, name string, latin ...string) organisation {
	o := organisation{name: name, trade: kind}
	for i, l := range latin {
		if i > 0 {
			o.latin += " "
		}
		o.latin += l
	}
	return o
}

func jaCompany(d dice) organisation {
	first, industry := pick(d, jaFamilies), pick(d, jaIndustries)
	if d.chance(45) {
		first = pick(d, jaPlaces)
	}
	core := first.text + industry.text
	name := draw(d, []weighted[string]{
		{"株式会社" + core, 40}, {core + "株式会社", 42}, {"有限会社" + core, 10}, {core + "有限会社", 3}, {core + "合同会社", 3}, {core + "合資会社", 1},
	})
	return named(business, name, first.latin, industry.latin)
}

func jaBrand(d dice) organisation {
	brand, tail := pick(d, jaBrands), pick(d, jaBrandTails)
	core := brand.text + tail.text
	name := draw(d, []weighted[string]{{"株式会社" + core, 55}, {core + "株式会社", 20}, {"合同会社" + core, 25}})
	return named(business, name, brand.latin, tail.latin)
}

func jaPractice(d dice) organisation {
	family := pick(d, jaFamilies)
	form := pick(d, []word{
		{"税理士法人%s会計事務所", "zeirishi"}, {"弁護士法人%s法律事務所", "horitsu"}, {"司法書士法人%s事務所", "shiho"}, {"社会保険労務士法人%s事務所", "sharoshi"},
	})
	return named(business, fmt.Sprintf(form.text, family.text), family.latin, form.latin)
}

func jaClinic(d dice) organisation {
	circle, place := pick(d, jaCircles), pick(d, jaPlaces)
	form := pick(d, []word{
		{"医療法人%s会 %s病院", "hospital"}, {"医療法人社団%s会 %sクリニック", "clinic"}, {"社会福祉法人%s会 %sの里", "fukushi"}, {"医療法人財団%s会 %s記念病院", "kinen"},
	})
	return named(office, fmt.Sprintf(form.text, circle.text, place.text), circle.latin, place.latin, form.latin)
}

func jaSchool(d dice) organisation {
	circle, place := pick(d, jaCircles), pick(d, jaPlaces)
	form := pick(d, []word{
		{"学校法人%s学園 %s高等学校", "gakuen"}, {"学校法人%s学院 %s大学", "univ"}, {"学校法人%s学園 %s幼稚園", "kindergarten"}, {"学校法人%s義塾 %s中学校", "gijuku"},
	})
	return named(school, fmt.Sprintf(form.text, circle.text, place.text), circle.latin, place.latin, form.latin)
}

func jaOffice(d dice) organisation {
	place := pick(d, jaPlaces)
	form := pick(d, []word{
		{"%s市役所", "city"}, {"%s町役場", "town"}, {"%s市教育委員会", "education"}, {"%s市水道局", "suido"}, {"%s広域消防組合", "shobo"},
	})
	return named(office, fmt.Sprintf(form.text, place.text), form.latin, place.latin)
}

func jaAssociation(d dice) organisation {
	place := pick(d, jaPlaces)
	form := pick(d, []word{
		{"一般社団法人%s観光協会", "kankokyokai"},
		{"特定非営利活動法人%sこどもの森", "npo"},
		{"%s農業協同組合", "nokyo"},
		{"公益財団法人%s文化振興財団", "bunka"},
		{"%s商工会議所", "cci"},
		{"一般社団法人%s医師会", "ishikai"},
		{"%s漁業協同組合", "gyokyo"},
		{"公益社団法人%sシルバー人材センター", "silver"},
	})
	return named(office, fmt.Sprintf(form.text, place.text), place.latin, form.latin)
}
