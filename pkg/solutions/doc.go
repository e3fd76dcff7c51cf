// Package solutions compares several systems that answer the same demand: what each costs,
// what it withstands, which aims it meets, and what speaks for and against it.
//
// Differences holds profiles against each other first: what is asked of them has to be the
// same, or what they cost says nothing. Compare then puts their bills and assessments side
// by side. Regions and components have other names in other systems, so that scenarios are
// matched by what fails: a node, a zone of the region with the primary, another region. Of
// each kind a solution shows the worst of its own scenarios.
//
// What is derived comes of figures only, never of what the author of a profile says, which
// is shown beside it as it stands.
//
//	solution    a profile with its bill and its assessment
//	failure     a kind of failure, by which scenarios of several solutions are matched
//	outcome     what comes of it in one solution, at worst
//	dominated   a solution beside which another one is nowhere worse, and better somewhere
//
// Being better is a partial order. What is not known is neither better nor worse than
// anything, but equal to what lacks the same inputs.
package solutions
