package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/remark"
)

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

// quorate refuses zones of a region of which none may be lost, where it must: of so many
// copies of everything a majority must be left, or it stops. Of one zone Fit says so.
func (p *Rules) quorate(r *Location, copies int) *Rejection {
	if !p.Zone || r.Zones < 2 || membersLeft(copies, r.Zones, capacity.ZoneLost) >= majority(copies) {
		return nil
	}
	return &Rejection{Resource: "zones", Need: 3, Have: float64(r.Zones), Why: remark.New("quorum.two_zones", "in", r.Name)}
}

// voting are the limits of n members that decide by majority: how many are left in each
// state that must be outlived, against those that it takes.
func voting(n, zones int, survive capacity.Survive) (out []capacity.Limit) {
	role := capacity.Role{Zones: zones, Survive: survive}
	for _, state := range [...]capacity.State{capacity.NodeLost, capacity.ZoneLost} {
		if role.Checks(state) {
			out = append(out, capacity.Limit{Of: capacity.Resource{Name: "quorum"}, State: state,
				Need: float64(majority(n)), Have: float64(membersLeft(n, zones, state)), Target: 1,
				Nodes: survivors(zones, state), Floor: true, Why: remark.New("quorum.left")})
		}
	}
	return out
}
