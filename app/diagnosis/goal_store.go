package diagnosis

import (
	"cmp"
	"slices"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

const aimColumns = `id, file_id, text, due_on, state, reason, created_at, created_by_name, changed_at, changed_by_name, version`

func (a *Aim) fields() []any {
	return []any{&a.ID, &a.FileID, &a.Text, &a.Due, &a.Standing, &a.Reason, scanTime{&a.CreatedAt}, &a.CreatedBy, scanTime{&a.ChangedAt}, &a.ChangedBy, &a.Version}
}

func scanGoal(row scanner) (g Goal, err error) {
	return g, row.Scan(append(g.fields(), &g.Dimension)...)
}

func scanCommitment(row scanner) (c Commitment, err error) {
	return c, row.Scan(append(c.fields(), &c.GoalID, &c.By)...)
}

// goalList gives the goals of a file: open ones first, by date; then the others,
// the last changed first.
func goalList(tx *tenants.Tx, fileID string) ([]Goal, error) {
	rows, err := tx.Query(`SELECT `+aimColumns+`, dimension FROM goal WHERE file_id = ? ORDER BY id`, fileID)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, scanGoal)
	slices.SortStableFunc(list, func(a, b Goal) int { return compareAims(&a.Aim, &b.Aim) })
	return list, err
}

func commitmentList(tx *tenants.Tx, fileID string) ([]Commitment, error) {
	rows, err := tx.Query(`SELECT `+aimColumns+`, coalesce(goal_id, ''), by_whom FROM commitment WHERE file_id = ? ORDER BY id`, fileID)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, scanCommitment)
	slices.SortStableFunc(list, func(a, b Commitment) int { return compareAims(&a.Aim, &b.Aim) })
	return list, err
}

func compareAims(a, b *Aim) int {
	if a.Standing == Open || b.Standing == Open {
		if order := cmp.Compare(slices.Index(Standings(), a.Standing), slices.Index(Standings(), b.Standing)); order != 0 {
			return order
		}
		if a.Due.IsZero() != b.Due.IsZero() {
			return cmp.Compare(boolInt(a.Due.IsZero()), boolInt(b.Due.IsZero()))
		}
		return a.Due.Compare(b.Due)
	}
	return b.ChangedAt.Compare(a.ChangedAt)
}

func boolInt(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// pursuits gives the plan items by the goals and commitments of a file.
func pursuits(tx *tenants.Tx, fileID string) (map[string][]string, error) {
	rows, err := tx.Query(`SELECT p.owner_id, p.item_id FROM goal AS g JOIN pursuit AS p ON p.owner_id = g.id WHERE g.file_id = ?1
		UNION ALL SELECT p.owner_id, p.item_id FROM commitment AS c JOIN pursuit AS p ON p.owner_id = c.id WHERE c.file_id = ?1 ORDER BY 1, 2`, fileID)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, func(row scanner) (p [2]string, err error) { return p, row.Scan(&p[0], &p[1]) })
	byOwner := map[string][]string{}
	for _, p := range list {
		byOwner[p[0]] = append(byOwner[p[0]], p[1])
	}
	return byOwner, err
}

// itemsOfAim gives the plan items of one goal or commitment.
func itemsOfAim(tx *tenants.Tx, id string) ([]string, error) {
	rows, err := tx.Query(`SELECT item_id FROM pursuit WHERE owner_id = ? ORDER BY item_id`, id)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (id string, err error) { return id, row.Scan(&id) })
}

// goal gives one; fault.NotFound when this municipality has none of the id.
func goal(tx *tenants.Tx, id string) (Goal, error) {
	g, err := scanGoal(tx.QueryRow(`SELECT `+aimColumns+`, dimension FROM goal WHERE id = ?`, id))
	if tenants.NotFound(err) {
		return g, fault.New(fault.NotFound, "fault.not_found")
	}
	if err == nil {
		g.Items, err = itemsOfAim(tx, id)
	}
	return g, err
}

// commitment gives one; fault.NotFound when this municipality has none of the id.
func commitment(tx *tenants.Tx, id string) (Commitment, error) {
	c, err := scanCommitment(tx.QueryRow(`SELECT `+aimColumns+`, coalesce(goal_id, ''), by_whom FROM commitment WHERE id = ?`, id))
	if tenants.NotFound(err) {
		return c, fault.New(fault.NotFound, "fault.not_found")
	}
	if err == nil {
		c.Items, err = itemsOfAim(tx, id)
	}
	return c, err
}

// addedBy gives the file and the words of the goal or commitment that a form with
// the key has added already.
func addedBy(tx *tenants.Tx, key string) (file, text string, added bool, err error) {
	err = tx.QueryRow(`SELECT file_id, text FROM goal WHERE key = ?1 UNION ALL SELECT file_id, text FROM commitment WHERE key = ?1`, key).Scan(&file, &text)
	if tenants.NotFound(err) {
		return "", "", false, nil
	}
	return file, text, err == nil, err
}

func insertGoal(tx *tenants.Tx, who actor.Actor, g *Goal, key string) error {
	_, err := tx.Exec(`INSERT INTO goal (id, file_id, key, dimension, text, due_on, created_at, created_by_name, changed_at, changed_by_name)
		VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?7,?8)`, g.ID, g.FileID, key, g.Dimension, g.Text, g.Due, stamp(tx.Now), who.Name)
	return err
}

func insertCommitment(tx *tenants.Tx, who actor.Actor, c *Commitment, key string) error {
	_, err := tx.Exec(`INSERT INTO commitment (id, file_id, key, goal_id, text, by_whom, due_on, created_at, created_by_name, changed_at, changed_by_name)
		VALUES (?1,?2,?3,nullif(?4, ''),?5,?6,?7,?8,?9,?8,?9)`, c.ID, c.FileID, key, c.GoalID, c.Text, c.By, c.Due, stamp(tx.Now), who.Name)
	return err
}

func updateGoal(tx *tenants.Tx, who actor.Actor, g *Goal) error {
	_, err := tx.Exec(`UPDATE goal SET dimension = ?, text = ?, due_on = ?, state = ?, reason = ?, changed_at = ?, changed_by_name = ?, version = version + 1 WHERE id = ?`,
		g.Dimension, g.Text, g.Due, g.Standing, g.Reason, stamp(tx.Now), who.Name, g.ID)
	return err
}

func updateCommitment(tx *tenants.Tx, who actor.Actor, c *Commitment) error {
	_, err := tx.Exec(`UPDATE commitment SET goal_id = nullif(?, ''), text = ?, by_whom = ?, due_on = ?, state = ?, reason = ?, changed_at = ?, changed_by_name = ?,
		version = version + 1 WHERE id = ?`, c.GoalID, c.Text, c.By, c.Due, c.Standing, c.Reason, stamp(tx.Now), who.Name, c.ID)
	return err
}

// pursue ties a goal or commitment to plan items, those and no others.
func pursue(tx *tenants.Tx, id string, items []string) error {
	if _, err := tx.Exec(`DELETE FROM pursuit WHERE owner_id = ?`, id); err != nil {
		return err
	}
	for _, item := range items {
		if _, err := tx.Exec(`INSERT INTO pursuit (owner_id, item_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, item); err != nil {
			return err
		}
	}
	return nil
}

// rememberAim adds a line to the history of a goal or commitment.
func rememberAim(tx *tenants.Tx, who actor.Actor, a *Aim, was Standing) error {
	_, err := tx.Exec(`INSERT INTO goal_history (owner_id, seq, at, user_id, by_name, role, was, became, text, due_on, reason)
		SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM goal_history WHERE owner_id = ?1`,
		a.ID, stamp(tx.Now), who.UserID, who.Name, who.Role, was, a.Standing, a.Text, a.Due, a.Reason)
	return err
}

// Due is an open goal or commitment that falls due, for a worker's week.
type Due struct {
	FileID     string
	ID         string
	WorkerID   string // who has the case
	WorkerName string
	Commitment bool // else a goal
	Text       string
	By         string // who of the family, of a commitment
	On         calendar.Date
}

// DueBetween lists the open goals and commitments of the workers' open cases that
// fall due from one day to another, the first due first.
func DueBetween(tx *tenants.Tx, workers []string, from, to calendar.Date) ([]Due, error) {
	ids, err := jsonList(workers)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT a.id, c.worker_id, c.worker_name, c.file_id, 1, a.text, a.by_whom, a.due_on FROM json_each(?1) AS w
			JOIN case_file AS c ON c.worker_id = w.value AND c.status = 'assigned'
			JOIN commitment AS a ON a.file_id = c.file_id AND a.state = 'open' AND a.due_on BETWEEN ?2 AND ?3
		UNION ALL SELECT g.id, c.worker_id, c.worker_name, c.file_id, 0, g.text, '', g.due_on FROM json_each(?1) AS w
			JOIN case_file AS c ON c.worker_id = w.value AND c.status = 'assigned'
			JOIN goal AS g ON g.file_id = c.file_id AND g.state = 'open' AND g.due_on BETWEEN ?2 AND ?3
		ORDER BY 8, 1`, ids, from, to)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (d Due, err error) {
		return d, row.Scan(&d.ID, &d.WorkerID, &d.WorkerName, &d.FileID, &d.Commitment, &d.Text, &d.By, &d.On)
	})
}
