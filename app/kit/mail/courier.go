package mail

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"gsl/tenants"
)

// ErrOver is what a composer says of a letter whose subject is over.
var ErrOver = errors.New("mail: what it is about is over")

// Compose writes the letter of an outbox row as things stand now; ErrOver when
// there is nothing to write any more. The municipality is nil for the letters of
// the whole installation.
type Compose func(ctx context.Context, m *tenants.Municipality, e Entry) (Message, error)

// Courier sends what the outboxes of all municipalities hold, and that of the
// whole installation, in national.db, which goes by the id "".
type Courier struct {
	// Composers write the letters of each kind. Filled before Run.
	Composers map[string]Compose

	files  *tenants.Files
	send   func(context.Context, Message) error
	clock  func() time.Time
	log    *slog.Logger
	pace   time.Duration // between two municipalities of a round
	rounds time.Duration // between two looks into all outboxes

	mu   sync.Mutex
	due  map[string]time.Time // municipality → when its next letter waits to be tried
	wake chan struct{}
}

// NewCourier makes the courier of the data directory.
func NewCourier(files *tenants.Files, config Config, clock func() time.Time, log *slog.Logger) *Courier {
	return &Courier{Composers: map[string]Compose{}, files: files, send: config.Send, clock: clock, log: log,
		pace: 50 * time.Millisecond, rounds: 6 * time.Hour, due: map[string]time.Time{}, wake: make(chan struct{}, 1)}
}

// Tell says that a municipality's outbox has something new. A nil courier, of a
// program without a server to send by, hears nothing.
func (c *Courier) Tell(municipality string) {
	if c == nil {
		return
	}
	c.plan(municipality, c.clock())
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Waiting is in how many outboxes a letter waits to be sent.
func (c *Courier) Waiting() int {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.due)
}

func (c *Courier) plan(municipality string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.due[municipality]; !ok || at.Before(known) {
		c.due[municipality] = at
	}
}

// Run sends until the context ends. It begins with a look into every outbox: what
// was written before the program stopped is still to be sent. The look is unhurried,
// because it opens every municipality's file.
func (c *Courier) Run(ctx context.Context) {
	round := time.NewTimer(0)
	defer round.Stop()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-round.C:
			c.look(ctx)
			round.Reset(c.rounds)
		case <-c.wake:
		case <-tick.C:
		}
		for _, id := range c.ready() {
			c.serve(ctx, id)
		}
	}
}

// look notes which municipalities have letters that wait.
func (c *Courier) look(ctx context.Context) {
	c.note(ctx, "")
	list, err := c.files.Municipalities(ctx)
	if err != nil {
		c.trouble(ctx, "", err)
		return
	}
	for _, who := range list {
		if who.Status != tenants.Active {
			continue
		}
		c.note(ctx, who.ID)
		select {
		case <-ctx.Done():
			return
		case <-time.After(c.pace):
		}
	}
}

// box is a file with an outbox; m is nil for the installation's.
type box struct {
	file interface {
		View(ctx context.Context, work func(*tenants.Tx) error) error
		Update(ctx context.Context, work func(*tenants.Tx) error) error
	}
	m    *tenants.Municipality
	code string // of the municipality, for the log
}

func (c *Courier) box(ctx context.Context, id string) (box, error) {
	if id == "" {
		return box{file: c.files.National()}, nil
	}
	m, err := c.files.Municipality(ctx, id)
	if err != nil {
		return box{}, err
	}
	return box{m, m, m.Code}, nil
}

func (b box) active() bool { return b.m == nil || b.m.Status() == tenants.Active }

func (c *Courier) note(ctx context.Context, id string) {
	b, err := c.box(ctx, id)
	if err == nil {
		err = b.file.View(ctx, func(tx *tenants.Tx) error {
			at, waits, err := dueAt(tx)
			if waits {
				c.plan(id, at)
			}
			return err
		})
	}
	c.trouble(ctx, id, err)
}

// ready gives the municipalities whose turn has come, and forgets them: serving
// one plans it again.
func (c *Courier) ready() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock()
	var list []string
	for id, at := range c.due {
		if !at.After(now) {
			list = append(list, id)
			delete(c.due, id)
		}
	}
	return list
}

// serve sends what is due of one municipality.
func (c *Courier) serve(ctx context.Context, id string) {
	b, err := c.box(ctx, id)
	if err != nil || !b.active() {
		c.trouble(ctx, id, err)
		return
	}
	for ctx.Err() == nil {
		more, err := c.sendNext(ctx, b)
		if err != nil {
			c.trouble(ctx, id, err)
			c.plan(id, c.clock().Add(time.Minute))
			return
		}
		if !more {
			break
		}
	}
	c.note(context.WithoutCancel(ctx), id)
}

// Waits between tries: a server that restarts, one that is mended during the day,
// one that is away for a weekend.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour}

func backoff(tries int) time.Duration { return waits[min(tries, len(waits)-1)] }

// sendNext sends one letter; false when none is due. The try is noted first and
// its end after: a letter whose end was noted never leaves again. One that the
// server took in the very moment the machine failed leaves twice, under the same
// Message-ID, by which servers tell that it is the same.
func (c *Courier) sendNext(ctx context.Context, b box) (bool, error) {
	var e Entry
	var found, late bool
	err := b.file.Update(ctx, func(tx *tenants.Tx) (err error) {
		if e, found, err = next(tx); err != nil || !found {
			return err
		}
		if late = !e.Until.After(tx.Now); late {
			return end(tx, e.ID, Failed, "late")
		}
		return begin(tx, &e, tx.Now.Add(backoff(e.Tries)))
	})
	if err != nil || !found || late {
		return found, err
	}
	state, code, err := c.try(ctx, b, e)
	if err != nil {
		return false, err
	}
	// What has left has left, even when the program is told to stop.
	return true, b.file.Update(context.WithoutCancel(ctx), func(tx *tenants.Tx) error {
		if state == Waiting {
			return trouble(tx, e.ID, code)
		}
		return end(tx, e.ID, state, code)
	})
}

// try composes and sends; the error is of our own file, not of the server.
func (c *Courier) try(ctx context.Context, b box, e Entry) (State, string, error) {
	compose := c.Composers[e.Kind]
	if compose == nil {
		return Dropped, "unknown", nil
	}
	letter, err := compose(ctx, b.m, e)
	if errors.Is(err, ErrOver) {
		return Dropped, "over", nil
	}
	if err != nil {
		return Waiting, "", err
	}
	letter.ID, letter.To = e.ID, e.Recipient
	err = c.send(ctx, letter)
	var refusal *RefusalError
	switch {
	case err == nil:
		return Sent, "", nil
	case errors.As(err, &refusal):
		c.log.WarnContext(ctx, "a letter was refused", "municipality", b.code, "letter", e.ID, "code", refusal.Code)
		return Failed, strconv.Itoa(refusal.Code), nil
	}
	c.log.WarnContext(ctx, "a letter was not sent", "municipality", b.code, "letter", e.ID, "try", e.Tries, "error", err)
	return Waiting, "away", nil
}

func (c *Courier) trouble(ctx context.Context, municipality string, err error) {
	if err != nil && ctx.Err() == nil {
		c.log.WarnContext(ctx, "an outbox could not be read", "municipality", municipality, "error", err)
	}
}
