package pg

import (
	"testing"

	"psc/internal/store/riverjob"
)

// TestConnectionsLeaveRoomForPeople: jobs alone never take all connections of a process, and the URL has the last word.
func TestConnectionsLeaveRoomForPeople(t *testing.T) {
	config, err := configure("postgres://psc@db/psc")
	if err != nil {
		t.Fatal(err)
	}
	if config.MaxConns < riverjob.AtOnce+connsForQueue+fewestForPeople {
		t.Errorf("%d connections", config.MaxConns)
	}
	for name, bound := range bounds {
		if got := config.ConnConfig.RuntimeParams[name]; got != bound {
			t.Errorf("%s = %q", name, got)
		}
	}
	config, err = configure("postgres://psc@db/psc?pool_max_conns=3&lock_timeout=9s")
	if err != nil {
		t.Fatal(err)
	}
	if config.MaxConns != 3 || config.ConnConfig.RuntimeParams["lock_timeout"] != "9s" {
		t.Errorf("%d connections, %v", config.MaxConns, config.ConnConfig.RuntimeParams)
	}
}
