package capacity

import (
	"math"
	"slices"
	"sort"

	"headroom/pkg/unit"
)

// Role is the nodes of one task in one region: all that decides how many of them
// there must be.
type Role struct {
	Needs []Need
	Week  []Hour // the distinct hours of the week; one of them where the nodes do not follow the load
	// Peaks are those hours of Week to which Peaks leaves it; nil to look at the whole week.
	Peaks []Hour
	Zones int // over which the nodes are spread
	// Zoned says that every zone has as many nodes, so that they come in multiples
	// of the zones, and that no zone takes more copies of a part than its even share.
	Zoned bool
	Odd   bool // the nodes decide by majority: an even number is one more that may fail, and no more that may be lost
	Survive
	// Replaced says that another role's nodes stand by for the lost ones, so that
	// as many are left.
	Replaced bool
	// Warm is the part of the full size at which a passive region runs where the
	// nodes follow the load; 1 is all of it.
	Warm  float64
	Floor int // least nodes whatever the load
}

// MaxNodes bounds a role: more than any region has of one type. It keeps an
// absurd load from overflowing.
const MaxNodes = 1_000_000

// Ceil is ⌈x·(1−1e-9)⌉ (docs/model.md section 0), bounded by MaxNodes+1.
func Ceil(x float64) int {
	if !(x < MaxNodes) {
		return MaxNodes + 1
	}
	n, err := unit.CeilCount(math.Max(0, x))
	if err != nil {
		return MaxNodes + 1
	}
	return n
}

// Bound is the need and the state that decide a number of nodes: what the role
// needs, and what one node may carry of it. Of is blank where the floor decides.
type Bound struct {
	Of            Resource
	State         State
	Need, Allowed float64
}

// carriers is the least number of nodes that carry so much.
func (s *Balance) carriers(x float64) int {
	switch allowed := s.allowed(); {
	case x == 0:
		return 0
	case x > 0 && allowed <= 0:
		return MaxNodes + 1
	default:
		return Ceil(x / allowed)
	}
}

// left is the least number of nodes that carry a need in a state, whatever is
// lost before: any greater number does too. Fewer nodes than copies hold fewer
// copies, so that the need may shrink with them.
func (n *Need) left(s State, h *Hour) int {
	b := n.carriers(s, n.amount(s, h, max(1, n.Copies)))
	if n.Copies <= 1 || b > n.Copies || b == 0 {
		return b
	}
	// As many nodes as copies do, and what a node less must carry is linear in how many
	// there are: where some do, any number up to that of the copies does.
	return 1 + sort.Search(n.Copies-1, func(i int) bool {
		m := i + 1
		return n.In[s].carriers(n.amount(s, h, m)) <= m
	})
}

// least is the least number of nodes that pass a need in a state, MaxNodes+1 where
// it is more than MaxNodes.
func (r *Role) least(n *Need, s State, h *Hour) int {
	m := n.left(s, h)
	if m > MaxNodes {
		return m
	}
	return min(r.inZones(n, s, h, r.Whole(r.back(s, m))), MaxNodes+1)
}

// enough tells for less than least that n nodes pass a need that they share evenly.
// Where it does not, they still may.
func (r *Role) enough(n *Need, s State, h *Hour, nodes int) bool {
	return n.Copies <= 1 && n.Parts <= 0 && n.amount(s, h, 1) <= n.In[s].allowed()*float64(r.Left(s, nodes))*(1-1e-12)
}

// Least is the least number of nodes that passes every need in every state and
// hour, and what decides it. More than MaxNodes says that no number does.
func (r *Role) Least() (n int, by Bound) {
	n = r.Whole(r.Floor)
	by.State = Always
	for i := range r.Week {
		h := &r.Week[i]
		for k := range r.Needs {
			need := &r.Needs[k]
			for s := range State(States) {
				if !need.In[s].Checked || !r.Checks(s) {
					continue
				}
				if r.enough(need, s, h, n) {
					continue
				}
				if m := r.least(need, s, h); m > n {
					n = m
					by = Bound{need.Of, s, need.amount(s, h, max(1, need.Copies)), need.In[s].allowed()}
				}
			}
		}
	}
	return n, by
}

// Ask is what a need asks of a role, state by state, in nodes each of which has 1
// of the resource; 0 where it asks for none.
type Ask [States]float64

// Ask is what one of the needs asks of the role, whatever its nodes have of it.
// The need must be shared evenly.
func (r *Role) Ask(n *Need) (a Ask) {
	for s := range State(States) {
		if side := &n.In[s]; side.Checked && r.Checks(s) {
			a[s] = r.most(n, s, 1) / side.Target
		}
	}
	return a
}

// Answer is the least number of nodes that do what is asked for, where each has so
// much: Least for one need, when many types of nodes are asked. A need whose parts
// are placed takes as many at least.
func (r *Role) Answer(a *Ask, have float64) int {
	n := r.Whole(r.Floor)
	for s, x := range a {
		if x > 0 {
			n = max(n, min(r.Whole(r.back(State(s), Ceil(x/have))), MaxNodes+1))
		}
	}
	return n
}

// Short is the first need that n nodes fall short of, in the state that asks for
// the most nodes; what the floor asks for is not looked at.
func (r *Role) Short(n int) (by Bound, short bool) {
	one := *r
	one.Floor = n
	for i := range r.Needs {
		one.Needs = r.Needs[i : i+1]
		if m, by := one.Least(); m > r.Whole(n) {
			return by, true
		}
	}
	return Bound{}, false
}

// NodeHours says in how many hours of a week a role has so many nodes.
type NodeHours struct{ Nodes, Hours int }

// Hourly is the least number of nodes in every hour of Week, in its order,
// appended to out. A passive region that is kept warm runs at a part of the size
// that it needs after the failover, but never below what its own load needs.
// Needs must be shared evenly. Where no number of nodes will do in some hour,
// over is what asks for too many, as Least says it.
func (r *Role) Hourly(out []int) (_ []int, over *Bound) {
	var room [5 * States]quotient
	q := r.quotients(room[:0])
	for i := range r.Week {
		n := q.nodes(r, &r.Week[i])
		if n > MaxNodes {
			_, by := r.Least()
			return nil, &by
		}
		out = append(out, n)
	}
	return out, nil
}

// Follow is in how many hours of the week nodes that follow the load are how
// many, fewest first; see Hourly.
func (r *Role) Follow() (counts []NodeHours, over *Bound) {
	var room [168]int
	nodes, over := r.Hourly(room[:0])
	if over != nil {
		return nil, over
	}
	counts = make([]NodeHours, 0, 16)
	for h, n := range nodes {
		i, found := slices.BinarySearchFunc(counts, n, func(c NodeHours, n int) int { return c.Nodes - n })
		if !found {
			counts = slices.Insert(counts, i, NodeHours{Nodes: n})
		}
		counts[i].Hours += r.Week[h].Hours
	}
	return counts, nil
}
