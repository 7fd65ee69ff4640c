// Package catalogue is the local catalogue of benefits and services: what a
// worker can offer, arranged in six categories. National items are the same
// everywhere and stand in national.db; a municipality adds its own items in its
// own file, and may say of a national one only whether it is available, whom to
// contact and how many spots there are.
//
// Each item carries its criteria as rows, and the catalogue judges them for one
// household: met, not met, or unknown and what would settle it. The judgement is
// advice, never a verdict: the worker may go on with a written reason.
//
// Everyone who may read a file may open the catalogue to orient people; only
// those who have the cart can add from it.
package catalogue
