package capacity

// State is a situation in which nodes must still do.
type State uint8

// The states in which a need is checked, and Always for what holds whatever the
// load and the state.
const (
	Own        State = iota // the role's own load, nothing lost
	NodeLost                // one node less
	ZoneLost                // the nodes of one zone less
	RegionLost              // another region is lost, and its users come here
	// CatchUp is after an outage: workers process what they missed beside the new
	// messages, so that all nodes carry more than the own load, at a utilisation
	// of 1 at most (docs/model.md section 5, worker).
	CatchUp
	Always
	States = int(Always) // number of states in which something is checked
)

// String names the state.
func (s State) String() string {
	return [...]string{"own load", "node loss", "zone loss", "region loss", "catch-up", "structure"}[s]
}

// MarshalText writes the state's name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Survive is what a role must outlive.
type Survive struct{ Node, Zone, Region bool }

// Worst is the state of the largest loss that must be outlived; Own where none
// must.
func (s Survive) Worst() State {
	switch {
	case s.Region:
		return RegionLost
	case s.Zone:
		return ZoneLost
	case s.Node:
		return NodeLost
	}
	return Own
}

// Checks tells whether the role is held to a state.
func (r *Role) Checks(s State) bool {
	switch s {
	case NodeLost:
		return r.Survive.Node
	case ZoneLost:
		return r.Survive.Zone && r.Zones > 1
	case RegionLost:
		return r.Survive.Region
	}
	return true
}

// Left is how many of n nodes are left in a state. Zones are lost whole, and
// nodes are spread over them as evenly as whole nodes can be.
func (r *Role) Left(s State, n int) int {
	switch {
	case r.Replaced:
	case s == NodeLost:
		return max(0, n-1)
	case s == ZoneLost:
		zones := max(1, r.Zones)
		return n - (n+zones-1)/zones
	}
	return n
}

// Fewest is how many of n nodes are left in the worst state that the role is held
// to.
func (r *Role) Fewest(n int) int {
	left := n
	for s := range State(States) {
		if r.Checks(s) {
			left = min(left, r.Left(s, n))
		}
	}
	return left
}

// back is the least number of nodes of which m are left in a state.
func (r *Role) back(s State, m int) int {
	switch {
	case r.Replaced:
	case s == NodeLost:
		return m + 1
	case s == ZoneLost:
		return AfterZone(m, r.Zones)
	}
	return m
}

// AfterZone is the least n of which ⌈n/Z⌉ may be lost and m are left.
func AfterZone(m, zones int) int {
	if m == 0 {
		return 0
	}
	return m + (m+zones-2)/(zones-1)
}

// Structural is the least number of nodes whatever the load: one, or what leaves
// one when a node or a zone is lost.
func (s Survive) Structural(zones int) int {
	n := 1
	if s.Node {
		n = 2
	}
	if s.Zone && zones > 1 {
		n = max(n, AfterZone(1, zones))
	}
	return n
}
