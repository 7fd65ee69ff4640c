package plan

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/tenants"
)

const planColumns = `id, file_id, cart_id, year, number, status = 'closed', version, agreed, coalesce(previous_id, ''), person_name,
	person_document, person_address, created_at, created_by, created_by_name, unit, unit_name, changed_at, closed_at`

const itemColumns = `i.plan_id, i.id, i.position, i.code, i.name, i.category, i.subcategory, i.provider, i.unit, i.requirements, i.member,
	i.member_name, i.quantity, i.amount, i.note, i.fields, i.override_reason, i.advice, i.added_by, i.added_by_name, i.status, i.reason,
	i.changed_at, i.changed_by_name, i.changed_version, i.approval, i.approval_level, i.approval_at, i.approval_by_name,
	i.approval_reason, i.limit_amount, i.delivered_on, coalesce(i.delivered_quantity, 0), coalesce(i.delivered_amount, 0)`

func scanPlan(row scanner) (Plan, error) {
	var p Plan
	err := row.Scan(&p.ID, &p.FileID, &p.CartID, &p.Year, &p.Number, &p.Closed, &p.Version, &p.Agreed, &p.PreviousID, &p.PersonName,
		&p.PersonDocument, &p.PersonAddress, scanTime{&p.CreatedAt}, &p.CreatedBy, &p.CreatedByName, &p.Unit, &p.UnitName,
		scanTime{&p.ChangedAt}, scanTime{&p.ClosedAt})
	return p, err
}

func scanItem(row scanner) (Item, error) {
	var it Item
	var agreed texts
	err := row.Scan(&it.PlanID, &it.ID, &it.Position, &it.Code, &it.Name, &it.Category, &it.Subcategory, &it.Provider, &it.Unit,
		&agreed.requirements, &it.Member, &it.MemberName, &it.Quantity, scanAmount{&it.Amount}, &it.Note, &agreed.fields,
		&it.OverrideReason, &agreed.advice, &it.AddedBy, &it.AddedByName, &it.Status, &it.Reason, scanTime{&it.ChangedAt},
		&it.ChangedByName, &it.ChangedVersion, &it.Approval.State, &it.Approval.Level, scanTime{&it.Approval.At},
		&it.Approval.ByName, &it.Approval.Reason, &it.LimitAmount, &it.Delivery.On, &it.Delivery.Quantity, &it.Delivery.Amount)
	if err != nil {
		return it, err
	}
	return it, agreed.into(&it.Agreed)
}

// load gives a plan with its items; fault.NotFound when this municipality has none of the id.
func load(tx *tenants.Tx, id string) (Plan, error) {
	p, err := scanPlan(tx.QueryRow(`SELECT `+planColumns+` FROM plan WHERE id = ?`, id))
	if tenants.NotFound(err) {
		return p, fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return p, err
	}
	rows, err := tx.Query(`SELECT `+itemColumns+` FROM plan_item AS i WHERE i.plan_id = ?`, id)
	if err != nil {
		return p, err
	}
	items, err := collect(rows, scanItem)
	if err != nil {
		return p, err
	}
	place([]*Plan{&p}, items)
	return p, follow(tx, &p)
}

// follow gives the items that were referred their referrals.
func follow(tx *tenants.Tx, p *Plan) error {
	list, err := referral.OfPlan(tx, p.ID)
	for i := range list {
		if it := p.Item(list[i].PlanItemID); it != nil {
			it.Referral = &list[i]
		}
	}
	return err
}

// isOpen reports whether the plan can still change; one that is not there cannot.
func isOpen(tx *tenants.Tx, id string) (open bool, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM plan WHERE id = ? AND status = 'open'`, id).Scan(&open)
	return open, err
}

// exists answers fault.NotFound when this municipality has no plan of the id.
func exists(tx *tenants.Tx, id string) error {
	var one int
	err := tx.QueryRow(`SELECT 1 FROM plan WHERE id = ?`, id).Scan(&one)
	if tenants.NotFound(err) {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}

// plansOf gives the plans of a file, newest first, with their items.
func plansOf(tx *tenants.Tx, fileID string) ([]Plan, error) {
	rows, err := tx.Query(`SELECT `+planColumns+` FROM plan WHERE file_id = ? ORDER BY year DESC, number DESC`, fileID)
	if err != nil {
		return nil, err
	}
	plans, err := collect(rows, scanPlan)
	if err != nil || len(plans) == 0 {
		return nil, err
	}
	rows, err = tx.Query(`SELECT `+itemColumns+` FROM plan AS p JOIN plan_item AS i ON i.plan_id = p.id WHERE p.file_id = ?`, fileID)
	if err != nil {
		return nil, err
	}
	items, err := collect(rows, scanItem)
	if err != nil {
		return nil, err
	}
	list := make([]*Plan, len(plans))
	for i := range plans {
		list[i] = &plans[i]
	}
	place(list, items)
	return plans, nil
}

// place puts items into their plans, in the order of the agreement.
func place(plans []*Plan, items []Item) {
	byID := make(map[string]*Plan, len(plans))
	for _, p := range plans {
		byID[p.ID] = p
	}
	for _, it := range items {
		p := byID[it.PlanID]
		p.Items = append(p.Items, it)
	}
	for _, p := range plans {
		sortItems(p.Items)
	}
}

func collect[T any](rows *tenants.Rows, scan func(scanner) (T, error)) ([]T, error) {
	defer func() { _ = rows.Close() }()
	var list []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// planByKey gives the id of the plan that a checkout already made, "" for none:
// by the key that was sent, or by the cart it was made for.
func planByKey(tx *tenants.Tx, fileID, key, cartID string) (id string, err error) {
	err = tx.QueryRow(`SELECT id FROM plan WHERE file_id = ? AND (checkout_key = ? OR cart_id = ?)`, fileID, key, cartID).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

// latestOf gives the id of the file's newest plan, "" for none.
func latestOf(tx *tenants.Tx, fileID string) (id string, err error) {
	err = tx.QueryRow(`SELECT id FROM plan WHERE file_id = ? ORDER BY year DESC, number DESC LIMIT 1`, fileID).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

// newest gives the file's newest plan without its items, nil for none.
func newest(tx *tenants.Tx, fileID string) (*Plan, error) {
	p, err := scanPlan(tx.QueryRow(`SELECT `+planColumns+` FROM plan WHERE file_id = ? ORDER BY year DESC, number DESC LIMIT 1`, fileID))
	if tenants.NotFound(err) {
		return nil, nil //nolint:nilnil // a file without plans is no error
	}
	return &p, err
}

// nextNumber counts the municipality's plans of a year. There is one writer and
// plans are never deleted, so the numbers have neither gaps nor doubles.
func nextNumber(tx *tenants.Tx, year int) (n int, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(number), 0) + 1 FROM plan WHERE year = ?`, year).Scan(&n)
	return n, err
}

func insertPlan(tx *tenants.Tx, p *Plan, key string) error {
	var previous any
	if p.PreviousID != "" {
		previous = p.PreviousID
	}
	_, err := tx.Exec(`INSERT INTO plan (id, file_id, cart_id, checkout_key, year, number, status, version, agreed, previous_id, person_name,
		person_document, person_address, created_at, created_by, created_by_name, unit, unit_name, changed_at)
		VALUES (?,?,?,?,?,?,'open',?,?,?,?,?,?,?,?,?,?,?,?)`,
		p.ID, p.FileID, p.CartID, key, p.Year, p.Number, p.Version, string(p.Agreed), previous, p.PersonName,
		p.PersonDocument, p.PersonAddress, stamp(p.CreatedAt), p.CreatedBy, p.CreatedByName, p.Unit, p.UnitName, stamp(p.ChangedAt))
	if err != nil {
		return err
	}
	for i := range p.Items {
		if err := insertItem(tx, &p.Items[i]); err != nil {
			return err
		}
	}
	return nil
}

func insertItem(tx *tenants.Tx, it *Item) error {
	agreed, err := textsOf(&it.Agreed)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO plan_item (plan_id, id, position, code, name, category, subcategory, provider, unit, requirements, member,
		member_name, quantity, amount, note, fields, override_reason, advice, added_by, added_by_name, status, changed_at, changed_by_name,
		changed_version, approval, approval_level, limit_amount, agreed_on) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		it.PlanID, it.ID, it.Position, it.Code, it.Name, it.Category, it.Subcategory, it.Provider, it.Unit, agreed.requirements, it.Member,
		it.MemberName, it.Quantity, it.Amount.column(), it.Note, agreed.fields, it.OverrideReason, agreed.advice, it.AddedBy, it.AddedByName,
		string(it.Status), stamp(it.ChangedAt), it.ChangedByName, it.ChangedVersion, string(it.Approval.State), string(it.Approval.Level),
		it.LimitAmount, calendar.On(tx.Now))
	return err
}

// saveProgress writes how the management of an item stands.
func saveProgress(tx *tenants.Tx, it *Item) error {
	var quantity, amount any
	if !it.Delivery.On.IsZero() {
		quantity, amount = it.Delivery.Quantity, it.Delivery.Amount
	}
	_, err := tx.Exec(`UPDATE plan_item SET status = ?, reason = ?, changed_at = ?, changed_by_name = ?, changed_version = ?, approval = ?,
		approval_at = ?, approval_by_name = ?, approval_reason = ?, delivered_on = ?, delivered_quantity = ?, delivered_amount = ?
		WHERE plan_id = ? AND id = ?`,
		string(it.Status), it.Reason, stamp(it.ChangedAt), it.ChangedByName, it.ChangedVersion, string(it.Approval.State),
		stampOrNull(it.Approval.At), it.Approval.ByName, it.Approval.Reason, it.Delivery.On, quantity, amount, it.PlanID, it.ID)
	return err
}

// savePlan writes the plan's own state: version, last change, closing.
func savePlan(tx *tenants.Tx, p *Plan) error {
	status := "open"
	if p.Closed {
		status = "closed"
	}
	_, err := tx.Exec(`UPDATE plan SET status = ?, version = ?, changed_at = ?, closed_at = ? WHERE id = ?`,
		status, p.Version, stamp(p.ChangedAt), stampOrNull(p.ClosedAt), p.ID)
	return err
}

// remember appends a line to the plan's history.
func remember(tx *tenants.Tx, who actor.Actor, p *Plan, e Entry) error {
	_, err := tx.Exec(`INSERT INTO plan_history (plan_id, seq, version, item_id, what, was, became, reason, at, user_id, name, role)
		SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM plan_history WHERE plan_id = ?`,
		p.ID, p.Version, e.ItemID, e.What, e.Was, e.Became, e.Reason, stamp(tx.Now), who.UserID, who.Name, who.Role, p.ID)
	return err
}

// historyOf gives a plan's history, oldest first.
func historyOf(tx *tenants.Tx, planID string) ([]Entry, error) {
	rows, err := tx.Query(`SELECT seq, version, item_id, what, was, became, reason, at, user_id, name, role
		FROM plan_history WHERE plan_id = ? ORDER BY seq`, planID)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (e Entry, err error) {
		err = row.Scan(&e.Seq, &e.Version, &e.ItemID, &e.What, &e.Was, &e.Became, &e.Reason, scanTime{&e.At}, &e.UserID, &e.Name, &e.Role)
		return e, err
	})
}

// statusesAt gives the status that each item had at an earlier version of the plan.
func statusesAt(tx *tenants.Tx, planID string, version int64) (map[string]Status, error) {
	rows, err := tx.Query(`SELECT item_id, became FROM plan_history
		WHERE plan_id = ? AND what = 'status' AND version <= ? ORDER BY seq`, planID, version)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	at := map[string]Status{}
	for rows.Next() {
		var id string
		var status Status
		if err := rows.Scan(&id, &status); err != nil {
			return nil, err
		}
		at[id] = status
	}
	return at, rows.Err()
}

// limits reads the thresholds of the municipality; a setting that is missing or
// no number leaves the default.
func limits(tx *tenants.Tx) (Thresholds, error) {
	t := DefaultThresholds
	// Not IN, which fills a temporary table on each page: 11 µs instead of 3.
	rows, err := tx.Query(`SELECT key, value FROM setting WHERE key = 'plan.worker_threshold'
		UNION ALL SELECT key, value FROM setting WHERE key = 'plan.head_threshold'`)
	if err != nil {
		return t, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return t, err
		}
		n, err := strconv.ParseInt(value, 10, 64)
		switch {
		case err != nil || n < 0:
		case key == "plan.worker_threshold":
			t.Worker = n
		default:
			t.Head = n
		}
	}
	return t, rows.Err()
}

// jsonList writes a list as the one parameter in which a constant text of SQL takes it.
func jsonList(ids []string) (string, error) {
	text, err := json.Marshal(ids)
	return string(text), err
}

// neighbours gives the plan before this one and those that follow it.
func neighbours(tx *tenants.Tx, p *Plan) (previous *Plan, next []Plan, err error) {
	if p.PreviousID != "" {
		before, err := scanPlan(tx.QueryRow(`SELECT `+planColumns+` FROM plan WHERE id = ?`, p.PreviousID))
		if err != nil {
			return nil, nil, err
		}
		previous = &before
	}
	next, err = following(tx, p.ID)
	return previous, next, err
}

// following gives the plans that name this one as their previous, oldest first.
func following(tx *tenants.Tx, planID string) ([]Plan, error) {
	rows, err := tx.Query(`SELECT `+planColumns+` FROM plan WHERE previous_id = ?`, planID)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, scanPlan)
	slices.SortFunc(list, func(a, b Plan) int { return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Number, b.Number)) })
	return list, err
}

// FileOf gives the file that a plan is of; "" when there is none with the id.
func FileOf(tx *tenants.Tx, id string) (string, error) {
	return people.OfFile(tx.QueryRow(`SELECT file_id FROM plan WHERE id = ?`, id))
}
