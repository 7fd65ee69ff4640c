// Package monitor counts what happened in a municipality: attentions by desk,
// topic, level and channel; referrals made, answered and overdue; how long an
// answer took against what was promised. This month, the month before and the
// last twelve, the present one among them. Each figure has one definition, which
// stands on the page in words; the page, its chart and the file that can be
// taken out show the same numbers, and none of them is about a person.
//
// Whoever has access.ReadMonitor sees them: a head the own unit first, and the
// whole municipality; administration and director any desk.
package monitor
