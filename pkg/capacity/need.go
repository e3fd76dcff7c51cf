package capacity

import (
	"slices"

	"headroom/pkg/remark"
)

// Resource is one thing of which a node has a limited amount.
type Resource struct {
	Name string // "cpu"
	Unit string // "vCPU", "B", "B/s", "/s"; "" for a mere number
}

// Resources that more than one kind of component asks for.
var (
	CPU            = Resource{"cpu", "vCPU"}
	Memory         = Resource{"memory", "B"}
	NetworkIn      = Resource{"network in", "B/s"}
	NetworkOut     = Resource{"network out", "B/s"}
	DiskBytes      = Resource{"disk bytes", "B"}
	DiskIOPS       = Resource{"disk iops", "/s"}
	DiskThroughput = Resource{"disk throughput", "B/s"}
	EBSIOPS        = Resource{"EBS iops", "/s"}
	EBSBandwidth   = Resource{"EBS bandwidth", "B/s"}
	Nodes          = Resource{"nodes", ""}
	Uplink         = Resource{"uplink", "Mbit/s"} // of a site, in the unit in which it is rented
	Hosts          = Resource{"hosts", ""}        // that a site has
)

// Linear is an amount that grows with the load: per unit of an hour's Local
// multiplier and per unit of its Global one.
type Linear struct{ Local, Global float64 }

// Own is the amount in the normal state.
func (l Linear) Own(h Hour) float64 { return float64(l.Local*h.Local) + float64(l.Global*h.Global) }

// Lost is the amount with the worst other region lost.
func (l Linear) Lost(h Hour) float64 {
	return float64(l.Local*h.LostLocal) + float64(l.Global*h.LostGlobal)
}

// in is the amount in a state.
func (l Linear) in(s State, h *Hour) float64 {
	if s == RegionLost {
		return l.Lost(*h)
	}
	return l.Own(*h)
}

// Grows tells whether more load is never less of it, so that it is most in one of Peaks.
func (l Linear) Grows() bool { return l.Local >= 0 && l.Global >= 0 }

// Scale multiplies the amount.
func (l Linear) Scale(k float64) Linear { return Linear{float64(l.Local * k), float64(l.Global * k)} }

// Plus adds two amounts.
func (l Linear) Plus(o Linear) Linear { return Linear{l.Local + o.Local, l.Global + o.Global} }

// Hour is the load at some hour as multiples of its peak over all users: of what
// follows the region's own users (Local) and of what is the same in every region
// (Global), in the normal state and with the worst other region lost.
type Hour struct {
	Local, Global         float64
	LostLocal, LostGlobal float64
	Hours                 int // hours of the week that are like this
}

// Peaks are the hours of a week of which no other has as much of everything: what grows with
// the load is most in one of these few, so that nobody has to look at the others for it.
func Peaks(week []Hour) []Hour {
	var out []Hour
	for i := range week {
		h := &week[i]
		if slices.ContainsFunc(out, func(o Hour) bool { return o.covers(h) }) {
			continue
		}
		out = slices.DeleteFunc(out, func(o Hour) bool { return h.covers(&o) })
		out = append(out, *h)
	}
	return out
}

// covers tells whether an hour has as much of everything as another.
func (h *Hour) covers(o *Hour) bool {
	return h.Local >= o.Local && h.Global >= o.Global && h.LostLocal >= o.LostLocal && h.LostGlobal >= o.LostGlobal
}

// Claim is what a role needs of a resource, in the resource's unit.
type Claim struct {
	Load Linear  // follows the load
	Held float64 // whatever the load
}

// at is the amount in a state at some hour.
func (a *Claim) at(s State, h *Hour) float64 { return a.Load.in(s, h) + a.Held }

// Balance is a resource in one state: what a role needs, and what a node has and
// may carry of it.
type Balance struct {
	Each Claim   // of each copy
	Once Claim   // in addition, however many copies there are
	Have float64 // of one node, at full utilisation
	// Target is the highest part of Have that a node may carry: the policy's, or
	// less where an aim for response times asks for it.
	Target  float64
	Checked bool // whether the state says anything about the resource
}

// grows tells whether more load is never less of the need.
func (s *Balance) grows() bool { return s.Each.Load.Grows() && s.Once.Load.Grows() }

// allowed is what one node may carry.
func (s *Balance) allowed() float64 { return float64(s.Have * s.Target) }

// Need is what a role needs of one resource, state by state.
type Need struct {
	Of     Resource
	Copies int // nodes on which each part lies; 0 and 1: the nodes share all evenly
	// Parts are the parts of each copy that cannot be divided, such as shards or
	// partitions, each of which asks for as much as any other: they are placed on
	// the nodes one by one, and the node with the most of them decides. 0 where
	// nodes share a copy evenly, however many they are.
	Parts int
	In    [States]Balance
	Why   remark.Remark // where a figure is assumed, or lowered by an aim
}

// Shared is the need for a resource that nodes share evenly: own and degraded
// are the highest parts of what a node has that it may carry in the normal state
// and while something is lost.
func Shared(of Resource, load Claim, have, own, degraded float64) Need {
	n := Need{Of: of}
	normal := Balance{Each: load, Have: have, Target: own, Checked: true}
	lossy := Balance{Each: load, Have: have, Target: degraded, Checked: true}
	n.In[Own], n.In[NodeLost], n.In[ZoneLost], n.In[RegionLost] = normal, lossy, lossy, lossy
	return n
}

// Late adds what comes in addition while workers catch up. Together with the own
// load it may take all that a node has.
func (n *Need) Late(more Claim) {
	if more == (Claim{}) {
		return
	}
	own := &n.In[Own]
	load := Claim{own.Each.Load.Plus(more.Load), own.Each.Held + more.Held}
	n.In[CatchUp] = Balance{Each: load, Once: own.Once, Have: own.Have, Target: 1, Checked: true}
}

// amount is the need of a role of which m nodes are left.
func (n *Need) amount(s State, h *Hour, m int) float64 {
	side := &n.In[s]
	x := side.Each.at(s, h)
	return max(0, n.copied(x, m)+side.Once.at(s, h))
}

// copied is an amount of each copy times the copies that m nodes hold. Where no
// node is left, what one copy asks for is still asked for: no need is met by
// nobody.
func (n *Need) copied(x float64, m int) float64 { return float64(x * float64(n.copies(m))) }

// copies is how many of a need's copies m nodes hold: one at least, and no two of
// the same part on one node.
func (n *Need) copies(m int) int { return max(1, min(n.Copies, m)) }

// parts are the two parts of amount: what follows the load, and what is held
// whatever the load.
func (n *Need) parts(s State, h *Hour, m int) (load, held float64) {
	side := &n.In[s]
	load = n.copied(side.Each.Load.in(s, h), m) + side.Once.Load.in(s, h)
	held = n.copied(side.Each.Held, m) + side.Once.Held
	return max(0, load), max(0, held)
}
