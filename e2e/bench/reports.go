package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/report"
	"gsl/tenants"
)

// typeSave is a save of a report while somebody types it: durable before the
// answer, as every change is, with one row of the report touched.
const typeSave = "report, a save while typing"

const (
	benchDrafts = 8
	benchSaves  = 480  // of all of them
	benchText   = 3000 // characters that stand in the field
)

// typing is the saves of several workers, each in a report of their own. No two
// say the same: a save that changes nothing would cost nothing.
func (h *host) typing(ctx context.Context, m *tenants.Municipality) (*target, error) {
	who := actor.Actor{UserID: "bench", Name: "Persona sintética", Role: access.CaseManager, UnitID: access.SocialUnit, UnitName: "Asistencia Social",
		Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit), Municipality: m, RequestID: "bench"}
	t := &target{name: typeSave, connections: min(h.plan.Connections, benchDrafts), once: true}
	drafts := make([]string, benchDrafts)
	for i := range drafts {
		r, err := h.app.Report.Draft(ctx, who, h.files[i%len(h.files)], report.New{Code: "C001", Purpose: "Ayuda social municipal"})
		if err != nil {
			return nil, err
		}
		drafts[i] = r.ID
	}
	text := strings.Repeat("La familia vive de trabajos esporádicos y de la pensión. ", benchText/56)
	for n := range benchSaves {
		t.requests = append(t.requests, h.who.send("/reports/"+drafts[n%benchDrafts]+"/parts/opinion",
			url.Values{"page": {"bench"}, "seen[opinion]": {"1"}, "opinion_text": {text + fmt.Sprint(n)}}))
	}
	return t, nil
}
