package picture

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
)

// redBlue is a WebP as Chromium writes one: 64 × 32 points, the left half red, the
// right half blue.
const redBlue = "UklGRmYAAABXRUJQVlA4IFoAAABQBACdASpAACAAPm0ylEckIyIhLBqoAIANiWMAxj3AtAPkAAIgKkor41sAAP70vu/gN18WuX/3OB8y3zLfyJaVi9z0f+7J/pp/rZ/xjqsF5kKtOwN4mLEwAAA="

func TestAWebPHasALikeness(t *testing.T) {
	got := small(t, written(t), 32)
	if got.Bounds().Dx() != 32 || got.Bounds().Dy() != 16 {
		t.Fatalf("%v", got.Bounds())
	}
	for x, want := range map[int][3]uint32{4: {192, 0, 0}, 28: {0, 0, 192}} {
		r, g, b, _ := got.At(x, 8).RGBA()
		for i, v := range []uint32{r >> 8, g >> 8, b >> 8} {
			if max(v, want[i])-min(v, want[i]) > 24 {
				t.Errorf("at %d: %d, %d, %d, want %v", x, r>>8, g>>8, b>>8, want)
			}
		}
	}
}

// What a WebP says of itself at its head is not what the decoder unfolds.
func TestAVastWebPIsNotUnfolded(t *testing.T) {
	inside := written(t)
	at := bytes.Index(inside, []byte("VP8 ")) + 8
	binary.LittleEndian.PutUint16(inside[at+6:], 16383)
	binary.LittleEndian.PutUint16(inside[at+8:], 16383)
	canvas := slices.Concat([]byte("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\xff\x3f\xff\xff\x3f"), inside[12:])
	for what, body := range map[string][]byte{
		"a vast picture in a small file": inside,
		"one on a small canvas":          slices.Concat(inside[:12], []byte("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x3f\x00\x00\x1f\x00\x00"), inside[12:]),
		"a small one on a vast canvas":   slices.Concat(inside[:12], canvas[:18], written(t)[12:]),
		"one that breaks off":            written(t)[:40],
		"no picture at all":              []byte("RIFF\x04\x00\x00\x00WEBP"),
		"a chunk that leads nowhere":     slices.Concat(inside[:12], []byte("JUNK\xff\xff\xff\xff0123456789")),
	} {
		if _, err := Small(context.Background(), bytes.NewReader(body), int64(len(body)), 32); !errors.Is(err, ErrNone) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func written(t *testing.T) []byte {
	t.Helper()
	body, err := base64.StdEncoding.DecodeString(redBlue)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
