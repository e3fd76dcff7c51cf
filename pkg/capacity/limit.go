package capacity

import (
	"math"

	"headroom/pkg/remark"
)

// Limit is a need in one state against a number of nodes.
type Limit struct {
	Of      Resource
	State   State
	Need    float64 // of all nodes, in the resource's unit; as if each did as much as the busiest
	Have    float64 // of the nodes left in the state, at full utilisation
	Target  float64 // highest allowed Need/Have
	Nodes   int     // least nodes that pass it
	Left    int     // least nodes that carry the own load at what is allowed while something is lost; 0 where not known
	Most    int     // parts on the node with the most of them; 0 where the nodes share evenly
	Parts   int     // of all nodes
	Binding bool    // the limit that decided the number of nodes
	Floor   bool    // what must be there whatever the load, such as a majority: it says nothing of room
	Why     remark.Remark
}

// Utilisation is Need/Have.
func (l *Limit) Utilisation() float64 {
	if l.Have <= 0 {
		return 0
	}
	return l.Need / l.Have
}

// Slack is the part of the allowed capacity that is left: 0 where the limit is
// reached, negative where it is broken.
func (l *Limit) Slack() float64 {
	if l.Have <= 0 || l.Target <= 0 {
		return 0
	}
	return 1 - l.Need/(l.Have*l.Target)
}

// Check is every limit of n nodes, each at the hour of its greatest need: need by
// need, and in each of them state by state. What another region's loss and
// catching up do not ask for is left out.
func (r *Role) Check(n int) []Limit { return r.AppendCheck(make([]Limit, 0, r.sides()), n) }

// AppendCheck appends what Check returns.
func (r *Role) AppendCheck(out []Limit, n int) []Limit {
	for i := range r.Needs {
		need := &r.Needs[i]
		left := 0
		if d := &need.In[NodeLost]; d.Checked && need.Copies <= 1 && need.Parts <= 0 {
			left = d.carriers(r.most(need, NodeLost, 1))
		}
		for s := range State(States) {
			side := &need.In[s]
			if !side.Checked || !r.Checks(s) {
				continue
			}
			l := r.Limit(need, s, n)
			if l.Need == 0 && s >= RegionLost {
				continue
			}
			l.Left = left
			out = append(out, l)
		}
	}
	return out
}

// sides is how many sides of its needs the role is held to.
func (r *Role) sides() int {
	n := 0
	for i := range r.Needs {
		for s := range State(States) {
			if r.Needs[i].In[s].Checked && r.Checks(s) {
				n++
			}
		}
	}
	return n
}

// Limit is one need in one state against n nodes, at the hour of its greatest
// need; Left stays unknown.
func (r *Role) Limit(need *Need, s State, n int) Limit {
	m, side := r.Left(s, n), &need.In[s]
	l := Limit{Of: need.Of, State: s, Need: r.most(need, s, m), Have: float64(m) * side.Have, Target: side.Target,
		Why: need.Why}
	if need.Copies <= 1 && need.Parts <= 0 {
		// What is shared evenly takes most nodes in the hour in which it is most.
		l.Nodes = min(r.Whole(r.back(s, side.carriers(l.Need))), MaxNodes+1)
		return l
	}
	l.Nodes = r.greatest(func(h *Hour) int { return r.least(need, s, h) })
	if l.Most = r.Most(need, s, n); l.Most > 0 {
		l.Parts = need.Parts * need.copies(m)
		l.Need *= r.busiest(need, s, n) * float64(m)
	}
	return l
}

// most is the greatest amount of a need over the week, where m nodes are left.
func (r *Role) most(need *Need, s State, m int) float64 {
	week := r.Week
	if r.Peaks != nil && need.In[s].grows() {
		week = r.Peaks
	}
	x := 0.0
	for i := range week {
		x = max(x, need.amount(s, &week[i], m))
	}
	return x
}

// PerNode is the part of a need that each node carries in a state, at the hour of
// the greatest need: n nodes were there, and those that are left carry the same.
// Where parts are placed it is what the busiest carries.
// It is 0 where the role does not have to pass the need in that state.
func (r *Role) PerNode(need *Need, s State, n int) float64 {
	m := r.Left(s, n)
	if m <= 0 || !need.In[s].Checked || !r.Checks(s) {
		return 0
	}
	return float64(r.most(need, s, m) * r.busiest(need, s, n))
}

// greatest is the greatest of a number over the hours of the week.
func (r *Role) greatest(f func(*Hour) int) int {
	top := 0
	for i := range r.Week {
		top = max(top, f(&r.Week[i]))
	}
	return top
}

// Bind marks the first of the limits that asks for the most nodes, where that is
// the number that there are, and tells whether there is one.
func Bind(limits []Limit, n int) bool {
	best, most := -1, 0
	for i := range limits {
		if limits[i].Nodes > most {
			best, most = i, limits[i].Nodes
		}
	}
	if best < 0 || most != n {
		return false
	}
	limits[best].Binding = true
	return true
}

// Serve is the part of its load that n nodes carry in a state at some hour,
// within what they may carry: above 1 there is room for more, at 0 what is held
// whatever the load leaves no room. of is the resource that bounds it. Where
// nothing follows the load and all that is held fits, the part is infinite. It is
// at least 1 where Check finds no need too great, but for rounding.
func (r *Role) Serve(n int, s State, h Hour) (part float64, of Resource) {
	part = math.Inf(1)
	for i := range r.Needs {
		need := &r.Needs[i]
		if !need.In[s].Checked {
			continue
		}
		if x := r.serve(need, s, &h, n); x < part {
			part, of = x, need.Of
		}
	}
	return part, of
}

// serve is the part of the load of one need that n nodes carry: the busiest is
// full first.
func (r *Role) serve(need *Need, s State, h *Hour, n int) float64 {
	m, most := r.Left(s, n), 0.0
	load, held := need.parts(s, h, m)
	if m > 0 {
		most = may(need.In[s].allowed(), r.busiest(need, s, n))
	}
	return served(load, held, most)
}
