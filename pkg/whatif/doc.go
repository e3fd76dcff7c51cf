// Package whatif plans a system again with changed inputs: single changes and
// named scenarios beside the base, sweeps of one or two inputs, and the value
// of an input at which a goal is just met.
//
// Every figure comes from the same planning and billing as an estimate; nothing is
// interpolated. Points are planned by several goroutines, and each writes to
// its own place, so that the result does not depend on their number.
//
// New makes a Model of a profile's draft. Compare plans it under scenarios,
// Sweep at the points of one or two axes, Solve at the values of one input until
// a goal is met; With gives the model from which all of them begin. An input
// is changed in a copy of the draft, which is then checked as the file was, so
// that a change can do no more than an edit of the file.
//
// The points of a sweep of one number are one system that grows and shrinks from what it
// is now: each keeps machines of the one before it (Growth). All other plans are made anew,
// as if nothing ran yet.
//
// Words: an assignment is path=value. A scenario is a named set of assignments
// and options. A case is what a scenario comes to, a point what a place of a
// sweep comes to; both have figures, which are the few numbers that are
// compared, and a state for every component: its machine, its pools of nodes, what
// binds it. Of two states there are changes (package compare), and no texts: the
// sentences about them are made in package report. A goal is a bound on one
// figure. The base is the system as it is.
package whatif

//go:generate go run headroom/cmd/genkeys .
