package store

import "context"

// Keys of the settings of an installation.
const (
	SettingBillingZone     = "billing_zone"             // IANA name
	SettingWaiting         = "waiting_period"           // Go duration
	SettingInviteLife      = "invite_life"              // Go duration
	SettingSandbox         = "sandbox"                  // "1": the clock may be moved
	SettingClockAhead      = "clock_ahead"              // Go duration by which business time runs ahead of the system's
	SettingDemo            = "demo"                     // "1": one-click sign-in
	SettingMail            = "mail"                     // "1": mails are written
	SettingAPIRate         = "api_rate"                 // requests a minute of one token
	SettingMailKey         = "mail_key"                 // a secret that signs links in mails
	SettingAccountApproval = "require_account_approval" // "1": new billing accounts wait for the operator
)

// Settings returns all settings by key.
func (tx *Tx) Settings(ctx context.Context) (map[string]string, error) {
	pairs, err := all(ctx, tx, func(r Rows) (p [2]string, err error) {
		err = r.Scan(&p[0], &p[1])
		return p, err
	}, `SELECT key, value FROM settings`)
	m := make(map[string]string, len(pairs))
	for _, p := range pairs {
		m[p[0]] = p[1]
	}
	return m, err
}

// SetSetting stores one setting.
func (tx *Tx) SetSetting(ctx context.Context, key, value string) error {
	_, err := tx.exec(ctx, `INSERT INTO settings (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}
