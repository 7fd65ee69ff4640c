package report

import (
	"slices"

	"gsl/app/people"
	"gsl/templates/layout"
)

// ShowUnderWay says in the left menu of a file how many reports are not finished.
// Who does not read casework has no such section.
func ShowUnderWay(frame *layout.FileFrame, n int) {
	if at := slices.IndexFunc(frame.Sections, func(section layout.Section) bool { return section.Key == people.ReportSection }); at >= 0 {
		frame.Sections[at].Count = n
	}
}
