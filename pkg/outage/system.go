package outage

// System is what can fail.
type System struct {
	Regions  []Region
	Parts    []Part
	Journeys []Journey
	DNS      DNS
	Copies   []Copy
	People   People
	// Carry tells what part of its load the nodes of a part carry that are left in a region.
	// nil carries everything, as long as there is a node.
	Carry func(Ask) Carried
}

// Region is a place that serves users, or stands by.
type Region struct {
	Name  string
	Zones int
	Share float64 // of the users
	// Launches says that lost nodes are replaced there by themselves, and From is the index
	// of the region whose control plane does it.
	Launches bool
	From     int
	// Replace is how long that takes.
	Replace Span
}

// DNS is how users find a region that is left.
type DNS struct {
	Moves  bool // whether the users of a lost region may go to others at all
	Checks bool // whether records of a lost region vanish by themselves
	Detect Span // until a lost region is noticed; where Checks
	TTL    Span // how long resolvers keep an answer
	// Retries says that clients try the next address by themselves.
	Retries bool
}

// People is what people do, who may have to be called first.
type People struct {
	OnCall  Span // until somebody acts
	Rebuild Span // a site from code, onto which copies are restored
}

// Rule is how a part goes on when nodes of it are lost.
type Rule uint8

// The rules.
const (
	// Alike nodes each do the same: those that are left carry the load.
	Alike Rule = iota
	// Led parts write at a leader. Another member takes its place, by election, by itself or
	// by hand.
	Led
	// Voted parts do nothing without a majority of their votes.
	Voted
	// Copied parts keep each piece of their data on several nodes that are equals.
	Copied
	// Given parts are the provider's: there as long as their region has a zone, or
	// everywhere where they have no pools.
	Given
)

// Part is a component.
type Part struct {
	Name  string
	Rule  Rule
	Pools []Pool
	Calls []Call

	// Apart says that each region has a group of its own, which decides without the others, with
	// a leader of its own (Led). Regions without one ask the first other one that is left.
	Apart bool
	// Mirrored says that each of these groups has all of the data.
	Mirrored bool
	// On is the part on whose nodes it stands, pool by pool; "" where it has its own.
	On string

	Pieces int // into which its data is divided, each with nodes of its own (Led), or placed (Copied); at least 1
	Copies int // of each piece (Copied)
	Acks   int // members that have a write before it is answered; 0 and 1: who takes it alone

	Keeps  bool // data that is nowhere else
	Sync   bool // whether a commit waits for the failover candidate
	Blocks bool // whether writes stop while the candidate is lost (Sync)
	Lag    Span // how far members are behind the leader where commits do not wait

	Elects     bool // whether the leader needs a majority of the votes (Led)
	Promote    Span // until another member leads by itself, in the same region
	ByHand     bool // whether people have to promote, in the same region
	FarByHand  bool // whether people have to promote in another region
	PromoteFar Span // until a member in another region leads by itself, or once people are there
	Restart    Span // of a process
	Supervised bool // whether processes are restarted by themselves
	Detect     Span // until callers leave a dead node alone

	Answers float64 // part of the reads for what it calls that it answers itself, from memory
	Spot    float64 // part of its nodes that are spot instances
	Least   []int   // by region: nodes that run in the hour with the fewest; nil where as many as always
}

// Pool is nodes of one role in one zone.
type Pool struct {
	Region, Zone int // indices; zones from 0
	Role         string
	Nodes        int
	Host         string // physical server under them; "" where each has one of its own
	Data         bool   // whether they keep the part's data
	Votes        int    // of each
	Leads        bool   // whether they can be leader: the first such pool is, then those of its region, in order
	Reads        bool   // whether they answer reads
	Disks        Disks
}

// Disks are what a node keeps its data on.
type Disks struct {
	Local     bool // lost with the node
	Ephemeral bool // lost whenever the node stops
	Memory    bool // none: all is in the memory of a process, and lost with it
	Tolerates int  // that may fail without loss, of each node (RAID); local only
}

// Call is what a part asks of another one.
type Call struct {
	To            string
	PerRead       float64 // reads sent for each read
	PerWrite      float64 // writes sent for each write
	ReadsPerWrite float64 // reads sent for each write
	Async         bool
	Classes       []string // nil for all
	Retries       int
	Breaker       bool
	Weight        float64 // part of the load of To that these calls are
	Written       float64 // part of these calls that are writes, which no cache answers
}

// Journey is requests of users of one class that read, or that write.
type Journey struct {
	Class  string
	Writes bool
	Entry  string
	Share  float64 // of all requests
}

// Copy is data of stores that is kept elsewhere or of an earlier time.
type Copy struct {
	Name   string
	Of     []string // parts
	Region int      // where it lies; -1 for outside of all regions
	Zonal  bool     // lost with the first zone, as what lies on disks of a node is
	Disks  Disks    // on which it lies, where Local
	Every  Span     // between two copies; for a log how far it is behind
	Keep   Span     // for how long; unknown for ever
	Log    bool     // whether any moment can be restored
	Rate   float64  // bytes/s at which it is restored; 0 where not known
	Bytes  float64  // that are restored; 0 where not known
}
