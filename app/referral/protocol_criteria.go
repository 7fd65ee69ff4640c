package referral

import "gsl/app/catalogue"

// The criteria of a protocol are the catalogue's, written in the catalogue's rows.

// CriterionRow is one line of the form, as it was typed.
type CriterionRow = catalogue.Row

// mostRows bounds the criteria of a protocol.
const mostRows = catalogue.MostRows
