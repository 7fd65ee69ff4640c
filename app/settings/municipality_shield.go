package settings

import (
	"bytes"
	"image"
	"image/draw"
	_ "image/jpeg" // pictures that are read
	"image/png"

	"gsl/app/kit/fault"
)

// A picture that is kept is never the one that was sent: it is read by its
// content and drawn anew, smaller, so that nothing else it carries comes along.
// SVG is a program rather than a picture, and is not taken.
const (
	LargestShield = 2 << 20 // bytes
	largestSide   = 3000    // pixels
	smallestSide  = 48
	shieldSide    = 240 // what is printed, 13 mm high: 450 dots an inch
	markSide      = 96  // what stands on top of a page
)

// redraw gives the shield and its small twin as PNG.
func (p *Profiles) redraw(picture []byte) (shield, mark []byte, err error) {
	if len(picture) > LargestShield {
		return nil, nil, fault.InvalidField("shield", "municipality.shield.large")
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(picture))
	if err != nil || kind != "png" && kind != "jpeg" {
		return nil, nil, fault.InvalidField("shield", "municipality.shield.kind")
	}
	if config.Width > largestSide || config.Height > largestSide || min(config.Width, config.Height) < smallestSide {
		return nil, nil, fault.InvalidField("shield", "municipality.shield.size")
	}
	p.turn.Lock()
	defer p.turn.Unlock()
	whole, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, nil, fault.InvalidField("shield", "municipality.shield.kind")
	}
	source := image.NewRGBA(image.Rect(0, 0, whole.Bounds().Dx(), whole.Bounds().Dy()))
	draw.Draw(source, source.Bounds(), whole, whole.Bounds().Min, draw.Src)
	if shield, err = drawn(source, shieldSide); err != nil {
		return nil, nil, err
	}
	mark, err = drawn(source, markSide)
	return shield, mark, err
}

// drawn is the picture within a square of that side.
func drawn(source *image.RGBA, side int) ([]byte, error) {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&out, shrink(source, side))
	return out.Bytes(), err
}

// shrink averages the pixels that fall into one; a small picture stays as it is.
func shrink(source *image.RGBA, side int) *image.RGBA {
	w, h := source.Bounds().Dx(), source.Bounds().Dy()
	long := max(w, h)
	if long <= side {
		return source
	}
	width, height := max(w*side/long, 1), max(h*side/long, 1)
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			average(small.Pix[small.PixOffset(x, y):], source, image.Rect(x*w/width, y*h/height, (x+1)*w/width, (y+1)*h/height))
		}
	}
	return small
}

// average puts the mean of an area into one pixel. Colours carry their opacity, so
// that clear parts colour nothing.
func average(into []uint8, source *image.RGBA, area image.Rectangle) {
	var sum [4]int
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := source.Pix[source.PixOffset(area.Min.X, y):source.PixOffset(area.Max.X, y)]
		for i, value := range row {
			sum[i%4] += int(value)
		}
	}
	count := area.Dx() * area.Dy()
	for i := range sum {
		into[i] = uint8(sum[i] / count) //nolint:gosec // a mean of bytes
	}
}
