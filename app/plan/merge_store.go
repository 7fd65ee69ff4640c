package plan

import (
	"strings"

	"gsl/app/people"
	"gsl/tenants"
)

// Movers take plans and carts along when a file is merged. Plans go back before
// carts do: a cart that was agreed since belongs to the plan it became.
func Movers() []people.Mover {
	return []people.Mover{
		{Kind: "plan", Take: takePlans, Give: givePlans, Count: countPlans},
		{Kind: "cart", Take: takeCarts, Give: giveCarts, Count: countCarts},
		{Kind: "cart_item", Take: takeLines, Give: giveLines, Count: countDraftLines},
	}
}

func takePlans(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE OR IGNORE plan SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func givePlans(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE plan SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countPlans(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM plan WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}

// knownLine stands before the id of a line that was in the draft when it was
// taken: what is added later stays with the other file.
const knownLine = "line:"

// takeCarts moves the carts; a draft stays where it is when the other file has
// one, and only its lines move: see takeLines.
func takeCarts(tx *tenants.Tx, from, into people.File) ([]string, error) {
	ids, err := people.MovedIDs(tx.Query(`UPDATE OR IGNORE cart SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
	if err != nil || len(ids) == 0 {
		return ids, err
	}
	list, err := jsonList(ids)
	if err != nil {
		return nil, err
	}
	lines, err := people.MovedIDs(tx.Query(`SELECT '`+knownLine+`' || l.id FROM cart AS c JOIN cart_item AS l ON l.cart_id = c.id
		WHERE c.status = 'draft' AND c.id IN (SELECT value FROM json_each(?))`, list))
	return append(ids, lines...), err
}

// giveCarts moves the carts back, but for one that became a plan since. Lines
// that were added to a draft since are left behind in a draft of their own.
func giveCarts(tx *tenants.Tx, ids string, into, from people.File) error {
	back, err := people.MovedIDs(tx.Query(`UPDATE cart SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))
		AND NOT EXISTS (SELECT 1 FROM plan AS p WHERE p.cart_id = cart.id AND p.file_id = ?2) RETURNING id || ' ' || status`, ids, into.ID, from.ID))
	if err != nil {
		return err
	}
	for _, cart := range back {
		if id, draft := strings.CutSuffix(cart, " draft"); draft {
			if err := keepNewLines(tx, id, ids, into.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepNewLines moves the lines of a draft that the journal does not know into a
// draft of the file.
func keepNewLines(tx *tenants.Tx, cartID, ids, fileID string) error {
	var fresh int
	err := tx.QueryRow(`SELECT count(*) FROM cart_item WHERE cart_id = ?1 AND '`+knownLine+`' || id NOT IN (SELECT value FROM json_each(?2))`, cartID, ids).Scan(&fresh)
	if err != nil || fresh == 0 {
		return err
	}
	to, err := openDraft(tx, fileID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE cart_item SET cart_id = ?3 WHERE cart_id = ?1 AND '`+knownLine+`' || id NOT IN (SELECT value FROM json_each(?2))`,
		cartID, ids, to); err != nil {
		return err
	}
	return touch(tx, cartID)
}

func countCarts(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM cart WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}

// takeLines puts the lines of a draft that could not move into the draft of the
// other file. A line that stands there already stays where it is.
func takeLines(tx *tenants.Tx, from, into people.File) ([]string, error) {
	ids, err := people.MovedIDs(tx.Query(`UPDATE OR IGNORE cart_item SET cart_id = (SELECT id FROM cart WHERE file_id = ?2 AND status = 'draft')
		WHERE cart_id = (SELECT id FROM cart WHERE file_id = ?1 AND status = 'draft') AND removed_at IS NULL RETURNING id`, from.ID, into.ID))
	if err != nil || len(ids) == 0 {
		return ids, err
	}
	return ids, touchDraft(tx, into.ID) // what was reviewed is not what is there now
}

func giveLines(tx *tenants.Tx, ids string, into, from people.File) error {
	moved, err := people.MovedIDs(tx.Query(`UPDATE OR IGNORE cart_item SET cart_id = (SELECT id FROM cart WHERE file_id = ?3 AND status = 'draft')
		WHERE cart_id = (SELECT id FROM cart WHERE file_id = ?2 AND status = 'draft') AND id IN (SELECT value FROM json_each(?1)) RETURNING id`,
		ids, into.ID, from.ID))
	if err != nil || len(moved) == 0 {
		return err
	}
	return touchDraft(tx, into.ID)
}

func touchDraft(tx *tenants.Tx, fileID string) error {
	id, err := openDraft(tx, fileID)
	if err != nil {
		return err
	}
	return touch(tx, id)
}

func countDraftLines(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM cart AS c JOIN cart_item AS l ON l.cart_id = c.id
		WHERE c.file_id = ? AND c.status = 'draft' AND l.removed_at IS NULL`, f.ID).Scan(&n)
	return n, err
}
