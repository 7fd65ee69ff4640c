package referral

import (
	"slices"
	"strings"
	"time"

	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

const protocolColumns = `p.id, p.agreement, p.year, p.number, p.version, p.revision, p.state, p.title, p.unit, p.unit_name, p.all_desks,
	p.counterpart, p.counterpart_name, p.eligibility, p.spots, p.spots_period, p.documents, p.process, p.answer, p.citizen_days,
	p.answer_days, p.valid_from, p.valid_to, p.evaluation, p.created_at, p.created_by, p.created_by_name, p.changed_at,
	p.changed_by_name, p.changed_in, p.approved_at, p.approved_by, p.approved_by_name, p.replaced_on, p.ended_at, p.ended_by_name, p.reason`

// stampOrBlank writes an instant, the zero time as blank.
func stampOrBlank(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

func scanProtocol(row scanner) (Protocol, error) {
	var p Protocol
	var documents string
	err := row.Scan(&p.ID, &p.Agreement, &p.Year, &p.Number, &p.Version, &p.Revision, &p.State, &p.Title, &p.Unit, &p.UnitName, &p.AllDesks,
		&p.Counterpart, &p.CounterpartName, &p.Eligibility, &p.Spots, &p.Period, &documents, &p.Process, &p.Answer, &p.CitizenDays,
		&p.AnswerDays, &p.From, &p.To, &p.Evaluation, scanTime{&p.CreatedAt}, &p.CreatedBy, &p.CreatedByName, scanTime{&p.ChangedAt},
		&p.ChangedByName, &p.ChangedIn, scanTime{&p.ApprovedAt}, &p.ApprovedBy, &p.ApprovedByName, &p.ReplacedOn, scanTime{&p.EndedAt}, &p.EndedByName, &p.Reason)
	if documents != "" {
		p.Documents = strings.Split(documents, "\n")
	}
	return p, err
}

// ProtocolByID gives a protocol whole; fault.NotFound when this municipality has
// none with the id.
func ProtocolByID(tx *tenants.Tx, id string) (Protocol, error) {
	p, err := scanProtocol(tx.QueryRow(`SELECT `+protocolColumns+` FROM protocol p WHERE p.id = ?`, id))
	if tenants.NotFound(err) {
		return p, fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return p, err
	}
	list := []Protocol{p}
	if err := fillItems(tx, list); err != nil {
		return p, err
	}
	if err := fillSignatures(tx, list); err != nil {
		return p, err
	}
	p = list[0]
	p.Criteria, err = criteriaOf(tx, id)
	return p, err
}

// listProtocols gives every version with its items and signatures, by
// counterpart, and within it by agreement, the newest version first.
func listProtocols(tx *tenants.Tx) ([]Protocol, error) {
	rows, err := tx.Query(`SELECT ` + protocolColumns + ` FROM protocol p`)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, scanProtocol)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b Protocol) int {
		if by := strings.Compare(aliasOf(a.CounterpartName), aliasOf(b.CounterpartName)); by != 0 {
			return by
		}
		if by := strings.Compare(a.Folio(), b.Folio()); by != 0 {
			return by
		}
		return b.Version - a.Version
	})
	if err := fillItems(tx, list); err != nil {
		return nil, err
	}
	return list, fillSignatures(tx, list)
}

// versionsOf gives the versions of an agreement, the newest first.
func versionsOf(tx *tenants.Tx, agreement string) ([]Protocol, error) {
	rows, err := tx.Query(`SELECT `+protocolColumns+` FROM protocol p WHERE p.agreement = ? ORDER BY p.version DESC`, agreement)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, scanProtocol)
	if err != nil {
		return nil, err
	}
	return list, fillSignatures(tx, list)
}

// protocolsInForce gives what was approved with a counterpart, expired ones too.
func protocolsInForce(tx *tenants.Tx, counterpart string) ([]Protocol, error) {
	rows, err := tx.Query(`SELECT `+protocolColumns+` FROM protocol p WHERE p.state = 'in-force' AND p.counterpart = ?`, counterpart)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, scanProtocol)
	if err != nil || len(list) == 0 {
		return list, err
	}
	return list, fillItems(tx, list)
}

// placesOf says where each protocol of a list stands in it.
func placesOf(list []Protocol) map[string]int {
	at := make(map[string]int, len(list))
	for i := range list {
		at[list[i].ID] = i
	}
	return at
}

// fillItems adds the covered items. One protocol asks for its own; a list reads
// the table, which is as small as the municipality's agreements are few.
func fillItems(tx *tenants.Tx, list []Protocol) error {
	at, only := placesOf(list), onlyID(list)
	rows, err := tx.Query(`SELECT protocol_id, code, name FROM protocol_item WHERE ?1 = '' OR protocol_id = ?1 ORDER BY protocol_id, code`, only)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		var it ProtocolItem
		if err := rows.Scan(&id, &it.Code, &it.Name); err != nil {
			return err
		}
		if i, ok := at[id]; ok {
			list[i].Items = append(list[i].Items, it)
		}
	}
	return rows.Err()
}

func onlyID(list []Protocol) string {
	if len(list) == 1 {
		return list[0].ID
	}
	return ""
}

func fillSignatures(tx *tenants.Tx, list []Protocol) error {
	at, only := placesOf(list), onlyID(list)
	rows, err := tx.Query(`SELECT protocol_id, side, name, position, signed_on, on_paper, at, by_id, by_name FROM protocol_signature
		WHERE ?1 = '' OR protocol_id = ?1 ORDER BY protocol_id, side DESC`, only)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		var s ProtocolSignature
		if err := rows.Scan(&id, &s.Side, &s.Name, &s.Position, &s.On, &s.OnPaper, scanTime{&s.At}, &s.ByID, &s.ByName); err != nil {
			return err
		}
		if i, ok := at[id]; ok {
			list[i].Signatures = append(list[i].Signatures, s)
		}
	}
	return rows.Err()
}

// criteriaOf reads the criteria of a protocol from their rows.
func criteriaOf(tx *tenants.Tx, id string) ([]catalogue.Criterion, error) {
	rows, err := tx.Query(`SELECT requirement, alternative, scope, attribute, operator, value FROM protocol_criterion
		WHERE protocol_id = ? ORDER BY requirement, alternative, position`, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []catalogue.Criterion
	for rows.Next() {
		var requirement, alternative int
		var scope catalogue.Scope
		var attribute, operator, value string
		if err := rows.Scan(&requirement, &alternative, &scope, &attribute, &operator, &value); err != nil {
			return nil, err
		}
		test, err := catalogue.NewTest(scope, attribute, operator, value)
		if err != nil {
			return nil, err
		}
		if requirement > len(list) {
			list = append(list, catalogue.Criterion{Scope: scope})
		}
		c := &list[len(list)-1]
		if alternative > len(c.Alternatives) {
			c.Alternatives = append(c.Alternatives, nil)
		}
		c.Alternatives[len(c.Alternatives)-1] = append(c.Alternatives[len(c.Alternatives)-1], test)
	}
	return list, rows.Err()
}

// nextProtocolNumber is the number after the year's last.
func nextProtocolNumber(tx *tenants.Tx, year int) (n int, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(number), 0) + 1 FROM protocol WHERE year = ?`, year).Scan(&n)
	return n, err
}

// blankDraft gives the draft between two parties that somebody made and wrote
// nothing into, "" for none.
func blankDraft(tx *tenants.Tx, who actor.Actor, unit, counterpart string, allDesks bool) (id string, err error) {
	err = tx.QueryRow(`SELECT id FROM protocol WHERE state = 'draft' AND version = 1 AND revision = 1 AND created_by = ? AND unit = ? AND counterpart = ? AND all_desks = ?
		ORDER BY id DESC LIMIT 1`, who.UserID, unit, counterpart, allDesks).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

func insertProtocol(tx *tenants.Tx, p *Protocol) error {
	_, err := tx.Exec(`INSERT INTO protocol (id, agreement, year, number, version, state, title, unit, unit_name, all_desks, counterpart,
			counterpart_name, created_at, created_by, created_by_name, changed_at, changed_by_name)
		VALUES (?,?,?,?,?,'draft',?,?,?,?,?,?,?,?,?,?,?)`,
		p.ID, p.Agreement, p.Year, p.Number, p.Version, p.Title, p.Unit, p.UnitName, p.AllDesks, p.Counterpart, p.CounterpartName,
		stamp(p.CreatedAt), p.CreatedBy, p.CreatedByName, stamp(p.ChangedAt), p.ChangedByName)
	if err != nil {
		return err
	}
	return saveClauses(tx, p)
}

// saveClauses stores a draft's text; the caller has counted its revision.
func saveClauses(tx *tenants.Tx, p *Protocol) error {
	_, err := tx.Exec(`UPDATE protocol SET revision = ?, title = ?, all_desks = ?, eligibility = ?, spots = ?, spots_period = ?, documents = ?,
			process = ?, answer = ?, citizen_days = ?, answer_days = ?, valid_from = ?, valid_to = ?, evaluation = ?, changed_at = ?, changed_by_name = ?,
			changed_in = ? WHERE id = ?`,
		p.Revision, p.Title, p.AllDesks, p.Eligibility, p.Spots, p.Period, strings.Join(p.Documents, "\n"),
		p.Process, p.Answer, p.CitizenDays, p.AnswerDays, p.From.String(), p.To.String(), p.Evaluation, stamp(p.ChangedAt), p.ChangedByName, p.ChangedIn, p.ID)
	if err != nil {
		return err
	}
	if err := replaceItems(tx, p); err != nil {
		return err
	}
	return replaceCriteria(tx, p)
}

func replaceItems(tx *tenants.Tx, p *Protocol) error {
	if _, err := tx.Exec(`DELETE FROM protocol_item WHERE protocol_id = ?`, p.ID); err != nil {
		return err
	}
	for _, it := range p.Items {
		if _, err := tx.Exec(`INSERT INTO protocol_item (protocol_id, code, name) VALUES (?,?,?)`, p.ID, it.Code, it.Name); err != nil {
			return err
		}
	}
	return nil
}

func replaceCriteria(tx *tenants.Tx, p *Protocol) error {
	if _, err := tx.Exec(`DELETE FROM protocol_criterion WHERE protocol_id = ?`, p.ID); err != nil {
		return err
	}
	for i, c := range p.Criteria {
		for k, tests := range c.Alternatives {
			for n, t := range tests {
				if _, err := tx.Exec(`INSERT INTO protocol_criterion (protocol_id, requirement, alternative, position, scope, attribute, operator, value)
						VALUES (?,?,?,?,?,?,?,?)`, p.ID, i+1, k+1, n+1, string(c.Scope), t.Attribute, t.Operator, t.Value); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// saveProtocolState stores how far the protocol has come.
func saveProtocolState(tx *tenants.Tx, p *Protocol) error {
	_, err := tx.Exec(`UPDATE protocol SET state = ?, approved_at = ?, approved_by = ?, approved_by_name = ?, replaced_on = ?, ended_at = ?,
			ended_by_name = ?, reason = ?, changed_at = ?, changed_by_name = ? WHERE id = ?`,
		p.State, stampOrBlank(p.ApprovedAt), p.ApprovedBy, p.ApprovedByName, p.ReplacedOn.String(), stampOrBlank(p.EndedAt),
		p.EndedByName, p.Reason, stamp(p.ChangedAt), p.ChangedByName, p.ID)
	return err
}

func insertProtocolSignature(tx *tenants.Tx, id string, s ProtocolSignature) error {
	_, err := tx.Exec(`INSERT INTO protocol_signature (protocol_id, side, name, position, signed_on, on_paper, at, by_id, by_name)
		VALUES (?,?,?,?,?,?,?,?,?)`, id, s.Side, s.Name, s.Position, s.On.String(), s.OnPaper, stamp(s.At), s.ByID, s.ByName)
	return err
}

// dropSignatures forgets what was signed of a text that will be written again;
// the history still says who had signed.
func dropSignatures(tx *tenants.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM protocol_signature WHERE protocol_id = ?`, id)
	return err
}

func addProtocolEvent(tx *tenants.Tx, who actor.Actor, id, what, note string) error {
	_, err := tx.Exec(`INSERT INTO protocol_history (protocol_id, seq, what, note, at, user_id, name, role)
		SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM protocol_history WHERE protocol_id = ?1`,
		id, what, note, stamp(tx.Now), who.UserID, who.Name, who.Role)
	return err
}

func protocolEvents(tx *tenants.Tx, id string) ([]ProtocolEvent, error) {
	rows, err := tx.Query(`SELECT what, note, at, name, role FROM protocol_history WHERE protocol_id = ? ORDER BY seq`, id)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (ProtocolEvent, error) {
		var e ProtocolEvent
		return e, row.Scan(&e.What, &e.Note, scanTime{&e.At}, &e.Name, &e.Role)
	})
}
