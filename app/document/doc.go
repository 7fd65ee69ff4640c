// Package document keeps the papers of a case file: a certificate, an identity
// card, the letter with which an institution answers. A paper hangs on what it
// was handed in for (a referral today; reports, visits and benefits later), and
// whoever may see that may see the paper.
//
// A file may have 25 MB and arrives in two steps: its content is stored piece by
// piece, checked for what it really is, and then, in the transaction of the act
// it belongs to, it becomes a document. The same content handed in twice for the
// same thing is one document. What a file calls itself is shown on the page and
// nowhere else: in the store and in a download it has a name of ours.
//
// Each look into a document leaves a row in the trail of views. A document is
// never executed or interpreted by our pages: it is sent under a policy that
// allows nothing.
package document
