package announce

import (
	"strings"
	"time"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

const columns = `id, text, level, from_at, to_at, municipalities, roles, created_by_name, created_at, revision, withdrawn_at, withdrawn_by_name,
	(SELECT count(*) FROM announcement_dismissal d WHERE d.announcement_id = announcement.id)`

type scanner interface{ Scan(dest ...any) error }

func scan(row scanner) (*Announcement, error) {
	a := &Announcement{}
	var from, to int64
	var municipalities, roles, created, withdrawn string
	if err := row.Scan(&a.ID, &a.Text, &a.Level, &from, &to, &municipalities, &roles, &a.By, &created, &a.Revision, &withdrawn, &a.WithdrawnBy, &a.Dismissed); err != nil {
		return nil, err
	}
	a.From, a.To = time.Unix(from, 0), time.Unix(to, 0)
	a.Municipalities, a.Roles = lines(municipalities), lines(roles)
	var err error
	if a.CreatedAt, err = time.Parse(time.RFC3339, created); err == nil && withdrawn != "" {
		a.WithdrawnAt, err = time.Parse(time.RFC3339, withdrawn)
	}
	return a, err
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// loadCurrent reads what stands at a time or is to come, the first to end last.
func loadCurrent(tx *tenants.Tx, now time.Time) ([]*Announcement, error) {
	return list(tx.Query(`SELECT `+columns+` FROM announcement WHERE to_at > ?1 AND withdrawn_at = '' ORDER BY level DESC, from_at DESC, id LIMIT ?2`, now.Unix(), mostAtOnce))
}

// loadAll reads the newest.
func loadAll(tx *tenants.Tx, limit int) ([]*Announcement, error) {
	return list(tx.Query(`SELECT `+columns+` FROM announcement ORDER BY from_at DESC, id DESC LIMIT ?1`, limit))
}

func list(rows *tenants.Rows, err error) ([]*Announcement, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []*Announcement
	for rows.Next() {
		a, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, rows.Err()
}

func byID(tx *tenants.Tx, id string) (*Announcement, error) {
	return scan(tx.QueryRow(`SELECT `+columns+` FROM announcement WHERE id = ?1`, id))
}

// countCurrent counts what stands or is to come, one left out.
func countCurrent(tx *tenants.Tx, now time.Time, but string) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM announcement WHERE to_at > ?1 AND withdrawn_at = '' AND id <> ?2`, now.Unix(), but).Scan(&n)
	return n, err
}

func save(tx *tenants.Tx, who actor.Actor, a *Announcement) error {
	now := tx.Now.UTC().Format(time.RFC3339)
	_, err := tx.Exec(`INSERT INTO announcement (id, text, level, from_at, to_at, municipalities, roles, created_by, created_by_name, created_at, changed_at, revision)
		VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?10,?11)
		ON CONFLICT (id) DO UPDATE SET text = ?2, level = ?3, from_at = ?4, to_at = ?5, municipalities = ?6, roles = ?7, changed_at = ?10, revision = ?11`,
		a.ID, a.Text, string(a.Level), a.From.Unix(), a.To.Unix(), strings.Join(a.Municipalities, "\n"), strings.Join(a.Roles, "\n"), who.UserID, who.Name, now, a.Revision)
	return err
}

func withdraw(tx *tenants.Tx, who actor.Actor, id string) error {
	_, err := tx.Exec(`UPDATE announcement SET withdrawn_at = ?2, withdrawn_by_name = ?3, revision = revision + 1 WHERE id = ?1 AND withdrawn_at = ''`,
		id, tx.Now.UTC().Format(time.RFC3339), who.Name)
	return err
}

func dismiss(tx *tenants.Tx, id, userID string) error {
	_, err := tx.Exec(`INSERT INTO announcement_dismissal (announcement_id, user_id, at) VALUES (?1,?2,?3) ON CONFLICT DO NOTHING`,
		id, userID, tx.Now.UTC().Format(time.RFC3339))
	return err
}

// undismiss lets everybody see it again: what it says has changed.
func undismiss(tx *tenants.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM announcement_dismissal WHERE announcement_id = ?1`, id)
	return err
}

// loadDismissed reads who dismissed one.
func loadDismissed(tx *tenants.Tx, id string) (map[string]bool, error) {
	rows, err := tx.Query(`SELECT user_id FROM announcement_dismissal WHERE announcement_id = ?1`, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	users := map[string]bool{}
	for rows.Next() {
		var user string
		if err := rows.Scan(&user); err != nil {
			return nil, err
		}
		users[user] = true
	}
	return users, rows.Err()
}
