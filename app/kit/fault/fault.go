// Package fault names what can go wrong in words that a screen, an HTTP status
// and an operator each understand. Every error that reaches the edge is one of
// these kinds; anything else is Internal.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of trouble it is. The HTTP status follows from it in kit/web.
type Kind uint8

// The kinds. One more needs a reason: a handler may branch on nothing finer.
const (
	Internal        Kind = iota // our bug or a broken machine (500)
	Invalid                     // what was sent cannot be accepted as it is (422)
	NotFound                    // no such thing, or not for this actor to know of (404)
	Forbidden                   // the actor may see it but not do this (403)
	Conflict                    // somebody else changed it meanwhile (409)
	Unavailable                 // a part we depend on is down; try again later (503)
	Unauthenticated             // nobody is signed in (401)
	TooLarge                    // the body is over the limit (413)
	TooMany                     // asked too often (429)
)

// Field is what is wrong with one form field. Key is a translation key, Args its values.
type Field struct {
	Name string
	Key  string
	Args map[string]any
}

// Error carries the kind, a translation key for people, and the cause for
// operators. The cause must hold no personal data: it is logged.
type Error struct {
	Kind   Kind
	Key    string
	Args   map[string]any
	Fields []Field
	Cause  error
	Old    string // id that was asked for and is no longer in use; see Moved
	New    string // id under which it is kept now
	Door   string // page that has to be passed first; see Behind
}

// Error is for logs: the kind's number, key and cause, never what a person typed.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %v", e.Key, e.Cause)
	}
	return e.Key
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// New makes an error of the kind, with the translation key of its sentence.
func New(kind Kind, key string) *Error { return &Error{Kind: kind, Key: key} }

// With returns a copy that also carries one value for the sentence.
func (e *Error) With(name string, value any) *Error {
	copied := *e
	copied.Args = make(map[string]any, len(e.Args)+1)
	for k, v := range e.Args {
		copied.Args[k] = v
	}
	copied.Args[name] = value
	return &copied
}

// Moved makes a Conflict that says under which id a thing is kept now. The edge
// leads those who read to it; who writes is told.
func Moved(from, to, key string) *Error {
	return &Error{Kind: Conflict, Key: key, Old: from, New: to}
}

// Behind makes a Forbidden for what is seen only after its door was passed. The
// edge leads those who read to it; who writes is told, and keeps what was typed.
func Behind(door, key string) *Error {
	return &Error{Kind: Forbidden, Key: key, Door: door}
}

// Twice makes a Conflict for a form that had been sent already with other words:
// those are kept, and nobody may think that these are.
func Twice() error { return New(Conflict, "fault.twice") }

// IsTwice reports whether the error is Twice: the form that comes back gets a key
// of its own, so that what it says can be kept beside the other.
func IsTwice(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Key == "fault.twice"
}

// Wrap makes an error of the kind around a cause.
func Wrap(cause error, kind Kind, key string) *Error {
	return &Error{Kind: kind, Key: key, Cause: cause}
}

// InvalidFields makes a 422 that names each field.
func InvalidFields(fields ...Field) *Error {
	return &Error{Kind: Invalid, Key: "fault.invalid_form", Fields: fields}
}

// InvalidField is InvalidFields for a single field.
func InvalidField(name, key string) *Error { return InvalidFields(Field{Name: name, Key: key}) }

// KindOf gives the kind of the first *Error in the chain, Internal when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether the error is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
