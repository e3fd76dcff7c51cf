// Package plan finds the cheapest machines that carry a demand.
//
// Search takes a workload.Demand, which is a profile in a situation, and the
// price tables. For every component it goes through the node types that the
// profile allows, asks pkg/sizing how many nodes each of them needs, and keeps
// the one with the lowest running cost: the bill and what policy.running adds.
// Where a cheap bound shows that a type cannot win, the type is left out; the
// result is that of trying all of them. A component that can be built in several
// ways, such as one primary or shards, is sized in each. Where nothing carries it, the
// error Infeasible says what was missing and by how much.
//
// A Plan is a value. Nobody changes it, and nothing in it is text for people.
// What else there is to ask about it is a function: Courses (how the nodes grow
// month by month), Refit (the same machines in another situation), and Survey
// (what could have been chosen instead, for headroom explain).
//
// Words:
//
//	component    a part of the system, as the profile lists it
//	node type    a row of the hardware tables, such as m7g.large
//	machine      a node type with a storage layout
//	layout       a component sized on a machine: its pools, limits and usage
//	pool         nodes of one role in one region
//	candidate    a node type that may be chosen, with its price
//	choice       the layout that a component gets
//	pinned       given by the profile: checked, not chosen
//	structure    one of the ways in which a component can be built
//	tables       the prices of a vintage in the profile's regions
//	wanted       the purchase at which machines are ranked
//	running cost what machines are ranked by: bill and weights
//	weights      what the policy adds to the bill for nodes, shards and families
//	kept         of a plan that runs: held while it carries its component
//
// The package knows no dollars of a bill: costs here are for ranking. They come
// from pkg/bill.
package plan
