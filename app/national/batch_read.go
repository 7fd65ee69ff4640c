package national

import (
	"errors"
	"strings"

	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
	"gsl/app/kit/territory"
	"gsl/app/people"
	"gsl/app/referral"
)

// mostLines is how many municipalities one table may ask for: all there are,
// their delegations, and room.
const mostLines = 1000

// mostIgnored is how many columns that say nothing to us are told.
const mostIgnored = 20

// The columns of a table, by their place in batchColumns.
const (
	colPlace = iota
	colModel
	colModules
	colWithout
	colTemplate
	colRUN
	colGiven
	colSurnames
	colEmail
)

var batchColumns = []sheet.Column{
	{Name: "code", Aliases: []string{"código", "codigo cut", "cut", "comuna", "commune", "municipalidad", "municipality"}, Required: true},
	{Name: "model", Aliases: []string{"modelo", "modelo de gestión"}},
	{Name: "modules", Aliases: []string{"módulos", "modulo", "module"}},
	{Name: "without", Aliases: []string{"sin unidades", "sin", "without units"}},
	{Name: "template", Aliases: []string{"catálogo", "plantilla", "catalogue"}},
	{Name: "run", Aliases: []string{"rut", "run contraparte", "counterpart run"}},
	{Name: "given_names", Aliases: []string{"nombres", "nombre", "names"}},
	{Name: "surnames", Aliases: []string{"apellidos", "apellido"}},
	{Name: "email", Aliases: []string{"correo", "mail", "correo electrónico"}},
}

// moduleNames and templateNames are what people write in a table.
var (
	moduleNames   = map[string]string{"familias": "families", "programa familias": "families", "families": "families", "cuidados": "care", "apoyos y cuidados": "care", "care": "care", "red local de apoyos y cuidados": "care"}
	templateNames = map[string]string{"": ModelTemplate, "modelo": ModelTemplate, "model": ModelTemplate, "nacional": NoTemplate, "ninguno": NoTemplate, "none": NoTemplate}
)

// readLines reads a table whole: a few hundred rows. here are the codes on the
// platform already.
func readLines(file *sheet.File, here map[string]string) (lines []Line, ignored []string, err error) {
	rows, err := file.Rows()
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	match, err := rows.Match(batchColumns, nil)
	if err != nil {
		return nil, nil, err
	}
	r := lineReader{cells: sheet.NewCells(match), here: here, seen: map[string]int{}}
	for rows.Next() {
		if len(lines) == mostLines {
			return nil, nil, fault.New(fault.Invalid, "national.error.too_many").With("Count", mostLines)
		}
		lines = append(lines, r.read(rows.Row()))
	}
	if err := rows.Err(); err != nil {
		return nil, nil, err
	}
	if len(lines) == 0 {
		return nil, nil, fault.New(fault.Invalid, "sheet.empty").With("Name", file.Name)
	}
	return lines, match.Ignored[:min(len(match.Ignored), mostIgnored)], nil
}

type lineReader struct {
	cells *sheet.Cells
	here  map[string]string
	seen  map[string]int // code → line
}

// read says what a row asks for, and what is wrong with it.
func (r *lineReader) read(row sheet.Row) Line {
	line := Line{Line: row.Line, State: LineBad}
	c := r.cells
	if c.On(row) {
		r.fill(&line)
	}
	line.Problems = append(line.Problems, c.Problems...)
	c.Problems = c.Problems[:0]
	switch _, isHere := r.here[line.Code]; {
	case c.Bad():
	case isHere:
		line.State = LineThere
	default:
		line.State = LineWaiting
	}
	return line
}

func (r *lineReader) fill(line *Line) {
	c := r.cells
	typed := c.Needed(colPlace)
	place, ok := placeNamed(typed)
	switch {
	case typed == "":
	case !ok:
		line.Name = typed
		c.Refuse(colPlace, "national.batch.place")
	case r.seen[place.Code] > 0:
		line.Code, line.Name = place.Code, place.Name
		c.Refuse(colPlace, "national.batch.twice")
	default:
		line.Code, line.Name = place.Code, place.Name
		r.seen[place.Code] = line.Line
	}
	line.Options = Options{Model: int(c.Number(colModel, 2)), Template: r.template()}
	line.Options.Modules = r.list(colModules, func(name string) string { return moduleNames[name] }, "national.batch.module")
	line.Options.Without = r.list(colWithout, unitNamed, "national.batch.unit")
	if wrong := line.Options.check(); len(wrong) > 0 && !c.Bad() {
		c.Refuse(colModel, wrong[0].Key)
	}
	line.Counterpart = r.invitee()
}

// placeNamed finds a place by its code, with or without the zero that Excel
// drops, or by the name of its commune.
func placeNamed(text string) (Place, bool) {
	if p, ok := PlaceOf(text); ok {
		return p, true
	}
	if p, ok := PlaceOf("0" + text); ok && len(text) == 4 {
		return p, true
	}
	c, ok := territory.ByName(text)
	if !ok {
		return Place{}, false
	}
	return PlaceOf(c.Code)
}

func (r *lineReader) template() string {
	typed := r.cells.Text(colTemplate)
	if known, ok := templateNames[sheet.Fold(typed)]; ok {
		return known
	}
	p, ok := placeNamed(typed)
	if !ok || r.here[p.Code] == "" {
		r.cells.Refuse(colTemplate, "national.error.template")
		return ModelTemplate
	}
	return p.Code
}

// list reads names with commas between.
func (r *lineReader) list(column int, codeOf func(folded string) string, wrong string) (codes []string) {
	for part := range strings.FieldsFuncSeq(r.cells.Text(column), func(c rune) bool { return c == ',' || c == ';' || c == '|' || c == '/' }) {
		if part = sheet.Fold(part); part == "" {
			continue
		}
		code := codeOf(part)
		if code == "" {
			r.cells.Refuse(column, wrong)
			return nil
		}
		codes = append(codes, code)
	}
	return codes
}

func unitNamed(folded string) string {
	for _, u := range referral.UsualUnits() {
		if sheet.Fold(u.Code) == folded || sheet.Fold(u.Name) == folded {
			return u.Code
		}
	}
	return ""
}

// invitee reads the counterpart, nil when the row names none.
func (r *lineReader) invitee() *Invitee {
	c := r.cells
	i := &Invitee{GivenNames: c.Text(colGiven), Surnames: c.Text(colSurnames), Email: c.Text(colEmail)}
	text := c.Text(colRUN)
	if text+i.GivenNames+i.Surnames+i.Email == "" {
		return nil
	}
	run, err := people.ParseRUN(text)
	if err != nil {
		c.Refuse(colRUN, "access.field.run")
		return nil
	}
	i.RUN = run.Body()
	columns := map[string]int{"given_names": colGiven, "surnames": colSurnames, "email": colEmail}
	for _, wrong := range i.check() {
		c.Refuse(columns[wrong.Name], wrong.Key)
	}
	return i
}

// tableError reports whether the trouble is the file's, to be told beside its field.
func tableError(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Kind == fault.Invalid
}
