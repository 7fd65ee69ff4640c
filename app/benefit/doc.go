// Package benefit keeps the municipal benefit registry: who received what, when
// and how much from this municipality. A grant enters when a plan item of E or F
// is confirmed, or from the file an office kept before; each enters once. Grants
// are kept by holder (RUN or provisional ID), so that the next screening, at any
// desk and for anyone of the household, shows them.
package benefit
