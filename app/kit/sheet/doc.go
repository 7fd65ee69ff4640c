// Package sheet reads the tables that offices hand in (CSV as it comes from
// Excel, XLSX) row by row in memory that does not grow with the file, and writes
// CSV that no spreadsheet runs as a program.
//
// A table has a header. Its columns are found by name in Spanish or English,
// without regard to case, accents or punctuation. A row that cannot be read is a
// Problem with the real line of the file, the column, the value and the reason;
// a file that cannot be read at all is an error with a sentence for people.
package sheet
