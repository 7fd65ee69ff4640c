package pdf

// Style is how a paragraph of a cell is set.
type Style struct {
	Bold bool
	Size float64 // points; 0 is 9
	Ink  Color
}

// Para is one paragraph of a cell, with a mark before its first line.
type Para struct {
	Text string
	Style
	Mark Mark
}

// Column is one column of a table.
type Column struct {
	Title string
	Width float64 // share of the whole width; the shares of a table add up to 1
	Right bool    // numbers stand at the right
}

// Row is the cells of a row, in the order of the columns.
type Row [][]Para

const (
	cellPad  = 1.8
	rowPad   = 1.7
	markRoom = 4.4
	headRow  = 6.2
)

// setLine is a line that knows how it is set.
type setLine struct {
	text string
	Style
	mark   Mark
	indent float64
}

// Table draws rows under a head that every page repeats. A row stays whole
// when a page can hold it; a longer one goes on over the page.
func (s *Sheet) Table(columns []Column, rows []Row) {
	s.Keep(headRow + 14)
	s.tableHead(columns)
	for _, row := range rows {
		s.row(columns, s.set(columns, row))
	}
	s.Space(1)
}

func (s *Sheet) tableHead(columns []Column) {
	y := s.f.GetY()
	s.fill(Shade)
	s.f.Rect(marginLeft, y, bodyWidth, headRow, "F")
	s.font("B", 8, Muted)
	x := marginLeft
	for _, c := range columns {
		width := c.Width * bodyWidth
		if c.Right {
			s.textRight(x+width-cellPad, y+4.1, printable(c.Title))
		} else {
			s.f.Text(x+cellPad, y+4.1, printable(c.Title))
		}
		x += width
	}
	s.f.SetXY(marginLeft, y+headRow)
}

// set breaks the paragraphs of a row into lines.
func (s *Sheet) set(columns []Column, row Row) [][]setLine {
	cells := make([][]setLine, len(columns))
	for i, c := range columns {
		for _, p := range row[i] {
			cells[i] = append(cells[i], s.setPara(p, c.Width*bodyWidth-2*cellPad)...)
		}
	}
	return cells
}

func (s *Sheet) setPara(p Para, width float64) []setLine {
	if p.Size == 0 {
		p.Size = 9
	}
	indent := 0.0
	if p.Mark != NoMark {
		indent = markRoom
	}
	s.style(p.Style)
	var lines []setLine
	for i, text := range s.wrap(p.Text, width-indent) {
		line := setLine{text: text, Style: p.Style, indent: indent}
		if i == 0 {
			line.mark = p.Mark
		}
		lines = append(lines, line)
	}
	return lines
}

func (s *Sheet) style(st Style) {
	face := ""
	if st.Bold {
		face = "B"
	}
	s.font(face, st.Size, st.Ink)
}

func cellHeight(lines []setLine) float64 {
	height := 2 * rowPad
	for _, line := range lines {
		height += leading(line.Size)
	}
	return height
}

func (s *Sheet) row(columns []Column, cells [][]setLine) {
	height := 0.0
	for _, lines := range cells {
		height = max(height, cellHeight(lines))
	}
	if height > s.room() && (height <= bodyHeight-headRow || s.room() < 30) {
		s.f.AddPage()
		s.tableHead(columns)
	}
	for !s.rowPart(columns, cells) {
		s.f.AddPage()
		s.tableHead(columns)
	}
}

// rowPart draws what fits of the cells, takes it away from them, and reports
// whether nothing is left.
func (s *Sheet) rowPart(columns []Column, cells [][]setLine) bool {
	top, bottom, done := s.f.GetY(), s.f.GetY(), true
	x := marginLeft
	for i, c := range columns {
		width := c.Width * bodyWidth
		y := top + rowPad
		for len(cells[i]) > 0 && y+leading(cells[i][0].Size)+rowPad <= pageHeight-marginBottom {
			s.cellLine(cells[i][0], x+cellPad, y, width-2*cellPad, c.Right)
			y += leading(cells[i][0].Size)
			cells[i] = cells[i][1:]
		}
		bottom = max(bottom, y+rowPad)
		done = done && len(cells[i]) == 0
		x += width
	}
	s.line(Rule, 0.2)
	s.f.Line(marginLeft, bottom, pageWidth-marginRight, bottom)
	s.f.SetXY(marginLeft, bottom)
	return done
}

func (s *Sheet) cellLine(line setLine, x, y, width float64, right bool) {
	s.style(line.Style)
	base := y + line.Size*point*0.98
	if right {
		s.textRight(x+width, base, line.text)
		return
	}
	if line.mark != NoMark {
		s.mark(line.mark, x+1.5, base-line.Size*point*0.36, line.Ink)
	}
	s.f.Text(x+line.indent, base, line.text)
}
