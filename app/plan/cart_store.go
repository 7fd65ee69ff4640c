package plan

import (
	"encoding/json"
	"time"

	"gsl/tenants"
)

const lineColumns = `id, cart_id, code, name, category, subcategory, provider, unit, unit_price, requirements, member, member_name,
	quantity, amount, note, fields, override_reason, advice, added_at, added_by, added_by_name, removed_at, removed_by_name`

// draft gives the file's cart; one that was never filled has no ID.
func draft(tx *tenants.Tx, fileID string) (Cart, error) {
	cart := Cart{FileID: fileID}
	err := tx.QueryRow(`SELECT id, version FROM cart WHERE file_id = ? AND status = 'draft'`, fileID).Scan(&cart.ID, &cart.Version)
	if tenants.NotFound(err) {
		return cart, nil
	}
	if err != nil {
		return cart, err
	}
	if err := fillCart(tx, &cart); err != nil || len(cart.Lines) == 0 {
		return cart, err
	}
	cart.Pending, err = pendingIn(tx, fileID)
	return cart, err
}

// pendingIn gives the codes that open plans of the file still have to do, with
// the folio of the newest.
func pendingIn(tx *tenants.Tx, fileID string) (map[string]string, error) {
	rows, err := tx.Query(`SELECT i.code, p.year, p.number FROM plan AS p JOIN plan_item AS i ON i.plan_id = p.id
		WHERE p.file_id = ? AND p.status = 'open' AND i.status IN ('pending', 'in-progress') ORDER BY p.year, p.number`, fileID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	pending := map[string]string{}
	for rows.Next() {
		var code string
		var p Plan
		if err := rows.Scan(&code, &p.Year, &p.Number); err != nil {
			return nil, err
		}
		pending[code] = p.Folio()
	}
	return pending, rows.Err()
}

// fillCart reads the lines; the removed ones newest first.
func fillCart(tx *tenants.Tx, cart *Cart) error {
	rows, err := tx.Query(`SELECT `+lineColumns+` FROM cart_item WHERE cart_id = ? ORDER BY removed_at DESC, position`, cart.ID)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		line, err := scanLine(rows)
		if err != nil {
			return err
		}
		if line.RemovedAt.IsZero() {
			cart.Lines = append(cart.Lines, line)
		} else {
			cart.Removed = append(cart.Removed, line)
		}
	}
	return rows.Err()
}

type scanner interface{ Scan(dest ...any) error }

func scanLine(row scanner) (Line, error) {
	var l Line
	var agreed texts
	err := row.Scan(&l.ID, &l.CartID, &l.Code, &l.Name, &l.Category, &l.Subcategory, &l.Provider, &l.Unit, scanAmount{&l.UnitPrice},
		&agreed.requirements, &l.Member, &l.MemberName, &l.Quantity, scanAmount{&l.Typed}, &l.Note, &agreed.fields,
		&l.OverrideReason, &agreed.advice, scanTime{&l.AddedAt}, &l.AddedBy, &l.AddedByName, scanTime{&l.RemovedAt}, &l.RemovedBy)
	if err != nil {
		return l, err
	}
	l.settle()
	return l, agreed.into(&l.Agreed)
}

// openDraft gives the id of the file's draft, made when there is none.
func openDraft(tx *tenants.Tx, fileID string) (string, error) {
	if _, err := tx.Exec(`INSERT INTO cart (id, file_id, created_at, changed_at) VALUES (?,?,?,?)
		ON CONFLICT (file_id) WHERE status = 'draft' DO NOTHING`, tx.NewID(), fileID, stamp(tx.Now), stamp(tx.Now)); err != nil {
		return "", err
	}
	var id string
	err := tx.QueryRow(`SELECT id FROM cart WHERE file_id = ? AND status = 'draft'`, fileID).Scan(&id)
	return id, err
}

// touch moves the cart's version on.
func touch(tx *tenants.Tx, cartID string) error {
	_, err := tx.Exec(`UPDATE cart SET version = version + 1, changed_at = ? WHERE id = ?`, stamp(tx.Now), cartID)
	return err
}

func countLines(tx *tenants.Tx, cartID string) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM cart_item WHERE cart_id = ? AND removed_at IS NULL`, cartID).Scan(&n)
	return n, err
}

// lineByIdentity gives the id of the line in the cart that says the same, "" for none.
func lineByIdentity(tx *tenants.Tx, cartID, identity string) (id string, err error) {
	err = tx.QueryRow(`SELECT id FROM cart_item WHERE cart_id = ? AND identity = ? AND removed_at IS NULL`, cartID, identity).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

func insertLine(tx *tenants.Tx, l *Line) error {
	agreed, err := textsOf(&l.Agreed)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO cart_item (cart_id, id, position, identity, code, name, category, subcategory, provider, unit, unit_price,
		requirements, member, member_name, quantity, amount, note, fields, override_reason, advice, added_at, added_by, added_by_name)
		VALUES (?1,?,(SELECT coalesce(max(position), 0) + 1 FROM cart_item WHERE cart_id = ?1),?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		l.CartID, l.ID, l.identity(), l.Code, l.Name, l.Category, l.Subcategory, l.Provider, l.Unit, l.UnitPrice.column(),
		agreed.requirements, l.Member, l.MemberName, l.Quantity, l.Typed.column(), l.Note, agreed.fields, l.OverrideReason,
		agreed.advice, stamp(l.AddedAt), l.AddedBy, l.AddedByName)
	return err
}

// updateLine writes what a worker may still change in the draft.
func updateLine(tx *tenants.Tx, l *Line) error {
	agreed, err := textsOf(&l.Agreed)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE cart_item SET identity = ?, member = ?, member_name = ?, quantity = ?, amount = ?, note = ?, fields = ?,
		override_reason = ?, advice = ? WHERE cart_id = ? AND id = ? AND removed_at IS NULL`,
		l.identity(), l.Member, l.MemberName, l.Quantity, l.Typed.column(), l.Note, agreed.fields,
		l.OverrideReason, agreed.advice, l.CartID, l.ID)
	return err
}

func removeLine(tx *tenants.Tx, l *Line, by string) error {
	_, err := tx.Exec(`UPDATE cart_item SET removed_at = ?, removed_by_name = ? WHERE cart_id = ? AND id = ?`,
		stamp(tx.Now), by, l.CartID, l.ID)
	return err
}

func restoreLine(tx *tenants.Tx, l *Line) error {
	_, err := tx.Exec(`UPDATE cart_item SET removed_at = NULL, removed_by_name = '' WHERE cart_id = ? AND id = ?`, l.CartID, l.ID)
	return err
}

func closeCart(tx *tenants.Tx, cartID string) error {
	_, err := tx.Exec(`UPDATE cart SET status = 'checked-out', changed_at = ? WHERE id = ?`, stamp(tx.Now), cartID)
	return err
}

// texts are the columns of an agreed action that are lists in a JSON text.
type texts struct{ requirements, fields, advice string }

func textsOf(a *Agreed) (t texts, err error) {
	if t.requirements, err = toJSON(a.Requirements, len(a.Requirements)); err != nil {
		return t, err
	}
	if t.fields, err = toJSON(a.Fields, len(a.Fields)); err != nil {
		return t, err
	}
	t.advice, err = toJSON(a.Advice, len(a.Advice))
	return t, err
}

func toJSON(list any, length int) (string, error) {
	if length == 0 {
		return "", nil
	}
	text, err := json.Marshal(list)
	return string(text), err
}

func (t texts) into(a *Agreed) error {
	if err := fromJSON(t.requirements, &a.Requirements); err != nil {
		return err
	}
	if err := fromJSON(t.fields, &a.Fields); err != nil {
		return err
	}
	return fromJSON(t.advice, &a.Advice)
}

func fromJSON(text string, list any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), list)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func stampOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

// scanTime reads an instant; NULL is the zero time.
type scanTime struct{ to *time.Time }

func (s scanTime) Scan(value any) error {
	text, ok := value.(string)
	if !ok || text == "" {
		*s.to = time.Time{}
		return nil
	}
	t, err := time.Parse(time.RFC3339, text)
	*s.to = t.UTC()
	return err
}

// scanAmount reads pesos; NULL is unknown.
type scanAmount struct{ to *Amount }

func (s scanAmount) Scan(value any) error {
	n, ok := value.(int64)
	*s.to = Amount{Pesos: n, Known: ok}
	return nil
}

func (a Amount) column() any {
	if !a.Known {
		return nil
	}
	return a.Pesos
}

// lineWasCheckedOut reports whether the line stands in a cart of the file that
// became a plan.
func lineWasCheckedOut(tx *tenants.Tx, fileID, lineID string) (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT count(*) FROM cart AS c JOIN cart_item AS l ON l.cart_id = c.id
		WHERE c.file_id = ? AND c.status = 'checked-out' AND l.id = ?`, fileID, lineID).Scan(&n)
	return n > 0, err
}

func codesInCart(tx *tenants.Tx, fileID string) (map[string]bool, error) {
	rows, err := tx.Query(`SELECT l.code FROM cart AS c JOIN cart_item AS l ON l.cart_id = c.id
		WHERE c.file_id = ? AND c.status = 'draft' AND l.removed_at IS NULL`, fileID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	codes := map[string]bool{}
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			return nil, err
		}
		codes[code] = true
	}
	return codes, rows.Err()
}
