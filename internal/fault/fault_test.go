package fault_test

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"

	"psc/internal/fault"
)

func TestAFaultIsFoundInTheChain(t *testing.T) {
	t.Parallel()
	limited := fault.New(fault.Limited, "too_many", fault.Args{"Limit": 3})
	wrapped := fmt.Errorf("outer: %w", fault.Wrap(io.ErrUnexpectedEOF, fault.Conflict, "faster", nil))
	for name, c := range map[string]struct {
		err  error
		kind fault.Kind
		key  string
	}{
		"a fault":         {limited, fault.Limited, "too_many"},
		"in a chain":      {fmt.Errorf("a: %w", fmt.Errorf("b: %w", limited)), fault.Limited, "too_many"},
		"joined":          {errors.Join(io.EOF, limited), fault.Limited, "too_many"},
		"with a cause":    {wrapped, fault.Conflict, "faster"},
		"another error":   {io.EOF, fault.Internal, ""},
		"no error at all": {nil, fault.Internal, ""},
	} {
		if got := fault.KindOf(c.err); got != c.kind {
			t.Errorf("%s: kind %s, want %s", name, got, c.kind)
		}
		e := fault.As(c.err)
		if (e != nil) != (c.key != "") || e != nil && e.Key != c.key {
			t.Errorf("%s: %v, want %q", name, e, c.key)
		}
		if fault.Is(c.err, "too_many") != (c.key == "too_many") {
			t.Errorf("%s: Is is wrong", name)
		}
	}
	if !errors.Is(wrapped, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
}

func TestInvalidFieldNamesTheField(t *testing.T) {
	t.Parallel()
	got := fault.InvalidField("account_id", "account_id.invalid", fault.Args{"Typed": "x"})
	want := []fault.Field{{Name: "account_id", Key: "account_id.invalid", Args: fault.Args{"Typed": "x"}}}
	if got.Error() != "INVALID account_id.invalid Typed=x" || !reflect.DeepEqual(got.Fields, want) {
		t.Errorf("%v, fields %+v", got, got.Fields)
	}
}

func TestTheTextForLogsIsStable(t *testing.T) {
	t.Parallel()
	e := fault.Wrap(io.EOF, fault.NotFound, "gone", fault.Args{"B": 2, "A": "one", "C": nil})
	for range 20 {
		if got := e.Error(); got != "NOT_FOUND gone A=one B=2 C=<nil>: EOF" {
			t.Fatal(got)
		}
	}
}
