// Package trail is the trust that a person may have in those who hold their data.
// It shows of each file who has looked, in which role, when and because of which
// attention or work, and proves that nothing was taken out of that record; looks
// that a head should ask about (one's own file, a relative's, at night, without any
// work that explains them) are marked with the reason. It keeps the register of
// what people ask about their data, with the 30 days in which each has to be
// answered, and hands the whole file over, as a paper and as files that a machine
// reads, with the documents as they came in.
//
// Who looked is shown to case managers and heads (access.ReadTrail); what the paper
// for the person says leaves out the marks, which are about the worker. Anybody who
// opens files may take a request in; only who answers them (access.AnswerAccess)
// sees the register and hands the file over.
package trail
