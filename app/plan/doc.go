// Package plan keeps what worker and citizen agree to do. A file has one cart:
// a draft that every case manager of the municipality sees and fills from the
// catalogue. Reviewed with the citizen, the cart becomes an open intervention
// plan with a folio; its items never change but for their management status.
// When every item is finished the plan closes by itself; what comes later goes
// into a new plan, linked to it.
//
// Who may what: the cart needs access.ManageCart, the status of items
// access.ManagePlan, looking access.ReadFile. Aid (categories E and F) above
// the worker's threshold waits for access.ApproveBenefit, above the head's for
// access.ApproveAboveHead. A head decides for the plans of the own unit, the
// director for all. A head may approve what she put in a cart herself, as a
// separate act that the history shows: small units have one professional.
//
// A finished item stays finished. The law of the municipality is the agreed
// text: a mistake is answered with a new, linked plan, never by rewriting, and
// confirmed aid already stands in the municipal benefit registry.
package plan
