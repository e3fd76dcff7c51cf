package capacity

import "math"

// This file is what nodes carry that are left after a loss for which nobody may have sized
// them: all of what they have is theirs to use, whatever the policy allows.

// Carried is what nodes do with their load in an hour.
type Carried struct {
	Part float64 // of the load that they carry, 1 at most
	// Room is how many times the load of users they would carry beside what is held, each doing
	// no more than is allowed while something is lost; +Inf where there is no such load.
	Room  float64
	Above bool     // whether a node does more than the policy allows while something is lost
	Of    Resource // what of it is reached first
	// Full and Allowed are the parts of Of that the busiest node uses, and may use while
	// something is lost; Full is above 1 where it falls short, +Inf where there is none of it.
	Full, Allowed float64
}

// Carry is what part of a load that m nodes carry that are left of a role after a loss of the
// given kind, at factor times the load of an hour. The hour's Local and Global are the load in
// that state already, such as with the users of a lost region; its other multipliers are not
// looked at. Nodes may use all of what they have (a target of 1), and what is held does not
// follow the load.
func (r *Role) Carry(m int, s State, h Hour, factor float64) Carried {
	out := Carried{Part: 1, Room: math.Inf(1)}
	h.LostLocal, h.LostGlobal = h.Local, h.Global
	n := r.before(s, m)
	for i := range r.Needs {
		need := &r.Needs[i]
		at, ok := r.said(need, s)
		if !ok {
			continue
		}
		load, held := need.parts(at, &h, m)
		load = float64(load * factor)
		each := r.busiest(need, s, n)
		have := may(need.In[at].Have, each)
		if m <= 0 {
			have = 0
		}
		allowed := float64(have * need.In[at].Target)
		out.Part = min(out.Part, served(load, held, have))
		if room := served(load, held, allowed); room < out.Room {
			out.Room, out.Of = room, need.Of
			out.Full, out.Allowed = (load+held)/have, need.In[at].Target
		}
		if load+held > allowed {
			out.Above = true
		}
	}
	if m <= 0 {
		out.Part, out.Room = 0, 0
	}
	return out
}

// before is the least number of nodes of which m are left after a loss.
func (r *Role) before(s State, m int) int {
	if s == ZoneLost && r.Zones < 2 {
		return m
	}
	return r.back(s, m)
}

// said is the state of which a need says what a loss asks for; false where it asks for nothing.
// Of a role whose lost nodes are replaced it is another one where it says nothing of that loss:
// as many are left in all of them.
func (r *Role) said(n *Need, s State) (State, bool) {
	if n.In[s].Checked || !r.Replaced {
		return s, n.In[s].Checked
	}
	for _, at := range [...]State{NodeLost, ZoneLost, RegionLost, Own} {
		if n.In[at].Checked {
			return at, true
		}
	}
	return s, false
}

// may is what all nodes together may do, where one may do so much and the busiest does that
// part of all.
func may(one, busiest float64) float64 {
	const slack = 1 + 1e-9 // as in Ceil: what fits but for rounding fits
	return float64(one / busiest * slack)
}

// served is the part of a load that fits beside what is held: +Inf where there is none and
// all that is held fits.
func served(load, held, may float64) float64 {
	switch {
	case held > may:
		return 0
	case load > 0:
		return (may - held) / load
	}
	return math.Inf(1)
}

// Busy is how much of a resource the busiest of m nodes does, as Carry has them; false where
// nothing is asked of it.
func (r *Role) Busy(of Resource, m int, s State, h Hour, factor float64) (amount float64, ok bool) {
	if m <= 0 {
		return math.Inf(1), true
	}
	h.LostLocal, h.LostGlobal = h.Local, h.Global
	n := r.before(s, m)
	for i := range r.Needs {
		need := &r.Needs[i]
		at, said := r.said(need, s)
		if need.Of != of || !said {
			continue
		}
		load, held := need.parts(at, &h, m)
		amount, ok = max(amount, (float64(load*factor)+held)*r.busiest(need, s, n)), true
	}
	return amount, ok
}
