// Package document keeps the papers of a case file: a certificate, an identity
// card, the photograph of a home visit, the letter with which an institution
// answers. A paper hangs on what it was handed in for (the file itself, a referral,
// a visit, a report, an item of aid), and whoever may see that may see the paper: a
// room says so by its Keeper, and shows the papers of its things with Panel.
//
// A file may have 25 MB and arrives in two steps: its content is checked for what
// it really is, looked at by an antivirus if there is one, drawn small if it is a
// picture, and stored piece by piece; then, in the transaction of the act it
// belongs to, it becomes a document. The same content handed in twice for the same
// thing is one document. What a file calls itself is shown on the page and nowhere
// else: in the store and in a download it has a name of ours.
//
// A paper may expire: who has the case and who took it in are told before. One that
// should not be there is taken out of sight with a reason; it is kept, and nobody
// opens it.
//
// Each look into a document leaves a row in the trail of views. A document is
// never executed or interpreted by our pages: it is sent under a policy that
// allows nothing. A PDF is drawn by the browser's own viewer, in a tab of its own.
package document
