package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Signer makes the signature under a report. It is asked outside of any
// transaction: one that asks a service of advanced signatures may take seconds.
type Signer interface {
	// Sign gives the seal of the author under the text. An error signs nothing, and
	// the report stays the draft that it was.
	Sign(ctx context.Context, what Unsigned) (Seal, error)
}

// Unsigned is what is put before a signer.
type Unsigned struct {
	Text   []byte // frozen: the whole report, its author, the time and its code, as JSON
	Author Author
	At     time.Time
}

// Seal is what a signer made of it.
type Seal struct {
	Method string // Simple; another signer has a name of its own
	Digest string // SHA-256 of the text, in hexadecimal
	Value  []byte // what a signing service gave as its proof, nil for the simple one
}

// Simple is the method of SimpleSignature.
const Simple = "simple"

// SimpleSignature is the simple electronic signature of law 19.799: author, time
// and text under one digest, kept in rows that only grow, by somebody who signed
// in to do it.
type SimpleSignature struct{}

// Sign takes the digest.
func (SimpleSignature) Sign(_ context.Context, what Unsigned) (Seal, error) {
	return Seal{Method: Simple, Digest: digestOf(what.Text)}, nil
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
