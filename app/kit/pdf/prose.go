package pdf

import "strings"

const (
	proseSize    = 10.0
	proseLeading = proseSize * point * 1.36
	proseGap     = 1.9 // between paragraphs
)

// Prose is running text as people write it: line ends are kept, an empty line
// is a gap, and it goes on over as many pages as it takes. Of a paragraph no
// single line stays behind or goes ahead alone.
func (s *Sheet) Prose(text string) {
	for _, block := range strings.Split(printable(strings.TrimSpace(text)), "\n") {
		if strings.TrimSpace(block) == "" {
			s.Space(proseGap)
			continue
		}
		s.font("", proseSize, Ink)
		s.proseLines(s.wrap(block, bodyWidth))
	}
	s.Space(1)
}

func (s *Sheet) proseLines(lines []string) {
	for i, line := range lines {
		left := len(lines) - i
		switch {
		case i == 0 && left > 1, left == 2 && i > 1: // the first two together, and the last two
			s.Keep(2 * proseLeading)
		default:
			s.Keep(proseLeading)
		}
		y := s.f.GetY()
		s.font("", proseSize, Ink) // a new page's letterhead has set its own
		s.f.Text(marginLeft, y+proseSize*point, line)
		s.f.SetXY(marginLeft, y+proseLeading)
	}
	s.Space(proseGap / 2)
}

// Notice is a sentence in a tinted box: what one must know before reading on.
func (s *Sheet) Notice(text string, ink, tint Color) {
	const pad, size = 3.0, 9.5
	s.font("B", size, ink)
	lines := s.wrap(text, bodyWidth-2*pad)
	height := float64(len(lines))*leading(size) + 2*pad
	s.Keep(height)
	y := s.f.GetY()
	s.fill(tint)
	s.f.RoundedRect(marginLeft, y, bodyWidth, height, 1.6, "1234", "F")
	for i, line := range lines {
		s.font("B", size, ink)
		s.f.Text(marginLeft+pad, y+pad+size*point+float64(i)*leading(size), line)
	}
	s.f.SetXY(marginLeft, y+height+2)
}
