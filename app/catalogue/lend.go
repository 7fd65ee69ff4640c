package catalogue

// A room that keeps criteria rows of its own, as the protocols do, reads and
// judges them with what the catalogue's items are read and judged with.

// ParseCriteria reads criteria as the seed files write them.
func ParseCriteria(text string) ([]Criterion, error) { return parseCriteria(text) }

// NewTest checks one row of a criterion and makes it ready to judge.
func NewTest(scope Scope, attribute, operator, value string) (Test, error) {
	return newTest(scope, attribute, operator, value)
}

// JudgeCriteria asks criteria of one household. One that is not met asks for a
// reason; one that is merely unknown does not.
func JudgeCriteria(list []Criterion, f *Facts) Judgement {
	return (&Item{Criteria: list}).Judge(f)
}
