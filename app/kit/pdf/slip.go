package pdf

// Bullets lists short texts, one below the other.
func (s *Sheet) Bullets(list []string) {
	const indent, size = 4.5, 9.5
	for _, text := range list {
		s.font("", size, Ink)
		for i, line := range s.wrap(text, bodyWidth-indent) {
			s.Keep(leading(size))
			y := s.f.GetY()
			s.font("", size, Ink) // a new page's letterhead has set its own
			if i == 0 {
				s.fill(Muted)
				s.f.Circle(marginLeft+1.5, y+size*point*0.62, 0.5, "F")
			}
			s.f.Text(marginLeft+indent, y+size*point, line)
			s.f.SetXY(marginLeft, y+leading(size))
		}
	}
}

// Choices are empty boxes to tick by hand, with their words, side by side.
func (s *Sheet) Choices(list []string) {
	const box, gap, height, size = 3.4, 7.0, 6.4, 9.5
	s.Keep(height)
	x := marginLeft
	for _, text := range list {
		s.font("", size, Ink)
		words := printable(text)
		width := box + 1.8 + s.f.GetStringWidth(words)
		if x > marginLeft && x+width > marginLeft+bodyWidth {
			s.f.SetXY(marginLeft, s.f.GetY()+height)
			s.Keep(height)
			s.font("", size, Ink)
			x = marginLeft
		}
		y := s.f.GetY()
		s.line(Ink, 0.3)
		s.f.Rect(x, y+0.6, box, box, "D")
		s.f.Text(x+box+1.8, y+0.6+box-0.3, words)
		x += width + gap
	}
	s.f.SetXY(marginLeft, s.f.GetY()+height)
}

// Lines are ruled lines to write on by hand, below their label.
func (s *Sheet) Lines(label string, n int) {
	const size, pitch = 8.5, 7.2
	s.Keep(leading(size) + pitch*float64(n))
	s.font("", size, Muted)
	y := s.f.GetY()
	s.f.Text(marginLeft, y+size*point, printable(label))
	y += leading(size) - 2
	s.line(Rule, 0.25)
	for range n {
		y += pitch
		s.f.Line(marginLeft, y, marginLeft+bodyWidth, y)
	}
	s.f.SetXY(marginLeft, y+2)
}
