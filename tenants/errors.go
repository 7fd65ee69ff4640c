package tenants

import (
	"database/sql"
	"errors"
	"fmt"
	"runtime"

	"gsl/tenants/internal/sqlite"
)

// ErrUnavailable is what every error below but ErrNested is (errors.Is): the
// file cannot be worked with now. A screen answers 503 and says so; nothing is
// wrong with the request.
var ErrUnavailable = errors.New("tenants: file unavailable")

// What can keep a file from being worked with.
var (
	ErrDamaged   error = &unavailableError{"the file is damaged"}                          // restore it; the next request tries again
	ErrMissing   error = &unavailableError{"the file is missing"}                          // restore it; it is never made anew
	ErrNewer     error = &unavailableError{"the file was written by a newer version"}      // start that version
	ErrBusy      error = &unavailableError{"too many are waiting for the file"}            // try again
	ErrFull      error = &unavailableError{"the disk is full"}                             // reads go on
	ErrIO        error = &unavailableError{"the disk fails"}                               //
	ErrClosed    error = &unavailableError{"the data directory is closed"}                 // the program is shutting down
	ErrLocked    error = &unavailableError{"another process works in the data directory"}  // stop it first
	ErrSuspended error = &unavailableError{"the municipality is suspended or archived"}    // it can be read, not changed
	ErrRestoring error = &unavailableError{"the file is being exchanged"}                  // for a restored one: a moment later it is there
	ErrNoBackup  error = &unavailableError{"there is nothing to restore the file from"}    //
	ErrUnsent    error = &unavailableError{"it is saved here, but not yet in the replica"} // a legal act: done, not lost
	ErrNotOwner  error = &unavailableError{"the municipality is served by another server"} //
)

// ErrNested is an Update inside an Update: it would wait for itself. Pass the Tx on.
var ErrNested = errors.New("tenants: an Update inside an Update: pass the Tx on instead")

// ErrNoRows is what a Row's Scan says when nothing was found.
var ErrNoRows = sql.ErrNoRows

var (
	errOver     = errors.New("tenants: the transaction is over")
	errReadOnly = errors.New("tenants: a View cannot change the file")
	errAlone    = errors.New("tenants: run again alone") // never leaves the package
)

type unavailableError struct{ text string }

func (e *unavailableError) Error() string { return "tenants: " + e.text }

func (e *unavailableError) Is(target error) bool { return target == ErrUnavailable }

// FileError says which file it was; its cause holds no personal data.
type FileError struct {
	File  string // relative to the data directory
	Kind  error  // one of the errors above
	Cause error  // nil when there is nothing more to say
}

func (e *FileError) Error() string {
	if e.Cause == nil {
		return fmt.Sprintf("%v: %s", e.Kind, e.File)
	}
	return fmt.Sprintf("%v: %s: %v", e.Kind, e.File, e.Cause)
}

// Unwrap gives kind and cause.
func (e *FileError) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// NotFound reports whether a Scan found nothing.
func NotFound(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Duplicate reports whether a change was refused because a unique key is taken.
func Duplicate(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case sqlite.ConstraintUnique, sqlite.ConstraintPrimaryKey, sqlite.ConstraintRowID:
		return true
	}
	return false
}

// kindOf sorts what SQLite says; nil when it is about the statement, not the file.
func kindOf(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Code {
	case sqlite.ShortRead, sqlite.CorruptFS:
		return ErrDamaged
	}
	switch e.Primary() {
	case sqlite.Corrupt, sqlite.NotADB:
		return ErrDamaged
	case sqlite.Full:
		return ErrFull
	case sqlite.Busy:
		return ErrBusy
	case sqlite.IOError, sqlite.CantOpen, sqlite.NoMemory:
		return ErrIO
	}
	return nil
}

func hasCode(err error, primary int32) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Primary() == primary
}

// memoryFault tells a fault of mapped memory (a file cut short in place gives
// SIGBUS, and SetPanicOnFault makes it a panic) from every other panic.
func memoryFault(recovered any) (error, bool) {
	fault, ok := recovered.(interface {
		runtime.Error
		Addr() uintptr
	})
	if !ok {
		return nil, false
	}
	return fmt.Errorf("memory fault in the mapped file: %w", fault), true
}
