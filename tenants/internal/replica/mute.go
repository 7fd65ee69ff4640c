package replica

import (
	"context"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// mute answers Litestream in the store's stead where it would ask at each
// opening of a file what is there: without an answer it reads nothing, and the
// WAL grows for as long as the store is away. Whether the store knows more than
// we is asked before the first sending.
type mute struct{ litestream.ReplicaClient }

// muted marks the context of reading.
type muted struct{}

// LTXFiles lists nothing while a file is read.
func (m *mute) LTXFiles(ctx context.Context, level int, seek ltx.TXID, useMetadata bool) (ltx.FileIterator, error) {
	if ctx.Value(muted{}) != nil {
		return ltx.NewFileInfoSliceIterator(nil), nil
	}
	return m.ReplicaClient.LTXFiles(ctx, level, seek, useMetadata)
}
