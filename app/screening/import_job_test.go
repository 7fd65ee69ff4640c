package screening

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
)

// registryFiles gives made-up RSH and RIS files.
func registryFiles(t testing.TB, households int) (rsh, ris []byte, made SynthReport) {
	t.Helper()
	opt := synthOptions(t)
	opt.Places = []SynthPlace{{"13201", households}}
	var persons, benefits bytes.Buffer
	made, err := WriteSynthetic(opt, &persons, &benefits)
	if err != nil {
		t.Fatal(err)
	}
	return persons.Bytes(), benefits.Bytes(), made
}

// shuffled puts the rows of a file in another order, the header first.
func shuffled(content []byte) []byte {
	lines := strings.SplitAfter(string(content), "\n")
	rows := lines[1 : len(lines)-1]
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return []byte(strings.Join(lines, ""))
}

// Over several transactions, in the file's order or any other, into an empty
// registry or a full one: the same people.
func TestTheOrderOfRowsDoesNotMatter(t *testing.T) {
	rsh, ris, made := registryFiles(t, 400)
	inOrder, mixed := newShelf(t), newShelf(t)
	report := inOrder.load("rsh.csv", rsh, ImportOptions{})
	inOrder.load("ris.csv", ris, ImportOptions{})
	if report.People.New != made.People || report.Households.New != made.Households || report.Warned != 0 {
		t.Errorf("made %+v, report %+v", made, report)
	}
	other := mixed.load("rsh.csv", shuffled(rsh), ImportOptions{})
	if other.People.New != made.People || other.Households.New != made.Households || other.Warned != 0 {
		t.Errorf("made %+v, shuffled report %+v", made, other)
	}
	mixed.load("ris.csv", shuffled(ris), ImportOptions{})
	if inOrder.contents() != mixed.contents() {
		t.Error("the shuffled file makes another registry")
	}
	again := mixed.load("rsh.csv", rsh, ImportOptions{})
	if again.People.Unchanged != made.People || again.People.New+again.People.Changed+again.Moved+again.Households.Changed != 0 {
		t.Errorf("in order after shuffled: %+v", again)
	}
}

// A newer edition of a whole commune replaces the older one.
func TestANewerExtractReplacesAll(t *testing.T) {
	rsh, _, made := registryFiles(t, 200)
	s, want := newShelf(t), newShelf(t)
	s.load("old.csv", rsh, ImportOptions{})
	newer := bytes.ReplaceAll(rsh, []byte(",2026-11-03\n"), []byte(",2026-11-20\n"))
	report := s.load("new.csv", newer, ImportOptions{})
	want.load("new.csv", newer, ImportOptions{})
	if report.Households.Changed != made.Households || report.People.Unchanged != made.People || s.contents() != want.contents() {
		t.Errorf("report %+v", report)
	}
	if report := s.load("old.csv", rsh, ImportOptions{}); report.People.Older != made.People || s.contents() != want.contents() {
		t.Errorf("the old one again: %+v", report)
	}
}

func TestACancelledImportIsMendedByTheNext(t *testing.T) {
	rsh, ris, _ := registryFiles(t, 400)
	whole := newShelf(t)
	whole.load("rsh.csv", rsh, ImportOptions{})
	whole.load("ris.csv", ris, ImportOptions{})
	for _, order := range [][]byte{rsh, shuffled(rsh)} {
		s := newShelf(t)
		for i, content := range [][]byte{order, ris} {
			ctx, cancel := context.WithCancel(context.Background())
			seen := 0
			report, err := s.importer.Import(ctx, sheet.NewFile("f.csv", bytes.NewReader(content), int64(len(content))),
				ImportOptions{Progress: func(p ImportProgress) {
					if seen++; seen == 1+(1-i) {
						cancel()
					}
				}})
			cancel()
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("file %d: %v", i, err)
			}
			if n := s.people(); i == 0 && (int64(n) != report.People.New || n == 0) {
				t.Errorf("%d people are in, the report says %d", n, report.People.New)
			}
			if s.count(`SELECT count(*) FROM sqlite_schema WHERE name = 'member_run'`) != 1 {
				t.Error("the index was not mended")
			}
			s.load("f.csv", content, ImportOptions{})
		}
		if s.contents() != whole.contents() {
			t.Error("the registry differs from one that was loaded at once")
		}
	}
}

// The process dies in the middle of a first load: the index by person is gone.
func TestAKilledFirstLoadIsMended(t *testing.T) {
	rsh, _, _ := registryFiles(t, 200)
	s, whole := newShelf(t), newShelf(t)
	whole.load("rsh.csv", rsh, ImportOptions{})
	half := rsh[:len(rsh)/2]
	s.load("half.csv", half[:bytes.LastIndexByte(half, '\n')+1], ImportOptions{})
	kill := func() {
		if err := s.db.Update(context.Background(), dropIndex); err != nil {
			t.Fatal(err)
		}
	}
	kill()
	if _, err := s.household("1-9"); !errors.Is(err, ErrNotRegistered) {
		t.Fatal(err)
	}
	s.sound() // the first question mended it
	kill()
	s.load("rsh.csv", rsh, ImportOptions{})
	if s.contents() != whole.contents() {
		t.Error("the registry differs from one that was loaded at once")
	}
}

func TestOneImportAtATime(t *testing.T) {
	rsh, _, _ := registryFiles(t, 200)
	s := newShelf(t)
	var second error
	report, err := s.importer.Import(context.Background(), sheet.NewFile("a.csv", bytes.NewReader(rsh), int64(len(rsh))), ImportOptions{
		Progress: func(ImportProgress) { _, second = s.try("b.csv", rsh, ImportOptions{}) }})
	if err != nil || report.Households.New != 200 {
		t.Fatalf("%+v %v", report, err)
	}
	if !fault.Is(second, fault.Conflict) {
		t.Errorf("a second import beside the first: %v", second)
	}
}

func TestProgressAndProblemsAreHeardOf(t *testing.T) {
	var content strings.Builder
	content.WriteString(small)
	for i := range 3000 {
		fmt.Fprintf(&content, "F%06d;1-8;Ana;Pérez;1980-01-01;1;40;05802;1000;2026-01-01\n", i)
	}
	s := newShelf(t)
	heard, last := 0, ImportProgress{}
	report := s.load("bad.csv", []byte(content.String()), ImportOptions{
		OnProblem: func(sheet.Problem) { heard++ }, Progress: func(p ImportProgress) { last = p }})
	if heard != 3000 || len(report.Problems) != maxReported || report.Rejected != 3000 {
		t.Errorf("heard of %d, report keeps %d of %d", heard, len(report.Problems), report.Rejected)
	}
	if last.Rows != 3000 || last.Rejected != 3000 || last.Read != last.Size || last.Size != int64(content.Len()) {
		t.Errorf("last progress %+v", last)
	}
}

func TestReadersAreNotHinderedByAnImport(t *testing.T) {
	rsh, _, _ := registryFiles(t, 400)
	s := newShelf(t)
	s.load("seed.csv", rsh, ImportOptions{})
	registry := NewEmbedded(s.db)
	heads, err := registry.Heads(context.Background(), "13201", 50)
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.ReplaceAll(rsh, []byte(",2026-11-03\n"), []byte(",2026-11-20\n"))
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := s.importer.Import(context.Background(), sheet.NewFile("n.csv", bytes.NewReader(newer), int64(len(newer))), ImportOptions{}); err != nil {
			t.Error(err)
		}
	}()
	for running, i := true, 0; running; i++ {
		select {
		case <-done:
			running = false
		default:
		}
		h, err := registry.Household(context.Background(), heads[i%len(heads)])
		if err != nil || len(h.Members) == 0 || !slices.ContainsFunc(h.Members, func(m Member) bool { return m.RUN == heads[i%len(heads)] }) {
			t.Fatalf("question %d: %+v %v", i, h, err)
		}
	}
	s.sound()
}

func TestAWorkbookIsLoadedLikeACSV(t *testing.T) {
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	day := func(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }
	for i, row := range [][]any{
		{"Folio", "RUT", "Nombres", "Apellidos", "Fecha de nacimiento", "Jefe de hogar", "Tramo", "Comuna", "Ingreso", "Fecha de corte"},
		{"A", "1-9", "Ana", "Peña", day("1980-02-29"), 1, 40, 5802, 343000, day("2026-11-03")},
		{"A", "2-7", "=1+1", "Peña", day("2010-05-06"), false, "40", "05802", 0, "03-11-2026"},
		{"A", "3-5", "Cata", "Peña", "31-02-2010", 0, 40, 5802, nil, day("2026-11-03")},
	} {
		for j, value := range row {
			ref, _ := excelize.CoordinatesToCellName(j+1, i+1)
			if s, ok := value.(string); ok && strings.HasPrefix(s, "=") {
				_ = book.SetCellFormula("Sheet1", ref, s)
			} else if value != nil {
				_ = book.SetCellValue("Sheet1", ref, value)
			}
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	s := newShelf(t)
	report := s.load("rsh.xlsx", out.Bytes(), ImportOptions{})
	want := []string{`3 Nombres "" sheet.formula_cell`, `4 Fecha de nacimiento "31-02-2010" sheet.date`}
	if got := problems(report.Problems); !slices.Equal(got, want) || report.People.New != 1 {
		t.Errorf("got %q, report %+v", got, report)
	}
	h, err := s.household("1-9")
	if err != nil || h.Members[0].BirthDate.String() != "1980-02-29" || h.CommuneCode != "05802" || h.DataDate.String() != "2026-11-03" || h.Income != 343_000 {
		t.Errorf("got %+v %v", h, err)
	}
}

func TestBenefitsAreCountedOnce(t *testing.T) {
	s := newShelf(t)
	const head = "run,benefit_code,benefit_name,provider,granted_on,amount_clp,quantity,unit\n"
	a, b := "1-9,RIS-SUF,SUF,IPS,2026-01-02,1000,1,pago\n", "2-7,RIS-SUF,SUF,IPS,2026-01-02,1000,1,pago\n"
	report := s.load("r.csv", []byte(head+a+b+a+"3-4,X,X,IPS,2026-01-02,1,1,pago\n"), ImportOptions{})
	if report.Benefits.New != 2 || report.Benefits.Unchanged != 1 || report.Rejected != 1 || report.Problems[0].Key != "registry.run_digit" || report.Problems[0].Line != 5 {
		t.Errorf("report %+v", report)
	}
	report = s.load("r.csv", []byte(head+strings.Replace(a, "IPS", "Instituto de Previsión Social", 1)+strings.Replace(b, "1000", "2000", 1)), ImportOptions{})
	if report.Benefits.Changed != 1 || report.Benefits.New != 1 {
		t.Errorf("corrected: %+v", report)
	}
}
