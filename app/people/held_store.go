package people

import (
	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/tenants"
)

// Held is what the file itself says of who the person is.
func Held(tx *tenants.Tx, f File) ([]held.Record, error) {
	ctx := tx.Context()
	r := held.Of(DisplayName(ctx, f), f.CreatedAt)
	if !f.RUN.IsZero() {
		r.Add("run", f.RUN.Format())
	}
	r.Add("number", f.ProvisionalID).Add("given_names", f.GivenNames).Add("surnames", f.Surnames).Add("birth_date", f.BirthDate).
		Add("sex", held.Coded{Code: f.Sex, Text: sexText(ctx, f.Sex)}).Add("nationality", f.Nationality).Add("phone", FormatPhone(f.Phone)).
		Add("email", f.Email).Add("address", f.Address).Add("commune", f.CommuneCode).Add("household_folio", f.Folio)
	if key, known := sourceKeys[f.Source]; known {
		r.Add("source", held.Coded{Code: f.Source, Text: i18n.T(ctx, key)})
	}
	r.Add("opened_on", f.CreatedAt)
	former, err := MovedIDs(tx.Query(`SELECT coalesce(provisional_id, '') FROM file WHERE merged_into = ? AND provisional_id IS NOT NULL ORDER BY id`, f.ID))
	if err != nil {
		return nil, err
	}
	r.Add("former_ids", former)
	papers, err := MovedIDs(tx.Query(`SELECT number FROM identity_document WHERE file_id = ?1 OR file_id IN (SELECT id FROM file WHERE merged_into = ?1) ORDER BY key`, f.ID))
	if err != nil {
		return nil, err
	}
	r.Add("identity_documents", papers)
	return []held.Record{r}, nil
}

var sourceKeys = map[string]string{FromRegistry: "held.source.registry", FromDesk: "held.source.desk"}
