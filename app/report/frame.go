package report

import (
	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Frame counts in the left menu of a file the reports that are not finished; it
// is one of people's OnFrame hooks.
func (s *Service) Frame(tx *tenants.Tx, who actor.Actor, f people.File, frame *layout.FileFrame) error {
	if !who.Can(access.ReadCasework) {
		return nil
	}
	n, err := underWay(tx, f.ID)
	for i := range frame.Sections {
		if section := &frame.Sections[i]; section.Key == people.ReportSection {
			section.Count = n
		}
	}
	return err
}
