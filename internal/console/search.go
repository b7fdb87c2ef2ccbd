package console

import "strings"

// SearchForm returns a text in the form that searches compare: folded, and with one form only of characters that people
// who type Japanese cannot be expected to tell apart. Katakana becomes hiragana; of the kanji of names, old and variant
// forms become the usual one. What is stored in it follows by a step of the schema when it changes.
func SearchForm(text string) string { return strings.Map(searchRune, Fold(text)) }

func searchRune(r rune) rune {
	switch {
	case 'ァ' <= r && r <= 'ヶ', r == 'ヽ', r == 'ヾ':
		return r - 'ァ' + 'ぁ'
	}
	if usual, ok := usualForms[r]; ok {
		return usual
	}
	return r
}

// usualForms are the usual forms of kanji that names are written with.
var usualForms = map[rune]rune{
	'髙': '高', '﨑': '崎', '𠮷': '吉', '濱': '浜', '濵': '浜', '邊': '辺', '邉': '辺', '齋': '斎', '齊': '斉', '澤': '沢',
	'櫻': '桜', '廣': '広', '國': '国', '德': '徳', '瀨': '瀬', '嶋': '島', '嶌': '島', '槇': '槙', '惠': '恵', '榮': '栄',
	'眞': '真', '圓': '円', '會': '会', '學': '学', '實': '実', '龍': '竜', '曾': '曽', '萬': '万', '靜': '静', '與': '与',
	'淸': '清', '黑': '黒', '舘': '館', '冨': '富', '峯': '峰', '嶽': '岳', '檜': '桧', '藪': '薮', '礒': '磯', '彌': '弥',
	'壽': '寿', '澁': '渋', '瀧': '滝', '條': '条', '佛': '仏', '鐵': '鉄', '臺': '台', '縣': '県', '豐': '豊',
}
