package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"psc/internal/app"
	"psc/internal/fault"
	"psc/internal/web/view"
)

const settingsPath = "/operator/settings"

func (s *Server) operatorSettingRoutes(mux *routes) {
	mux.Handle("GET "+settingsPath, s.operator(s.settings))
	mux.Handle("GET "+settingsPath+"/{setting}", s.operator(s.askSetting))
	mux.Handle("POST "+settingsPath+"/{setting}", s.operator(s.changeSetting))
}

// settingKinds say how each setting is typed.
var settingKinds = map[string]view.FieldType{
	"billing_zone": view.SelectField, "waiting_period": view.TextField, "invite_life": view.TextField,
	"require_account_approval": view.RadioField, "mail": view.RadioField, "sandbox": view.RadioField, "api_rate": view.NumberField,
}

func (s *Server) settings(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := s.app.Settings(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Page.Title = v.Page.T("nav.operator_settings")
	return s.show(w, r, settingsPage(v.Page, list, s.app.Wall.Now()))
}

// settingText is what a setting is, for people.
func settingText(p *view.Page, set app.Setting) string {
	switch settingKinds[set.Key] { //nolint:exhaustive // settings are of no other kind
	case view.RadioField:
		return p.T("setting_page." + onOff(set.Holds))
	case view.TextField:
		if d, err := time.ParseDuration(set.Holds); err == nil {
			return p.Duration(d)
		}
	case view.NumberField:
		if n, err := strconv.ParseInt(set.Holds, 10, 64); err == nil {
			return p.Num(n)
		}
	}
	return set.Holds
}

// settingTyped is what a setting is, as it is typed.
func settingTyped(set app.Setting) string {
	switch settingKinds[set.Key] { //nolint:exhaustive // settings are of no other kind
	case view.RadioField:
		return onOff(set.Holds)
	case view.TextField:
		d, err := time.ParseDuration(set.Holds)
		if days := d / (24 * time.Hour); err == nil && d%(24*time.Hour) == 0 {
			return strconv.FormatInt(int64(days), 10) + "d"
		}
		if whole, ok := strings.CutSuffix(set.Holds, "h0m0s"); ok {
			return whole + "h"
		}
	}
	return set.Holds
}

func onOff(kept string) string {
	if kept == "1" {
		return "on"
	}
	return "off"
}

func settingTable(p *view.Page, list []app.Setting) view.Table {
	t := view.Table{ID: "setting", Caption: p.Title, Columns: []view.Column{
		{Kind: view.NameColumn, Label: p.T("setting_page.setting")},
		{Kind: view.TextColumn, Label: p.T("setting_page.value")},
		{Kind: view.StatusColumn, Label: p.T("customers.status")},
		{Kind: view.ActionColumn, Label: p.T("list.actions")},
	}}
	for _, set := range list {
		name := p.T("setting_page." + set.Key)
		chip := view.Chip(p, view.OK, "", p.T("setting_page.holds"))
		if set.Waits {
			chip = view.Chip(p, view.Warn, "schedule", p.T("setting_page.waits"))
		}
		t.Rows = append(t.Rows, view.Row{ID: set.Key, Name: name, Cells: []templ.Component{
			view.Words(name, p.T("setting_page."+set.Key+"_what")), view.Words(settingText(p, set), ""), chip,
			actionButtons(p, []view.Button{{Text: p.T("setting_page.change"), For: name, Href: settingsPath + "/" + set.Key}}),
		}})
	}
	return t
}

func settingForm(p *view.Page, set app.Setting, typed string, bad refusal) operatorForm {
	name := p.T("setting_page." + set.Key)
	p.Title = p.T("setting_page.change_title", "Setting", name)
	field := view.Input{
		Name: "value", Type: settingKinds[set.Key], Label: name, Value: typed, Error: bad.Of("value"), Required: true,
		Attrs: templ.Attributes{"autocomplete": "off"},
	}
	switch field.Type { //nolint:exhaustive // settings are of no other kind
	case view.RadioField:
		for _, value := range []string{"on", "off"} {
			field.Options = append(field.Options, view.Option{
				Value: value, Label: p.T("setting_page." + value), Note: p.T("setting_page." + set.Key + "_" + value),
			})
		}
	case view.SelectField:
		zones := p.Zones()
		if !slices.Contains(zones, typed) {
			zones = append([]string{typed}, zones...)
		}
		for _, zone := range zones {
			field.Options = append(field.Options, view.Option{Value: zone, Label: zone})
		}
		field.Hint = p.T("setting_page." + set.Key + "_hint")
	case view.NumberField:
		field.Hint, field.Attrs["min"] = p.T("setting_page."+set.Key+"_hint"), "1"
	default:
		field.Hint = p.T("setting_page.span_hint")
	}
	lead := p.T("setting_page." + set.Key + "_what")
	if set.Key != "mail" {
		lead = p.T("setting_page.at_start", "What", lead)
	}
	return operatorForm{
		refusal: bad, Lead: lead, Path: settingsPath + "/" + set.Key, Back: settingsPath, BackTo: p.T("nav.operator_settings"),
		Does: p.T("button.save"), Fields: []view.Input{field},
	}
}

// setting returns the setting that the address names.
func (s *Server) setting(r *http.Request, v *Visit) (set app.Setting, err error) {
	list, err := s.app.Settings(r.Context(), v.Actor)
	if err != nil {
		return set, err
	}
	for _, set := range list {
		if set.Key == r.PathValue("setting") {
			return set, nil
		}
	}
	return set, fault.New(fault.NotFound, "fault.not_found", nil)
}

func (s *Server) askSetting(w http.ResponseWriter, r *http.Request, v *Visit) error {
	set, err := s.setting(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, operatorFormPage(v.Page, settingForm(v.Page, set, settingTyped(set), refusal{})))
}

func (s *Server) changeSetting(w http.ResponseWriter, r *http.Request, v *Visit) error {
	set, err := s.setting(r, v)
	if err != nil {
		return err
	}
	typed := r.PostFormValue("value")
	if err := s.app.ChangeSetting(r.Context(), v.Actor, set.Key, typed); err != nil {
		return s.again(w, r, v, err, func(bad refusal) templ.Component {
			return operatorFormPage(v.Page, settingForm(v.Page, set, typed, bad))
		})
	}
	return s.done(w, r, settingsPath, v.Page.T("setting_page.saved", "Setting", v.Page.T("setting_page."+set.Key)))
}

// clockFacts say how late it is in the sandbox.
func clockFacts(p *view.Page, wall time.Time) []view.Fact {
	return []view.Fact{
		{Label: p.T("setting_page.business_time"), Value: view.When(p, p.Clock.Now)},
		{Label: p.T("setting_page.system_time"), Value: view.When(p, wall)},
	}
}
