package tenants

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// legalWait is how long a legal act waits for its replica: then whoever acted is
// told that it is saved here and not yet there.
const legalWait = 5 * time.Second

// Legal marks a transaction as a legal act: a plan that was agreed, aid that was
// approved or delivered, a report that was signed. Where the municipality wants
// it so, its Update returns only when the main file is replicated up to it, and
// with ErrUnsent when that takes too long; the act is saved all the same.
// Who asks again for an act that is done already marks it again: it is told only
// when it is there.
func (tx *Tx) Legal() { tx.legal = true }

// Legal reports whether legal acts of the municipality wait for their replica.
func (m *Municipality) Legal() bool { return m.legal.Load() }

// Replicated returns when everything that is committed to the main file is
// replicated, if the municipality wants that for legal acts: for who finds an act
// done already.
func (m *Municipality) Replicated(ctx context.Context) error {
	if !m.Legal() {
		return nil
	}
	f, err := m.main.acquire(ctx)
	if err != nil {
		return err
	}
	defer m.main.release(f)
	return f.awaitReplica(ctx)
}

// awaitReplica waits for everything that is committed now.
func (f *file) awaitReplica(ctx context.Context) error {
	track := f.track.Load()
	if track == nil {
		return &FileError{File: f.name, Kind: ErrUnsent, Cause: errors.New("no replica is configured")}
	}
	ctx, cancel := context.WithTimeout(ctx, legalWait)
	defer cancel()
	if err := track.Wait(ctx); err != nil {
		return &FileError{File: f.name, Kind: ErrUnsent, Cause: errors.Join(fmt.Errorf("waited for its replica: %w", err), track.State().Err)}
	}
	return nil
}

// SetLegal says whether legal acts of a municipality wait for their replica. It
// counts at once, also for sessions that hold the handle. record, which may be
// nil, leaves the trail in the same transaction on national.db.
func (f *Files) SetLegal(ctx context.Context, id string, on bool, record func(*Tx) error) error {
	f.provides.Lock() // what the handle says is what was written last
	defer f.provides.Unlock()
	m, err := f.Municipality(ctx, id)
	if err != nil {
		return err
	}
	err = f.national.Update(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(`UPDATE municipality SET legal = ? WHERE id = ?`, on, id); err != nil || record == nil {
			return err
		}
		return record(tx)
	})
	if err == nil {
		m.legal.Store(on)
	}
	return err
}
