package catalogue

import (
	"encoding/json"
	"fmt"
	"strings"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// loadVersions reads the versions of an item, or of all for "", each item's in
// the order of their days.
func loadVersions(tx *tenants.Tx, code string) (map[string][]Version, error) {
	rows, err := tx.Query(`SELECT code, valid_from, valid_to, category, subcategory, name, description, provider, unit,
			reference_clp, interval_days, requirements, legal_basis, ris_code, contact, spots, spots_period
		FROM catalogue_item WHERE ?1 = '' OR code = ?1 ORDER BY code, valid_from`, code)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []*Item
	byVersion := map[[2]string]*Item{}
	for rows.Next() {
		it := &Item{Scope: National}
		var requirements string
		var reference *int64
		if err := rows.Scan(&it.Code, &it.ValidFrom, &it.ValidTo, &it.Category, &it.SubcategoryCode, &it.Name, &it.Description, &it.Provider,
			&it.Unit, &reference, &it.IntervalDays, &requirements, &it.LegalBasis, &it.RISCode, &it.Contact, &it.Spots, &it.SpotsPeriod); err != nil {
			return nil, err
		}
		if reference != nil {
			it.Reference, it.ReferenceKnown = *reference, true
		}
		it.Requirements = splitList(requirements, "\n")
		list = append(list, it)
		byVersion[[2]string{it.Code, it.ValidFrom.String()}] = it
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := loadVersionCriteria(tx, byVersion, code); err != nil {
		return nil, err
	}
	if err := loadVersionFields(tx, byVersion, code); err != nil {
		return nil, err
	}
	versions := map[string][]Version{}
	for _, it := range list {
		versions[it.Code] = append(versions[it.Code], Version{contentOf(it, it.Fields), it.ValidFrom, it.ValidTo})
	}
	return versions, nil
}

func loadVersionCriteria(tx *tenants.Tx, items map[[2]string]*Item, code string) error {
	rows, err := tx.Query(`SELECT code, valid_from, requirement, alternative, scope, attribute, operator, value
		FROM catalogue_criterion WHERE ?1 = '' OR code = ?1 ORDER BY code, valid_from, requirement, alternative, position`, code)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var before [2]string
	beforeRequirement, beforeAlternative := 0, 0
	for rows.Next() {
		var at [2]string
		var scope, attribute, operator, value string
		var requirement, alternative int
		if err := rows.Scan(&at[0], &at[1], &requirement, &alternative, &scope, &attribute, &operator, &value); err != nil {
			return err
		}
		t, err := newTest(Scope(scope), attribute, operator, value)
		if err != nil {
			return fmt.Errorf("catalogue item %s, criterion %d: %w", at[0], requirement, err)
		}
		begins := at != before || requirement != beforeRequirement
		items[at].addTest(begins, alternative != beforeAlternative, Scope(scope), t)
		before, beforeRequirement, beforeAlternative = at, requirement, alternative
	}
	return rows.Err()
}

func loadVersionFields(tx *tenants.Tx, items map[[2]string]*Item, code string) error {
	rows, err := tx.Query(`SELECT code, valid_from, label, type, required, choices
		FROM catalogue_field WHERE ?1 = '' OR code = ?1 ORDER BY code, valid_from, position`, code)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var at [2]string
		var label, kind, choices string
		var required bool
		if err := rows.Scan(&at[0], &at[1], &label, &kind, &required, &choices); err != nil {
			return err
		}
		f, err := newField(label, kind, required, splitList(choices, "\n"))
		if err != nil {
			return fmt.Errorf("catalogue item %s, field %q: %w", at[0], label, err)
		}
		items[at].Fields = append(items[at].Fields, f)
	}
	return rows.Err()
}

// insertVersion writes a version whole.
func insertVersion(tx *tenants.Tx, it *Item) error {
	var reference any
	if it.ReferenceKnown {
		reference = it.Reference
	}
	if _, err := tx.Exec(`INSERT INTO catalogue_item (code, valid_from, valid_to, category, subcategory, name, description, provider,
			unit, reference_clp, interval_days, requirements, legal_basis, ris_code, contact, spots, spots_period)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		it.Code, it.ValidFrom.String(), it.ValidTo.String(), it.Category, it.SubcategoryCode, it.Name, it.Description, it.Provider,
		it.Unit, reference, it.IntervalDays, strings.Join(it.Requirements, "\n"), it.LegalBasis, it.RISCode, it.Contact, it.Spots, it.SpotsPeriod); err != nil {
		return err
	}
	if err := insertCriteria(tx, it); err != nil {
		return err
	}
	return insertFields(tx, it)
}

// endVersion says on which day the version was valid for the last time.
func endVersion(tx *tenants.Tx, code string, from, last calendar.Date) error {
	_, err := tx.Exec(`UPDATE catalogue_item SET valid_to = ? WHERE code = ? AND valid_from = ?`, last.String(), code, from.String())
	return err
}

// removeVersion takes out one that makes room for another; its criteria and
// fields go with it.
func removeVersion(tx *tenants.Tx, code string, from calendar.Date) error {
	if _, err := tx.Exec(`DELETE FROM catalogue_criterion WHERE code = ? AND valid_from = ?`, code, from.String()); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM catalogue_field WHERE code = ? AND valid_from = ?`, code, from.String()); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM catalogue_item WHERE code = ? AND valid_from = ?`, code, from.String())
	return err
}

// loadDrafts reads the draft of an item, or all for "", by code.
func loadDrafts(tx *tenants.Tx, code string) ([]*Draft, error) {
	rows, err := tx.Query(`SELECT code, retires, valid_from, content, revision, changed_by, changed_by_name, changed_at
		FROM catalogue_draft WHERE ?1 = '' OR code = ?1 ORDER BY code`, code)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []*Draft
	for rows.Next() {
		d := &Draft{}
		var code, content string
		if err := rows.Scan(&code, &d.Retires, &d.From, &content, &d.Revision, &d.ChangedBy, &d.ChangedByName, &d.ChangedAt); err != nil {
			return nil, err
		}
		said, err := kept(content)
		if err != nil {
			return nil, fmt.Errorf("catalogue draft %s: %w", code, err)
		}
		d.Content = *said
		list = append(list, d)
	}
	return list, rows.Err()
}

func saveDraft(tx *tenants.Tx, who actor.Actor, d *Draft) error {
	d.ChangedBy, d.ChangedByName, d.ChangedAt = who.UserID, who.Name, tx.Now.UTC().Format(timeFormat)
	_, err := tx.Exec(`INSERT INTO catalogue_draft (code, retires, valid_from, content, revision, changed_by, changed_by_name, changed_at)
		VALUES (?1,?2,?3,?4,?5,?6,?7,?8)
		ON CONFLICT (code) DO UPDATE SET retires = ?2, valid_from = ?3, content = ?4, revision = ?5, changed_by = ?6, changed_by_name = ?7, changed_at = ?8`,
		d.Code, d.Retires, d.From.String(), d.text(), d.Revision, d.ChangedBy, d.ChangedByName, d.ChangedAt)
	return err
}

func removeDraft(tx *tenants.Tx, code string) error {
	_, err := tx.Exec(`DELETE FROM catalogue_draft WHERE code = ?`, code)
	return err
}

// knownItem reports whether there is an item or a draft with that code.
func knownItem(tx *tenants.Tx, code string) (found bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM catalogue_item WHERE code = ?1) OR EXISTS (SELECT 1 FROM catalogue_draft WHERE code = ?1)`, code).Scan(&found)
	return found, err
}

func insertPublication(tx *tenants.Tx, who actor.Actor, p *Publication) error {
	p.At, p.By = tx.Now.UTC().Format(timeFormat), who.Name
	done, err := tx.Exec(`INSERT INTO catalogue_publication (key, at, user_id, user_name, reason) VALUES (?,?,?,?,?)`,
		p.Key, p.At, who.UserID, who.Name, p.Reason)
	if err != nil {
		return err
	}
	p.ID, err = done.LastInsertId()
	return err
}

func insertPublished(tx *tenants.Tx, id int64, s *Step) error {
	before, after := "", ""
	if s.Before != nil {
		before = s.Before.text()
	}
	if s.After != nil {
		after = s.After.text()
	}
	_, err := tx.Exec(`INSERT INTO catalogue_publication_item (publication, code, action, valid_from, before, after) VALUES (?,?,?,?,?,?)`,
		id, s.Draft.Code, string(s.Action), s.From.String(), before, after)
	return err
}

// publicationByKey finds what a form published already; tenants.NotFound for none.
func publicationByKey(tx *tenants.Tx, key string) (id int64, err error) {
	err = tx.QueryRow(`SELECT id FROM catalogue_publication WHERE key = ?`, key).Scan(&id)
	return id, err
}

// loadPublications reads the newest, one of a number, or those of an item; their
// items without what they say.
func loadPublications(tx *tenants.Tx, id int64, code string, limit int) ([]*Publication, error) {
	rows, err := tx.Query(`SELECT p.id, p.at, p.user_name, p.reason, i.code, i.action, i.valid_from, i.before, i.after
		FROM catalogue_publication p JOIN catalogue_publication_item i ON i.publication = p.id
		WHERE p.id IN (SELECT q.id FROM catalogue_publication q WHERE (?1 = 0 OR q.id = ?1)
				AND (?2 = '' OR EXISTS (SELECT 1 FROM catalogue_publication_item x WHERE x.publication = q.id AND x.code = ?2))
			ORDER BY q.id DESC LIMIT ?3)
			AND (?2 = '' OR i.code = ?2)
		ORDER BY p.id DESC, i.code`, id, code, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []*Publication
	for rows.Next() {
		p := &Publication{}
		var e Published
		var before, after string
		if err := rows.Scan(&p.ID, &p.At, &p.By, &p.Reason, &e.Code, &e.Action, &e.From, &before, &after); err != nil {
			return nil, err
		}
		if e.Before, err = kept(before); err != nil {
			return nil, err
		}
		if e.After, err = kept(after); err != nil {
			return nil, err
		}
		if n := len(list); n == 0 || list[n-1].ID != p.ID {
			list = append(list, p)
		}
		last := list[len(list)-1]
		last.Items = append(last.Items, e)
	}
	return list, rows.Err()
}

// kept reads what a draft or a publication keeps of an item, nil for nothing.
func kept(text string) (*Content, error) {
	if text == "" {
		return nil, nil
	}
	c := &Content{}
	err := json.Unmarshal([]byte(text), c)
	if c.SpotsPeriod == "" {
		c.SpotsPeriod = spotsPeriods[0]
	}
	return c, err
}

// loadCodes reads what has a code: the items of every day, and the national
// benefits that they stand for.
func loadCodes(tx *tenants.Tx) (map[string]bool, error) {
	rows, err := tx.Query(`SELECT code FROM catalogue_item UNION SELECT ris_code FROM catalogue_item WHERE ris_code <> ''`)
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

// loadProviders reads who gives what there is.
func loadProviders(tx *tenants.Tx) ([]string, error) {
	rows, err := tx.Query(`SELECT DISTINCT provider FROM catalogue_item WHERE provider <> '' ORDER BY provider`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, rows.Err()
}
