-- +goose Up
-- Searches take kana and the forms of kanji in names for one (console.SearchForm): what is looked in follows.
UPDATE customers SET search_text =
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(
  search_text
  , 'ァ', 'ぁ') , 'ア', 'あ') , 'ィ', 'ぃ') , 'イ', 'い') , 'ゥ', 'ぅ') , 'ウ', 'う') , 'ェ', 'ぇ') , 'エ', 'え')
  , 'ォ', 'ぉ') , 'オ', 'お') , 'カ', 'か') , 'ガ', 'が') , 'キ', 'き') , 'ギ', 'ぎ') , 'ク', 'く') , 'グ', 'ぐ')
  , 'ケ', 'け') , 'ゲ', 'げ') , 'コ', 'こ') , 'ゴ', 'ご') , 'サ', 'さ') , 'ザ', 'ざ') , 'シ', 'し') , 'ジ', 'じ')
  , 'ス', 'す') , 'ズ', 'ず') , 'セ', 'せ') , 'ゼ', 'ぜ') , 'ソ', 'そ') , 'ゾ', 'ぞ') , 'タ', 'た') , 'ダ', 'だ')
  , 'チ', 'ち') , 'ヂ', 'ぢ') , 'ッ', 'っ') , 'ツ', 'つ') , 'ヅ', 'づ') , 'テ', 'て') , 'デ', 'で') , 'ト', 'と')
  , 'ド', 'ど') , 'ナ', 'な') , 'ニ', 'に') , 'ヌ', 'ぬ') , 'ネ', 'ね') , 'ノ', 'の') , 'ハ', 'は') , 'バ', 'ば')
  , 'パ', 'ぱ') , 'ヒ', 'ひ') , 'ビ', 'び') , 'ピ', 'ぴ') , 'フ', 'ふ') , 'ブ', 'ぶ') , 'プ', 'ぷ') , 'ヘ', 'へ')
  , 'ベ', 'べ') , 'ペ', 'ぺ') , 'ホ', 'ほ') , 'ボ', 'ぼ') , 'ポ', 'ぽ') , 'マ', 'ま') , 'ミ', 'み') , 'ム', 'む')
  , 'メ', 'め') , 'モ', 'も') , 'ャ', 'ゃ') , 'ヤ', 'や') , 'ュ', 'ゅ') , 'ユ', 'ゆ') , 'ョ', 'ょ') , 'ヨ', 'よ')
  , 'ラ', 'ら') , 'リ', 'り') , 'ル', 'る') , 'レ', 'れ') , 'ロ', 'ろ') , 'ヮ', 'ゎ') , 'ワ', 'わ') , 'ヰ', 'ゐ')
  , 'ヱ', 'ゑ') , 'ヲ', 'を') , 'ン', 'ん') , 'ヴ', 'ゔ') , 'ヵ', 'ゕ') , 'ヶ', 'ゖ') , 'ヽ', 'ゝ') , 'ヾ', 'ゞ')
  , '髙', '高') , '﨑', '崎') , '𠮷', '吉') , '濱', '浜') , '濵', '浜') , '邊', '辺') , '邉', '辺') , '齋', '斎')
  , '齊', '斉') , '澤', '沢') , '櫻', '桜') , '廣', '広') , '國', '国') , '德', '徳') , '瀨', '瀬') , '嶋', '島')
  , '嶌', '島') , '槇', '槙') , '惠', '恵') , '榮', '栄') , '眞', '真') , '圓', '円') , '會', '会') , '學', '学')
  , '實', '実') , '龍', '竜') , '曾', '曽') , '萬', '万') , '靜', '静') , '與', '与') , '淸', '清') , '黑', '黒')
  , '舘', '館') , '冨', '富') , '峯', '峰') , '嶽', '岳') , '檜', '桧') , '藪', '薮') , '礒', '磯') , '彌', '弥')
  , '壽', '寿') , '澁', '渋') , '瀧', '滝') , '條', '条') , '佛', '仏') , '鐵', '鉄') , '臺', '台') , '縣', '県')
  , '豐', '豊')
  WHERE octet_length(search_text) > length(search_text);
UPDATE migrations SET search_text =
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(
  search_text
  , 'ァ', 'ぁ') , 'ア', 'あ') , 'ィ', 'ぃ') , 'イ', 'い') , 'ゥ', 'ぅ') , 'ウ', 'う') , 'ェ', 'ぇ') , 'エ', 'え')
  , 'ォ', 'ぉ') , 'オ', 'お') , 'カ', 'か') , 'ガ', 'が') , 'キ', 'き') , 'ギ', 'ぎ') , 'ク', 'く') , 'グ', 'ぐ')
  , 'ケ', 'け') , 'ゲ', 'げ') , 'コ', 'こ') , 'ゴ', 'ご') , 'サ', 'さ') , 'ザ', 'ざ') , 'シ', 'し') , 'ジ', 'じ')
  , 'ス', 'す') , 'ズ', 'ず') , 'セ', 'せ') , 'ゼ', 'ぜ') , 'ソ', 'そ') , 'ゾ', 'ぞ') , 'タ', 'た') , 'ダ', 'だ')
  , 'チ', 'ち') , 'ヂ', 'ぢ') , 'ッ', 'っ') , 'ツ', 'つ') , 'ヅ', 'づ') , 'テ', 'て') , 'デ', 'で') , 'ト', 'と')
  , 'ド', 'ど') , 'ナ', 'な') , 'ニ', 'に') , 'ヌ', 'ぬ') , 'ネ', 'ね') , 'ノ', 'の') , 'ハ', 'は') , 'バ', 'ば')
  , 'パ', 'ぱ') , 'ヒ', 'ひ') , 'ビ', 'び') , 'ピ', 'ぴ') , 'フ', 'ふ') , 'ブ', 'ぶ') , 'プ', 'ぷ') , 'ヘ', 'へ')
  , 'ベ', 'べ') , 'ペ', 'ぺ') , 'ホ', 'ほ') , 'ボ', 'ぼ') , 'ポ', 'ぽ') , 'マ', 'ま') , 'ミ', 'み') , 'ム', 'む')
  , 'メ', 'め') , 'モ', 'も') , 'ャ', 'ゃ') , 'ヤ', 'や') , 'ュ', 'ゅ') , 'ユ', 'ゆ') , 'ョ', 'ょ') , 'ヨ', 'よ')
  , 'ラ', 'ら') , 'リ', 'り') , 'ル', 'る') , 'レ', 'れ') , 'ロ', 'ろ') , 'ヮ', 'ゎ') , 'ワ', 'わ') , 'ヰ', 'ゐ')
  , 'ヱ', 'ゑ') , 'ヲ', 'を') , 'ン', 'ん') , 'ヴ', 'ゔ') , 'ヵ', 'ゕ') , 'ヶ', 'ゖ') , 'ヽ', 'ゝ') , 'ヾ', 'ゞ')
  , '髙', '高') , '﨑', '崎') , '𠮷', '吉') , '濱', '浜') , '濵', '浜') , '邊', '辺') , '邉', '辺') , '齋', '斎')
  , '齊', '斉') , '澤', '沢') , '櫻', '桜') , '廣', '広') , '國', '国') , '德', '徳') , '瀨', '瀬') , '嶋', '島')
  , '嶌', '島') , '槇', '槙') , '惠', '恵') , '榮', '栄') , '眞', '真') , '圓', '円') , '會', '会') , '學', '学')
  , '實', '実') , '龍', '竜') , '曾', '曽') , '萬', '万') , '靜', '静') , '與', '与') , '淸', '清') , '黑', '黒')
  , '舘', '館') , '冨', '富') , '峯', '峰') , '嶽', '岳') , '檜', '桧') , '藪', '薮') , '礒', '磯') , '彌', '弥')
  , '壽', '寿') , '澁', '渋') , '瀧', '滝') , '條', '条') , '佛', '仏') , '鐵', '鉄') , '臺', '台') , '縣', '県')
  , '豐', '豊')
  WHERE octet_length(search_text) > length(search_text);
UPDATE consoles SET search_text =
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(
  search_text
  , 'ァ', 'ぁ') , 'ア', 'あ') , 'ィ', 'ぃ') , 'イ', 'い') , 'ゥ', 'ぅ') , 'ウ', 'う') , 'ェ', 'ぇ') , 'エ', 'え')
  , 'ォ', 'ぉ') , 'オ', 'お') , 'カ', 'か') , 'ガ', 'が') , 'キ', 'き') , 'ギ', 'ぎ') , 'ク', 'く') , 'グ', 'ぐ')
  , 'ケ', 'け') , 'ゲ', 'げ') , 'コ', 'こ') , 'ゴ', 'ご') , 'サ', 'さ') , 'ザ', 'ざ') , 'シ', 'し') , 'ジ', 'じ')
  , 'ス', 'す') , 'ズ', 'ず') , 'セ', 'せ') , 'ゼ', 'ぜ') , 'ソ', 'そ') , 'ゾ', 'ぞ') , 'タ', 'た') , 'ダ', 'だ')
  , 'チ', 'ち') , 'ヂ', 'ぢ') , 'ッ', 'っ') , 'ツ', 'つ') , 'ヅ', 'づ') , 'テ', 'て') , 'デ', 'で') , 'ト', 'と')
  , 'ド', 'ど') , 'ナ', 'な') , 'ニ', 'に') , 'ヌ', 'ぬ') , 'ネ', 'ね') , 'ノ', 'の') , 'ハ', 'は') , 'バ', 'ば')
  , 'パ', 'ぱ') , 'ヒ', 'ひ') , 'ビ', 'び') , 'ピ', 'ぴ') , 'フ', 'ふ') , 'ブ', 'ぶ') , 'プ', 'ぷ') , 'ヘ', 'へ')
  , 'ベ', 'べ') , 'ペ', 'ぺ') , 'ホ', 'ほ') , 'ボ', 'ぼ') , 'ポ', 'ぽ') , 'マ', 'ま') , 'ミ', 'み') , 'ム', 'む')
  , 'メ', 'め') , 'モ', 'も') , 'ャ', 'ゃ') , 'ヤ', 'や') , 'ュ', 'ゅ') , 'ユ', 'ゆ') , 'ョ', 'ょ') , 'ヨ', 'よ')
  , 'ラ', 'ら') , 'リ', 'り') , 'ル', 'る') , 'レ', 'れ') , 'ロ', 'ろ') , 'ヮ', 'ゎ') , 'ワ', 'わ') , 'ヰ', 'ゐ')
  , 'ヱ', 'ゑ') , 'ヲ', 'を') , 'ン', 'ん') , 'ヴ', 'ゔ') , 'ヵ', 'ゕ') , 'ヶ', 'ゖ') , 'ヽ', 'ゝ') , 'ヾ', 'ゞ')
  , '髙', '高') , '﨑', '崎') , '𠮷', '吉') , '濱', '浜') , '濵', '浜') , '邊', '辺') , '邉', '辺') , '齋', '斎')
  , '齊', '斉') , '澤', '沢') , '櫻', '桜') , '廣', '広') , '國', '国') , '德', '徳') , '瀨', '瀬') , '嶋', '島')
  , '嶌', '島') , '槇', '槙') , '惠', '恵') , '榮', '栄') , '眞', '真') , '圓', '円') , '會', '会') , '學', '学')
  , '實', '実') , '龍', '竜') , '曾', '曽') , '萬', '万') , '靜', '静') , '與', '与') , '淸', '清') , '黑', '黒')
  , '舘', '館') , '冨', '富') , '峯', '峰') , '嶽', '岳') , '檜', '桧') , '藪', '薮') , '礒', '磯') , '彌', '弥')
  , '壽', '寿') , '澁', '渋') , '瀧', '滝') , '條', '条') , '佛', '仏') , '鐵', '鉄') , '臺', '台') , '縣', '県')
  , '豐', '豊')
  WHERE octet_length(search_text) > length(search_text);
DELETE FROM customer_terms WHERE octet_length(term) > length(term);
INSERT INTO customer_terms (console_id, term, customer_id)
  WITH RECURSIVE rest (console_id, customer_id, text) AS (
    SELECT console_id, id, search_text FROM customers WHERE octet_length(search_text) > length(search_text)
    UNION ALL SELECT console_id, customer_id, substr(text, 2) FROM rest WHERE length(text) > 1
  ) SELECT DISTINCT console_id, substr(text, 1, 8), customer_id FROM rest WHERE substr(text, 1, 1) NOT IN ('', ' ')
  ON CONFLICT DO NOTHING;
