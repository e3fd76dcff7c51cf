package sizing

import "headroom/pkg/capacity"

// This file is majorities: how many of the members of a group are left in a state, and
// whether those that are left may decide.

// membersLeft is how many of n members spread over zones are left in a state.
func membersLeft(n, zones int, state capacity.State) int {
	return (&capacity.Role{Zones: zones}).Left(state, n)
}

// survivors is the least odd number of members of which a majority is left in a
// state; 0 where there is none up to maxMembers.
func survivors(zones int, state capacity.State) int {
	for n := 1; n <= maxMembers; n += 2 {
		if membersLeft(n, zones, state) >= majority(n) {
			return n
		}
	}
	return 0
}

// majority is how many of n members decide.
func majority(n int) int { return n/2 + 1 }
