package diagnosis

// The words of the room: keys of texts, and the icons that stand before them,
// because no state is told by its colour alone.

var dimensionKeys = map[Dimension]string{
	Family:    "diagnosis.dimension.family",
	Income:    "diagnosis.dimension.income",
	Housing:   "diagnosis.dimension.housing",
	Health:    "diagnosis.dimension.health",
	Education: "diagnosis.dimension.education",
	Care:      "diagnosis.dimension.care",
	Networks:  "diagnosis.dimension.networks",
}

// dimensionHintKeys say what to look at.
var dimensionHintKeys = map[Dimension]string{
	Family:    "diagnosis.hint.family",
	Income:    "diagnosis.hint.income",
	Housing:   "diagnosis.hint.housing",
	Health:    "diagnosis.hint.health",
	Education: "diagnosis.hint.education",
	Care:      "diagnosis.hint.care",
	Networks:  "diagnosis.hint.networks",
}

var dimensionIcons = map[Dimension]string{
	Family: "people", Income: "cash-coin", Housing: "house", Health: "heart-pulse", Education: "journal-bookmark", Care: "person-hearts", Networks: "diagram-3",
}

var levelKeys = map[Level]string{
	Unassessed: "diagnosis.level.none",
	Adequate:   "diagnosis.level.adequate",
	AtRisk:     "diagnosis.level.at_risk",
	Critical:   "diagnosis.level.critical",
}

var levelIcons = map[Level]string{Unassessed: "dash-circle", Adequate: "check-circle", AtRisk: "exclamation-triangle", Critical: "exclamation-octagon"}

var riskKeys = map[Risk]string{
	LowRisk:      "diagnosis.risk.low",
	MediumRisk:   "diagnosis.risk.medium",
	HighRisk:     "diagnosis.risk.high",
	CriticalRisk: "diagnosis.risk.critical",
}

// wholeRiskKeys are for where nothing says what is high.
var wholeRiskKeys = map[Risk]string{
	LowRisk:      "diagnosis.whole_risk.low",
	MediumRisk:   "diagnosis.whole_risk.medium",
	HighRisk:     "diagnosis.whole_risk.high",
	CriticalRisk: "diagnosis.whole_risk.critical",
}

var riskIcons = map[Risk]string{LowRisk: "check-circle", MediumRisk: "exclamation-circle", HighRisk: "exclamation-triangle", CriticalRisk: "exclamation-octagon"}

var markKeys = map[Mark]string{
	Minors:     "diagnosis.mark.minors",
	Dependency: "diagnosis.mark.dependency",
	OlderAlone: "diagnosis.mark.older_alone",
	Pregnancy:  "diagnosis.mark.pregnancy",
	Disability: "diagnosis.mark.disability",
	Crowding:   "diagnosis.mark.crowding",
}

// withMarkKeys say in which household a rule holds.
var withMarkKeys = map[Mark]string{
	Minors:     "diagnosis.with.minors",
	Dependency: "diagnosis.with.dependency",
	OlderAlone: "diagnosis.with.older_alone",
	Pregnancy:  "diagnosis.with.pregnancy",
	Disability: "diagnosis.with.disability",
	Crowding:   "diagnosis.with.crowding",
}

var changeKeys = map[Change]string{
	Better: "diagnosis.change.better",
	Same:   "diagnosis.change.same",
	Worse:  "diagnosis.change.worse",
}

var changeIcons = map[Change]string{Better: "arrow-up-right", Same: "arrow-right", Worse: "arrow-down-right"}

var kindKeys = map[Kind]string{
	KinKind:          "diagnosis.kind.family",
	FriendsKind:      "diagnosis.kind.friends",
	NeighboursKind:   "diagnosis.kind.neighbours",
	SchoolKind:       "diagnosis.kind.school",
	HealthKind:       "diagnosis.kind.health",
	WorkKind:         "diagnosis.kind.work",
	CommunityKind:    "diagnosis.kind.community",
	FaithKind:        "diagnosis.kind.faith",
	MunicipalityKind: "diagnosis.kind.municipality",
	InstitutionKind:  "diagnosis.kind.institution",
}

var strengthKeys = map[Strength]string{
	Strong:      "diagnosis.tie.strong",
	Weak:        "diagnosis.tie.weak",
	Conflicting: "diagnosis.tie.conflicting",
}

var strengthIcons = map[Strength]string{Strong: "dash-lg", Weak: "three-dots", Conflicting: "lightning-charge"}

var standingKeys = map[Standing]string{
	Open:        "diagnosis.standing.open",
	Achieved:    "diagnosis.standing.achieved",
	NotAchieved: "diagnosis.standing.not_achieved",
	Withdrawn:   "diagnosis.standing.withdrawn",
}

// keptKeys are the standings of a commitment: it is kept or not.
var keptKeys = map[Standing]string{
	Open:        "diagnosis.kept.open",
	Achieved:    "diagnosis.kept.achieved",
	NotAchieved: "diagnosis.kept.not_achieved",
	Withdrawn:   "diagnosis.standing.withdrawn",
}

var standingIcons = map[Standing]string{Open: "hourglass-split", Achieved: "check-circle", NotAchieved: "x-circle", Withdrawn: "dash-circle"}
