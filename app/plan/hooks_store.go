package plan

import (
	"gsl/app/screening"
	"gsl/tenants"
)

// waiting lists unfinished items that wait for one of the levels, oldest plan
// first: of the plans of a unit, or of all when it is blank.
func waiting(tx *tenants.Tx, levels []string, unit string, limit int) ([]Request, error) {
	list, err := jsonList(levels)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT p.id, p.file_id, p.year, p.number, p.person_name, p.person_document, p.created_at, p.created_by_name, p.unit_name, `+
		itemColumns+` FROM plan_item AS i JOIN plan AS p ON p.id = i.plan_id
		WHERE i.approval = 'waiting' AND i.approval_level IN (SELECT value FROM json_each(?1)) AND i.status IN ('pending', 'in-progress')
			AND (?2 = '' OR p.unit = ?2)
		ORDER BY p.created_at, p.number, i.position LIMIT ?3`, list, unit, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (Request, error) {
		var p Plan
		it, err := scanItem(ahead{row, []any{&p.ID, &p.FileID, &p.Year, &p.Number, &p.PersonName, &p.PersonDocument,
			scanTime{&p.CreatedAt}, &p.CreatedByName, &p.UnitName}})
		return Request{Plan: p, Item: it}, err
	})
}

// ahead is a row whose first columns go elsewhere.
type ahead struct {
	row   scanner
	first []any
}

func (a ahead) Scan(dest ...any) error { return a.row.Scan(append(a.first, dest...)...) }

func countWaiting(tx *tenants.Tx, levels []string, unit string) (n int, err error) {
	list, err := jsonList(levels)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(`SELECT count(*) FROM plan_item AS i JOIN plan AS p ON p.id = i.plan_id
		WHERE i.approval = 'waiting' AND i.approval_level IN (SELECT value FROM json_each(?1)) AND i.status IN ('pending', 'in-progress')
			AND (?2 = '' OR p.unit = ?2)`, list, unit).Scan(&n)
	return n, err
}

// WorkOfFile counts the lines in the draft of the file ?1, and its plans that are
// open and closed.
const WorkOfFile = `(SELECT count(*) FROM cart AS c JOIN cart_item AS l ON l.cart_id = c.id WHERE c.file_id = ?1 AND c.status = 'draft' AND l.removed_at IS NULL),
	(SELECT count(*) FROM plan WHERE file_id = ?1 AND status = 'open'), (SELECT count(*) FROM plan WHERE file_id = ?1 AND status = 'closed')`

// workOf lists the open plans and the filled carts of files, plans first.
func workOf(tx *tenants.Tx, fileIDs []string) ([]screening.Work, error) {
	list, err := jsonList(fileIDs)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT 'plan', p.file_id, p.year, p.number, p.created_by_name, p.created_at, count(*),
			sum(i.status IN ('pending', 'in-progress')), sum(i.status = 'confirmed')
		FROM plan AS p JOIN plan_item AS i ON i.plan_id = p.id
		WHERE p.status = 'open' AND p.file_id IN (SELECT value FROM json_each(?1)) GROUP BY p.id
		UNION ALL
		SELECT 'cart', c.file_id, 0, 0, min(l.added_by_name), c.created_at, count(*), 0, 0
		FROM cart AS c JOIN cart_item AS l ON l.cart_id = c.id AND l.removed_at IS NULL
		WHERE c.status = 'draft' AND c.file_id IN (SELECT value FROM json_each(?1)) GROUP BY c.id
		ORDER BY 1 DESC, 3, 4`, list)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (screening.Work, error) {
		var w screening.Work
		var p Plan
		err := row.Scan(&w.Kind, &w.FileID, &p.Year, &p.Number, &w.By, scanTime{&w.Since}, &w.Items, &w.Pending, &w.Confirmed)
		if w.Kind == screening.PlanWork {
			w.Number = p.Folio()
		}
		return w, err
	})
}

// openPlansOf lists the open plans that a user made, the stalest first.
func openPlansOf(tx *tenants.Tx, userID string, limit int) ([]OpenPlan, error) {
	rows, err := tx.Query(`SELECT p.id, p.file_id, p.year, p.number, p.person_name, p.created_at, p.changed_at,
			sum(i.status IN ('pending', 'in-progress')), sum(i.status = 'confirmed')
		FROM plan AS p JOIN plan_item AS i ON i.plan_id = p.id
		WHERE p.created_by = ? AND p.status = 'open' GROUP BY p.id ORDER BY p.changed_at, p.year, p.number LIMIT ?`, userID, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (OpenPlan, error) {
		var o OpenPlan
		var p Plan
		err := row.Scan(&o.PlanID, &o.FileID, &p.Year, &p.Number, &o.Name, scanTime{&o.CreatedAt}, scanTime{&o.ChangedAt}, &o.Pending, &o.Confirmed)
		o.Folio = p.Folio()
		return o, err
	})
}
