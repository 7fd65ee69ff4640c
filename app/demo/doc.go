// Package demo makes fictitious municipalities to try the program with: people
// and households that never were, operators of every role, and the work they
// did over the last four months, done through the same verbs as at the desk. The
// same seed gives the same people, RUNs and stories.
package demo
