package benefit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
	"gsl/app/people"
	"gsl/tenants"
)

// ImportOptions says how a municipal register is loaded.
type ImportOptions struct {
	// Catalogue is the municipality's catalogue of today: the names in the file
	// are held against those of its categories E and F.
	Catalogue []CatalogueName
	// Map says which item a name stands for that the catalogue does not know:
	// "remedios" → E201. The row's kind still chooses between E201 and F201.
	Map map[string]string
	// Rename says which column a header is that no known name fits.
	Rename       map[string]string
	AllOrNothing bool // load nothing when any row is rejected
	DryRun       bool // do everything but keep it
	Progress     func(ImportProgress)
	OnProblem    func(sheet.Problem) // hears of every rejected row
}

// ImportProgress is how far an import is.
type ImportProgress struct {
	File           string
	Rows, Rejected int64
	Read, Size     int64 // bytes
}

// ImportReport says what an import did.
type ImportReport struct {
	File      string
	Kept      bool  // false: a dry run, or all or nothing with rejected rows
	Rows      int64 // read
	Rejected  int64
	New       int64
	Changed   int64 // loaded before, now with an item of the catalogue
	Unchanged int64
	Mapped    int64 // good rows whose name stands for an item of the catalogue

	Problems []sheet.Problem // of rejected rows, the first 1,000
	Unmapped []Unmapped      // names that stand for no item, most frequent first
	Ignored  []string        // columns that nothing was done with
}

// Unmapped is a name that stands for no item of the catalogue. Its rows are
// loaded under their own name, so that a screening shows them; no interval rule
// counts them until they are mapped.
type Unmapped struct {
	Name    string
	Kind    string // InKind or Cash
	Rows    int64
	Nearest []CatalogueName // what it may mean, best first; may be empty
}

const (
	chunkRows   = 1000 // of one transaction: people are working in this file
	maxReported = 1000
	maxUnmapped = 500 // different names kept apart in a report
	suggestions = 3
)

// errUndo rolls back what was only tried.
var errUndo = errors.New("benefit: nothing is kept")

// Import loads the municipal benefit registry that an office kept before. Rows
// enter once: the same file again adds nothing, and with another Map it gives
// rows of before their item. Errors: fault.Forbidden, fault.Invalid for a file
// that cannot be read as a table or a Map to items that do not exist, the
// context's when it is cancelled.
func (s *Service) Import(ctx context.Context, who actor.Actor, m *tenants.Municipality, file *sheet.File, opt ImportOptions) (ImportReport, error) {
	im := &importing{who: who, opt: opt, size: file.Size, names: newNames(opt.Catalogue, opt.Map), report: ImportReport{File: file.Name},
		unmapped: map[nameless]int64{}}
	if !who.Can(access.ImportBenefits) && !who.Can(access.Administer) {
		return im.report, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if unknown := im.names.unknown(); len(unknown) > 0 {
		return im.report, fault.New(fault.Invalid, "benefit.map_unknown").With("Codes", strings.Join(unknown, ", "))
	}
	rows, err := file.Rows()
	if err != nil {
		return im.report, err
	}
	defer func() { _ = rows.Close() }()
	match, err := rows.Match(columns, opt.Rename)
	if err != nil {
		return im.report, err
	}
	im.rows, im.cells, im.report.Ignored = rows, sheet.NewCells(match), match.Ignored
	err = im.run(ctx, m)
	im.reportUnmapped()
	return im.report, err
}

// importing is one import under way.
type importing struct {
	who      actor.Actor
	opt      ImportOptions
	size     int64
	names    *names
	rows     *sheet.Reader
	cells    *sheet.Cells
	report   ImportReport
	unmapped map[nameless]int64
	chunk    []Grant
}

// run loads chunk by chunk, or everything in one transaction that may be undone.
func (im *importing) run(ctx context.Context, m *tenants.Municipality) error {
	if !im.opt.AllOrNothing && !im.opt.DryRun {
		im.report.Kept = true
		return m.Bulk(ctx, im.step)
	}
	err := m.Bulk(ctx, func(tx *tenants.Tx) (bool, error) {
		for more := true; more; {
			var err error
			if more, err = im.step(tx); err != nil {
				return false, err
			}
		}
		if im.opt.DryRun || im.report.Rejected > 0 {
			return false, errUndo
		}
		return false, nil
	})
	im.report.Kept = err == nil
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}

// step reads and loads one chunk.
func (im *importing) step(tx *tenants.Tx) (more bool, err error) {
	im.chunk = im.chunk[:0]
	for len(im.chunk) < chunkRows {
		if more = im.rows.Next(); !more {
			break
		}
		im.report.Rows++
		g, ok := im.read(calendar.On(tx.Now))
		if !ok {
			im.report.Rejected++
			continue
		}
		im.chunk = append(im.chunk, g)
	}
	if err := im.rows.Err(); err != nil {
		return false, err
	}
	im.tell()
	return more, im.load(tx)
}

// tell hands on what was found out about the rows.
func (im *importing) tell() {
	for _, p := range im.cells.Problems {
		if len(im.report.Problems) < maxReported {
			im.report.Problems = append(im.report.Problems, p)
		}
		if im.opt.OnProblem != nil {
			im.opt.OnProblem(p)
		}
	}
	im.cells.Problems = im.cells.Problems[:0]
	if im.opt.Progress != nil {
		im.opt.Progress(ImportProgress{File: im.report.File, Rows: im.report.Rows, Rejected: im.report.Rejected, Read: im.rows.Offset(), Size: im.size})
	}
}

// read checks the row at hand and finds its item.
func (im *importing) read(today calendar.Date) (Grant, bool) {
	c := im.cells
	if !c.On(im.rows.Row()) {
		return Grant{}, false
	}
	kind := c.Choice(colKind, kinds, "benefit.kind_unknown")
	g := Grant{
		Holder: im.holder(), Name: c.Needed(colName), Kind: kind, On: c.PastDate(colOn, today), Quantity: max(1, c.Number(colQuantity, sheet.MaxAmount)),
		Unit: c.Text(colUnit), Amount: c.Number(colAmount, sheet.MaxAmount), Provider: c.Text(colProvider), Decree: c.Text(colDecree), Note: c.Text(colNote),
		Category: c.Text(colCategory), Subcategory: c.Text(colSubcategory), Source: FromImport,
	}
	code := c.Text(colCode)
	if c.Bad() {
		return Grant{}, false
	}
	g.RecordedAs, g.Origin = g.Name, fingerprint(&g)
	im.place(&g, code)
	return g, true
}

// holder reads a RUN or the provisional ID of a person without one.
func (im *importing) holder() string {
	value := im.cells.Value(colRUN)
	if id := strings.ToUpper(string(value)); provisionalID.MatchString(id) {
		return id
	}
	run, err := people.ParseRUN(string(value))
	switch {
	case err == nil:
	case errors.Is(err, people.ErrRUNBlank):
		im.cells.Refuse(colRUN, "benefit.run_missing")
	case errors.Is(err, people.ErrRUNCheckDigit):
		im.cells.Refuse(colRUN, "benefit.run_digit")
	default:
		im.cells.Refuse(colRUN, "benefit.run_shape")
	}
	return run.String()
}

// place gives a grant the item that its name stands for, or counts it as unmapped.
func (im *importing) place(g *Grant, code string) {
	item := im.names.find(code, g.Name, g.Kind)
	if item == nil {
		if g.Kind == "" {
			g.Kind = InKind
		}
		im.missed(g)
		return
	}
	im.report.Mapped++
	g.ItemCode, g.Name, g.Category, g.Subcategory = item.Code, item.Name, item.Category, item.Subcategory
	if g.Kind == "" {
		g.Kind = InKind
		if item.Category == cashCategory {
			g.Kind = Cash
		}
	}
	if g.Unit == "" {
		g.Unit = item.Unit
	}
	if g.Provider == "" {
		g.Provider = item.Provider
	}
}

// fingerprint tells a row of a register from every other, whatever its item:
// two rows that agree in all of this are one delivery.
func fingerprint(g *Grant) string {
	h := sha256.New()
	for _, field := range []string{g.Holder, sheet.Fold(g.Name), g.Kind, g.On.String(), strconv.FormatInt(g.Quantity, 10),
		strconv.FormatInt(g.Amount, 10), sheet.Fold(g.Decree), sheet.Fold(g.Note)} {
		h.Write([]byte(strconv.Itoa(len(field))))
		h.Write([]byte{':'})
		h.Write([]byte(field))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
