package picture

import (
	"bufio"
	"compress/zlib"
	"context"
	"encoding/binary"
	"io"
)

const pngHead = "\x89PNG\r\n\x1a\n"

// longestRow is how many bytes of a row are held; two are held at a time.
const longestRow = 1 << 20

// How a PNG writes a point.
const (
	pngGray      = 0
	pngRGB       = 2
	pngPalette   = 3
	pngGrayAlpha = 4
	pngRGBA      = 6
)

var pngChannels = map[byte]int{pngGray: 1, pngRGB: 3, pngPalette: 1, pngGrayAlpha: 2, pngRGBA: 4}

// pngFile is a PNG on its way through, chunk by chunk.
type pngFile struct {
	in          *bufio.Reader
	w, h        int
	depth, kind byte
	interlaced  bool
	palette     []byte
	left        uint32 // of the chunk of data that is being read
}

func ofPNG(ctx context.Context, file *io.SectionReader, side int) (*shrink, error) {
	p := &pngFile{in: newReader(file)}
	if err := p.begin(); err != nil {
		return nil, ErrNone
	}
	switch points := p.w * p.h; {
	case points <= fewPoints:
		return wholePNG(file, side)
	case points > mostPoints || p.interlaced || p.rowBytes() > longestRow:
		return nil, ErrNone
	}
	return p.shrink(ctx, side)
}

// begin reads up to the first chunk of data.
func (p *pngFile) begin() error {
	if _, err := p.in.Discard(len(pngHead)); err != nil {
		return err
	}
	for {
		name, size, err := p.chunk()
		if err != nil {
			return err
		}
		switch name {
		case "IHDR":
			err = p.header(size)
		case "PLTE":
			err = p.readPalette(size)
		case "IDAT":
			p.left = size
			return p.check()
		default:
			_, err = io.CopyN(io.Discard, p.in, int64(size)+4)
		}
		if err != nil {
			return err
		}
	}
}

func (p *pngFile) chunk() (name string, size uint32, err error) {
	head := make([]byte, 8)
	_, err = io.ReadFull(p.in, head)
	return string(head[4:]), binary.BigEndian.Uint32(head), err
}

func (p *pngFile) header(size uint32) error {
	body := make([]byte, 13+4)
	if size != 13 {
		return ErrNone
	}
	if _, err := io.ReadFull(p.in, body); err != nil {
		return err
	}
	w, h := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
	if w == 0 || h == 0 || w > mostPoints || h > mostPoints {
		return ErrNone
	}
	p.w, p.h, p.depth, p.kind, p.interlaced = int(w), int(h), body[8], body[9], body[12] != 0
	return nil
}

func (p *pngFile) readPalette(size uint32) error {
	if size > 3*256 {
		return ErrNone
	}
	p.palette = make([]byte, 3*256)
	if _, err := io.ReadFull(p.in, p.palette[:size]); err != nil {
		return err
	}
	_, err := p.in.Discard(4)
	return err
}

func (p *pngFile) check() error {
	_, known := pngChannels[p.kind]
	depths := p.depth == 8 || p.depth == 16 && p.kind != pngPalette ||
		(p.depth == 1 || p.depth == 2 || p.depth == 4) && (p.kind == pngGray || p.kind == pngPalette)
	if p.w == 0 || !known || !depths || p.kind == pngPalette && p.palette == nil {
		return ErrNone
	}
	return nil
}

// Read gives the data of the chunks, one after the other.
func (p *pngFile) Read(b []byte) (int, error) {
	for p.left == 0 {
		if _, err := p.in.Discard(4); err != nil {
			return 0, err
		}
		name, size, err := p.chunk()
		if err != nil {
			return 0, err
		}
		if name != "IDAT" {
			return 0, io.EOF
		}
		p.left = size
	}
	n, err := p.in.Read(b[:min(len(b), int(p.left))])
	p.left -= uint32(n) //nolint:gosec // no more than left
	return n, err
}

func (p *pngFile) rowBytes() int { return (p.w*pngChannels[p.kind]*int(p.depth) + 7) / 8 }

// shrink unpacks row by row, with the one before, of which each is a difference.
func (p *pngFile) shrink(ctx context.Context, side int) (*shrink, error) {
	data, err := zlib.NewReader(p)
	if err != nil {
		return nil, ErrNone
	}
	defer func() { _ = data.Close() }()
	s, length := newShrink(p.w, p.h, side), p.rowBytes()
	before, row, rgb := make([]byte, length), make([]byte, length+1), make([]byte, 3*p.w)
	step := max(1, pngChannels[p.kind]*int(p.depth)/8)
	for y := range p.h {
		if err := ctx.Err(); y%64 == 0 && err != nil {
			return nil, err
		}
		if _, err := io.ReadFull(data, row); err != nil {
			return nil, ErrNone
		}
		if !unfilter(row[0], row[1:], before, step) {
			return nil, ErrNone
		}
		p.colours(row[1:], rgb)
		s.row(y, rgb)
		copy(before, row[1:])
	}
	return s, nil
}

// unfilter makes a row of its difference to what stands left of and above it.
func unfilter(how byte, row, above []byte, step int) bool {
	for i := range row {
		var left, corner byte
		if i >= step {
			left, corner = row[i-step], above[i-step]
		}
		switch how {
		case 0:
			return true
		case 1:
			row[i] += left
		case 2:
			row[i] += above[i]
		case 3:
			row[i] += byte((int(left) + int(above[i])) / 2) //nolint:gosec // a mean of bytes is a byte
		case 4:
			row[i] += paeth(left, above[i], corner)
		default:
			return false
		}
	}
	return true
}

// paeth is the neighbour that is nearest to left + above - corner.
func paeth(left, above, corner byte) byte {
	l, a, c := int(left), int(above), int(corner)
	toLeft, toAbove, toCorner := abs(a-c), abs(l-c), abs(l+a-2*c)
	switch {
	case toLeft <= toAbove && toLeft <= toCorner:
		return left
	case toAbove <= toCorner:
		return above
	}
	return corner
}

func abs(n int) int { return max(n, -n) }

// colours puts a row into three bytes a point.
func (p *pngFile) colours(row, rgb []byte) {
	if p.depth < 8 {
		p.packed(row, rgb)
		return
	}
	wide := int(p.depth) / 8 // of 16 bits the upper eight count
	step := wide * pngChannels[p.kind]
	for x := range p.w {
		point, to := row[x*step:(x+1)*step], rgb[3*x:3*x+3]
		switch p.kind {
		case pngPalette:
			copy(to, p.palette[3*int(point[0]):])
		case pngGray, pngGrayAlpha:
			to[0], to[1], to[2] = point[0], point[0], point[0]
		default:
			to[0], to[1], to[2] = point[0], point[wide], point[2*wide]
		}
		if p.kind == pngGrayAlpha || p.kind == pngRGBA {
			onPaper(to, point[step-wide])
		}
	}
}

// onPaper lays a point that is partly transparent on white paper.
func onPaper(to []byte, alpha byte) {
	for i := range to {
		to[i] = byte((int(to[i])*int(alpha) + 255*(255-int(alpha))) / 255) //nolint:gosec // between two bytes
	}
}

// packed reads points of less than a byte.
func (p *pngFile) packed(row, rgb []byte) {
	depth := int(p.depth)
	mask := 1<<depth - 1
	for x := range p.w {
		bit := x * depth
		value := int(row[bit/8]) >> (8 - depth - bit%8) & mask
		to := rgb[3*x : 3*x+3]
		if p.kind == pngPalette {
			copy(to, p.palette[3*value:])
			continue
		}
		gray := byte(value * 255 / mask) //nolint:gosec // at most 255
		to[0], to[1], to[2] = gray, gray, gray
	}
}
