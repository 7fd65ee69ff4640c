package picture

import (
	"bufio"
	"context"
	"encoding/binary"
	"image/color"
	"io"
)

// The markers of a JPEG that matter here.
const (
	markSOF0 = 0xc0 // baseline; 0xc1 the same with more tables, 0xc2 progressive
	markSOF2 = 0xc2
	markDHT  = 0xc4
	markRST  = 0xd0 // to 0xd7
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markDQT  = 0xdb
	markDRI  = 0xdd
	markAPP1 = 0xe1
	markAdob = 0xee
)

// jpegFile is a JPEG on its way through: of each block of 8×8 points only its
// mean is kept.
type jpegFile struct {
	in          *bufio.Reader
	w, h        int
	progressive bool
	rgb         bool     // an Adobe file that says its colours are not split
	quant       [4]int32 // of the mean
	dc, ac      [4]*codes
	parts       []*part
	hMax, vMax  int
	interval    int // blocks between two restarts; 0: there are none
	turned      int
	done        int // parts whose means are known
}

// part is one of the colours.
type part struct {
	id, h, v, quant    byte
	wide, high, stride int    // in blocks: those of the picture, and of a row with its filling
	means              []byte // of each block
	known              bool
	dc, ac             *codes
	last               int32
}

func ofJPEG(ctx context.Context, file *io.SectionReader, side int) (s *shrink, turned int, err error) {
	j := &jpegFile{in: newReader(file), turned: 1}
	if err := j.begin(); err != nil {
		return nil, 1, ErrNone
	}
	points, few := j.w*j.h, fewPoints
	if j.progressive {
		few = fewProgressive
	}
	if points <= few {
		s, err = wholeJPEG(file, side)
		return s, j.turned, err
	}
	if points > mostPoints || len(j.parts) != 1 && len(j.parts) != 3 {
		return nil, 1, ErrNone
	}
	if err := j.readScans(ctx); err != nil {
		return nil, 1, err
	}
	return j.shrink(side), j.turned, nil
}

func newReader(file *io.SectionReader) *bufio.Reader { return bufio.NewReaderSize(file, 32<<10) }

// begin reads up to the frame's head.
func (j *jpegFile) begin() error {
	for len(j.parts) == 0 {
		mark, err := j.mark()
		if err != nil {
			return err
		}
		if mark == markSOS || mark == markEOI {
			return ErrNone
		}
		if err := j.segment(mark); err != nil {
			return err
		}
	}
	return nil
}

// mark finds the next marker, over whatever stands before it.
func (j *jpegFile) mark() (byte, error) {
	for {
		b, err := j.in.ReadByte()
		for err == nil && b == 0xff {
			if b, err = j.in.ReadByte(); err == nil && b != 0 && b != 0xff && (b < markRST || b > markSOI) {
				return b, nil
			}
		}
		if err != nil {
			return 0, err
		}
	}
}

// body reads what a segment holds; the longest has 64 KB.
func (j *jpegFile) body() ([]byte, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(j.in, head); err != nil {
		return nil, err
	}
	length := int(binary.BigEndian.Uint16(head))
	if length < 2 {
		return nil, ErrNone
	}
	body := make([]byte, length-2)
	_, err := io.ReadFull(j.in, body)
	return body, err
}

// segment takes in what a segment before the picture says.
func (j *jpegFile) segment(mark byte) error {
	body, err := j.body()
	if err != nil {
		return err
	}
	switch {
	case mark == markAPP1:
		j.turned = orientation(body)
	case mark == markAdob:
		j.rgb = len(body) >= 12 && string(body[:5]) == "Adobe" && body[11] == 0
	case mark == markDQT:
		return j.quants(body)
	case mark == markDHT:
		return j.tables(body)
	case mark == markDRI && len(body) >= 2:
		j.interval = int(binary.BigEndian.Uint16(body))
	case mark >= markSOF0 && mark <= markSOF2:
		j.progressive = mark == markSOF2
		return j.frame(body)
	case mark > markSOF2 && mark <= 0xcf && mark != 0xc8 && mark != 0xcc:
		return ErrNone // without loss, or by arithmetic: nobody writes those
	}
	return nil
}

// quants keeps of each table what the mean was divided by.
func (j *jpegFile) quants(body []byte) error {
	for len(body) > 0 {
		wide, at := body[0]>>4, body[0]&15
		size := 1 + 64<<wide
		if wide > 1 || at > 3 || len(body) < size {
			return ErrNone
		}
		j.quant[at] = int32(body[1])
		if wide == 1 {
			j.quant[at] = int32(binary.BigEndian.Uint16(body[1:]))
		}
		body = body[size:]
	}
	return nil
}

func (j *jpegFile) tables(body []byte) error {
	for len(body) > 0 {
		c, size, err := readCodes(body)
		if err != nil {
			return err
		}
		if class, at := body[0]>>4, body[0]&15; class > 1 || at > 3 {
			return ErrNone
		} else if class == 0 {
			j.dc[at] = c
		} else {
			j.ac[at] = c
		}
		body = body[size:]
	}
	return nil
}

// frame reads the measures and makes room for the means.
func (j *jpegFile) frame(body []byte) error {
	if len(j.parts) > 0 || len(body) < 6 || body[0] != 8 || len(body) != 6+3*int(body[5]) || body[5] == 0 || body[5] > 4 {
		return ErrNone
	}
	j.h, j.w = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	if j.w == 0 || j.h == 0 || j.w*j.h > mostPoints {
		return ErrNone
	}
	for of := body[6:]; len(of) > 0; of = of[3:] {
		p := &part{id: of[0], h: of[1] >> 4, v: of[1] & 15, quant: of[2]}
		if p.h < 1 || p.h > 4 || p.v < 1 || p.v > 4 || p.quant > 3 {
			return ErrNone
		}
		j.parts = append(j.parts, p)
		j.hMax, j.vMax = max(j.hMax, int(p.h)), max(j.vMax, int(p.v))
	}
	if len(j.parts) == 1 { // a picture of one part has no larger units
		j.parts[0].h, j.parts[0].v, j.hMax, j.vMax = 1, 1, 1, 1
	}
	for _, p := range j.parts {
		p.wide, p.high = blocks(j.w, int(p.h), j.hMax), blocks(j.h, int(p.v), j.vMax)
		p.stride = over(j.w, 8*j.hMax) * int(p.h)
	}
	return nil
}

// blocks is how many blocks of a part lie side by side.
func blocks(points, factor, most int) int { return over(over(points*factor, most), 8) }

func over(n, by int) int { return (n + by - 1) / by }

// shrink puts the means together: a point for each block of the finest part.
func (j *jpegFile) shrink(side int) *shrink {
	w, h := blocks(j.w, 1, 1), blocks(j.h, 1, 1)
	s, row := newShrink(w, h, side), make([]byte, 3*w)
	for y := range h {
		for x := range w {
			j.point(x, y, row[3*x:3*x+3])
		}
		s.row(y, row)
	}
	return s
}

// point gives the colour of a block.
func (j *jpegFile) point(x, y int, rgb []byte) {
	var c [3]byte
	for i, p := range j.parts {
		c[i] = p.means[y*int(p.v)/j.vMax*p.stride+x*int(p.h)/j.hMax]
	}
	switch {
	case len(j.parts) == 1:
		rgb[0], rgb[1], rgb[2] = c[0], c[0], c[0]
	case j.rgb:
		copy(rgb, c[:])
	default:
		rgb[0], rgb[1], rgb[2] = color.YCbCrToRGB(c[0], c[1], c[2])
	}
}
