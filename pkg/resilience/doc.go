// Package resilience says what becomes of a plan when something fails: who is served, what
// is lost, for how long, who has to act, whether the aims of its profile are met, what
// contradicts itself, and how much of a year users are served (docs/model.md section 9).
//
// A system is made of a plan that package outage can ask: which nodes stand in which zone, by
// which rule each component goes on, who calls whom, what users find, what copies there are,
// and what nodes carry that are left. What the profile says of members, copies, people and
// DNS is taken as it is; the rest follows from the layouts: nodes lie as evenly over zones
// as whole nodes can, the first zones have more, and a store's primary is in the first zone
// of its region, its standby in the next.
//
// Assess puts the system into scenarios: those of Standard, which every system is looked at
// in, and those of its profile. Everything is recomputed from what is left, nothing scaled.
// The plan is the only one that is looked at: what another one would cost or meet, such as
// the price of a protection, is a question for package whatif, which fills it in.
//
//	assessment    all that is found out about a plan
//	row           what comes of one scenario
//	aim           a promise of the profile, and the scenario that decides whether it is kept
//	finding       what contradicts itself
//	point         what must not fail alone
package resilience
