// Package picture makes small likenesses of photographs and scans. A photograph
// of 50 million points would take 75 MB if it were unfolded as image/jpeg does,
// so nothing here ever holds a large picture: of a JPEG only the mean of each 8×8
// block is read, which is written in the file by itself; a PNG goes through row
// by row; a WebP, of which neither can be had, is unfolded when it has few points.
// What is none of these, or written in a way that offices do not meet, has no
// likeness, and that is no fault of the picture.
package picture

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
)

// ErrNone says that there is no likeness of such a file.
var ErrNone = errors.New("picture: no likeness of this file")

// What is unfolded whole, by the standard library: so few points that nobody
// minds. A progressive JPEG keeps eight bytes of each while it is read.
const (
	fewPoints      = 2 << 20
	fewProgressive = 1 << 19
	mostPoints     = 64_000_000 // of what is read at all
	quality        = 78
)

// Small gives a likeness of a JPEG, PNG or WebP, as a JPEG of at most side points a
// side, the right way up. ErrNone, or what reading said.
func Small(ctx context.Context, r io.ReaderAt, size int64, side int) ([]byte, error) {
	head := make([]byte, 8)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, ErrNone
	}
	file := io.NewSectionReader(r, 0, size)
	var s *shrink
	var err error
	turned := 1
	switch {
	case head[0] == 0xff && head[1] == 0xd8:
		s, turned, err = ofJPEG(ctx, file, side)
	case string(head) == pngHead:
		s, err = ofPNG(ctx, file, side)
	case string(head[:4]) == webpHead:
		s, err = ofWebP(file, side)
	default:
		err = ErrNone
	}
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, turn(s.image(), turned), &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

// whole shrinks a picture that the standard library unfolds.
func whole(file *io.SectionReader, side int, decode func(io.Reader) (image.Image, error)) (*shrink, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	img, err := decode(file)
	if err != nil {
		return nil, ErrNone
	}
	box := img.Bounds()
	s := newShrink(box.Dx(), box.Dy(), side)
	row := make([]byte, 3*box.Dx())
	for y := range box.Dy() {
		for x := range box.Dx() {
			r, g, b, a := img.At(box.Min.X+x, box.Min.Y+y).RGBA()
			paper := 0xffff - a
			row[3*x], row[3*x+1], row[3*x+2] = byte((r+paper)>>8), byte((g+paper)>>8), byte((b+paper)>>8) //nolint:gosec // on white paper; r, g and b are at most a
		}
		s.row(y, row)
	}
	return s, nil
}

func wholeJPEG(file *io.SectionReader, side int) (*shrink, error) {
	return whole(file, side, jpeg.Decode)
}

func wholePNG(file *io.SectionReader, side int) (*shrink, error) {
	return whole(file, side, png.Decode)
}
