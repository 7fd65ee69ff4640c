package picture

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
)

// scene is a picture with soft and hard parts, so that a wrong place shows.
func scene(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(255 * x / w), uint8(255 * y / h), uint8(128 + 127*(x*3/w)%2), 255}
			if x < w/4 && y < h/4 {
				c = color.RGBA{250, 20, 20, 255} // the corner says which way up it is
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func small(t *testing.T, body []byte, side int) image.Image {
	t.Helper()
	out, err := Small(context.Background(), bytes.NewReader(body), int64(len(body)), side)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// alike reports how far two pictures of one size differ on the mean, in 255 steps.
func alike(t *testing.T, what string, got, want image.Image, most float64) {
	t.Helper()
	if got.Bounds().Size() != want.Bounds().Size() {
		t.Errorf("%s: %v, want %v", what, got.Bounds(), want.Bounds())
		return
	}
	sum, n := 0, 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			r, g, b, _ := got.At(x, y).RGBA()
			r2, g2, b2, _ := want.At(x, y).RGBA()
			for _, d := range []int{int(r>>8) - int(r2>>8), int(g>>8) - int(g2>>8), int(b>>8) - int(b2>>8)} {
				sum, n = sum+abs(d), n+1
			}
		}
	}
	if mean := float64(sum) / float64(n); mean > most {
		t.Errorf("%s: differs by %.1f on the mean", what, mean)
	}
}

// A likeness made of the means of blocks is the one that unfolding everything
// would give.
func TestALikenessIsThatOfTheWholePicture(t *testing.T) {
	wide := scene(2400, 1600)
	gray := image.NewGray(wide.Rect)
	paletted := image.NewPaletted(wide.Rect, color.Palette{color.Black, color.White, color.RGBA{250, 20, 20, 255}, color.RGBA{20, 20, 250, 255}})
	deep := image.NewNRGBA64(wide.Rect)
	for y := range 1600 {
		for x := range 2400 {
			c := wide.RGBAAt(x, y)
			gray.Set(x, y, c)
			paletted.Set(x, y, c)
			deep.Set(x, y, c)
		}
	}
	for what, test := range map[string]struct {
		body []byte
		of   image.Image
	}{
		"photograph":        {asJPEG(t, wide), wide},
		"odd measures":      {asJPEG(t, scene(2401, 1599)), scene(2401, 1599)},
		"gray photograph":   {asJPEG(t, gray), gray},
		"scan":              {asPNG(t, wide), wide},
		"gray scan":         {asPNG(t, gray), gray},
		"scan of four inks": {asPNG(t, paletted), paletted},
		"deep scan":         {asPNG(t, deep), wide},
	} {
		got := small(t, test.body, 256)
		size := test.of.Bounds().Size()
		s := newShrink(size.X, size.Y, 256)
		row := make([]byte, 3*size.X)
		for y := range size.Y {
			for x := range size.X {
				r, g, b, _ := test.of.At(x, y).RGBA()
				row[3*x], row[3*x+1], row[3*x+2] = byte(r>>8), byte(g>>8), byte(b>>8)
			}
			s.row(y, row)
		}
		if got.Bounds().Dx() != s.w || abs(got.Bounds().Dy()-s.h) > 1 {
			t.Errorf("%s: %v, want %d × %d", what, got.Bounds(), s.w, s.h)
			continue
		}
		alike(t, what, crop(got, s.w, min(s.h, got.Bounds().Dy())), crop(s.image(), s.w, min(s.h, got.Bounds().Dy())), 4)
	}
}

func crop(img image.Image, w, h int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out
}

// byHand writes a gray JPEG that has only means, with restarts, as few programs
// but many cameras do; a progressive one keeps the last bit for a later scan.
func byHand(w, h, interval int, progressive bool, mean func(x, y int) int) []byte {
	frame, low, lastOfBlock := byte(0xc0), 0, byte(63)
	if progressive {
		frame, low, lastOfBlock = 0xc2, 1, 0
	}
	b := []byte{0xff, 0xd8, 0xff, 0xdb, 0, 67, 0}
	for range 64 {
		b = append(b, 8)
	}
	b = append(b, 0xff, frame, 0, 11, 8, byte(h>>8), byte(h), byte(w>>8), byte(w), 1, 1, 0x11, 0)
	b = append(b, 0xff, 0xc4, 0, 19+12, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	b = append(b, 0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	b = append(b, 0xff, 0xdd, 0, 4, byte(interval>>8), byte(interval))
	b = append(b, 0xff, 0xda, 0, 8, 1, 1, 0, 0, lastOfBlock, byte(low))
	held, n := uint32(0), 0
	put := func(value uint32, length int) {
		for i := length - 1; i >= 0; i-- {
			held, n = held<<1|value>>i&1, n+1
			if n == 8 {
				if b = append(b, byte(held)); byte(held) == 0xff {
					b = append(b, 0)
				}
				held, n = 0, 0
			}
		}
	}
	fill := func() {
		for n > 0 {
			put(1, 1)
		}
	}
	last, count := 0, 0
	for y := range over(h, 8) {
		for x := range over(w, 8) {
			if count > 0 && count%interval == 0 {
				fill()
				b = append(b, 0xff, byte(0xd0+(count/interval-1)%8))
				last = 0
			}
			d := (mean(x, y)-128)>>low - last
			last, count = last+d, count+1
			size, bits := 0, d
			for v := abs(d); v > 0; v >>= 1 {
				size++
			}
			if d < 0 {
				bits = d + 1<<size - 1
			}
			put(uint32(size), 4)
			put(uint32(bits), size)
			if !progressive {
				put(0, 1)
			}
		}
	}
	fill()
	return append(b, 0xff, 0xd9)
}

func TestRestartsAreFollowed(t *testing.T) {
	for _, progressive := range []bool{false, true} {
		restarts(t, byHand(2400, 1600, 37, progressive, func(x, y int) int { return 20 + (x*7+y*3)%200 }))
	}
}

func restarts(t *testing.T, body []byte) {
	t.Helper()
	whole, err := jpeg.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal("the file made by hand is none: ", err)
	}
	out, err := Small(context.Background(), bytes.NewReader(body), int64(len(body)), 300)
	if err != nil {
		t.Fatal(err)
	}
	got, err := jpeg.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []image.Point{{0, 0}, {150, 100}, {299, 199}, {7, 130}} {
		want, _, _, _ := whole.At(at.X*8+4, at.Y*8+4).RGBA()
		if is, _, _, _ := got.At(at.X, at.Y).RGBA(); abs(int(is>>8)-int(want>>8)) > 30 {
			t.Errorf("%v is %d, want %d", at, is>>8, want>>8)
		}
	}
}

// withOrientation puts a camera's word on how it was held into a JPEG.
func withOrientation(body []byte, how byte) []byte {
	exif := append([]byte{0xff, 0xe1, 0, 34}, "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"...)
	exif = append(exif, how, 0, 0, 0, 0, 0, 0)
	return append(append([]byte{0xff, 0xd8}, exif...), body[2:]...)
}

// However the camera was held, the red corner comes to where it was on the spot.
func TestALikenessIsTheRightWayUp(t *testing.T) {
	body := asJPEG(t, scene(400, 200))
	for how, corner := range map[byte]image.Point{1: {5, 5}, 2: {194, 5}, 3: {194, 94}, 4: {5, 94}, 5: {5, 5}, 6: {94, 5}, 7: {94, 194}, 8: {5, 194}, 99: {5, 5}} {
		img := small(t, withOrientation(body, how), 200)
		want := image.Pt(200, 100)
		if how > 4 && how < 9 {
			want = image.Pt(100, 200)
		}
		r, g, _, _ := img.At(corner.X, corner.Y).RGBA()
		if img.Bounds().Size() != want || r>>8 < 200 || g>>8 > 70 {
			t.Errorf("held %d: %v, the corner is %d %d", how, img.Bounds(), r>>8, g>>8)
		}
	}
}

// What is no picture, breaks off or has been tampered with has no likeness, and
// harms nobody.
func TestBrokenPicturesHaveNone(t *testing.T) {
	large := asJPEG(t, scene(2400, 1600))
	scanned := asPNG(t, scene(1700, 1300))
	for what, body := range map[string][]byte{
		"nothing": nil, "text": []byte("una carta cualquiera"), "a cut photograph": large[:len(large)/2], "a cut scan": scanned[:len(scanned)/2],
		"only a head": large[:200], "no table": append([]byte{0xff, 0xd8, 0xff, 0xda}, large[2:]...),
	} {
		if _, err := Small(context.Background(), bytes.NewReader(body), int64(len(body)), 100); !errors.Is(err, ErrNone) {
			t.Errorf("%s: %v", what, err)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		for _, whole := range [][]byte{large[:min(60_000, len(large))], scanned[:min(60_000, len(scanned))]} {
			body := bytes.Clone(whole)
			for range 1 + rng.IntN(8) {
				body[rng.IntN(1+rng.IntN(len(body)))] = byte(rng.IntN(256))
			}
			_, _ = Small(context.Background(), bytes.NewReader(body), int64(len(body)), 100)
		}
	}
}

// A photograph of 48 million points takes no more memory than a letter.
func TestALargePhotographTakesLittleMemory(t *testing.T) {
	body := byHand(8000, 6000, 1000, false, func(x, y int) int { return (x + y) % 256 })
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if _, err := Small(context.Background(), bytes.NewReader(body), int64(len(body)), 256); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20 {
		t.Errorf("took %d KB", took>>10)
	}
}

func FuzzSmall(f *testing.F) {
	f.Add(asJPEG(f, scene(64, 48)))
	f.Add(asPNG(f, scene(64, 48)))
	f.Add(withOrientation(byHand(64, 64, 3, false, func(x, y int) int { return x * y }), 6))
	f.Add(byHand(64, 64, 3, true, func(x, y int) int { return x * y }))
	f.Fuzz(func(_ *testing.T, body []byte) {
		file := io.NewSectionReader(bytes.NewReader(body), 0, int64(len(body)))
		_, _ = Small(context.Background(), file, file.Size(), 64)
		j := &jpegFile{in: newReader(file), turned: 1}
		if j.begin() == nil && len(j.parts) != 2 && len(j.parts) != 4 && j.w*j.h < 1<<20 && j.readScans(context.Background()) == nil {
			j.shrink(64).image()
		}
	})
}
