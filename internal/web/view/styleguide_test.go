package view_test

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"

	"psc/internal/civil"
	"psc/internal/i18n"
	"psc/internal/web/view"
)

// The styleguide shows every part in believable use. Its own words stand here and not in the catalogue.

var (
	tokyo = time.FixedZone("JST", 9*60*60)
	now   = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
)

// words are the styleguide's sentences: Japanese first.
func words(s *i18n.Speaker, ja, en string) string {
	if s.Lang() == i18n.Japanese {
		return ja
	}
	return en
}

// guidePages are the pages of the styleguide by file name.
var guidePages = map[string]func(*view.Page) templ.Component{
	"list": listPage, "form": formPage, "parts": partsPage, "confirm": confirmPage, "public": publicPage, "empty": emptyPage,
}

// guidePage is the frame of the styleguide's page at path.
func guidePage(s *i18n.Speaker, path, theme string, assets func(string) string) *view.Page {
	s = s.In(tokyo)
	console := view.Console{Name: words(s, "青葉クラウド東京", "Aoba Cloud Tokyo"), AccountID: "C7k3mq9xa", Href: "/c/C7k3mq9xa"}
	return &view.Page{
		Speaker: s, Title: s.T("nav.migrations"), Path: path, Theme: theme, Assets: assets,
		Person:  &view.Person{Name: words(s, "佐藤 花子", "Hanako Sato"), Initials: words(s, "佐", "HS"), Email: "hanako@aoba.example", Role: words(s, "特権管理者", "Super admin")},
		Console: &console,
		Consoles: []view.Console{
			console,
			{Name: words(s, "青葉クラウド シアトル", "Aoba Cloud Seattle"), AccountID: "C2w8dn4hp", Href: "/c/C2w8dn4hp"},
			{Name: words(s, "青葉クラウド ベルリン", "Aoba Cloud Berlin"), AccountID: "C9f5tz6rb", Href: "/c/C9f5tz6rb"},
		},
		Nav: []view.NavItem{
			{Href: "/unify", Icon: "hub", Label: s.T("nav.unify")},
			{Href: "/migrations", Icon: "swap_horiz", Label: s.T("nav.migrations"), Current: true},
			{Href: "/customers", Icon: "groups", Label: s.T("nav.customers")},
			{Href: "/billing", Icon: "account_balance_wallet", Label: s.T("nav.billing")},
			{Href: "/notices", Icon: "notifications", Label: s.T("nav.notices"), Count: 3},
			{Href: "/audit", Icon: "history", Label: s.T("nav.audit")},
			{Href: "/users", Icon: "manage_accounts", Label: s.T("nav.users")},
			{Href: "/account", Icon: "settings", Label: s.T("nav.account")},
			{Href: "/agreements", Icon: "gavel", Label: s.T("nav.agreements")},
		},
		Notices: 3, Clock: &view.Clock{Now: now, Move: true}, BillingZone: "Asia/Tokyo",
	}
}

// all draws components one after the other.
func all(parts ...templ.Component) templ.Component { return templ.Join(parts...) }

// in puts children into a component that takes them.
func in(parent templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, all(children...)), w)
	})
}

func text(s string) templ.Component { return view.Words(s, "") }

func paragraph(s string) templ.Component { return templ.Raw("<p>" + templ.EscapeString(s) + "</p>") }

type sample struct{ ja, en, domain, sub string }

var samples = []sample{
	{"富士見商事株式会社", "Fujimi Trading Co., Ltd.", "fujimi-trading.example", "Enterprise Standard"},
	{"東海製作所株式会社", "Tokai Manufacturing Co., Ltd.", "tokai-mfg.example", "Frontline Starter"},
	{"北海道物流株式会社", "Hokkaido Logistics Inc.", "hokkaido-logi.example", "Business Plus, Voice Standard, Vault, Business Starter"},
	{"学校法人 さくら学院", "Sakura Academy", "sakura-academy.example", "Education Plus"},
	{"九州建設工業ホールディングス株式会社", "Kyushu Construction and Engineering Holdings Co., Ltd.", "kyushu-construction-engineering.example", "Business Starter"},
	{"あおぞら市役所", "Aozora City Office", "city-aozora.example", "Frontline Starter"},
	{"瀬戸内デザイン合同会社", "Setouchi Design LLC", "setouchi-design.example", "Business Plus"},
}

func listPage(p *view.Page) templ.Component {
	s := p.Speaker
	columns := []view.Column{
		{Kind: view.NameColumn, Label: words(s, "顧客", "Customer")},
		{Kind: view.TextColumn, Label: words(s, "サブスクリプション", "Subscriptions"), Wide: true},
		{Kind: view.NumColumn, Label: words(s, "ライセンス数", "Seats")},
		{Kind: view.DateColumn, Label: words(s, "次回更新日", "Next renewal"), Wide: true},
		{Kind: view.StatusColumn, Label: words(s, "状態", "Status")},
		{Kind: view.ActionColumn, Label: s.T("list.actions")},
	}
	var rows []view.Row
	for i, c := range samples {
		name := words(s, c.ja, c.en)
		id := string(rune('a' + i))
		status := view.Chip(p, view.OK, "", words(s, "移行準備完了", "Ready to migrate"))
		action := view.Action(p, view.Button{Text: words(s, "移行を開始", "Start migration"), Look: view.Plain, For: name, Href: "/confirm?id=" + id, Dialog: true})
		if i == 3 {
			status = view.Chip(p, view.Info, "schedule", words(s, "移行を開始しました(メイン コンソールでの完了待ち)", "Started, waiting for the main console"))
			action = view.Action(p, view.Button{Text: words(s, "移行をキャンセル", "Cancel migration"), Look: view.Plain, For: name, Href: "/confirm?id=" + id, Dialog: true})
		}
		if i == 5 {
			status = view.Chip(p, view.Bad, "", words(s, "移行準備未完了", "Not ready to migrate"))
		}
		open := strings.Contains(p.Path, "details="+id)
		rows = append(rows, view.Row{
			ID: id, Name: name, Unticked: i == 5, Current: open,
			Cells: []templ.Component{
				view.DetailsLink("/list?details="+id, "details", id, name, c.domain), view.Words(c.sub, ""), text(s.Num(int64(44 * (i*i + 1)))),
				text(s.Date(civil.NewDate(2027, time.Month(i+1), 3*i+1))), status, in(view.RowActions(), action),
			},
		})
	}
	back := ""
	if strings.Contains(p.Path, "after=") {
		back = "/list"
	}
	list := in(
		view.ListCard("list", words(s, "顧客", "Customers")),
		view.Tabs(p, "list", []view.Tab{
			{Href: "/list?tab=ready", Label: words(s, "移行準備完了", "Ready to migrate"), Count: s.AtMost(10_001, 10_000), Current: true},
			{Href: "/list?tab=not", Label: words(s, "移行準備未完了", "Not ready to migrate"), Count: "54"},
			{Href: "/list?tab=in", Label: words(s, "移行中", "In progress"), Count: "11"},
		}),
		in(
			view.Toolbar(),
			view.Search(p, view.SearchBox{Action: "/list", Label: words(s, "顧客名またはドメインで検索", "Search by name or domain"), Hint: words(s, "名前の一部でも検索できます", "A part of the name will do"), Keep: []view.Hidden{{Name: "tab", Value: "ready"}}, List: "list"}),
			view.Selected(p),
			view.Action(p, view.Button{Text: s.T("button.recheck"), Icon: "refresh", Form: "bulk", Action: "/recheck"}),
			view.Action(p, view.Button{Text: words(s, "選択した項目の移行を開始", "Start migration for selected items"), Icon: "swap_horiz", Look: view.Filled, Form: "bulk", Action: "/confirm", Dialog: true, NeedsSelection: true}),
		),
		view.DataTable(p, view.Table{ID: "row", Caption: words(s, "顧客", "Customers"), Columns: columns, Rows: rows, Select: &view.Selection{Form: "bulk", All: words(s, "条件に一致する 4,000 件すべてを選択", "Select all 4,000 that match")}}),
		view.Pager(p, view.Pages{Action: "/list", Size: 50, Sizes: []int{25, 50, 100, 200}, Range: pageRange(p), Previous: back, Next: "/list?after=x", List: "list"}),
	)
	shown := 0
	if _, row, open := strings.Cut(p.Path, "details="); open {
		shown = int(row[0] - 'a')
	}
	panel := in(
		view.Panel(p, view.Side{ID: "details", Open: strings.Contains(p.Path, "details="), Title: words(s, samples[shown].ja, samples[shown].en), Sub: samples[shown].domain, Close: "/list", Row: string(rune('a' + shown))}),
		view.Chip(p, view.Bad, "", words(s, "移行準備未完了", "Not ready to migrate")),
		view.Facts([]view.Fact{
			{Label: words(s, "顧客 ID", "Customer ID"), Value: view.CopyText(p, "cus_01JAB3C4D5E6F7")},
			{Label: words(s, "法人", "Legal entity"), Value: text(words(s, "青葉クラウド株式会社", "Aoba Cloud K.K."))},
			{Label: words(s, "最終確認", "Last evaluated"), Value: view.When(p, now)},
		}),
		in(view.Banner(p, view.Bad, words(s, "USD の請求先アカウントがありません", "No billing account in USD")), paragraph(words(s, "メイン コンソールで USD の請求先アカウントを作成してください。", "Create a billing account in USD in the main console."))),
		view.Action(p, view.Button{Text: words(s, "メイン コンソールに依頼", "Ask the main console"), Icon: "send"}),
	)
	run := in(
		view.Progress(p, view.Run{ID: "run", Title: words(s, "顧客の移行", "Moving customers"), Done: 1284, Total: 2000, Failed: 12, State: view.Running, Poll: "/list", Note: s.T("progress.leave")}),
		view.PostAction(p, "/pause", nil, view.Button{Text: s.T("button.pause"), Icon: "pause", Look: view.Plain}),
	)
	return in(
		view.Layout(p),
		in(
			view.Head(p, view.Heading{Title: p.Title, Lead: words(s, "移行する顧客を選び、メイン コンソールへの移行を開始します。請求先アカウントはメイン コンソールで選択します。", "Choose the customers to migrate and start. Their billing accounts are chosen in the main console.")}),
			view.Chip(p, view.OK, "link", words(s, "接続済み", "Connected")),
			templ.Raw("<strong>"+words(s, "青葉クラウド シアトル", "Aoba Cloud Seattle")+"</strong>"),
		),
		run, templ.Raw(`<form id="bulk" method="post" action="/confirm"></form>`), in(view.Split(), list, panel),
	)
}

func pageRange(p *view.Page) string {
	if strings.Contains(p.Path, "after=") {
		return words(p.Speaker, "51~100 件を表示(10,000 件以上)", "51 to 100 of 10,000+")
	}
	return words(p.Speaker, "1~50 件を表示(10,000 件以上)", "1 to 50 of 10,000+")
}

func formPage(p *view.Page) templ.Component {
	s := p.Speaker
	var problems []view.Problem
	for range 13 {
		problems = append(problems, view.Problem{Field: "name", Text: words(s, "12 行目 currency: JPY, USD のいずれかを入力してください。", "Line 12, currency: give JPY or USD.")})
	}
	return in(
		view.Layout(p),
		view.Head(p, view.Heading{Title: words(s, "新しい Google Workspace 請求先アカウント", "New Google Workspace billing account"), Lead: words(s, "通貨と法人は後から変更できません。", "Currency and legal entity cannot be changed afterwards."), Back: "/billing", BackTo: p.T("nav.billing")}),
		view.Steps(p, []view.Step{{Label: words(s, "顧客の選択", "Select customers"), Done: true}, {Label: words(s, "請求先アカウント", "Billing accounts"), Current: true}, {Label: words(s, "確認", "Confirm")}}),
		view.ErrorSummary(p, problems),
		in(
			view.Card(words(s, "アカウント", "Account")),
			templ.Raw(`<form class="form" method="post" action="/save">`),
			view.Field(p, view.Input{Name: "name", Label: words(s, "名前", "Name"), Value: "東日本", Error: words(s, "同じ名前の請求先アカウントがあります。", "There is a billing account of that name."), Required: true}),
			view.Field(p, view.Input{Name: "account", Label: s.T("console.account_id"), Hint: words(s, "C で始まる 9 文字です。", "Nine characters, beginning with C."), Attrs: templ.Attributes{"autocomplete": "off"}}),
			view.Field(p, view.Input{Name: "currency", Type: view.SelectField, Label: words(s, "通貨", "Currency"), Options: []view.Option{{Value: "JPY", Label: "JPY"}, {Value: "USD", Label: "USD"}}, Required: true}),
			view.Field(p, view.Input{Name: "group", Type: view.RadioField, Label: words(s, "商品グループ", "Product group"), Value: "w", Options: []view.Option{{Value: "w", Label: "Google Workspace", Note: words(s, "Voice を含みます", "Voice included")}, {Value: "c", Label: "Google Cloud"}}}),
			view.Field(p, view.Input{Name: "note", Type: view.AreaField, Label: words(s, "メモ", "Note"), Optional: true}),
			view.Field(p, view.Input{Name: "file", Type: view.FileField, Label: "CSV", Hint: words(s, "UTF-8 または Shift_JIS。10 MB まで。", "UTF-8 or Shift_JIS, up to 10 MB.")}),
			view.Field(p, view.Input{Name: "agree", Type: view.CheckField, Label: words(s, "法人が変わることを理解しました。", "I understand that the legal entity changes.")}),
			in(view.FormActions(), view.Action(p, view.Button{Text: s.T("button.create"), Look: view.Filled}), view.Action(p, view.Button{Text: s.T("button.cancel"), Look: view.Plain, Href: "/billing"})),
			templ.Raw(`</form>`),
		),
	)
}

func partsPage(p *view.Page) templ.Component {
	s := p.Speaker
	p.Flash = &view.Flash{Tone: view.OK, Title: words(s, "招待を送信しました。", "The invite has been sent.")}
	return in(
		view.Layout(p),
		in(view.Head(p, view.Heading{Title: words(s, "部品の見本", "Parts")}), view.Action(p, view.Button{Text: words(s, "コンソールの追加", "Add console"), Icon: "add", Look: view.Filled})),
		in(view.Banner(p, view.Warn, words(s, "法人が変わります", "Legal entity changes")), paragraph(words(s, "青葉クラウド株式会社から Aoba Cloud Inc. に変わります。", "From Aoba Cloud K.K. to Aoba Cloud Inc."))),
		in(view.Banner(p, view.Info, words(s, "待機期間中です", "The waiting period runs")), view.Countdown(p, now.AddDate(0, 0, 6).Add(3*time.Hour), now)),
		in(view.Card(words(s, "状態", "States")), templ.Raw(`<p>`), view.Chip(p, view.OK, "", words(s, "有効", "active")), templ.Raw(" "), view.Chip(p, view.Warn, "", words(s, "承認待ち", "pending")), templ.Raw(" "), view.Chip(p, view.Bad, "", words(s, "制限付き", "probation")), templ.Raw(" "), view.Chip(p, view.Info, "", words(s, "接続", "connection")), templ.Raw(" "), view.Chip(p, view.Muted, "", words(s, "閉鎖", "closed")), templ.Raw("</p>")),
		in(view.Card(words(s, "ボタン", "Buttons")), templ.Raw(`<div class="headact">`),
			view.Action(p, view.Button{Text: s.T("button.save"), Look: view.Filled}), view.Action(p, view.Button{Text: s.T("button.edit")}), view.Action(p, view.Button{Text: s.T("button.cancel"), Look: view.Plain}),
			view.Action(p, view.Button{Text: words(s, "接続を終了", "Close connection"), Look: view.Danger, Href: "/confirm", Dialog: true}), view.IconAction(p, view.Button{Text: s.T("button.more"), Icon: "more_vert", Inert: true}),
			in(view.Menu(p, "more", view.Button{Text: s.T("button.more")}), view.Action(p, view.Button{Text: s.T("button.edit"), Href: "/"}), view.Action(p, view.Button{Text: s.T("button.delete"), Href: "/"})), templ.Raw(`</div>`)),
		in(view.Card(s.T("nav.account")), view.Facts([]view.Fact{{Label: s.T("console.account_id"), Value: view.CopyText(p, "C7k3mq9xa")}, {Label: words(s, "請求日のタイムゾーン", "Billing zone"), Value: text("Asia/Tokyo")}})),
		in(view.Progress(p, view.Run{ID: "run1", Title: words(s, "シアトルからの移行", "From Seattle"), Done: 200, Total: 4000, State: view.Paused}), view.Action(p, view.Button{Text: s.T("button.resume"), Icon: "play_arrow"})),
		view.Progress(p, view.Run{ID: "run2", Title: words(s, "ベルリンからの移行", "From Berlin"), Done: 4000, Total: 4000, State: view.Finished}),
	)
}

func emptyPage(p *view.Page) templ.Component {
	s := p.Speaker
	return in(view.Layout(p), view.Head(p, view.Heading{Title: s.T("nav.unify")}), in(view.ListCard("list", s.T("nav.unify")), in(
		view.Empty(p, view.Nothing{Icon: "hub", Title: words(s, "接続しているコンソールはまだありません", "No consoles are connected yet"), Text: words(s, "ソース コンソールのアカウント ID を入力して招待すると、そのコンソールの顧客をここに移行できます。", "Invite a source console by its account ID, and its customers can be moved here.")}),
		view.Action(p, view.Button{Text: words(s, "コンソールの追加", "Add console"), Icon: "add", Look: view.Filled, Href: "/add"}),
	)))
}

func confirmPage(p *view.Page) templ.Component {
	s := p.Speaker
	return in(
		view.ConfirmPage(p, view.Question{Title: words(s, "接続を終了しますか?", "Close this connection?"), Action: "/close", Hidden: []view.Hidden{{Name: "version", Value: "3"}}, Submit: view.Button{Text: words(s, "接続を終了", "Close connection"), Look: view.Danger}, Cancel: "/list"}),
		paragraph(words(s, "青葉クラウド シアトルとの接続を終了します。", "The connection to Aoba Cloud Seattle ends.")),
		in(view.Banner(p, view.Warn, words(s, "12 件の移行がキャンセルされます", "12 migrations will be cancelled"))),
	)
}

func publicPage(p *view.Page) templ.Component {
	s := p.Speaker
	p.Person, p.Console, p.Nav, p.Title = nil, nil, nil, words(s, "ログイン", "Sign in")
	return in(view.Public(p), view.Head(p, view.Heading{Title: p.Title}), in(
		view.Card(s.T("console.account_id")), templ.Raw(`<form class="form" method="post" action="/sign-in">`),
		view.Field(p, view.Input{Name: "email", Type: view.EmailField, Label: words(s, "メールアドレス", "E-mail"), Required: true, Attrs: templ.Attributes{"autocomplete": "username"}}),
		view.Field(p, view.Input{Name: "password", Type: view.PasswordField, Label: words(s, "パスワード", "Password"), Required: true, Attrs: templ.Attributes{"autocomplete": "current-password"}}),
		view.Action(p, view.Button{Text: p.Title, Look: view.Filled, Wide: true}), templ.Raw(`</form>`),
	))
}
