// Package report writes social reports: the signed documents in which a social
// worker says how a household lives and asks an authority or institution for
// something. A report begins as a draft, from a plan's item or by itself, filled
// with what the social registry and the last diagnosis say; the worker corrects
// the household, chooses the sections that matter, and writes opinion and
// requests. What is typed is kept on the server while it is typed, part by part,
// so that neither a lost session nor a dead computer loses it; where two people
// write the same part, both texts are kept until one of them decides. Signed, a
// report is never edited again: it gets its folio, waits for the head where the
// municipality wants that, is issued, and then its plan item is confirmed.
//
// The life of a report: draft → signed → approved (where it is asked for) →
// issued; annulled with a reason. Whoever has access.ReadCasework reads reports;
// any case manager of the municipality (access.ManagePlan) writes a draft, since
// colleagues replace each other; access.ApproveReport approves those of the own
// unit. Draft and edit files hold the writing; sign, approve, issue, annul, paper
// and verify what comes after.
package report
