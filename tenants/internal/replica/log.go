package replica

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// sayAgain is how long a message is not repeated: with a store that is away,
// hundreds of files have the same to say.
const sayAgain = 10 * time.Minute

// quietHandler lets through what somebody has to know, once.
type quietHandler struct {
	slog.Handler
	said    *said
	details bool
}

type said struct {
	mu sync.Mutex
	at map[string]time.Time
}

func quiet(to slog.Handler, details bool) slog.Handler {
	return &quietHandler{Handler: to, said: &said{at: map[string]time.Time{}}, details: details}
}

func (h *quietHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

func (h *quietHandler) Handle(ctx context.Context, record slog.Record) error {
	h.said.mu.Lock()
	last, known := h.said.at[record.Message]
	repeated := known && record.Time.Sub(last) < sayAgain
	if !repeated {
		h.said.at[record.Message] = record.Time
	}
	h.said.mu.Unlock()
	if repeated {
		return nil
	}
	// Litestream's own words are the details: whether files are copied, we say.
	if record.Level > slog.LevelWarn && h.details {
		record.Level = slog.LevelWarn
	}
	return h.Handler.Handle(ctx, record)
}

func (h *quietHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &quietHandler{Handler: h.Handler.WithAttrs(attrs), said: h.said, details: h.details}
}

func (h *quietHandler) WithGroup(name string) slog.Handler {
	return &quietHandler{Handler: h.Handler.WithGroup(name), said: h.said, details: h.details}
}

// outage knows which files cannot be copied now, to say it when it begins and
// when it is over, and not for each of them.
type outage struct {
	mu      sync.Mutex
	failing map[string]bool
	since   time.Time
	most    int
}

func (o *outage) note(log *slog.Logger, file string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err == nil {
		o.well(log, file)
		return
	}
	if o.failing == nil {
		o.failing = map[string]bool{}
	}
	if len(o.failing) == 0 {
		o.since, o.most = time.Now(), 0
		log.Error("files cannot be copied to their replica; people work on, and it is tried again", "file", file, "error", err)
	}
	o.failing[file] = true
	o.most = max(o.most, len(o.failing))
}

func (o *outage) well(log *slog.Logger, file string) {
	if !o.failing[file] {
		return
	}
	delete(o.failing, file)
	if len(o.failing) == 0 {
		log.Warn("every file is copied to its replica again", "files", o.most, "after", time.Since(o.since).Round(time.Second).String())
	}
}
