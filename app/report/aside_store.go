package report

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// Page is the open page that a save comes from.
type Page struct {
	Name string // drawn anew whenever the page is shown
	Seen int64  // version of the part when it was
	Base string // mark of what the part said when it was
	Turn int64  // number of the save among those of the page; 0: none that comes by itself
}

// Aside is what somebody typed in a part that another page had written meanwhile.
type Aside struct {
	Part Part
	Name string
	At   time.Time
	body string
}

// asidesOf lists what is kept aside of somebody's.
func asidesOf(tx *tenants.Tx, id, userID string) ([]Aside, error) {
	rows, err := tx.Query(`SELECT part, name, at, body FROM report_aside WHERE report_id = ? AND user_id = ?`, id, userID)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (a Aside, err error) {
		return a, row.Scan(&a.Part, &a.Name, scanTime{&a.At}, &a.body)
	})
}

func keepAside(tx *tenants.Tx, who actor.Actor, id string, p Part, body string) error {
	_, err := tx.Exec(`INSERT INTO report_aside (report_id, part, user_id, name, body, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (report_id, part, user_id) DO UPDATE SET body = ?5, at = ?6`, id, p, who.UserID, who.Name, body, stamp(tx.Now))
	return err
}

func dropAside(tx *tenants.Tx, who actor.Actor, id string, p Part) error {
	_, err := tx.Exec(`DELETE FROM report_aside WHERE report_id = ? AND part = ? AND user_id = ?`, id, p, who.UserID)
	return err
}
