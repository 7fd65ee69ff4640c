package picture

import (
	"bufio"
	"context"
	"errors"
	"io"
)

// readScans reads the means of all parts. A baseline file has them in one scan,
// with everything else of each block, which is read over; a progressive one has
// them in the first scan of each part.
func (j *jpegFile) readScans(ctx context.Context) error {
	for _, p := range j.parts {
		p.means = make([]byte, p.stride*over(j.h, 8*j.vMax)*int(p.v))
	}
	for j.done < len(j.parts) {
		mark, err := j.mark()
		if err != nil || mark == markEOI {
			return ErrNone
		}
		if mark != markSOS {
			if err := j.segment(mark); err != nil {
				return ErrNone
			}
			continue
		}
		if err := j.scan(ctx); err != nil {
			return err
		}
	}
	return nil
}

// scan reads one scan, or leaves it when it has no means.
func (j *jpegFile) scan(ctx context.Context) error {
	body, err := j.body()
	if err != nil || len(body) < 1 || body[0] == 0 || len(body) != 4+2*int(body[0]) {
		return ErrNone
	}
	parts, err := j.partsOf(body[1 : len(body)-3])
	if err != nil {
		return err
	}
	begin, high, low := body[len(body)-3], body[len(body)-1]>>4, body[len(body)-1]&15
	if begin != 0 || high != 0 || low > 13 {
		return nil // finer and finer: the next marker is looked for
	}
	if !j.progressive {
		low = 0
	}
	s := &scan{file: j, parts: parts, bits: bits{in: j.in}, low: low}
	if err := s.read(ctx); err != nil {
		return err
	}
	for _, p := range parts {
		if !p.known {
			p.known, j.done = true, j.done+1
		}
	}
	return nil
}

// partsOf gives the parts of a scan with their tables.
func (j *jpegFile) partsOf(list []byte) ([]*part, error) {
	var parts []*part
	for ; len(list) > 0; list = list[2:] {
		var found *part
		for _, p := range j.parts {
			if p.id == list[0] {
				found = p
			}
		}
		if found == nil || list[1]>>4 > 3 || list[1]&15 > 3 {
			return nil, ErrNone
		}
		for _, p := range parts {
			if p == found {
				return nil, ErrNone
			}
		}
		found.dc, found.ac, found.last = j.dc[list[1]>>4], j.ac[list[1]&15], 0
		parts = append(parts, found)
	}
	return parts, nil
}

// scan is one scan under way.
type scan struct {
	file  *jpegFile
	parts []*part
	bits  bits
	low   byte // how many bits of the means come later
}

func (s *scan) read(ctx context.Context) error {
	for _, p := range s.parts {
		if p.dc == nil || p.ac == nil && !s.file.progressive {
			return ErrNone
		}
	}
	wide, high := over(s.file.w, 8*s.file.hMax), over(s.file.h, 8*s.file.vMax)
	alone := len(s.parts) == 1
	if alone {
		wide, high = s.parts[0].wide, s.parts[0].high
	}
	for y := range high {
		if err := ctx.Err(); err != nil {
			return err
		}
		for x := range wide {
			if n := y*wide + x; s.file.interval > 0 && n > 0 && n%s.file.interval == 0 {
				if err := s.restart(); err != nil {
					return err
				}
			}
			if err := s.unit(x, y, alone); err != nil {
				return err
			}
		}
	}
	return nil
}

// unit reads the blocks that come together: one, or those of all parts that lie
// on one spot.
func (s *scan) unit(x, y int, alone bool) error {
	if alone {
		p := s.parts[0]
		return s.block(p, y*p.stride+x)
	}
	for _, p := range s.parts {
		for v := range int(p.v) {
			for h := range int(p.h) {
				if err := s.block(p, (y*int(p.v)+v)*p.stride+x*int(p.h)+h); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// restart goes to the next marker, after which counting begins anew.
func (s *scan) restart() error {
	if err := s.bits.restart(); err != nil {
		return err
	}
	for _, p := range s.parts {
		p.last = 0
	}
	return nil
}

// block reads the mean of a block, and over the rest of it.
func (s *scan) block(p *part, at int) error {
	size, err := s.bits.code(p.dc)
	if err != nil || size > 15 {
		return errors.Join(err, errorIf(size > 15))
	}
	difference, err := s.bits.number(size)
	if err != nil {
		return err
	}
	p.last += difference
	mean := (p.last<<s.low)*s.file.quant[p.quant]/8 + 128
	p.means[at] = byte(min(max(mean, 0), 255)) //nolint:gosec // it is between them
	if s.file.progressive {
		return nil
	}
	return s.over(p.ac)
}

func errorIf(wrong bool) error {
	if wrong {
		return ErrNone
	}
	return nil
}

// over reads over the 63 finer numbers of a block.
func (s *scan) over(ac *codes) error {
	for k := 1; k < 64; k++ {
		code, err := s.bits.code(ac)
		if err != nil {
			return err
		}
		run, size := code>>4, code&15
		if size == 0 {
			if run != 15 {
				return nil
			}
			k += 15
			continue
		}
		k += int(run)
		if err := s.bits.skip(size); err != nil {
			return err
		}
	}
	return nil
}

// bits reads bit by bit. At a marker zeros follow, as many as one code may ask for
// beyond its own; more of them are the end of a file that broke off.
type bits struct {
	in     *bufio.Reader
	held   uint32
	n      uint // of bits that are held
	beyond int  // zeros that were made up
	ended  bool
}

const mostBeyond = 64

func (b *bits) fill() error {
	for b.n <= 24 {
		next := byte(0)
		if !b.ended {
			next = b.next()
		}
		if b.ended {
			if b.beyond += 8; b.beyond > mostBeyond {
				return ErrNone
			}
			next = 0
		}
		b.held |= uint32(next) << (24 - b.n)
		b.n += 8
	}
	return nil
}

// next gives a byte of the picture; a marker ends it, and stays where it is.
func (b *bits) next() byte {
	c, err := b.in.ReadByte()
	if err == nil && c != 0xff {
		return c
	}
	if err == nil {
		err = b.in.UnreadByte() // before Peek, which forgets it
	}
	ahead, cut := b.in.Peek(2)
	if b.ended = errors.Join(err, cut) != nil || ahead[1] != 0; b.ended {
		return 0
	}
	_, _ = b.in.Discard(2) // they are there
	return c
}

// restart takes the marker that stands here.
func (b *bits) restart() error {
	head := make([]byte, 2)
	if !b.ended {
		b.held, b.n = 0, 0 // the byte is filled up before a marker
	}
	if _, err := io.ReadFull(b.in, head); err != nil || head[0] != 0xff || head[1] < markRST || head[1] >= markSOI {
		return ErrNone
	}
	*b = bits{in: b.in}
	return nil
}

func (b *bits) take(n byte) uint32 {
	value := b.held >> (32 - n)
	b.held <<= n
	b.n -= uint(n)
	return value
}

func (b *bits) skip(n byte) error {
	if b.n < uint(n) {
		if err := b.fill(); err != nil {
			return err
		}
	}
	b.held <<= n
	b.n -= uint(n)
	return nil
}

// number reads a number of so many bits, of which the first says whether it is
// above zero.
func (b *bits) number(size byte) (int32, error) {
	if size == 0 {
		return 0, nil
	}
	if b.n < uint(size) {
		if err := b.fill(); err != nil {
			return 0, err
		}
	}
	value := int32(b.take(size)) //nolint:gosec // fifteen bits
	if value < 1<<(size-1) {
		value += -1<<size + 1
	}
	return value, nil
}

// code reads one code of a table.
func (b *bits) code(c *codes) (byte, error) {
	if b.n < 16 {
		if err := b.fill(); err != nil {
			return 0, err
		}
	}
	if short := c.short[b.held>>24]; short != 0 {
		b.take(byte(short >> 8))
		return byte(short), nil //nolint:gosec // the low byte is the value, the high one its length
	}
	for length := 9; length <= 16; length++ {
		if code := int32(b.held >> (32 - length)); code <= c.last[length] { //nolint:gosec // sixteen bits
			b.take(byte(length))
			return c.symbols[c.at[length]+code], nil
		}
	}
	return 0, ErrNone
}

// codes is a Huffman table: those of up to eight bits by what they look like, the
// longer ones by the last of each length.
type codes struct {
	short   [256]uint16 // length and symbol, 0 for none
	last    [17]int32   // -1: there is none of the length
	at      [17]int32   // where the symbols of a length begin, less its first code
	symbols []byte
}

// readCodes reads the first table of a segment, and says how long it is.
func readCodes(body []byte) (*codes, int, error) {
	if len(body) < 17 {
		return nil, 0, ErrNone
	}
	total := 0
	for _, n := range body[1:17] {
		total += int(n)
	}
	if total == 0 || total > 256 || len(body) < 17+total {
		return nil, 0, ErrNone
	}
	c := &codes{symbols: append([]byte(nil), body[17:17+total]...)}
	code, taken := int32(0), int32(0)
	for length := 1; length <= 16; length++ {
		n := int32(body[length])
		c.at[length], c.last[length] = taken-code, code+n-1
		if n == 0 {
			c.last[length] = -1
		}
		for range n {
			if code >= 1<<length {
				return nil, 0, ErrNone
			}
			c.shorten(length, code, c.symbols[taken])
			code, taken = code+1, taken+1
		}
		code <<= 1
	}
	return c, 17 + total, nil
}

// shorten writes a code of up to eight bits wherever a byte begins with it.
func (c *codes) shorten(length int, code int32, symbol byte) {
	if length > 8 {
		return
	}
	first := code << (8 - length)
	for i := range int32(1) << (8 - length) {
		c.short[first+i] = uint16(length)<<8 | uint16(symbol) //nolint:gosec // at most eight
	}
}
