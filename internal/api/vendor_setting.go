package api

import (
	"context"
	"slices"

	"psc/internal/app"
	"psc/internal/console"
	pscv1 "psc/proto/psc/v1"
)

const settings = "settings"

// ListSettings implements pscv1.SettingServiceServer.
func (v vendor) ListSettings(ctx context.Context, r *pscv1.ListSettingsRequest) (*pscv1.ListSettingsResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	list, err := v.app.Settings(ctx, actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list)
	return &pscv1.ListSettingsResponse{Settings: each(rows, settingOf), NextPageToken: next}, err
}

// UpdateSetting implements pscv1.SettingServiceServer.
func (v vendor) UpdateSetting(ctx context.Context, r *pscv1.UpdateSettingRequest) (*pscv1.Setting, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	key, err := idOf("setting.name", r.GetSetting().GetName(), settings)
	if err != nil {
		return nil, err
	}
	if err := v.app.ChangeSetting(ctx, actor, key, r.GetSetting().GetValue()); err != nil {
		return nil, err
	}
	return v.setting(ctx, actor, key)
}

func (v vendor) setting(ctx context.Context, actor console.Actor, key string) (*pscv1.Setting, error) {
	list, err := v.app.Settings(ctx, actor)
	if err != nil {
		return nil, err
	}
	return settingOf(list[slices.IndexFunc(list, func(s app.Setting) bool { return s.Key == key })]), nil
}

func settingOf(s app.Setting) *pscv1.Setting {
	return &pscv1.Setting{Name: settings + "/" + s.Key, Value: s.Value, Holds: s.Holds, Waits: s.Waits}
}

// AdvanceClock implements pscv1.SettingServiceServer.
func (v vendor) AdvanceClock(ctx context.Context, r *pscv1.AdvanceClockRequest) (*pscv1.AdvanceClockResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	now, err := v.app.AdvanceClock(ctx, actor, app.ClockStep(r.GetTo()))
	if err != nil {
		return nil, err
	}
	return &pscv1.AdvanceClockResponse{Time: instant(now)}, nil
}
