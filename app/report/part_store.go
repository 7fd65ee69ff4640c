package report

import (
	"encoding/json"
	"fmt"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Written is who wrote a part last and when.
type Written struct {
	Version  int64
	At       time.Time
	By, Name string // id and name
	page     string // the open page that did
	turn     int64
}

// row is one part as it is kept.
type row struct {
	Part
	Written
	body string
}

// ContentOf gives what a report says, as it is kept; of a draft the person is as
// the file has them now.
func ContentOf(tx *tenants.Tx, r *Report) (Content, error) {
	c, _, err := contentOf(tx, r)
	return c, err
}

func contentOf(tx *tenants.Tx, r *Report) (c Content, written map[Part]Written, err error) {
	rows, err := tx.Query(`SELECT part, version, body, page, turn, changed_at, changed_by, changed_by_name FROM report_part WHERE report_id = ?`, r.ID)
	if err != nil {
		return c, nil, err
	}
	list, err := collect(rows, scanPart)
	if err != nil {
		return c, nil, err
	}
	written = make(map[Part]Written, len(list))
	for i := range list {
		if err := c.read(list[i].Part, list[i].body); err != nil {
			return c, nil, err
		}
		written[list[i].Part] = list[i].Written
	}
	c.Person, err = identify(tx, r.FileID)
	return c, written, err
}

func scanPart(s scanner) (p row, err error) {
	return p, s.Scan(&p.Part, &p.Version, &p.body, &p.page, &p.turn, scanTime{&p.At}, &p.By, &p.Name)
}

// read puts a kept part into the content.
func (c *Content) read(p Part, body string) error {
	if err := json.Unmarshal([]byte(body), c.at(p)); err != nil {
		return fmt.Errorf("report: part %s cannot be read", p) // the cause would repeat what it says
	}
	return nil
}

// partOf gives one part as it is kept.
func partOf(tx *tenants.Tx, id string, p Part) (row, error) {
	one, err := scanPart(tx.QueryRow(`SELECT part, version, body, page, turn, changed_at, changed_by, changed_by_name
		FROM report_part WHERE report_id = ? AND part = ?`, id, p))
	if tenants.NotFound(err) {
		return one, fault.New(fault.NotFound, "fault.not_found")
	}
	return one, err
}

// insertParts keeps what a new report says.
func insertParts(tx *tenants.Tx, who actor.Actor, id string, c *Content) error {
	for _, p := range Parts() {
		body, err := json.Marshal(c.at(p))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO report_part (report_id, part, body, changed_at, changed_by, changed_by_name) VALUES (?,?,?,?,?,?)`,
			id, p, string(body), stamp(tx.Now), who.UserID, who.Name); err != nil {
			return err
		}
	}
	return nil
}

// savePart keeps a part: one row changes, and nothing else.
func savePart(tx *tenants.Tx, who actor.Actor, id string, p Part, body string, from Page) error {
	_, err := tx.Exec(`UPDATE report_part SET version = version + 1, body = ?3, page = ?4, turn = ?5, changed_at = ?6, changed_by = ?7, changed_by_name = ?8
		WHERE report_id = ?1 AND part = ?2`, id, p, body, from.Name, from.Turn, stamp(tx.Now), who.UserID, who.Name)
	return err
}
