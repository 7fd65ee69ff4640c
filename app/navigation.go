package app

import (
	"sync"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/templates/layout"
)

// pages are those outside the files, in the order of the menu; who has the
// permission sees the line. A test holds each to its route.
var pages = []struct {
	permission actor.Permission
	layout.NavItem
}{
	{access.Work, layout.NavItem{LabelKey: "layout.goto.home", Href: "/", Icon: "house"}},
	{access.Administer, layout.NavItem{LabelKey: "layout.goto.municipalities", Href: "/admin/municipalities", Icon: "buildings"}},
	{access.ReadFile, layout.NavItem{LabelKey: "layout.goto.search", Href: "/search", Icon: "people"}},
	{access.MergeFiles, layout.NavItem{LabelKey: "layout.goto.merges", Href: "/merges", Icon: "link-45deg"}},
	{access.RestrictFile, layout.NavItem{LabelKey: "layout.goto.restricted", Href: "/restricted", Icon: "shield-lock"}},
	{access.Refer, layout.NavItem{LabelKey: "layout.goto.inbox", Href: "/inbox", Icon: "inbox"}},
	{access.Attend, layout.NavItem{LabelKey: "agenda.title", Href: "/agenda", Icon: "calendar-week"}},
	{access.ManagePlan, layout.NavItem{LabelKey: "visit.sheet.title", Href: "/visits", Icon: "signpost-split"}},
	{access.ManagePlan, layout.NavItem{LabelKey: "layout.goto.cases", Href: "/cases", Icon: "folder2-open"}},
	{access.ApproveBenefit, layout.NavItem{LabelKey: "layout.goto.approvals", Href: "/approvals", Icon: "check2-square"}},
	{access.ApproveReport, layout.NavItem{LabelKey: "signature.waiting.title", Href: "/reports/waiting", Icon: "shield-check"}},
	{access.Attend, layout.NavItem{LabelKey: "layout.goto.waiting", Href: "/waiting", Icon: "hourglass-split"}},
	{access.ReadProtocols, layout.NavItem{LabelKey: "layout.goto.protocols", Href: "/protocols", Icon: "file-earmark-text"}},
	{access.ReadMonitor, layout.NavItem{LabelKey: "layout.goto.monitor", Href: "/monitor", Icon: "graph-up"}},
	{access.AssignCase, layout.NavItem{LabelKey: "layout.goto.absences", Href: "/absences", Icon: "calendar2-x"}},
	{access.AnswerAccess, layout.NavItem{LabelKey: "layout.goto.requests", Href: "/requests", Icon: "envelope-paper"}},
	{access.ManageUsers, layout.NavItem{LabelKey: "layout.goto.users", Href: "/users", Icon: "person-badge"}},
	{access.Administer, layout.NavItem{LabelKey: "catalogue.national.title", Href: "/admin/catalogue", Icon: "journal-text"}},
	{access.Administer, layout.NavItem{LabelKey: "announce.title", Href: "/admin/announcements", Icon: "chat-left-text"}},
	{access.Administer, layout.NavItem{LabelKey: "layout.goto.restores", Href: "/admin/restores", Icon: "clock-history"}},
	{access.EditSettings, layout.NavItem{LabelKey: "layout.goto.settings", Href: "/settings", Icon: "gear"}},
}

// navigation gives the menu of the pages that somebody with the permissions may
// open, drawn once for each set of permissions: there are a dozen.
func navigation() func(actor.Permissions) templ.Component {
	var drawn sync.Map
	return func(allowed actor.Permissions) templ.Component {
		if known, ok := drawn.Load(allowed); ok {
			return known.(templ.Component) //nolint:forcetypeassert // only components are stored
		}
		var list []layout.NavItem
		for i := range pages {
			if allowed.Has(pages[i].permission) {
				list = append(list, pages[i].NavItem)
			}
		}
		menu, _ := drawn.LoadOrStore(allowed, layout.Navigation(list))
		return menu.(templ.Component) //nolint:forcetypeassert // as above
	}
}
