package document

import (
	"context"
	"io"
	"log/slog"
)

// Scanner asks an antivirus about every file that arrives.
type Scanner struct {
	// Look gives the name of what it found in the file, "" for nothing; an error
	// when nobody could look.
	Look func(ctx context.Context, file io.Reader) (found string, err error)
	// Lenient takes files when nobody could look, and says so on each.
	Lenient bool
	Log     *slog.Logger
}

// look gives what is kept of the answer: Clean, Missed, "" for nobody asked. A
// file in which something was found is refused.
func (s *Scanner) look(ctx context.Context, f io.ReaderAt, size int64) (string, error) {
	if s == nil {
		return "", nil
	}
	found, err := s.Look(ctx, io.NewSectionReader(f, 0, size))
	switch {
	case err != nil && ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		s.Log.WarnContext(ctx, "antivirus did not answer", "error", err.Error(), "taken", s.Lenient)
		if s.Lenient {
			return Missed, nil
		}
		return "", refuse("document.error.unscanned")
	case found != "":
		s.Log.WarnContext(ctx, "antivirus found something in an upload", "found", found)
		return "", refuse("document.error.infected")
	}
	return Clean, nil
}
