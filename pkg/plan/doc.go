// Package plan finds the cheapest machines that carry a demand.
//
// Search takes a workload.Demand, which is a profile in a situation, and the
// price tables. For every component it goes through the node types that the
// profile allows, asks pkg/sizing how many nodes each of them needs, and keeps
// the one with the lowest running cost. Where a cheap bound shows that a type cannot
// win, the type is left out; the result is that of trying all of them. A component
// that can be built in several ways is sized in each. Where nothing carries it, the
// error Infeasible says what was missing.
//
// A Plan is a value that nobody changes, without text for people. What else there is
// to ask about it is a function: Courses (how the nodes grow month by month), Refit
// (the same machines in another situation), and Survey (what could have been chosen
// instead).
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
//	running cost what ranks them: the bill, and weights
//	weights      what the policy adds for nodes, shards and families
//	kept         of a plan that runs: held while it carries its component
//
// Costs here are for ranking; the dollars of a bill are pkg/bill's.
package plan
