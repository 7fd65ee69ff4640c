package access

import (
	"strconv"

	"github.com/boombuler/barcode/qr"

	"gsl/templates/access"
)

// quiet is the white border that readers need, in modules.
const quiet = 4

// drawQR gives the text as the path of an SVG: a rectangle for each run of dark
// modules in a row. It is drawn here, so that the secret goes to nobody else.
func drawQR(text string) (access.QR, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return access.QR{}, err
	}
	size := code.Bounds().Dx()
	dark := func(x, y int) bool {
		r, _, _, _ := code.At(x, y).RGBA()
		return r == 0
	}
	var path []byte
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for x < size && dark(x, y) {
				x++
			}
			if x > from {
				path = appendRun(path, from+quiet, y+quiet, x-from)
			}
		}
	}
	return access.QR{Size: strconv.Itoa(size + 2*quiet), Path: string(path)}, nil
}

func appendRun(path []byte, x, y, width int) []byte {
	path = strconv.AppendInt(append(path, 'M'), int64(x), 10)
	path = strconv.AppendInt(append(path, ' '), int64(y), 10)
	path = strconv.AppendInt(append(path, 'h'), int64(width), 10)
	path = append(path, "v1h-"...)
	return append(strconv.AppendInt(path, int64(width), 10), 'z')
}
