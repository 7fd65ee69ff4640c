package access

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/tenants"
)

// AgreementVersion names the text of the confidentiality agreement in force
// (templates/access/agreement.templ). A changed text gets a new name, and
// everyone accepts anew; which one each person accepted, and when, is kept.
const AgreementVersion = "2026-11"

// Agree keeps that the person accepts the text in force.
func (s *Service) Agree(ctx context.Context, who actor.Actor) error {
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		if err := insertAgreement(tx, who.UserID, AgreementVersion); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "agreement.accept", Object: who.UserID,
			Detail: map[string]string{"version": AgreementVersion}})
	})
	s.cache.dropUser(who.UserID)
	return err
}
