// Package held is what a room holds of one person, in a shape that a paper and a
// machine can both read: records with named values. A room says what each value
// is; the words beside it, for people, stand in one table, so that the same thing
// is called the same in all rooms.
package held

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
)

// Record is one thing: an attention, a plan, a document.
type Record struct {
	Title  string // as people read it
	At     time.Time
	Fields []Field // in the order in which they are read
}

// Field is one value. Value is a text, a number, a bool, Pesos, a calendar.Date, a
// time.Time, a Coded, a list of texts or a list of Records.
type Field struct {
	Name  string // for machines, and the key of its word in the table
	Label string // its word where the table has none: what a form asked
	Value any
}

// Pesos is an amount of money.
type Pesos int64

// Coded is a value of a fixed list: its code for machines, its word for people.
type Coded struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Of begins a record.
func Of(title string, at time.Time) Record { return Record{Title: title, At: at} }

// Add puts a value into the record, unless it is blank.
func (r *Record) Add(name string, value any) *Record {
	if !blank(value) {
		r.Fields = append(r.Fields, Field{Name: name, Value: value})
	}
	return r
}

// Asked puts in what somebody answered to a question of a form, which may be called
// as a value of the room's own is.
func (r *Record) Asked(name, label, text string) *Record {
	if text != "" {
		r.Fields = append(r.Fields, Field{Name: "asked_" + name, Label: label, Value: text})
	}
	return r
}

func blank(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v) == ""
	case bool:
		return !v
	case int:
		return v == 0
	case int64:
		return v == 0
	case Pesos:
		return v == 0
	case calendar.Date:
		return v.IsZero()
	case time.Time:
		return v.IsZero()
	case Coded:
		return v.Code == ""
	case []string:
		return len(v) == 0
	case []Record:
		return len(v) == 0
	}
	return value == nil
}

// MarshalJSON writes the record with its values in their order.
func (r Record) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	put := func(name string, value any) error {
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		text, err := json.Marshal(value)
		if err == nil {
			key, _ := json.Marshal(name) // a text always marshals
			out.Write(key)
			out.WriteByte(':')
			out.Write(text)
		}
		return err
	}
	out.WriteByte('{')
	if err := put("title", r.Title); err != nil {
		return nil, err
	}
	if !r.At.IsZero() {
		if err := put("at", r.At.UTC().Format(time.RFC3339)); err != nil {
			return nil, err
		}
	}
	for _, f := range r.Fields {
		if err := put(f.Name, forMachines(f.Value)); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

func forMachines(value any) any {
	switch v := value.(type) {
	case calendar.Date:
		return v.String()
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case Pesos:
		return int64(v)
	}
	return value
}

// Word is what people call the field.
func (f Field) Word(ctx context.Context) string {
	if f.Label != "" {
		return f.Label
	}
	if key, known := wordKeys[f.Name]; known {
		return i18n.T(ctx, key)
	}
	return f.Name
}

// Text is the value as people read it; a list of records has none.
func (f Field) Text(ctx context.Context) string {
	switch v := f.Value.(type) {
	case string:
		return v
	case bool:
		return i18n.T(ctx, "held.yes")
	case int:
		return i18n.Number(ctx, int64(v))
	case int64:
		return i18n.Number(ctx, v)
	case Pesos:
		return i18n.Money(ctx, int64(v))
	case calendar.Date:
		return i18n.Date(ctx, v)
	case time.Time:
		return i18n.DateTime(ctx, v)
	case Coded:
		return v.Text
	case []string:
		return strings.Join(v, "\n")
	}
	return ""
}

// Records are the records within a field, nil for any other.
func (f Field) Records() []Record {
	list, _ := f.Value.([]Record)
	return list
}
