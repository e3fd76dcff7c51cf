// Package sizing knows the kinds of components: how many nodes of a given type
// a load needs, which limit decides, and what else is billed beside the nodes
// (docs/model.md sections 4 and 5).
//
// A kind is one file: its spec with documented defaults, its formulas, and one
// row in Kinds. Nothing else in the program asks which kind a component is.
package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Kind is one kind of component.
type Kind interface {
	// Word is the word in a profile's `kind:`.
	Word() string
	// Spec makes a pointer to the kind's spec, filled with its defaults.
	Spec() any
	// Traits are what others may know of a component with this spec, which is one
	// that Spec made.
	Traits(spec any) Traits
	// Prepare derives everything that does not depend on the node type. Its
	// error is a *diag.Problem, several of them joined, or a *Rejection.
	Prepare(c *Case) (Sizer, error)
}

// Sizer sizes one component. It is used by one goroutine.
type Sizer interface {
	// Needs says what has to be chosen.
	Needs() Needs
	// Fit sizes the component on one node type and storage. t is nil where
	// Needs.Nodes is false. It is deterministic and does not depend on what
	// was fitted before.
	Fit(t *catalog.NodeType, s Storage) (*Layout, *Rejection)
}

// Bounded is a Sizer that knows, for less than a Fit, below how many nodes of a
// type it does not get: on average over the week, by region of the profile. The
// search then leaves out what is too dear even so. least holds Needs.MinNodes
// and is raised.
type Bounded interface {
	Bound(t *catalog.NodeType, least []float64)
	// Floor is usage that every layout on a storage has, whatever the type.
	Floor(s Storage) []Usage
}

// Needs says what has to be chosen for a component.
type Needs struct {
	Nodes bool // whether it runs on nodes at all
	// Burstable says that burstable types, counted at their baseline, may be
	// chosen without the profile asking for them: for what idles.
	Burstable bool
	Storages  []Storage // at least one; a single zero Storage where there is no choice
	// MinNodes is, for each region of the profile, a number of nodes below
	// which no layout of this component lies: the search skips types that are
	// too dear even so.
	MinNodes []float64
}

// Storage is where a component keeps its bytes.
type Storage struct {
	Volume string // gp3, io2, st1, … ; "local" for instance store; "" for none
	RAID   int    // 0 (none), 10, 5 or 6
}

// String names the layout: "gp3", "local RAID 10".
func (s Storage) String() string {
	switch {
	case s.RAID == 0:
		return s.Volume
	case s.RAID == 10:
		return s.Volume + " RAID 10"
	case s.RAID == 5:
		return s.Volume + " RAID 5"
	}
	return s.Volume + " RAID 6"
}

// Layout is a component sized on one node type: the nodes of every pool, every
// limit that was checked, and what else is billed.
type Layout struct {
	Type    *catalog.NodeType // nil for what has no nodes
	Storage Storage
	Pools   []Pool
	Usage   []Usage
	Flows   []Flow // bytes that cross zones or regions; the transfer kind bills them
	// Describe fills the fields below, which cost time to make and which the
	// search does not look at; nil where Fit filled them. Call Detail.
	Describe  func(*Layout)
	Terse     bool   // Describe may leave out Steps, which nobody will read
	Roles     []Role // what the nodes of each pool need, for questions about other numbers of nodes and other states
	Limits    []Limit
	Brief     string          // the structure in a few words, for one cell of a table
	Structure []string        // what it consists of: "12 partitions, RF 3"
	Grows     string          // with which stimulus it grows, and how
	Steps     []workload.Step // how the numbers came about
	Warnings  []string
	Offers    Offers
	// Queue is a node as the queue in which requests wait for CPU, without the
	// rate of arrivals; nil where response times are not modelled.
	Queue *queueing.Node
}

// Detail fills in what Fit left for later.
func (l *Layout) Detail() {
	if f := l.Describe; f != nil {
		l.Describe = nil
		f(l)
	}
}

// Role is a role of a component in one region.
type Role struct {
	capacity.Role
	Region int    // index into Demand.Regions
	Name   string // as Pool.Role
}

// Flow is a month's bytes from one region to another, or between the zones of
// one region where From equals To: what really goes over the wire, replicas
// included.
type Flow struct {
	From, To int // indices into Demand.Regions
	Bytes    unit.ReplicatedBytes
	What     string
}

// Offers is what a component's layout means for those that it calls.
type Offers struct {
	Partitions int // of a log: the most workers that can read in parallel
	// Connections is how many connections a node of this component keeps open
	// to each database that it calls.
	Connections float64
}

// Pool is a component's nodes of one role in one region.
type Pool struct {
	Region int    // index into Demand.Regions
	Role   string // "", primary, replica, standby, failover, master
	Min    int    // least nodes in any hour of the week
	Max    int    // most nodes in any hour of the week
	Mean   float64
	// ByHour counts the hours of the week for each number of nodes, ascending;
	// nil where Min equals Max.
	ByHour []capacity.Count
}

// Fixed is a pool that does not scale.
func Fixed(region int, role string, n int) Pool {
	return Pool{Region: region, Role: role, Min: n, Max: n, Mean: float64(n)}
}

// Limit is a constraint on the nodes of one role in one region: what is needed
// against what they have.
type Limit struct {
	capacity.Limit
	Region int // index into Demand.Regions
	Role   string
}

// Usage is what is billed beside nodes: a row of the price tables and a
// monthly quantity in the row's unit.
type Usage struct {
	Region   int
	Service  string // "ebs"
	Item     string // "gp3 storage"
	Quantity float64
	Category string // storage, network, other
	Label    string // for people: "log disks"
	// Free is what the table does not charge, taken off once per account:
	// the transfer kind uses it.
	Why string
}

// Rejection says why a component cannot run on a node type and storage.
type Rejection struct {
	Type     *catalog.NodeType
	Storage  Storage
	Resource string
	Need     float64
	Have     float64
	Unit     string
	Detail   string
}

// Error is the rejection as a sentence.
func (r *Rejection) Error() string {
	s := r.Resource
	if r.Unit != "" || r.Need != 0 || r.Have != 0 {
		s += ": needs " + Quantity(r.Need, r.Unit) + ", has " + Quantity(r.Have, r.Unit)
	}
	if r.Detail != "" {
		s += " (" + r.Detail + ")"
	}
	return s
}

// Miss is by what factor the need exceeds what is there: the nearest miss is
// the least. What cannot be measured so (a wrong kind of disk) is farthest.
func (r *Rejection) Miss() float64 {
	if r.Have <= 0 || r.Need <= r.Have {
		return 1e308
	}
	return r.Need / r.Have
}

// Quantity prints a figure in one of the units that limits have: B, B/s, /s, s,
// or any other as it is.
func Quantity(x float64, u string) string {
	switch u {
	case "B":
		return unit.Bytes(x).Human()
	case "B/s":
		return unit.ByteRate(x).Human()
	case "/s":
		return unit.Rate(x).Human()
	case "s":
		return unit.Duration(x).Human()
	case "":
		return unit.Count(x).Human()
	}
	return unit.Count(x).Human() + " " + u
}
