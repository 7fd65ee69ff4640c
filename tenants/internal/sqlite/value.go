package sqlite

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"
)

// plain gives the arguments as the few types that bind knows, and the bytes
// that their texts and blobs need. The caller's slice is left alone.
func plain(args []any) (out []any, need int, err error) {
	copied := false
	for i, arg := range args {
		switch v := arg.(type) {
		case string:
			need += len(v)
			continue
		case []byte:
			need += len(v)
			continue
		case *string:
			if v != nil {
				need += len(*v)
				continue
			}
		case *int64:
			if v != nil {
				continue
			}
		case int64, int, bool, float64, nil:
			continue
		}
		if !copied {
			args, copied = slices.Clone(args), true
		}
		n := 0
		if args[i], n, err = plainValue(arg); err != nil {
			return nil, 0, fmt.Errorf("sqlite: parameter %d: %w", i+1, err)
		}
		need += n
	}
	if need > math.MaxInt32/2 {
		return nil, 0, fmt.Errorf("sqlite: parameters of %d bytes", need)
	}
	return args, need, nil
}

// plainValue turns a value of any other type into one that bind knows.
func plainValue(arg any) (out any, need int, err error) {
	if t, ok := arg.(time.Time); ok {
		text := t.UTC().Format(time.RFC3339)
		return text, len(text), nil
	}
	value, err := driver.DefaultParameterConverter.ConvertValue(arg)
	if err != nil {
		return nil, 0, err
	}
	switch v := value.(type) {
	case string:
		return v, len(v), nil
	case []byte:
		return v, len(v), nil
	case time.Time:
		return plainValue(v)
	}
	return value, 0, nil
}

// assign puts a column's value into a destination of a type that Scan has no
// case of its own for: a pointer to a named type, to a pointer, to any.
func assign(dest, value any) error {
	to := reflect.ValueOf(dest)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return fmt.Errorf("destination is a %T, not a pointer", dest)
	}
	return assignTo(to.Elem(), value)
}

func assignTo(to reflect.Value, value any) error {
	if to.Kind() == reflect.Pointer {
		if value == nil {
			to.SetZero()
			return nil
		}
		fresh := reflect.New(to.Type().Elem())
		to.Set(fresh)
		if scanner, ok := fresh.Interface().(sql.Scanner); ok {
			return scanner.Scan(value)
		}
		return assignTo(fresh.Elem(), value)
	}
	if to.Kind() == reflect.Interface && to.NumMethod() == 0 {
		to.Set(reflect.ValueOf(&value).Elem())
		return nil
	}
	switch v := value.(type) {
	case int64:
		return assignInt(to, v)
	case float64:
		return assignFloat(to, v)
	case string:
		return assignText(to, v)
	case []byte:
		if to.Kind() == reflect.Slice && to.Type().Elem().Kind() == reflect.Uint8 {
			to.SetBytes(v)
			return nil
		}
	}
	return mismatch(to, value)
}

func assignInt(to reflect.Value, v int64) error {
	switch {
	case to.CanInt() && !to.OverflowInt(v):
		to.SetInt(v)
	case to.CanUint() && v >= 0 && !to.OverflowUint(uint64(v)):
		to.SetUint(uint64(v))
	case to.CanFloat():
		to.SetFloat(float64(v))
	case to.Kind() == reflect.Bool && (v == 0 || v == 1):
		to.SetBool(v == 1)
	default:
		return mismatch(to, v)
	}
	return nil
}

// assignFloat also fills whole numbers: SQLite's round and avg give reals.
func assignFloat(to reflect.Value, v float64) error {
	if to.CanFloat() {
		to.SetFloat(v)
		return nil
	}
	if whole := int64(v); float64(whole) == v {
		return assignInt(to, whole)
	}
	return mismatch(to, v)
}

func assignText(to reflect.Value, v string) error {
	switch {
	case to.Kind() == reflect.String:
		to.SetString(v)
		return nil
	case to.Type() == reflect.TypeFor[time.Time]():
		t, err := time.Parse(time.RFC3339Nano, v)
		if err != nil {
			return fmt.Errorf("text is not an RFC 3339 instant")
		}
		to.Set(reflect.ValueOf(t.UTC()))
		return nil
	}
	return mismatch(to, v)
}

// mismatch says the types and never the value, which may be a person's.
func mismatch(to reflect.Value, value any) error {
	if value == nil {
		return fmt.Errorf("NULL does not fit a %s", to.Type())
	}
	return fmt.Errorf("a %T does not fit a %s", value, to.Type())
}
