package tenants

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
)

// A closed file is sealed: beside it stands what its bytes add up to. SQLite
// finds damage to its own structure only; a byte of somebody's name that has
// turned on the disk it would serve for the name. A seal holds for the file it was
// made for, by its sizes and its times, which rot does not change: one that was
// restored or written to since is none of its business. The seal is taken away
// before a file is opened, so that what crashed has none.

// sealMost is how large a file is sealed: what is larger takes too long to read
// before its first page is shown.
const sealMost = 128 << 20

func sealOf(path string) string { return path + ".seal" }

// seal seals a file that no connection has open. Without a seal it is opened as
// ever, so an error is nobody's.
func seal(path string) {
	if !strings.HasSuffix(path, ".db") { // one that is being made
		return
	}
	text, err := contentOf(path)
	if err != nil || os.WriteFile(sealOf(path), []byte(text), 0o600) != nil {
		_ = os.Remove(sealOf(path))
	}
}

// unseal takes the seal away and says whether the file is what was sealed. No
// connection may have it open: to close a second descriptor of a file drops the
// locks of the first. The seal of a file that is not stays, until another file is
// in its place.
func unseal(path string) error {
	text, err := os.ReadFile(sealOf(path))
	if err != nil {
		return nil //nolint:nilerr // it has none
	}
	stamp, _, _ := strings.Cut(string(text), "\n")
	if stamp != stampOf(path) { // another file, or written to since
		return removeSeal(path)
	}
	now, err := contentOf(path)
	if err != nil {
		return err
	}
	if now == string(text) {
		return removeSeal(path)
	}
	return errors.New("its bytes are not those with which it was closed, and nobody has written to it: restore it")
}

func removeSeal(path string) error {
	err := os.Remove(sealOf(path))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// contentOf is the stamp of a file and the sum of its bytes, WAL included.
func contentOf(path string) (string, error) {
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	for _, suffix := range []string{"", "-wal"} {
		file, err := os.Open(path + suffix) //nolint:gosec // named by us
		if suffix != "" && errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		if info, err := file.Stat(); err != nil || info.Size() > sealMost {
			_ = file.Close()
			return "", errors.Join(err, errors.New("too large"))
		}
		_, err = io.Copy(sum, file)
		if err := errors.Join(err, file.Close()); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%s\n%08x\n", stampOf(path), sum.Sum32()), nil
}
