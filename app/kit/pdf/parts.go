package pdf

// Mark is a small drawing that says the same as its colour and its word.
type Mark uint8

// The marks.
const (
	NoMark Mark = iota
	Todo        // red: something waits
	Doing       // red: under way
	Done        // green: confirmed
	Failed      // grey: not achieved
	Gone        // grey: withdrawn
	Dot         // a filled circle
)

// mark draws a mark of 3 mm around its centre.
func (s *Sheet) mark(m Mark, cx, cy float64, c Color) {
	const r = 1.35
	s.line(c, 0.35)
	s.fill(c)
	switch m {
	case Todo:
		s.f.Circle(cx, cy, r, "D")
		s.f.Line(cx, cy-0.75, cx, cy+0.15)
		s.f.Circle(cx, cy+0.7, 0.14, "F")
	case Doing:
		s.f.Circle(cx, cy, r, "D")
		s.f.Line(cx, cy-0.8, cx, cy)
		s.f.Line(cx, cy, cx+0.6, cy+0.35)
	case Done:
		s.f.Circle(cx, cy, r, "F")
		s.line(Color{255, 255, 255}, 0.4)
		s.f.Line(cx-0.65, cy+0.05, cx-0.15, cy+0.55)
		s.f.Line(cx-0.15, cy+0.55, cx+0.7, cy-0.5)
	case Failed:
		s.f.Circle(cx, cy, r, "D")
		s.f.Line(cx-0.5, cy-0.5, cx+0.5, cy+0.5)
		s.f.Line(cx-0.5, cy+0.5, cx+0.5, cy-0.5)
	case Gone:
		s.f.Circle(cx, cy, r, "D")
		s.f.Line(cx-0.65, cy, cx+0.65, cy)
	case Dot:
		s.f.Circle(cx, cy, r, "F")
	case NoMark:
	}
}

// Fact is a label with its value.
type Fact struct{ Label, Value string }

// Facts sets labels and values in two columns.
func (s *Sheet) Facts(facts []Fact) {
	const gap, label = 6.0, 7.8
	width := (bodyWidth - gap) / 2
	for i := 0; i < len(facts); i += 2 {
		pair := facts[i:min(i+2, len(facts))]
		height := 0.0
		var values [2][]string
		for k, fact := range pair {
			s.font("", 9.5, Ink)
			values[k] = s.wrap(fact.Value, width)
			height = max(height, leading(label)+float64(len(values[k]))*leading(9.5)+1.6)
		}
		s.Keep(height)
		y := s.f.GetY()
		for k, fact := range pair {
			s.fact(marginLeft+float64(k)*(width+gap), y, label, fact.Label, values[k])
		}
		s.f.SetXY(marginLeft, y+height)
	}
}

func (s *Sheet) fact(x, y, size float64, label string, value []string) {
	s.font("", size, Muted)
	s.f.Text(x, y+size*point, printable(label))
	s.font("", 9.5, Ink)
	for i, line := range value {
		s.f.Text(x, y+leading(size)+9.5*point+float64(i)*leading(9.5), line)
	}
}

// Box is one of two tinted boxes side by side.
type Box struct {
	Title string
	Mark  Mark
	Ink   Color
	Tint  Color
}

// Boxes draws the boxes in one row.
func (s *Sheet) Boxes(boxes []Box) {
	const gap, height = 4.0, 9.5
	s.Space(1.5)
	s.Keep(height + 3)
	width := (bodyWidth - gap*float64(len(boxes)-1)) / float64(len(boxes))
	y := s.f.GetY()
	for i, box := range boxes {
		x := marginLeft + float64(i)*(width+gap)
		s.fill(box.Tint)
		s.f.RoundedRect(x, y, width, height, 1.6, "1234", "F")
		s.mark(box.Mark, x+5, y+height/2, box.Ink)
		s.font("B", 10, box.Ink)
		s.f.Text(x+8.5, y+height/2+1.25, printable(box.Title))
	}
	s.f.SetXY(marginLeft, y+height+3)
}

// Signature is a line to sign on, with who signs below it.
type Signature struct {
	Name  string
	Lines []string // document, position
	Above []string // on the line, where a hand would sign: how it was signed otherwise
}

// SignaturesHeight is the room that Signatures take.
const SignaturesHeight = signRoom + 22

const signRoom = 24.0

// Signatures draws the lines side by side, with room to sign, on one page.
func (s *Sheet) Signatures(list []Signature) {
	const gap = 22.0
	s.Keep(SignaturesHeight)
	width := (bodyWidth - gap*float64(max(len(list), 2)-1)) / float64(max(len(list), 2))
	left := marginLeft + (bodyWidth-width*float64(len(list))-gap*float64(len(list)-1))/2 // one alone stands in the middle
	y := s.f.GetY() + signRoom
	for i, who := range list {
		x := left + float64(i)*(width+gap)
		above := y - 2 - leading(8.5)*float64(len(who.Above)-1)
		for _, line := range who.Above {
			above = s.signer(x, above, width, "", 8.5, Blue, line)
		}
		s.line(Ink, 0.3)
		s.f.Line(x, y, x+width, y)
		at := s.signer(x, y+4.5, width, "B", 9.5, Ink, who.Name)
		for _, line := range who.Lines {
			at = s.signer(x, at, width, "", 8.5, Muted, line)
		}
	}
	s.f.SetXY(marginLeft, y+22)
}

// signer sets centred lines and gives where the next one stands.
func (s *Sheet) signer(x, y, width float64, face string, size float64, c Color, text string) float64 {
	s.font(face, size, c)
	for _, line := range s.wrap(text, width) {
		s.f.Text(x+(width-s.f.GetStringWidth(line))/2, y, line)
		y += leading(size)
	}
	return y
}
