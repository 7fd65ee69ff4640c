package attention

import (
	"context"

	"gsl/tenants"
)

// PageText is a page of a file, as the trail of views names it, in words.
func PageText(ctx context.Context, page string) string { return pageText(ctx, page) }

// StateText is where an attention stands, in words.
func StateText(ctx context.Context, s State) string { return stateText(ctx, s) }

// OutcomeText is how an attention ended, in words.
func OutcomeText(ctx context.Context, o Outcome) string { return outcomeText(ctx, o) }

// AboutText is what an attention was about: its topic or, while nobody said it, the desk.
func AboutText(ctx context.Context, a Attention) string { return about(ctx, a) }

// mostOfFile is more attentions than anybody has.
const mostOfFile = 5000

// OfFile gives all attentions of a file, also those that were thrown away because
// nothing was recorded, newest first.
func OfFile(tx *tenants.Tx, fileID string) ([]Attention, error) {
	rows, err := tx.Query(`SELECT `+attentionColumns+` FROM attention a LEFT JOIN topic t ON t.code = a.topic
		WHERE a.file_id = ? ORDER BY a.id DESC LIMIT ?`, fileID, mostOfFile)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Attention
	for rows.Next() {
		a, err := scanAttention(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}
