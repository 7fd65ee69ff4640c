package catalogue

// withRUN is the criterion of what the State gives or registers by RUN. It stands
// in no item's row, because it says nothing to whoever has one: only a person
// without RUN is told, until the file is regularised.
var withRUN = Criterion{Scope: ScopeHousehold, Alternatives: [][]Test{{{Attribute: grammar[hasRUN].name, Operator: "is", Value: "true", kind: hasRUN, want: Yes}}}}

// needsRUN reports whether an item is given or registered by RUN: a national
// benefit, or a request to the social registry.
func (it *Item) needsRUN() bool { return it.RISCode != "" || it.Category == RSHChange }
