package picture

import (
	"image"
	"image/color"
)

// shrink gathers the rows of a large picture into the points of a small one: each
// is the mean of those that fall on it.
type shrink struct {
	fromW, fromH, w, h int
	sum                []uint32 // red, green, blue of each point
	n                  []uint32
	column             []int // of the small picture, by column of the large one
}

func newShrink(fromW, fromH, side int) *shrink {
	s := &shrink{fromW: fromW, fromH: fromH, w: fromW, h: fromH}
	if longest := max(fromW, fromH); longest > side {
		s.w, s.h = max(1, fromW*side/longest), max(1, fromH*side/longest)
	}
	s.sum, s.n, s.column = make([]uint32, 3*s.w*s.h), make([]uint32, s.w*s.h), make([]int, fromW)
	for x := range s.column {
		s.column[x] = x * s.w / fromW
	}
	return s
}

// row adds a row of the large picture, three bytes a point.
func (s *shrink) row(y int, rgb []byte) {
	base := y * s.h / s.fromH * s.w
	for x, column := range s.column {
		at := base + column
		sum := s.sum[3*at : 3*at+3]
		sum[0] += uint32(rgb[3*x])
		sum[1] += uint32(rgb[3*x+1])
		sum[2] += uint32(rgb[3*x+2])
		s.n[at]++
	}
}

func (s *shrink) image() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, s.w, s.h))
	for at, n := range s.n {
		n = max(n, 1)
		p := img.Pix[4*at : 4*at+4]
		p[0], p[1], p[2], p[3] = byte(s.sum[3*at]/n), byte(s.sum[3*at+1]/n), byte(s.sum[3*at+2]/n), 0xff //nolint:gosec // a mean of bytes is a byte
	}
	return img
}

// turn puts a picture upright as its camera says: 1 is upright, 2 to 8 are the
// other ways of EXIF.
func turn(img *image.RGBA, how int) image.Image {
	if how < 2 || how > 8 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if how > 4 {
		w, h = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.SetRGBA(x, y, from(img, how, x, y))
		}
	}
	return out
}

// from is the point of the picture as it lies that comes to (x, y) upright.
func from(img *image.RGBA, how, x, y int) color.RGBA {
	right, bottom := img.Rect.Dx()-1, img.Rect.Dy()-1
	switch how {
	case 2:
		x = right - x
	case 3:
		x, y = right-x, bottom-y
	case 4:
		y = bottom - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, bottom-x
	case 7:
		x, y = right-y, bottom-x
	case 8:
		x, y = right-y, x
	}
	return img.RGBAAt(x, y)
}
