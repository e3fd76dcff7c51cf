// Package bill turns a plan into an estimate: what it costs a month, line by
// line, to the cent.
//
// Of bills a plan, Make plans a profile and bills the plan. Every line is a
// quantity times a unit price, rounded once; totals are sums of rounded lines,
// so that whoever adds up the report finds the same. Prices come from the tables
// as text and are never floats. A price that is missing is an error, or is listed
// where that is asked for; it is never zero.
//
// Nodes are on demand unless another purchase is wanted. Then those of every pool are
// bought at the least cost, or as the user says, over the months of the horizon; the
// bill is that of the first month. Adjustments (discounts, credits, mark-ups, taxes)
// are lines behind all others, each on what the ones before it leave.
//
//	estimate     the sized and priced system, as reports show it
//	line         one row of the bill
//	part         what an estimate says of one component
//	term         how a line's nodes are bought: on-demand, reserved-1y-none, spot
//	option       a term, or a family of terms, that is asked for
//	mix          how many nodes of a pool are bought in which way
//	commitment   nodes that are paid for a term, used or not
//	course       the nodes of a component over the months of the horizon
//	service      what bills a line, and item what of it: ebs, gp3 storage
//	quota        what an account may have of something until it asks for more
//	unpriced     a need without a price in the tables
//	adjustment   a layer on top of list prices
//	usage        what is billed beside nodes
//
// Reprice bills an estimate at other tables; Reconcile compares one with figures that a
// document prints. Further remarks are left to pkg/insight.
package bill
