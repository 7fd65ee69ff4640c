package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/referral"
)

// whole is a form with everything that any step may ask for.
func whole(verb referral.Verb, colleague string) url.Values {
	form := url.Values{}
	switch verb {
	case referral.Wait:
		form.Set("waiting_for", "documents")
	case referral.Answer:
		form.Set("outcome", "granted")
	case referral.Return, referral.Cancel, referral.Reopen:
		form.Set("reason", "porque falta un dato")
	case referral.Assign:
		form.Set("assigned", colleague)
	case referral.External:
		form.Set("external_number", "4711")
	}
	return form
}

// The rules once more, as the domain has them: whose step it is, and from where.
var (
	sendersSteps = []referral.Verb{referral.Close, referral.Cancel, referral.Reopen, referral.Resend}
	follows      = map[referral.State][]referral.Verb{
		referral.Sent:      {referral.Receive, referral.Start, referral.Wait, referral.Answer, referral.Return, referral.Cancel, referral.External},
		referral.Waiting:   {referral.Start, referral.Wait, referral.Answer, referral.Return, referral.Cancel, referral.External},
		referral.Answered:  {referral.Close, referral.Reopen, referral.External},
		referral.Returned:  {referral.Resend, referral.Cancel},
		referral.Cancelled: {},
	}
	reaching = map[referral.State][]referral.Verb{
		referral.Sent: {}, referral.Waiting: {referral.Wait}, referral.Answered: {referral.Answer}, referral.Returned: {referral.Return}, referral.Cancelled: {referral.Cancel},
	}
)

// due is what a step must answer: 404 to whoever may not know of the referral,
// 403 where it is the other party's, 409 where it does not follow, else done.
func due(role string, verb referral.Verb, state referral.State) int {
	sees := []string{access.FrontDesk, access.RSHDesk, access.CaseManager, access.UnitHead, access.Director}
	party := access.RSHDesk
	if slices.Contains(sendersSteps, verb) {
		party = access.FrontDesk
	}
	switch {
	case !slices.Contains(sees, role):
		return http.StatusNotFound
	case role != party || verb == referral.Assign: // nobody here is the head of the RSH desk
		return http.StatusForbidden
	case !slices.Contains(follows[state], verb):
		return http.StatusConflict
	}
	return http.StatusSeeOther
}

// colleague is somebody who works in the unit.
func (h *house) colleague(code, unit string) string {
	h.t.Helper()
	head := actor.Actor{UserID: "u", Role: access.UnitHead, UnitID: unit, Permissions: access.PermissionsOf(access.UnitHead, unit), Municipality: h.municipality(code)}
	list, err := h.app.Access.Colleagues(context.Background(), head, unit)
	if err != nil || len(list) == 0 {
		h.t.Fatalf("nobody works in %s: %v", unit, err)
	}
	return list[0].UserID
}

// Every step of a referral from the general desk to the RSH desk, by every role
// of the municipality and by those of another one, from each state.
func TestEveryStepForEveryRole(t *testing.T) {
	h := newHouse(t)
	visitors := map[string]*visitor{}
	for _, part := range everyRole {
		visitors[part.role] = h.as(part.role, "05802")
	}
	elsewhere := []*visitor{h.as(access.RSHDesk, "06304"), h.as(access.FrontDesk, "06304"), h.as(access.CaseManager, "06304")}
	front, rsh := visitors[access.FrontDesk], visitors[access.RSHDesk]
	file := front.lookUp("1.234.567-4")
	for _, v := range visitors {
		v.get("/account")
	}
	colleague := h.colleague("05802", access.SocialUnit)
	made := 0
	fresh := func(state referral.State) string {
		made++
		id := leads(t, front.post("/files/"+file+"/referrals", url.Values{"item": {"A501"}, "key": {fmt.Sprint("k", made)}, "override_reason": {"otra vez"}}), referralPath)
		for _, verb := range reaching[state] {
			v := rsh
			if slices.Contains(sendersSteps, verb) {
				v = front
			}
			if got := v.post("/referrals/"+id+"/"+string(verb), whole(verb, colleague)); got.status != http.StatusSeeOther {
				t.Fatalf("%s answered %d:\n%s", verb, got.status, got.body)
			}
		}
		return id
	}
	for state := range follows {
		id := fresh(state)
		for _, verb := range referral.Verbs {
			path := "/referrals/" + id + "/" + string(verb)
			for _, v := range elsewhere {
				if got := v.post(path, whole(verb, colleague)); got.status != http.StatusNotFound {
					t.Errorf("another municipality: %s from %s answered %d", verb, state, got.status)
				}
			}
			for role, v := range visitors {
				got := v.post("/referrals/"+id+"/"+string(verb), whole(verb, colleague))
				if want := due(role, verb, state); got.status != want {
					t.Errorf("%s: %s from %s answered %d, want %d", role, verb, state, got.status, want)
				}
				if got.status == http.StatusSeeOther {
					id = fresh(state)
				}
			}
		}
	}
}
