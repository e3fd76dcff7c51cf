// Package outage says what is left of a system when something fails: who is still
// served, what is lost at most, how long it takes, and who has to act (docs/model.md
// section 9).
//
// It knows no machines, prices or kinds of components. A System says what stands where
// and by which rule it goes on; package resilience makes one of a plan. Run takes a
// Scenario and says what comes of it:
//
//	event      one thing that fails or happens: a node, a zone, a link between regions
//	scenario   events at once, and further ones before those are repaired
//	damage     what is gone, cut off or cold after events
//	part       a component: its pools of nodes, and the rule by which it goes on
//	pool       nodes of one role at one place
//	journey    requests of one class that read, or write, from where they enter
//	copy       data of a store kept elsewhere or of an earlier time
//	phase      what users get: at once, after what goes by itself, after people acted
//	span       a time of which parts may be unknown
//
// Times and losses are upper bounds as far as they are known; what no input gives stays
// unknown and is named. Nothing here is random and nothing is estimated.
package outage
