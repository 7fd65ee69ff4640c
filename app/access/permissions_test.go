package access_test

import (
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/web/webtest"
)

// Who may do what, in the words of the domain's table of roles.
func TestPermissions(t *testing.T) {
	all := []actor.Permission{access.SignedIn, access.Work, access.ReadFile, access.EditContact, access.ManageCart,
		access.ManagePlan, access.ApproveBenefit, access.ApproveAboveHead, access.ImportBenefits, access.EditSettings, access.Administer}
	basic := actor.Of(access.SignedIn, access.Work)
	desk := basic | actor.Of(access.ReadFile, access.EditContact)
	casework := desk | actor.Of(access.ManageCart, access.ManagePlan)
	for _, c := range []struct {
		role, unit string
		want       actor.Permissions
	}{
		{access.NationalAdmin, "", basic | actor.Of(access.Administer)},
		{access.FrontDesk, "", desk},
		{access.RSHDesk, access.RSHUnit, desk},
		{access.SubsidiesDesk, access.SubsidiesUnit, desk},
		{access.CaseManager, access.SocialUnit, casework},
		{access.CaseManager, access.FamiliesUnit, casework},
		{access.UnitHead, access.SocialUnit, casework | actor.Of(access.ApproveBenefit, access.ImportBenefits)},
		{access.UnitHead, access.FamiliesUnit, casework | actor.Of(access.ApproveBenefit)},
		{access.UnitHead, access.CareUnit, casework | actor.Of(access.ApproveBenefit)},
		{access.UnitHead, access.RSHUnit, desk},
		{access.UnitHead, access.SubsidiesUnit, desk},
		{access.Counterpart, "", basic | actor.Of(access.ReadFile, access.ImportBenefits, access.EditSettings)},
		{access.Director, "", basic | actor.Of(access.ReadFile, access.ApproveBenefit, access.ApproveAboveHead)},
		{access.TechnicalAssistant, "", basic},
		{"", "", 0},
		{"emperor", access.SocialUnit, 0},
	} {
		got := access.PermissionsOf(c.role, c.unit)
		for _, p := range all {
			if got.Has(p) != c.want.Has(p) {
				t.Errorf("%s of %q: permission %d is %v", c.role, c.unit, p, got.Has(p))
			}
		}
		if got.Has(access.ReadFile) && (c.role == access.NationalAdmin || c.role == access.TechnicalAssistant) {
			t.Errorf("%s reads personal data", c.role)
		}
	}
}

// The test edge of the kit names the same permissions.
func TestKitNamesTheSamePermissions(t *testing.T) {
	if access.Public != webtest.Public || access.SignedIn != webtest.SignedIn || access.ReadFile != webtest.ReadFile {
		t.Error("webtest's permissions are not those of access")
	}
}
