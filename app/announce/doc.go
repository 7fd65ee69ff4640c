// Package announce is what the national administration tells those who work with
// the program: a plain text, to all or to some municipalities and roles, from a
// moment to another. It stands on every page of whom it is for until they have
// read it and dismiss it, it ends, or it is withdrawn.
//
// What stands now is held in memory and read there on every page: asking costs
// no query. A change replaces what is held once it is durable.
package announce
