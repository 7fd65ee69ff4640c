package screening

import (
	"os"
	"testing"

	"gsl/app/kit/sheet"
)

// spooled is a file on the disk that is written once and then imported.
type spooled struct{ *os.File }

func (s *spooled) open(t testing.TB) {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "*.csv")
	if err != nil {
		t.Fatal(err)
	}
	s.File = file
	t.Cleanup(func() { _ = file.Close() })
}

func (s *spooled) file(name string) *sheet.File {
	info, err := s.Stat()
	if err != nil {
		return nil
	}
	return sheet.NewFile(name, s.File, info.Size())
}
