package document

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

const documentColumns = `d.id, d.file_id, d.owner_kind, d.owner_id, d.content_id, d.kind, d.name, c.type, c.size,
	d.uploaded_at, d.uploaded_by, d.uploaded_by_name, d.expires_on, coalesce(d.removed_at, ''), d.version, c.scan,
	EXISTS (SELECT 1 FROM content_thumbnail t WHERE t.content_id = d.content_id)`

const fromDocument = ` FROM document d JOIN content c ON c.id = d.content_id`

type scanner interface{ Scan(dest ...any) error }

func scanDocument(row scanner) (d Document, err error) {
	var at, removed string
	err = row.Scan(&d.ID, &d.FileID, &d.Owner.Kind, &d.Owner.ID, &d.ContentID, &d.Kind, &d.Name, &d.Type, &d.Size,
		&at, &d.UploadedBy, &d.UploadedByName, &d.ExpiresOn, &removed, &d.Version, &d.Scan, &d.Likeness)
	if err != nil {
		return d, err
	}
	if removed != "" {
		if d.RemovedAt, err = time.Parse(time.RFC3339, removed); err != nil {
			return d, err
		}
	}
	d.UploadedAt, err = time.Parse(time.RFC3339, at)
	return d, err
}

func collect(rows *tenants.Rows, err error) ([]Document, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Document
	for rows.Next() {
		d, err := scanDocument(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// byID gives the document; fault.NotFound when this municipality has none.
func byID(tx *tenants.Tx, id string) (Document, error) {
	d, err := scanDocument(tx.QueryRow(`SELECT `+documentColumns+fromDocument+` WHERE d.id = ?`, id))
	if tenants.NotFound(err) {
		return d, fault.New(fault.NotFound, "fault.not_found")
	}
	return d, err
}

// Of lists the documents of an owner that are in sight, in the order of their
// arrival. The caller has made sure that the actor may see the owner.
func Of(tx *tenants.Tx, owner Owner) ([]Document, error) {
	return collect(tx.Query(`SELECT `+documentColumns+fromDocument+`
		WHERE d.owner_kind = ? AND d.owner_id = ? AND d.removed_at IS NULL ORDER BY d.id`, owner.Kind, owner.ID))
}

// OfFile lists every document of a file that is in sight, whatever it was handed
// in for, in the order of their arrival.
func OfFile(tx *tenants.Tx, fileID string) ([]Document, error) {
	return collect(tx.Query(`SELECT `+documentColumns+fromDocument+` WHERE d.file_id = ? AND d.removed_at IS NULL ORDER BY d.id`, fileID))
}

// removedOf lists what was taken out of sight, the newest paper first.
func removedOf(tx *tenants.Tx, fileID string) ([]Document, error) {
	return collect(tx.Query(`SELECT `+documentColumns+fromDocument+`
		WHERE d.file_id = ? AND d.removed_at IS NOT NULL ORDER BY d.id DESC LIMIT ?`, fileID, mostShown))
}

// same gives the document of the owner that has the content already.
func same(tx *tenants.Tx, owner Owner, sum []byte) (Document, bool, error) {
	d, err := scanDocument(tx.QueryRow(`SELECT `+documentColumns+fromDocument+`
		WHERE d.owner_kind = ? AND d.owner_id = ? AND d.sha256 = ?`, owner.Kind, owner.ID, sum))
	if tenants.NotFound(err) {
		return d, false, nil
	}
	return d, err == nil, err
}

func countOf(tx *tenants.Tx, owner Owner) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM document WHERE owner_kind = ? AND owner_id = ?`, owner.Kind, owner.ID).Scan(&n)
	return n, err
}

func insertDocument(tx *tenants.Tx, who actor.Actor, n *New, sum []byte) (string, error) {
	id := tx.NewID()
	_, err := tx.Exec(`INSERT INTO document (id, file_id, owner_kind, owner_id, content_id, sha256, kind, name, uploaded_at, uploaded_by, uploaded_by_name, expires_on)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
		id, n.FileID, n.Owner.Kind, n.Owner.ID, n.Content.ID, sum, string(n.Kind), n.Name, stamp(tx.Now), who.UserID, who.Name, dateOrNull(n.ExpiresOn))
	return id, err
}

func dateOrNull(d calendar.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}

// beginContent notes a content on its way, with its likeness if there is one.
func beginContent(tx *tenants.Tx, c *Content, likeness []byte) (string, error) {
	id := tx.NewID()
	_, err := tx.Exec(`INSERT INTO content (id, type, size, arrived_at, scan) VALUES (?,?,?,?,?)`, id, c.Type, c.Size, stamp(tx.Now), c.scan)
	if err == nil && len(likeness) > 0 {
		_, err = tx.Exec(`INSERT INTO content_thumbnail (content_id, body) VALUES (?,?)`, id, likeness)
	}
	return id, err
}

// likenessOf is the small likeness of a content; fault.NotFound when it has none.
func likenessOf(tx *tenants.Tx, content string) (body []byte, err error) {
	err = tx.QueryRow(`SELECT body FROM content_thumbnail WHERE content_id = ?`, content).Scan(&body)
	if tenants.NotFound(err) {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	return body, err
}

func addPiece(tx *tenants.Tx, content string, n int, body []byte) error {
	_, err := tx.Exec(`INSERT INTO content_piece (content_id, n, body) VALUES (?,?,?)`, content, n, body)
	return err
}

func endContent(tx *tenants.Tx, content string, sum []byte) error {
	_, err := tx.Exec(`UPDATE content SET sha256 = ? WHERE id = ?`, sum, content)
	return err
}

// sumOf is the hash of a complete content; fault.NotFound for one that never
// arrived whole, or was swept.
func sumOf(tx *tenants.Tx, content string) (sum []byte, err error) {
	err = tx.QueryRow(`SELECT sha256 FROM content WHERE id = ? AND sha256 IS NOT NULL`, content).Scan(&sum)
	if tenants.NotFound(err) {
		return nil, fault.New(fault.NotFound, "document.error.gone")
	}
	return sum, err
}

// piece reads one piece; nil at the end.
func piece(tx *tenants.Tx, content string, n int) (body []byte, err error) {
	err = tx.QueryRow(`SELECT body FROM content_piece WHERE content_id = ? AND n = ?`, content, n).Scan(&body)
	if tenants.NotFound(err) {
		return nil, nil
	}
	return body, err
}

// sweep removes a few contents that arrived before the time and that no document
// needs; it reports whether there may be more.
func sweep(tx *tenants.Tx, before time.Time) (bool, error) {
	const few = 2
	rows, err := tx.Query(`SELECT id FROM content c WHERE arrived_at < ? AND NOT EXISTS (SELECT 1 FROM document d WHERE d.content_id = c.id)
		ORDER BY arrived_at LIMIT ?`, stamp(before), few)
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return false, err
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return false, err
	}
	for _, id := range ids {
		if err := dropContent(tx, id); err != nil {
			return false, err
		}
	}
	return len(ids) == few, nil
}

// dropContent removes a content that no document needs.
func dropContent(tx *tenants.Tx, id string) error {
	if _, err := tx.Exec(`DELETE FROM content_piece WHERE content_id = ?`, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM content_thumbnail WHERE content_id = ?`, id); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM content WHERE id = ?`, id)
	return err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// FileOf gives the file that a document is of; "" when there is none with the id.
func FileOf(tx *tenants.Tx, id string) (file string, err error) {
	err = tx.QueryRow(`SELECT file_id FROM document WHERE id = ?`, id).Scan(&file)
	if tenants.NotFound(err) {
		return "", nil
	}
	return file, err
}

// CountsOf says how many papers in sight hang on each owner of a kind, of one file.
func CountsOf(tx *tenants.Tx, kind, fileID string) (map[string]int, error) {
	rows, err := tx.Query(`SELECT owner_id, count(*) FROM document WHERE file_id = ? AND owner_kind = ? AND removed_at IS NULL GROUP BY owner_id`, fileID, kind)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	counts := map[string]int{}
	for rows.Next() {
		var id string
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		counts[id] = n
	}
	return counts, rows.Err()
}
