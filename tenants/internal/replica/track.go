package replica

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// Waiting times after an attempt that failed: they double up to the last.
const (
	firstPause = time.Second
	lastPause  = 30 * time.Second
)

// Track follows one file for as long as it is open, and a little longer: until
// everything that was written to it is copied.
type Track struct {
	e     *Engine
	place Place
	ctx   context.Context    //nolint:containedctx // of the track's life, not of a call
	end   context.CancelFunc // of what is under way: it is let go of
	poke  chan struct{}      // something has changed for run
	gone  chan struct{}      // closed when Litestream has let go

	mu      sync.Mutex
	used    bool // the program has it open
	ready   bool // it may be read
	dropped bool // let go, whatever is missing
	closing bool // being let go of: too late to use it
	forget  bool // what was noted of it is of no use any more
	tidied  bool
	untidy  context.CancelFunc // ends tidying
	told    uint64             // changes that we were told of
	read    uint64             // of them, those that lie in Litestream's notes
	sent    uint64             // of them, those that are copied
	waiting int                // who want to know at once
	left    time.Time
	reread  time.Time // not before then to the file
	retry   time.Time // not before then to the store
	pause   time.Duration
	changed chan struct{} // closed and replaced when sent or state changes
	state   State

	lastRun time.Time

	// What follows belongs to run.
	db      *litestream.DB
	checked bool // it is known that the store has no more than we have
	careful bool // let Litestream itself compare with the store first
}

func newTrack(e *Engine, at Place) *Track {
	now := time.Now()
	ctx, end := context.WithCancel(e.ctx)
	t := &Track{ctx: ctx, end: end, e: e, place: at, poke: make(chan struct{}, 1), gone: make(chan struct{}), changed: make(chan struct{}),
		used: true, told: 1, untidy: func() {}}
	t.state.Since = now // nothing is known: to look is the first work
	t.left = now
	return t
}

// reuse takes a file into use again that was about to be let go of; false: too late.
func (t *Track) reuse() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closing || t.dropped {
		return false
	}
	t.used, t.tidied = true, false
	t.untidy()
	return true
}

// Ready says that the file is open, whole, and of this version's schema. It and
// the others that tell do nothing on a nil Track, of a file without a replica.
func (t *Track) Ready() {
	if t == nil {
		return
	}
	t.mu.Lock()
	t.ready = true
	t.mu.Unlock()
	t.wake()
}

// Changed says that a commit was made. It costs next to nothing.
func (t *Track) Changed() {
	if t == nil {
		return
	}
	t.mu.Lock()
	t.told++
	first := t.state.Since.IsZero()
	if first {
		t.state.Since = time.Now()
	}
	t.mu.Unlock()
	if first {
		t.wake()
	}
}

// Leave says that the program has closed the file. It is let go of when
// everything is copied.
func (t *Track) Leave() {
	if t == nil {
		return
	}
	t.mu.Lock()
	t.used, t.ready = false, true
	t.left = time.Now()
	t.told++ // closing it may have written, too
	if t.state.Since.IsZero() {
		t.state.Since = t.left
	}
	t.mu.Unlock()
	t.wake()
}

// Abandon is Leave of a file that could not be opened, or not be worked with any
// more: nothing more of it is copied. lost: it is damaged, away or another one,
// and what comes in its place is copied as a whole.
func (t *Track) Abandon(lost bool) {
	if t == nil {
		return
	}
	t.mu.Lock()
	t.used, t.ready, t.dropped, t.forget = false, true, true, t.forget || lost
	t.end()
	t.mu.Unlock()
	t.wake()
}

// drop lets go as soon as nobody uses it, whatever is missing.
func (t *Track) drop() {
	t.mu.Lock()
	t.dropped = true
	t.end()
	t.mu.Unlock()
	t.wake()
}

// hurry tries at once.
func (t *Track) hurry() {
	t.mu.Lock()
	t.waiting++ // for ever: it is the last that happens to it
	t.retry, t.reread = time.Time{}, time.Time{}
	t.untidy()
	t.mu.Unlock()
	t.wake()
}

// Wait returns when everything that was committed before the call is copied.
func (t *Track) Wait(ctx context.Context) error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	want := t.told
	t.waiting++
	t.retry = time.Time{} // it may be there again
	defer func() { t.waiting-- }()
	for t.sent < want {
		changed := t.changed
		t.mu.Unlock()
		t.wake()
		select {
		case <-changed:
		case <-t.gone:
			t.mu.Lock()
			return ErrStopped
		case <-ctx.Done():
			t.mu.Lock()
			return ctx.Err()
		}
		t.mu.Lock()
	}
	return nil
}

// Gone is closed when Litestream has let go of the file.
func (t *Track) Gone() <-chan struct{} { return t.gone }

// State is how the file stands.
func (t *Track) State() State {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state
}

func (t *Track) wake() {
	select {
	case t.poke <- struct{}{}:
	default:
	}
}

// run does what is due until it is time to let go.
func (t *Track) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		switch wait, end := t.due(time.Now()); {
		case end:
			t.letGo()
			return
		case wait == 0:
			t.work()
		case wait == tidy:
			t.tidy()
		case wait < 0:
			<-t.poke
		default:
			timer.Reset(wait)
			select {
			case <-timer.C:
			case <-t.poke:
			}
		}
	}
}

// tidy, as a waiting time, says that there is time to tidy up.
const tidy = time.Duration(-2)

// due says how long there is nothing to do; negative: until somebody calls. end:
// it is time to let go of the file, and from now on nobody may use it.
func (t *Track) due(now time.Time) (wait time.Duration, end bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.used {
		done := t.sent == t.told
		if done && !t.tidied && !t.dropped && t.waiting == 0 {
			return tidy, false
		}
		if done || t.dropped || now.Sub(t.left) > patience {
			t.closing = true
			return 0, true
		}
	}
	if !t.ready || t.sent == t.told || t.dropped {
		return -1, false
	}
	return max(t.next().Sub(now), 0), false
}

// next is when the next attempt is due. The caller holds t.mu.
func (t *Track) next() time.Time {
	if t.read == t.told { // all is read: when the store may be asked
		return t.retry
	}
	at := t.reread
	if t.waiting > 0 || !t.used {
		return later(at, t.lastRun.Add(firstPause/20)) // never a tight loop
	}
	if t.read == t.sent { // half of it, so that changes that come together go together
		at = later(at, t.state.Since.Add(t.e.cfg.SyncInterval()/2))
	}
	return later(at, t.lastRun.Add(t.e.cfg.SyncInterval()))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// work reads what is new in the file, and sends it.
func (t *Track) work() {
	t.mu.Lock()
	told, mayAsk := t.told, !time.Now().Before(t.retry)
	began := time.Now()
	t.lastRun = began
	t.mu.Unlock()
	err := t.takeNew()
	if err == nil {
		t.mu.Lock()
		t.read, t.reread = told, time.Time{}
		t.mu.Unlock()
		if !mayAsk {
			return
		}
		err = t.send()
	}
	t.note(told, began, err)
}

// takeNew moves what is new in the file into Litestream's notes. It asks the store
// nothing, so it goes on while the store is away: the WAL does not grow.
func (t *Track) takeNew() error {
	if _, err := os.Stat(t.place.Path); err != nil {
		return err // Litestream takes a file that is not there for one without changes
	}
	select {
	case t.e.reading <- struct{}{}:
		defer func() { <-t.e.reading }()
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
	if t.db == nil {
		db, err := t.e.register(t.ctx, t.place)
		if err != nil {
			return err
		}
		t.db, t.checked = db, false
	}
	ctx := t.ctx
	if !t.careful {
		ctx = context.WithValue(ctx, muted{}, true)
	}
	opened := t.db.SQLDB() != nil
	err := t.db.Sync(ctx)
	if !opened {
		t.spare()
	}
	if recoverable(err) {
		return errors.Join(err, t.renew())
	}
	return err
}

// send copies what lies in the notes.
func (t *Track) send() error {
	select {
	case t.e.sending <- struct{}{}:
		defer func() { <-t.e.sending }()
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
	ctx, cancel := context.WithTimeout(t.ctx, t.long())
	defer cancel()
	if !t.checked {
		if ahead, err := t.ahead(ctx); err != nil {
			return err
		} else if ahead {
			return t.renew()
		}
		t.checked, t.careful = true, false
	}
	err := t.db.Replica.Sync(ctx)
	if recoverable(err) {
		t.e.log.Warn("what was noted of a file for its replica is not whole: it is copied as a whole again", "file", t.place.Prefix, "error", err)
		return errors.Join(err, t.renew())
	}
	return err
}

// long is how long sending may take: a whole copy of a large file on a thin line.
func (t *Track) long() time.Duration {
	long := time.Minute
	if info, err := os.Stat(t.place.Path); err == nil {
		long += time.Duration(info.Size()/(100<<10)) * time.Second
	}
	return long
}

// ahead reports whether the store knows more than we: the data directory is an
// older one, put back by hand. What it knows is kept, and a whole copy added.
func (t *Track) ahead(ctx context.Context) (bool, error) {
	there, err := t.db.Replica.MaxLTXFileInfo(ctx, 0)
	if err != nil {
		return false, err
	}
	here, err := t.db.Pos()
	if err != nil {
		return false, err
	}
	if there.MaxTXID > here.TXID {
		return true, nil
	}
	t.db.Replica.SetPos(ltx.Pos{TXID: there.MaxTXID})
	return false, nil
}

var errRenewed = errors.New("begun anew after what is there already")

// renew forgets the notes: the next attempt compares with the store and goes on
// after what is there with a whole copy.
func (t *Track) renew() error {
	if err := t.db.ResetLocalState(t.ctx); err != nil {
		return err
	}
	_ = t.unregister(false)
	t.careful = true
	return errRenewed
}

// recoverable reports whether a whole copy heals it.
func recoverable(err error) bool {
	var broken *litestream.LTXError
	return errors.As(err, &broken) && broken.IsAutoRecoverable()
}

// note writes down what came of an attempt.
func (t *Track) note(told uint64, began time.Time, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.tell()
	if err != nil && errors.Is(err, errRenewed) && t.pause == 0 {
		t.pause = firstPause / 10 // once at once; then as every error
		t.read, t.retry = t.sent, time.Now().Add(t.pause)
		t.reread = t.retry
		return
	}
	t.e.out.note(t.e.log, t.place.Prefix, err)
	t.state.Err = err
	if err != nil {
		t.pause = min(max(2*t.pause, firstPause), lastPause)
		t.retry = time.Now().Add(t.pause)
		if t.read != told { // it was the file
			t.reread = t.retry
		}
		return
	}
	t.pause, t.retry, t.reread = 0, time.Time{}, time.Time{}
	t.sent = told
	t.state.TXID, t.state.SyncedAt, t.state.Since = t.db.Replica.Pos().TXID.String(), began, time.Time{}
	if t.told != told {
		t.state.Since = began // they came while we were at it
	}
}

// tell wakes those who wait. The caller holds t.mu.
func (t *Track) tell() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// letGo closes what Litestream has open and says how the file stands.
func (t *Track) letGo() {
	t.mu.Lock()
	whole, forget := t.sent == t.told && !t.forget, t.forget
	t.mu.Unlock()
	var err error
	if t.db != nil {
		err = t.unregister(whole)
	}
	if forget {
		err = errors.Join(err, os.RemoveAll(t.place.Notes))
	}
	state := t.State()
	if !whole || err != nil {
		if state.Since.IsZero() {
			state.Since = time.Now()
		}
		state.Err = errors.Join(state.Err, err)
		if state.Err == nil {
			state.Err = errors.New("let go of before it was copied")
		}
	} else {
		t.e.out.note(t.e.log, t.place.Prefix, nil)
	}
	t.end()
	t.e.Left(t.place, state)
	t.e.forget(t)
}

// unregister makes Litestream close the file; with last it sends once more, if it can.
func (t *Track) unregister(last bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), letGoFor)
	defer cancel()
	if !last {
		cancel()
	}
	err := t.e.store.UnregisterDB(ctx, t.place.Path)
	t.db, t.checked = nil, false
	if !last {
		return nil // that it was not sent is known
	}
	return err
}

// tidy puts the single changes of a file together before it is closed.
// Litestream does that by the clock with the files that it has, and a small
// municipality's is hardly ever among them then. Who wants to use the file ends it.
func (t *Track) tidy() {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	t.mu.Lock()
	t.tidied = true
	if t.used || t.waiting > 0 {
		t.mu.Unlock()
		return
	}
	t.untidy = cancel
	t.mu.Unlock()
	select { // a nation's files may close together in the evening
	case t.e.tidying <- struct{}{}:
		defer func() { <-t.e.tidying }()
	case <-ctx.Done():
		return
	}
	levels := append(t.e.cfg.levels()[1:], t.e.store.SnapshotLevel())
	for _, level := range levels {
		if err := t.compact(ctx, level); err != nil {
			if ctx.Err() == nil {
				t.e.log.Warn("the replica of a file was not tidied", "file", t.place.Prefix, "error", err)
			}
			return
		}
	}
}

func (t *Track) compact(ctx context.Context, level *litestream.CompactionLevel) error {
	_, err := t.e.store.CompactDB(ctx, t.db, level)
	switch {
	case errors.Is(err, litestream.ErrNoCompaction), errors.Is(err, litestream.ErrCompactionTooEarly), errors.Is(err, litestream.ErrDBNotReady):
		return nil
	case err == nil && level.Level == litestream.SnapshotLevel:
		return t.e.store.EnforceSnapshotRetention(ctx, t.db)
	}
	return err
}
