package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// mostBadPieces is how many bad pieces one drill names.
const mostBadPieces = 5

// checkPieces reads the pieces of a file's newest history that were made since a
// time, and names those whose checksum is not theirs. A restore reads only the
// pieces it needs; a time between them may need others.
func (f *Files) checkPieces(ctx context.Context, d *DB, since time.Time) error {
	epoch, err := f.newestEpoch(ctx, d)
	if err != nil {
		return err
	}
	client, err := f.opt.Replica.Client(prefixOf(d.name, epoch))
	if err != nil {
		return err
	}
	client.SetLogger(f.opt.Log)
	if err := client.Init(ctx); err != nil {
		return err
	}
	var bad []error
	for level := range litestream.SnapshotLevel + 1 {
		found, err := badPieces(ctx, client, level, since)
		if err != nil {
			return err
		}
		bad = append(bad, found...)
	}
	if len(bad) > mostBadPieces {
		bad = append(bad[:mostBadPieces], fmt.Errorf("and %d more", len(bad)-mostBadPieces))
	}
	return errors.Join(bad...)
}

func badPieces(ctx context.Context, client litestream.ReplicaClient, level int, since time.Time) (bad []error, err error) {
	pieces, err := client.LTXFiles(ctx, level, 0, false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pieces.Close()) }()
	for pieces.Next() {
		piece := pieces.Item()
		if piece.CreatedAt.Before(since) {
			continue
		}
		if err := checkPiece(ctx, client, piece); err != nil {
			bad = append(bad, fmt.Errorf("piece %d/%s: %w", level, ltx.FormatFilename(piece.MinTXID, piece.MaxTXID), err))
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return bad, pieces.Err()
}

// checkPiece reads one piece; nothing for one that was packed into another meanwhile.
func checkPiece(ctx context.Context, client litestream.ReplicaClient, piece *ltx.FileInfo) error {
	in, err := client.OpenLTXFile(ctx, piece.Level, piece.MinTXID, piece.MaxTXID, 0, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(ltx.NewDecoder(in).Verify(), in.Close())
}
