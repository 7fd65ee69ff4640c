package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"gsl/app/report"
	"gsl/tenants"
)

// typeSave is a save of a report while somebody types it: durable before the
// answer, as every change is, with one row of the report touched.
const typeSave = "report, a save while typing"

// reportPDF is the paper of a report of six pages that was signed.
const reportPDF = "report PDF of six pages"

const (
	benchDrafts = 8
	benchSaves  = 480  // of all of them
	benchText   = 3000 // characters that stand in the field
)

// typing is the saves of several workers, each in a report of their own. No two
// say the same: a save that changes nothing would cost nothing.
func (h *host) typing(ctx context.Context, m *tenants.Municipality) (*target, error) {
	who := synthetic(m)
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

// paper is a report of six pages: fifteen people and a long opinion.
func (h *host) paper(ctx context.Context, m *tenants.Municipality) (*target, error) {
	who := synthetic(m)
	r, err := h.app.Report.Draft(ctx, who, h.files[len(h.files)-1], report.New{Code: "C001", Purpose: "Ayuda social municipal", Addressee: "DIDECO"})
	if err != nil {
		return nil, err
	}
	for part, edit := range map[report.Part]func(*report.Content){
		report.HouseholdPart: func(c *report.Content) {
			c.Household.Members = nil
			for i := range 15 {
				c.Household.Members = append(c.Household.Members, report.Member{ID: fmt.Sprint(i + 1), Name: "Persona de Nombre Largo", Born: "01-02-2001", Relationship: "hijo/a"})
			}
		},
		report.OpinionPart: func(c *report.Content) {
			c.Opinion.Text = strings.Repeat("El hogar enfrenta una disminución de sus ingresos que no le permite cubrir alimentación y servicios básicos.\n", 160)
		},
		report.RequestsPart: func(c *report.Content) { c.Requests.List = []report.Request{{ID: "1", Text: "Canasta de alimentos."}} },
	} {
		if _, err := h.app.Report.Save(ctx, who, r.ID, []report.Sent{{Part: part, Edit: edit, Page: report.Page{Name: "bench", Seen: 1}}}); err != nil {
			return nil, err
		}
	}
	if _, err := h.app.Signing.Sign(ctx, who, r.ID, report.SignForm{Profession: "Trabajadora social", HeadName: "Persona sintética", HeadPosition: "Jefatura", Issue: true}); err != nil {
		return nil, err
	}
	request := h.who.ask("/reports/" + r.ID + ".pdf")
	a, err := exchange(h.addr, request)
	if err != nil {
		return nil, err
	}
	if pages := bytes.Count(a.body, []byte("/Type /Page\n")); a.status != http.StatusOK || pages != 6 {
		return nil, fmt.Errorf("the paper of a report answered %d and has %d pages", a.status, pages)
	}
	return &target{name: reportPDF, connections: 1, requests: [][]byte{request}}, nil
}
