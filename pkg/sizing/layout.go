package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// Layout is a component sized on one node type: the nodes of every pool, every
// limit that was checked, and what else is billed.
type Layout struct {
	Type    *catalog.NodeType // nil for what has no nodes
	Storage Storage
	Pools   []Pool
	Usage   []Usage
	Stated  []Stated // what no table has a price for, and the profile does
	// Shards is among how many primaries the data of a database is divided, over all
	// its partitions; 0 for what is never divided. Each beyond the first weighs in
	// the running cost (docs/model.md section 6).
	Shards    int
	Crossings []Crossing // bytes that cross zones or regions; the transfer kind bills them
	Holds     []Held     // what it holds of quotas, beside the vCPUs of its nodes
	Offers    Offers
	// Queue is a node as the queue in which requests wait for CPU, without the
	// rate of arrivals; nil where response times are not modelled.
	Queue *RequestQueue
	// Waits are the pools of connections for which a request of a node waits, by
	// region; Describe fills them.
	Waits []Wait
	// Commit is what each write waits for copies in other regions, seconds.
	Commit float64
	// Describe fills the fields below, which cost time to make and which the
	// search does not look at; nil where Fit filled them. Call Detail.
	Describe func(*Layout)
	// Counted says that Describe takes the numbers of nodes from Pools, so that it
	// describes given nodes as well as those that Fit found.
	Counted bool
	// Roles are what the nodes of each pool need, for questions about other numbers
	// of nodes and other states. A pool of several clusters has a role for each.
	Roles     []RegionRole
	Limits    []RegionLimit
	Brief     remark.Remark   // the structure in a few words, for one cell of a table
	Structure []remark.Remark // what it consists of: "12 partitions, RF 3"
	Disks     []NodeDisks     // of each node, where it has disks of its own
	Divided   []Division      // its data, where it is divided
	Grows     remark.Remark   // with which stimulus it grows, and how
	Warnings  []remark.Remark
	Shared    []Sharing // of which a single one would do, by region

	// derive makes the derivation; Describe sets it. Whoever changes the layout
	// afterwards, such as to given nodes, leaves it alone: it tells how the kind's
	// own numbers came about.
	derive func() []remark.Step
}

// Detail fills in what Fit left for later: limits and structure.
func (l *Layout) Detail() {
	if f := l.Describe; f != nil {
		l.Describe = nil
		f(l)
	}
}

// Derive is how the numbers came about, step by step. It is made anew each time:
// only who prints it should ask.
func (l *Layout) Derive() []remark.Step {
	l.Detail()
	if l.derive == nil {
		return nil
	}
	return l.derive()
}

// RegionRole is a role of a component in one region.
type RegionRole struct {
	capacity.Role
	Region int    // index into Demand.Regions
	Name   string // as Pool.Role
	Nodes  int    // that its limits were held against: of a shard's, or a member's, where each has its own
	// Hourly is how many nodes there are in each hour of the week where they follow the
	// load; nil where they are as many at all times. It is worked out when asked for.
	Hourly func() []int `json:"-"`
	// Peaks says that what its needs hold is of the load at its peak, but for bytes that are
	// kept, though no hour of its week tells.
	Peaks bool `json:"-"`
}

// Pool is a component's nodes of one role in one region.
type Pool struct {
	Region int    // index into Demand.Regions
	Role   string // "", primary, replica, standby, failover, master
	// Type is the node type of these nodes where they have one of their own; nil
	// where it is the layout's.
	Type *catalog.NodeType
	Min  int // least nodes in any hour of the week
	Max  int // most nodes in any hour of the week
	Mean float64
	// ByHour counts the hours of the week for each number of nodes, ascending;
	// nil where Min equals Max.
	ByHour []capacity.NodeHours
}

// TypeOf is the node type of a pool's nodes.
func (l *Layout) TypeOf(p *Pool) *catalog.NodeType {
	if p.Type != nil {
		return p.Type
	}
	return l.Type
}

// Fixed is a pool that does not scale.
func Fixed(region int, role string, n int) Pool {
	return Pool{Region: region, Role: role, Min: n, Max: n, Mean: float64(n)}
}

// RegionLimit is a constraint on the nodes of one role in one region: what is needed
// against what they have.
type RegionLimit struct {
	capacity.Limit
	Region int // index into Demand.Regions
	Role   string
}

// Usage is what is billed beside nodes: a row of the price tables and a
// monthly quantity in the row's unit.
type Usage struct {
	Region   int
	Meter    catalog.Meter
	Quantity float64
	Category string // storage, network, other
	Label    string // for people: "log disks"
	// Of says of when a volume is that grows; the zero value where it does not.
	Of Moment
	// PerNode says that each node has its part of it whatever the load, so that more
	// nodes have more, and do not share the same.
	PerNode bool
}

// Moment is of when a volume is that grows from month to month.
type Moment struct {
	Grows bool
	Month int  // from the start
	Mean  bool // the mean of that month, else its end
}

// of is so much of another row of the tables.
func (u Usage) of(m catalog.Meter, quantity float64) Usage {
	u.Meter, u.Quantity = m, quantity
	return u
}

// labelled is the same with another label.
func (u Usage) labelled(label string) Usage {
	u.Label = label
	return u
}

// Crossing is a month's bytes from one region to another, or between the zones of
// one region where From equals To, or out to the internet: what really goes over
// the wire, replicas included.
type Crossing struct {
	From, To int // indices into Demand.Regions; To may be internet
	Bytes    unit.ReplicatedBytes
	What     string
	Copies   float64 // how many streams of the same they are; 0 where they are no copies of one
}

// Offers is what a component's layout means for those that it calls.
type Offers struct {
	Partitions int // of a log: the most threads of a group that its partitions keep busy
	// MostPartitions is the same if its topics had as many partitions as its brokers
	// hold, which they get where workers need them.
	MostPartitions int
	Busy           float64 // of workers: seconds for which a message occupies a thread
	// Connections is how many connections a node of this component keeps open
	// to each database that it calls.
	Connections float64
	// All is how many connections all its nodes together keep open to each database,
	// where that does not depend on how many nodes there are.
	All float64
}

// Held is what a component holds in a region of what an account has only so many of.
type Held struct {
	Region int // index into Demand.Regions
	Of     string
	Number int
}

// What components hold.
const (
	HeldGateways  = "nat_gateways" // in the zone with the most
	HeldAddresses = "addresses"    // Elastic IP addresses
)

// gib is what AWS bills as one GB of storage, transfer or processed data
// (docs/model.md section 0).
const gib = 1 << 30
