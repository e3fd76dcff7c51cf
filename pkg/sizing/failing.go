package sizing

import (
	"headroom/pkg/outage"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// This file is what a kind says of its components for the day on which something of them
// fails, in the terms of package outage. How many nodes there are and where they stand is in
// the layout, and in the profile.

// Failing is what a component is when something of it fails. The zero value is of nodes that
// are alike, keep nothing, and of which the others carry the load of a lost one.
type Failing struct {
	Rule outage.Rule
	// Billed says that the component is a matter of bills and of other components only:
	// nothing of it can fail. Outside is of what the provider runs (outage.Given): whether it
	// stands outside of all regions.
	Billed, Outside bool
	// Agreements are the services, as pricing/limits/sla.csv names them, of which the provider
	// promises how much they are there; nodes that it rents out need not be named.
	Agreements []string
	// Keeps says that it keeps data that is nowhere else. Apart says that each region has a
	// group of its own, which decides alone, and Mirrored that each of them has all data.
	Keeps, Apart, Mirrored bool

	Pieces int  // into which the data of a group is divided; 0 is one
	Copies int  // of each piece, where equals keep it
	Acks   int  // members that have a write before it is answered, without which none is
	Most   bool // whether these are most of the members that vote, however many they are

	Sync, Blocks bool    // whether a commit waits for the candidate, and whether writes stop without it
	Lag          float64 // seconds that members are behind where commits do not wait

	Elects     bool // whether a leader needs most of the votes
	ByHand     bool // whether people have to promote, in the region of the lost leader
	FarByHand  bool // the same in another region
	Supervised bool // whether processes are restarted by themselves
	// Promotion is the stated time until another member leads; nil where only what is known
	// of the engine tells: the sum of the times Promotes of the facts, none where nothing is
	// known. PromotionKey is the component's key that would tell it, "" where it has none.
	Promotion    *unit.Duration
	Promotes     []string
	PromotionKey string
	Restarts     []string // times of the facts that a crashed process takes at most to be back
	Detects      []string // times of the facts until callers leave a dead node alone
	// Watches are those until the component itself leaves a dead node of what it calls alone.
	Watches []string
	// Launch is the time in which a new node serves; nil where the kind does not say.
	Launch *unit.Duration

	Roles   []FailingRole // its roles; the last one holds for all others
	Disks   outage.Disks  // of each node
	Answers float64       // part of the reads for what it calls that it answers itself
	Copied  []KeptCopy    // copies of stores that it keeps
	Site    *FailingSite  // of what is a place for others
}

// FailingRole is what nodes of a role are to their component.
type FailingRole struct {
	Name  string
	Data  bool // whether they keep its data
	Votes int  // of each
	Leads bool // whether they may lead
	Reads bool // whether they answer reads
}

// Role is what nodes of a role are; those of an unknown one are as the last that is known.
func (f *Failing) Role(name string) FailingRole {
	for i := range f.Roles {
		if f.Roles[i].Name == name {
			return f.Roles[i]
		}
	}
	if n := len(f.Roles); n > 0 {
		return f.Roles[n-1]
	}
	return FailingRole{Name: name, Reads: true}
}

// KeptCopy is data of components that another one, or an object store, keeps of an earlier
// time.
type KeptCopy struct {
	Of          []string
	Every, Keep unit.Duration // Every is 0 where it is not known
	EveryKey    string        // the key of a profile that would tell it
	Regions     []int         // indices into Demand.Regions, in which it lies
	Zonal       bool          // whether it is lost with a zone
	Bytes       float64       // of one full copy; 0 where not known
}

// FailingSite is what a place has in common that its machines are in.
type FailingSite struct {
	Ephemeral bool     // whatever lies on its disks is lost when a machine stops
	Servers   []Server // machines that are parts of a physical server
	Files     *Files   // nil for none
}

// Server is the physical server of which machines of a name are a part.
type Server struct{ Machine, Name string }

// Files are files on a site's disks that are no component's.
type Files struct {
	Tolerates int // disks that may fail without loss
	Ephemeral bool
	Bytes     float64 // 0 where not known
}

// Failing is what a component of the task's kind is when something of it fails, where it is
// laid out so.
func (c *Task) Failing(l *Layout) Failing {
	l.Detail() // says how data is divided
	return traitsOf(c.Component).Fails(c, l)
}

// nothingFails is of what is a matter of bills alone.
func nothingFails(*Task, *Layout) Failing { return Failing{Billed: true} }

// allAlike is of nodes that keep nothing and each do the same.
func allAlike(*Task, *Layout) Failing { return Failing{} }

// keeping is the only role of nodes that all keep data and answer reads, with so many votes.
func keeping(votes int) []FailingRole {
	return []FailingRole{{Data: true, Votes: votes, Reads: true}}
}

// equals is of nodes of which so many keep each of the pieces of a region's data, no two copies
// of one piece on the same node.
func equals(l *Layout, pieces, copies int) Failing {
	most := 1
	for _, p := range l.Pools {
		most = max(most, p.Max)
	}
	copies = min(copies, most)
	return Failing{Rule: outage.Copied, Apart: true, Pieces: max(1, pieces), Copies: copies, Roles: keeping(0),
		Disks: disksOf(l)}
}

// disksOf are the disks of each node of a layout. Volumes outlive their node, but what is on
// the volume that a node boots from goes with it, as do disks of a machine.
func disksOf(l *Layout) outage.Disks {
	d := outage.Disks{Local: l.Storage.Volume == VolumeLocal || l.Storage.Volume == ""}
	if d.Local {
		d.Tolerates = raidTolerates(l.Storage.RAID)
	}
	return d
}

// raidTolerates is how many disks of a node may fail without loss, whichever they are.
func raidTolerates(level int) int {
	switch level {
	case 10, 5:
		return 1
	case 6:
		return 2
	}
	return 0
}

// inMemory are the disks of nodes that keep all they have in memory: it goes with the process.
func inMemory() outage.Disks { return outage.Disks{Local: true, Ephemeral: true, Memory: true} }

// divided is the most pieces of any region into which a layout's data is divided, and their
// copies: of given machines without a load as many as are stated, or as a sizer would choose.
func (c *Task) divided(l *Layout, stated, lossy int) (pieces, copies int) {
	if len(l.Divided) == 0 {
		return 1, c.copiesOf(stated, lossy)
	}
	for _, d := range l.Divided {
		pieces, copies = max(pieces, d.Partitions, d.Shards), max(copies, d.Copies)
	}
	return pieces, copies
}

// copiesOf is how many copies a component keeps of each piece: as stated, else as its sizer
// chooses (see Task.copies).
func (c *Task) copiesOf(stated, lossy int) int {
	switch {
	case stated > 0:
		return stated
	case c.Policy.lossy():
		return lossy
	}
	return 1
}

// of is the copy that snapshots of a component's own data are, where it keeps any. How often
// they are made only the profile could say, which does not.
func (s *Snapshotted) of(c *Task) []KeptCopy {
	if s.Snapshots.V < 1 {
		return nil
	}
	var regions []int
	for i := range c.Regions {
		regions = append(regions, c.Regions[i].Index)
	}
	return []KeptCopy{{Of: []string{c.Component.Name}, EveryKey: "copies", Regions: regions}}
}

// candidatesFail is what servers behind a primary are: who leads, keeps data, answers reads
// and votes.
func (s *Replicated) candidatesFail(c *Task) Failing {
	zone, remote, _ := s.candidates(c) // Prepare refuses what cannot be
	answers := s.by()
	f := Failing{Rule: outage.Led, Keeps: true, Lag: float64(s.Lag.V), Acks: 1,
		Sync: s.Replication == "sync" && (zone || remote), ByHand: s.Promotion.V != promotionAuto,
		FarByHand: s.Elsewhere.V != promotionAuto, PromotionKey: "promotion_time"}
	f.Blocks = f.Sync && s.OnLoss == "block"
	if f.Sync {
		f.Lag = 0
	}
	if s.PromotionTime != nil {
		f.Promotion = &s.PromotionTime.V
	}
	f.Most = s.WriteConcern.V == "majority"
	f.Roles = []FailingRole{
		{Name: "primary", Data: true, Votes: 1, Leads: true, Reads: answers != byReplicas},
		{Name: "standby", Data: true, Votes: 1, Leads: true, Reads: answers == byAll},
		{Name: "failover", Data: true, Votes: 1, Leads: true, Reads: answers == byAll},
		{Name: "replica", Data: true, Votes: 1, Leads: true, Reads: answers != byPrimary},
		{Name: workload.RoleArbiter, Votes: 1},
		{Name: workload.RoleReadOnly, Data: true, Votes: 1, Reads: answers != byPrimary},
		{Name: "pooler"}, // passes calls on
	}
	return f
}
