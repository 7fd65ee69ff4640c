package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// storeAway: the store of the replicas has one bad day after the other while
// desks work. Nobody who works notices anything; when the store is well again
// the replicas catch up, which is proved by restoring all from them.
func storeAway(ctx context.Context, s *stage) error {
	length := pick(s.suite, 5*time.Second, 10*time.Minute)
	o, err := s.newStore(ctx)
	if err != nil {
		return err
	}
	r, err := s.openReplicated(ctx, o.Config)
	if err != nil {
		return err
	}
	defer r.desks.close()
	days := o.badDays()
	for _, day := range days {
		say("s3: %s", day.name)
		before := s.counted("acknowledged")
		if err := day.begin(); err != nil {
			return err
		}
		if err := pause(ctx, length/time.Duration(len(days))); err != nil {
			return err
		}
		if err := day.end(); err != nil {
			return err
		}
		s.found("acknowledged while "+day.name, s.counted("acknowledged")-before)
		if s.counted("acknowledged") == before {
			s.broken("%s: the desks stood still", day.name)
		}
	}
	for _, what := range []string{"unanswered", "told to try again", "sessions lost"} {
		if n := s.counted(what); n > 0 {
			s.broken("people noticed that the store was away: %d %s", n, what)
		}
	}
	s.found("requests to the store", o.requests.Load())
	s.found("of these answered 500", o.failed.Load())
	return r.caughtUp(ctx)
}

// replicated is a program whose files go to a store, with desks at work.
type replicated struct {
	*stage
	v     *server
	data  string
	towns []town
	book  *ledger
	desks *desks
}

func (s *stage) openReplicated(ctx context.Context, config string) (*replicated, error) {
	r := &replicated{stage: s, data: filepath.Join(s.dir, "data")}
	s.env = []string{"GSL_LITESTREAM=" + config}
	var err error
	if r.towns, err = s.towns(ctx, r.data); err != nil {
		return nil, err
	}
	if r.book, err = openLedger(filepath.Join(s.dir, "ledger")); err != nil {
		return nil, err
	}
	s.after(r.book.close)
	if r.v, err = s.server(ctx, r.data); err != nil {
		return nil, err
	}
	if err := r.v.up(ctx); err != nil {
		return nil, err
	}
	r.desks, err = s.openDesks(ctx, r.v, r.towns, r.book)
	return r, err
}

// catchUp is how long the replicas may take when the store is well again.
const catchUp = 90 * time.Second

// caughtUp: the desks stop, the replicas get their time, the machine is lost, and
// all that was ever acknowledged comes back from the store.
func (r *replicated) caughtUp(ctx context.Context) error {
	r.desks.close()
	begin := time.Now()
	err := waitFor(ctx, catchUp, func() bool {
		lag, err := r.lag(ctx, r.data, len(r.towns))
		return err == nil && lag == 0
	})
	r.found("until the replicas had caught up, s", int(time.Since(begin).Seconds()))
	if err != nil {
		said, _ := r.ask(ctx, "", "backup", "status", "--data", r.data)
		r.broken("the replicas do not catch up: %v: %s", err, lastLines([]byte(said), 3))
	}
	if err := r.v.kill(); err != nil {
		return err
	}
	return r.restoredTo(ctx, filepath.Join(r.dir, "restored"), r.book.all(), "restored from the store")
}

// restoredTo restores everything into an empty directory and judges it.
func (r *replicated) restoredTo(ctx context.Context, into string, entries []entry, when string) error {
	begin := time.Now()
	if said, err := r.ask(ctx, "", "restore", "--all", "--data", into); err != nil {
		r.broken("%s: %v: %s", when, err, lastLines([]byte(said), 3))
		return nil
	}
	r.found("restore of all, s", int(time.Since(begin).Seconds()))
	if err := r.judge(into, r.towns, entries, when); err != nil {
		return err
	}
	said, err := r.ask(ctx, "", "verify", "--replicas=false", "--data", into)
	r.verify(said, err, when)
	return os.RemoveAll(into)
}

// needsReplicas says whether this build replicates.
func needsReplicas(s *suite) string {
	said, _ := s.ask(context.Background(), nil, "", "--help")
	if !strings.Contains(said, "  restore ") || !strings.Contains(said, "backup status") {
		return "this build has no commands restore and backup status"
	}
	return ""
}

// lag is how long the file that is furthest behind waits for its replica.
func (s *stage) lag(ctx context.Context, data string, towns int) (most time.Duration, err error) {
	said, err := s.ask(ctx, "", "backup", "status", "--json", "--data", data)
	if err != nil {
		return 0, err
	}
	var list []struct {
		File, TXID string
		Lag        time.Duration
	}
	if err := json.Unmarshal([]byte(said), &list); err != nil || len(list) < 2*towns {
		return 0, fmt.Errorf("%d files: %w", len(list), err)
	}
	for _, file := range list {
		most = max(most, file.Lag)
		if file.TXID == "" {
			return 0, errors.New(file.File + " is not there at all")
		}
	}
	return most, nil
}
