package screening

import (
	"context"
	"errors"
	"strings"
	"sync"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
	"gsl/tenants"
)

// Importer loads the embedded registry from files: households and people of the
// RSH, benefits of the RIS. The same file twice adds nothing, so an import that
// was cut short is mended by running it again.
type Importer struct {
	db    *tenants.DB
	busy  sync.Mutex // one import at a time
	chunk int        // rows of one transaction
}

// NewImporter makes the importer of a registry.db.
func NewImporter(db *tenants.DB) *Importer { return &Importer{db: db, chunk: chunkRows} }

// ImportOptions says how a file is loaded. The zero value loads every good row.
type ImportOptions struct {
	// Communes are the only ones whose households are accepted; nil accepts all.
	Communes []string
	// AllOrNothing loads nothing when any row is rejected.
	AllOrNothing bool
	// DryRun does everything but keep it: the report says what would happen.
	DryRun bool
	// Rename says which column a header is that no known name fits.
	Rename map[string]string
	// Progress hears from time to time how far the import is; nil: nobody asks.
	Progress func(ImportProgress)
	// OnProblem hears of every rejected row, also of those past the report's limit.
	OnProblem func(sheet.Problem)
}

// ImportProgress is how far an import is.
type ImportProgress struct {
	File       string
	Rows       int64 // read so far, rejected ones too
	Rejected   int64
	Read, Size int64 // bytes of the file
}

// ImportKind says what a file holds.
type ImportKind string

// The kinds, told apart by the header.
const (
	PeopleFile   ImportKind = "people"   // RSH: one row per person
	BenefitsFile ImportKind = "benefits" // RIS: one row per benefit received
)

// maxReported is how many rejected rows, and how many warnings, a report keeps.
const maxReported = 1000

// ImportReport says what an import did.
type ImportReport struct {
	File     string
	Kind     ImportKind
	Kept     bool  // false: a dry run, or all or nothing with rejected rows
	Rows     int64 // read
	Rejected int64 // rows with at least one problem; none of it was loaded

	// Households: one whose rows stand in several transactions counts in each.
	Households Tally
	People     Tally
	Moved      int64 // people who changed household, not counted as new
	Removed    int64 // people whom a newer edition of their household no longer has
	Benefits   Tally

	Problems []sheet.Problem // of rejected rows, the first 1,000
	Warnings []sheet.Problem // households worth a look, the first 1,000; they are loaded
	Warned   int64
	Ignored  []string // columns that nothing was done with
}

// Tally counts what became of rows.
type Tally struct {
	New       int64
	Changed   int64 // held before with other content
	Unchanged int64 // held before exactly so
	Older     int64 // the registry holds a newer edition: left out
}

// errUndo rolls back what was only tried.
var errUndo = errors.New("screening: nothing is kept")

// Import loads one file. What the header says decides whether it is people or
// benefits. Errors: fault.Invalid for a file that cannot be read as a table,
// fault.Conflict while another import runs, the context's when it is cancelled;
// the report then says what was kept, and the same file can be loaded again.
func (im *Importer) Import(ctx context.Context, file *sheet.File, opt ImportOptions) (ImportReport, error) {
	s := &session{db: im.db, chunk: im.chunk, opt: opt, size: file.Size, report: ImportReport{File: file.Name}}
	if !im.busy.TryLock() {
		return s.report, fault.New(fault.Conflict, "registry.busy")
	}
	defer im.busy.Unlock()
	rows, err := file.Rows()
	if err != nil {
		return s.report, err
	}
	defer func() { _ = rows.Close() }()
	if err := s.begin(ctx); err != nil {
		return s.report, err
	}
	switch {
	case rows.Knows(personColumns, "folio") && rows.Knows(personColumns, "tramo"):
		err = s.importPeople(ctx, rows)
	case rows.Knows(benefitColumns, "benefit_code"):
		err = s.importBenefits(ctx, rows)
	default:
		err = fault.New(fault.Invalid, "registry.unknown_table").With("Name", file.Name).With("Found", strings.Join(rows.Header, ", "))
	}
	return s.report, err
}

// session is one import under way.
type session struct {
	db     *tenants.DB
	chunk  int
	opt    ImportOptions
	size   int64
	today  calendar.Date
	report ImportReport
}

// begin mends what a load that was cut short left behind, before the first row.
func (s *session) begin(ctx context.Context) error {
	if err := mendIndex(ctx, s.db); err != nil {
		return err
	}
	return s.db.View(ctx, func(tx *tenants.Tx) error {
		s.today = calendar.On(tx.Now)
		return nil
	})
}

// take notes what a batch says of the file.
func (s *session) take(read, rejected, offset int64, problems []sheet.Problem) {
	s.report.Rows += read
	s.report.Rejected += rejected
	for _, p := range problems {
		if len(s.report.Problems) < maxReported {
			s.report.Problems = append(s.report.Problems, p)
		}
		if s.opt.OnProblem != nil {
			s.opt.OnProblem(p)
		}
	}
	if s.opt.Progress != nil {
		s.opt.Progress(ImportProgress{File: s.report.File, Rows: s.report.Rows, Rejected: s.report.Rejected, Read: offset, Size: s.size})
	}
}

func (s *session) warn(p sheet.Problem) {
	s.report.Warned++
	if len(s.report.Warnings) < maxReported {
		s.report.Warnings = append(s.report.Warnings, p)
	}
}
