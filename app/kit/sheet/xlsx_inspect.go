package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"gsl/app/kit/fault"
)

// How large a workbook may be, packed and unpacked, and how far it may expand:
// real sheets expand 10 to 40 times.
const (
	maxPacked   = 64 << 20
	maxUnpacked = 1 << 30
	maxRatio    = 100
	smallEnough = 16 << 20 // under it no ratio is suspicious
	maxBadCells = 100_000
	maxRows     = 1 << 20 // of a sheet, as Excel has it
	maxColumns  = 1024    // a cell far to the right makes every row that wide
	maxDepth    = 64      // of elements within elements; a sheet has 8
)

var (
	errBomb       = errors.New("sheet: unpacks to more than it may")
	errNoWorkbook = errors.New("sheet: no workbook inside")
	errFormulas   = errors.New("sheet: too many formulas")
	errRows       = errors.New("sheet: rows out of order")
	errColumns    = errors.New("sheet: too many columns")
	errDepth      = errors.New("sheet: elements nested too deep")
)

// cellRef is row and column, both from 1.
type cellRef struct{ row, column int }

// inspection is what has to be known of a workbook before its values are read.
type inspection struct {
	sheet string             // name of the first sheet
	rows  int64              // of it
	bad   map[cellRef]string // its cells that hold a formula or an error
}

// inspect unpacks every part once, keeping nothing: so the real sizes are known,
// not the declared ones, a part that breaks off is noticed, and so are formulas.
func (f *File) inspect() (*inspection, error) {
	if f.Size > maxPacked {
		return nil, f.refuse("sheet.too_large")
	}
	archive, err := zip.NewReader(f.data, f.Size)
	if err != nil {
		return nil, f.damaged(err)
	}
	if err := checkSizes(archive, f.Size); err != nil {
		if errors.Is(err, errBomb) {
			return nil, f.refuse("sheet.bomb")
		}
		return nil, f.damaged(err)
	}
	found, part, dates1904, err := firstSheet(archive)
	switch {
	case errors.Is(err, errNoWorkbook):
		return nil, f.refuse("sheet.not_workbook")
	case err != nil:
		return nil, f.damaged(err)
	case dates1904:
		return nil, f.refuse("sheet.dates_1904")
	}
	switch err := found.scan(archive, part); {
	case errors.Is(err, errFormulas):
		return nil, f.refuse("sheet.too_many_formulas")
	case errors.Is(err, errColumns):
		return nil, f.refuse("sheet.too_wide").With("Count", maxColumns)
	case err != nil:
		return nil, f.damaged(err)
	}
	return found, nil
}

func (f *File) damaged(cause error) *fault.Error {
	return fault.Wrap(cause, fault.Invalid, "sheet.damaged").With("Name", f.Name)
}

// checkSizes reads every part to its end and counts.
func checkSizes(archive *zip.Reader, packed int64) error {
	limit := max(smallEnough, min(maxUnpacked, packed*maxRatio))
	for _, part := range archive.File {
		reader, err := part.Open()
		if err != nil {
			return err
		}
		n, err := io.Copy(io.Discard, io.LimitReader(reader, limit+1))
		_ = reader.Close()
		if limit -= n; limit < 0 {
			return errBomb
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type workbookXML struct {
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name string `xml:"name,attr"`
		ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
	} `xml:"sheets>sheet"`
}

type relationsXML struct {
	Relations []struct {
		ID     string `xml:"Id,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// firstSheet finds the first sheet and the part that holds it.
func firstSheet(archive *zip.Reader) (_ *inspection, part string, dates1904 bool, err error) {
	var book workbookXML
	var relations relationsXML
	if err := decodePart(archive, "xl/workbook.xml", &book); err != nil {
		return nil, "", false, err
	}
	if err := decodePart(archive, "xl/_rels/workbook.xml.rels", &relations); err != nil {
		return nil, "", false, err
	}
	if len(book.Sheets) == 0 {
		return nil, "", false, errNoWorkbook
	}
	dates1904, _ = strconv.ParseBool(book.Properties.Date1904)
	for _, r := range relations.Relations {
		if r.ID != book.Sheets[0].ID {
			continue
		}
		target := path.Join("xl", r.Target)
		if strings.HasPrefix(r.Target, "/") {
			target = strings.TrimPrefix(r.Target, "/")
		}
		return &inspection{sheet: book.Sheets[0].Name, bad: map[cellRef]string{}}, target, dates1904, nil
	}
	return nil, "", false, errNoWorkbook
}

func decodePart(archive *zip.Reader, name string, into any) error {
	reader, err := openPart(archive, name)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }()
	return xml.NewDecoder(reader).Decode(into)
}

func openPart(archive *zip.Reader, name string) (io.ReadCloser, error) {
	for _, part := range archive.File {
		if strings.EqualFold(strings.ReplaceAll(part.Name, `\`, "/"), name) {
			return part.Open()
		}
	}
	return nil, errNoWorkbook
}

// scan walks the sheet's XML to its end and notes formulas and errors.
func (in *inspection) scan(archive *zip.Reader, part string) error {
	reader, err := openPart(archive, part)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }()
	decoder := xml.NewDecoder(reader)
	at, depth := cellRef{}, 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch element := token.(type) {
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errDepth
			}
			if err := in.note(element, &at); err != nil {
				return err
			}
		}
	}
}

func (in *inspection) note(start xml.StartElement, at *cellRef) error {
	switch start.Name.Local {
	case "row":
		before := at.row
		at.row, at.column = at.row+1, 0
		if n, err := strconv.Atoi(attribute(start, "r")); err == nil {
			at.row = n
		}
		if at.row <= before || at.row > maxRows {
			return errRows // a row number of a billion would be walked up to
		}
		in.rows = int64(at.row)
	case "c":
		at.column++
		if ref := attribute(start, "r"); ref != "" {
			column, _, err := excelize.CellNameToCoordinates(ref)
			if err != nil {
				return err
			}
			at.column = column
		}
		if at.column > maxColumns {
			return errColumns
		}
		if attribute(start, "t") == "e" {
			in.bad[*at] = "sheet.error_cell"
		}
	case "f":
		in.bad[*at] = "sheet.formula_cell"
	}
	if len(in.bad) > maxBadCells {
		return errFormulas
	}
	return nil
}

func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
