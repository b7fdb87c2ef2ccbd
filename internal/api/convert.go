package api

import (
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"psc/internal/civil"
)

// each converts a list.
func each[T, M any](list []T, convert func(T) M) []M {
	messages := make([]M, len(list))
	for i, item := range list {
		messages[i] = convert(item)
	}
	return messages
}

// instant is missing where nothing has happened.
func instant(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// day is missing where there is none.
func day(d civil.Date) *date.Date {
	if d <= 0 || d >= civil.Forever {
		return nil
	}
	year, month, of := d.Civil()
	return &date.Date{Year: int32(year), Month: int32(month), Day: int32(of)} //nolint:gosec // parts of a date are small
}

// enum returns the value that a word of ours has in an enum: its name without the enum's prefix.
func enum[E protoreflect.Enum](word string) E {
	var zero E
	values := zero.Descriptor().Values()
	if v := values.ByName(protoreflect.Name(prefix(zero) + word)); v != nil {
		if e, ok := zero.Type().New(v.Number()).(E); ok {
			return e
		}
	}
	return zero
}

// word returns our word for a value of an enum; empty if none was chosen or there is no such value.
func word[E protoreflect.Enum](e E) string {
	v := e.Descriptor().Values().ByNumber(e.Number())
	if v == nil || v.Number() == 0 {
		return ""
	}
	return strings.TrimPrefix(string(v.Name()), prefix(e))
}

func prefix(e protoreflect.Enum) string {
	return strings.TrimSuffix(string(e.Descriptor().Values().ByNumber(0).Name()), "UNSPECIFIED")
}

func protoName(name string) protoreflect.Name { return protoreflect.Name(name) }

func protoText(s string) protoreflect.Value { return protoreflect.ValueOfString(s) }
