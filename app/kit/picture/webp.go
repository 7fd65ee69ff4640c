package picture

import (
	"encoding/binary"
	"io"

	"golang.org/x/image/webp"
)

// webpHead is how a WebP begins, but for the four bytes of its length in between.
const webpHead = "RIFF"

// mostChunks is how far a picture is looked for: profiles and remarks are a handful.
const mostChunks = 64

// ofWebP shrinks a WebP of few points; a larger one has no likeness.
func ofWebP(file *io.SectionReader, side int) (*shrink, error) {
	points, err := webpPoints(file)
	if err != nil || points < 1 || points > fewPoints {
		return nil, ErrNone
	}
	return whole(file, side, webp.Decode)
}

// webpPoints is how many points the decoder would unfold: those of the canvas, or
// those of the picture in it, whichever are more. A file may say one and hold the
// other.
func webpPoints(file io.ReaderAt) (most int, err error) {
	var chunk [18]byte
	at := int64(12)
	for range mostChunks {
		n, err := file.ReadAt(chunk[:], at)
		if n < len(chunk) { // no picture is that short
			return 0, err
		}
		body := chunk[8:]
		switch string(chunk[:4]) {
		case "VP8X":
			most = (1 + uint24(body[4:])) * (1 + uint24(body[7:]))
		case "VP8L":
			bits := int(binary.LittleEndian.Uint32(body[1:]))
			return max(most, (1+bits&0x3fff)*(1+bits>>14&0x3fff)), nil
		case "VP8 ":
			return max(most, (int(binary.LittleEndian.Uint16(body[6:]))&0x3fff)*(int(binary.LittleEndian.Uint16(body[8:]))&0x3fff)), nil
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		at += 8 + size + size&1
	}
	return 0, ErrNone
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
