package catalogue

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
	"gsl/app/kit/web"
	views "gsl/templates/catalogue"
	"gsl/templates/layout"
	"gsl/templates/ui"
	"gsl/tenants"
)

// The national catalogue travels in the columns of the file that it was seeded
// from, and those that came later.
var fileColumns = []string{"code", "category", "subcategory", "name", "provider", "scope", "unit", "reference_clp", "interval_days", "criteria",
	"requirements", "legal_basis", "ris_code", "form", "description", "contact", "spots", "spots_period"}

// Export writes what is valid today.
func (e *Editor) Export(ctx context.Context, who actor.Actor) ([]byte, error) {
	inv, err := e.Inventory(ctx, who)
	if err != nil {
		return nil, err
	}
	drawers := (&Catalogue{Categories: inv.Categories}).places().names
	var out bytes.Buffer
	w := sheet.NewWriter(&out)
	if err := w.Write(fileColumns...); err != nil {
		return nil, err
	}
	for i := range inv.Entries {
		if v := inv.Entries[i].Now; v != nil {
			if err := w.Write(v.cells(drawers[[2]string{v.Category, v.Subcategory}])...); err != nil {
				return nil, err
			}
		}
	}
	err = w.Flush()
	return out.Bytes(), err
}

func (c *Content) cells(drawer string) []string {
	number := func(n int64, known bool) string {
		if !known {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	criteria, _ := ReadRows(c.Criteria)
	said := make([]string, len(criteria))
	for i := range criteria {
		said[i] = criteria[i].language()
	}
	fields := make([]string, 0, len(c.Fields))
	for _, f := range c.Fields {
		fields = append(fields, f.language())
	}
	return []string{c.Code, c.Category, drawer, c.Name, c.Provider, National, c.Unit, number(c.Reference, c.ReferenceKnown), number(int64(c.IntervalDays), c.IntervalDays > 0),
		strings.Join(said, "; "), strings.Join(c.Requirements, "; "), c.LegalBasis, c.RISCode, strings.Join(fields, ";"), c.Description, c.Contact, number(int64(c.Spots), c.Spots > 0), c.SpotsPeriod}
}

// language writes a criterion as parseCriteria reads it.
func (c *Criterion) language() string {
	var alternatives []string
	for _, tests := range c.Alternatives {
		var parts []string
		for i := range tests {
			parts = append(parts, tests[i].language())
		}
		alternatives = append(alternatives, strings.Join(parts, " and "))
	}
	text := strings.Join(alternatives, " or ")
	if len(c.Alternatives) > 1 || len(c.Alternatives[0]) > 1 {
		text = "(" + text + ")"
	}
	switch c.Scope {
	case ScopePerson:
		return "person " + text
	case ScopeAnyMember:
		return "any member " + text
	}
	return text
}

func (t *Test) language() string {
	if t.kind != received {
		return t.Attribute + " " + t.Operator + " " + t.Value
	}
	text := t.Attribute + " " + t.code + " within " + strconv.FormatInt(t.number, 10) + " days"
	if t.Operator == "not_within" {
		return "not " + text
	}
	return text
}

func (r FieldRow) language() string {
	text := r.Label + ":" + r.Type
	if r.Type == ChoiceField {
		text += "(" + strings.Join(splitList(r.Choices, "|"), "|") + ")"
	}
	if r.Required {
		text += "!"
	}
	return text
}

// Wrong is a line of a file that cannot be taken.
type Wrong struct {
	Line   int
	Code   string
	Field  fault.Field // what of it; without a key, Column says it
	Column string
}

const mostLines = 2000

// Import makes drafts of what a file says otherwise than the catalogue. Nothing is
// taken when one line is wrong, or when somebody is changing one of the items.
func (e *Editor) Import(ctx context.Context, who actor.Actor, file []byte, from calendar.Date) (drafts int, wrong []Wrong, err error) {
	rows, err := readFile(file)
	if err != nil {
		return 0, nil, fault.InvalidField("file", "catalogue.national.error.file")
	}
	err = e.update(ctx, who, func(tx *tenants.Tx) error {
		drafts, wrong = 0, nil
		if bad := checkFrom(from, calendar.On(tx.Now)); len(bad) > 0 {
			return fault.InvalidFields(bad...)
		}
		known, err := loadVocabulary(tx)
		if err != nil {
			return err
		}
		list, bad := readItems(rows, known)
		if wrong = bad; len(wrong) > 0 {
			return fault.InvalidField("file", "catalogue.national.error.file_lines")
		}
		drafts, err = e.draftAll(tx, who, list, from)
		return err
	})
	return drafts, wrong, err
}

func (e *Editor) draftAll(tx *tenants.Tx, who actor.Actor, list []Content, from calendar.Date) (drafts int, err error) {
	for i := range list {
		s, err := e.sheet(tx, list[i].Code)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return 0, err
		}
		wanted := Draft{Content: list[i], From: from}
		if s.Draft != nil && s.Draft.says(&wanted) || s.Draft == nil && wanted.plan(s.Versions, s.Today).Same {
			continue
		}
		if s.Draft != nil {
			return 0, fault.New(fault.Conflict, "catalogue.national.error.draft_in_the_way").With("Code", list[i].Code)
		}
		if err := e.keep(tx, who, &Edit{Sheet: s}, &wanted); err != nil {
			return 0, err
		}
		drafts++
	}
	return drafts, nil
}

// readFile reads the lines by their columns; ; separates too.
func readFile(file []byte) ([]map[string]string, error) {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	reader := csv.NewReader(bytes.NewReader(file))
	if head, _, _ := bytes.Cut(file, []byte("\n")); bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		reader.Comma = ';'
	}
	records, err := reader.ReadAll()
	if err != nil || len(records) < 2 || len(records) > mostLines {
		return nil, fault.New(fault.Invalid, "catalogue.national.error.file")
	}
	rows := make([]map[string]string, 0, len(records)-1)
	for _, record := range records[1:] {
		row := make(map[string]string, len(record))
		for i, name := range records[0] {
			text, ok := readable(unguarded(record[i]))
			if !ok {
				return nil, fault.New(fault.Invalid, "catalogue.national.error.file")
			}
			row[strings.TrimSpace(name)] = text
		}
		rows = append(rows, row)
	}
	if _, ok := rows[0]["code"]; !ok {
		return nil, fault.New(fault.Invalid, "catalogue.national.error.file")
	}
	return rows, nil
}

// unguarded takes off the apostrophe that keeps a cell from being a formula.
func unguarded(cell string) string {
	if bare, ok := strings.CutPrefix(cell, "'"); ok && sheet.Harmless(bare) == cell {
		return bare
	}
	return cell
}

// readItems reads the national lines; those of municipalities are left out.
func readItems(rows []map[string]string, known *vocabulary) (list []Content, wrong []Wrong) {
	for _, row := range rows {
		known.codes[row["code"]] = true // items of one file may speak of each other
		if row["ris_code"] != "" {
			known.codes[row["ris_code"]] = true
		}
	}
	seen := map[string]bool{}
	for i, row := range rows {
		if row["scope"] == Municipal {
			continue
		}
		row["scope"] = National
		it, err := seedItem(row)
		if err != nil || seen[row["code"]] {
			wrong = append(wrong, Wrong{Line: i + 2, Code: row["code"], Column: columnOf(err)})
			continue
		}
		seen[it.Code] = true
		c := contentOf(it, it.Fields)
		c.Description, c.Contact, c.SpotsPeriod = row["description"], row["contact"], row["spots_period"]
		if c.SpotsPeriod == "" {
			c.SpotsPeriod = spotsPeriods[0]
		}
		if row["spots"] != "" {
			if c.Spots, err = strconv.Atoi(row["spots"]); err != nil {
				c.Spots = -1
			}
		}
		if _, bad := c.item(known); len(bad) > 0 {
			wrong = append(wrong, Wrong{Line: i + 2, Code: it.Code, Field: bad[0]})
			continue
		}
		list = append(list, c)
	}
	return list, wrong
}

// columnOf is the column that the error of a seed line begins with.
func columnOf(err error) string {
	if err == nil {
		return "code" // it stands twice
	}
	column, _, _ := strings.Cut(err.Error(), ":")
	return column
}

func (h *EditorHandlers) export(c *web.Ctx) error {
	file, err := h.editor.Export(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	return c.Download("text/csv; charset=utf-8", "catalogo-nacional-"+h.editor.Today().String()+".csv", file)
}

func (h *EditorHandlers) importForm(c *web.Ctx) error {
	return h.importPage(c, http.StatusOK, nil, nil)
}

func (h *EditorHandlers) importPage(c *web.Ctx, status int, wrong []Wrong, cause error) error {
	ctx := c.Context()
	errs := c.Errors(cause, "file", "catalogue.national.file", "valid_from", "catalogue.national.field.valid_from")
	v := &views.NationalImport{FileError: errs.Of("file"), From: ui.Input{Name: "valid_from", Type: "date", Label: i18n.T(ctx, "catalogue.national.field.valid_from"),
		Hint: i18n.T(ctx, "catalogue.national.field.valid_from_hint"), Optional: true, MaxLength: 10, Value: c.Typed("valid_from"), Error: errs.Of("valid_from")}}
	if text := conflictText(c, cause); text != "" {
		v.FileError = text
	}
	for i, line := range wrong {
		if i == maxShown {
			break
		}
		text := i18n.Tf(ctx, "catalogue.national.error.column", map[string]any{"Column": line.Column})
		if line.Field.Key != "" {
			text = i18n.Tf(ctx, line.Field.Key, line.Field.Args)
		}
		v.Wrong = append(v.Wrong, i18n.Tf(ctx, "catalogue.national.error.line", map[string]any{"Line": line.Line, "Code": line.Code, "What": text}))
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "catalogue.national.import")}, views.ImportPage(v))
}

// maxShown is how many wrong lines the page tells.
const maxShown = 50

// maxFile is how long a file of items may be, in bytes.
const maxFile = 4 << 20

func (h *EditorHandlers) importFile(c *web.Ctx) error {
	drafts, wrong, err := h.takeFile(c)
	switch {
	case fault.Is(err, fault.Invalid):
		return h.importPage(c, http.StatusUnprocessableEntity, wrong, err)
	case fault.Is(err, fault.Conflict):
		return h.importPage(c, http.StatusConflict, nil, err)
	case err != nil:
		return err
	}
	c.Flash("catalogue.national.flash.imported", map[string]any{"Count": drafts})
	return c.Redirect(nationalRoot + "/review")
}

func (h *EditorHandlers) takeFile(c *web.Ctx) (drafts int, wrong []Wrong, err error) {
	var sent struct {
		From   calendar.Date `form:"valid_from"`
		NoFile string        `form:"file"` // a box without a file comes as text
	}
	if err := c.Bind(&sent); err != nil {
		return 0, nil, err
	}
	file, chosen, err := c.Uploaded("file")
	if err != nil {
		return 0, nil, err
	}
	if !chosen {
		return 0, nil, fault.InvalidField("file", "catalogue.national.error.no_file")
	}
	defer func() { _ = file.Close() }() // read to its end, or not wanted
	if file.Size > maxFile {
		return 0, nil, fault.InvalidField("file", "catalogue.national.error.file")
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return 0, nil, err
	}
	return h.editor.Import(c.Context(), c.Actor(), content, sent.From)
}
