// Package resilience makes of a plan what package outage asks about: which nodes stand in
// which zone, by which rule each component goes on, who calls whom, what users find, what
// copies there are, and what nodes carry that are left (docs/model.md section 9).
//
// What the profile says of members, copies, people and DNS is taken as it is; the rest follows
// from the layouts: nodes lie as evenly over zones as whole nodes can, the first zones have
// more, and a store's primary is in the first zone of its region, its standby in the next.
package resilience
