package picture

import (
	"bytes"
	"encoding/binary"
)

// orientation is how the camera was held, from the first segment of EXIF: 1 is
// upright, and what is said of a camera that says nothing.
func orientation(body []byte) int {
	const upright, tag, short, entry = 1, 0x0112, 3, 12
	tiff, found := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if !found || len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return upright
	}
	list := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(list) < entry {
			return upright
		}
		if order.Uint16(list) == tag && order.Uint16(list[2:]) == short {
			if how := int(order.Uint16(list[8:])); how >= 1 && how <= 8 {
				return how
			}
			return upright
		}
		list = list[entry:]
	}
	return upright
}
