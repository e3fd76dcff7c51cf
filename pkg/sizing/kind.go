package sizing

import "headroom/pkg/catalog"

// Kind is one kind of component: a file, or for a store a few, with its spec and its
// formulas, and one row in Kinds. Nothing else in the program asks which kind a component
// is. Some kinds are Implicit or PerNode, some sizers Bounded or Structured, some specs
// a workload.Keeper or workload.Agreeing; all others need not care.
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
	Prepare(c *Task) (Sizer, error)
}

// Sizer sizes one component. It is used by one goroutine.
type Sizer interface {
	// Needs says what has to be chosen.
	Needs() Needs
	// Fit sizes the component on one node type and storage. t is nil where
	// Needs.Nodes is false. It is deterministic and does not depend on what
	// was fitted before. The rejection need not name the type and the storage:
	// others call the function Fit, which does.
	Fit(t *catalog.NodeType, s Storage) (*Layout, *Rejection)
}

// Fit sizes a component on one node type and storage. A rejection names them.
func Fit(z Sizer, t *catalog.NodeType, s Storage) (*Layout, *Rejection) {
	l, rej := z.Fit(t, s)
	if rej != nil {
		rej.Type, rej.Storage = t, s
		return nil, rej
	}
	return l, nil
}

// Bounded is a Sizer that knows, for less than a Fit, how little a type can cost.
// The search then leaves out what is too dear even so.
type Bounded interface {
	// Bound is below how many nodes of a type with a storage no layout lies: on average
	// over the week, by region of the profile. least holds Needs.MinNodes and is raised.
	// So many nodes bring the others, of types of their own.
	Bound(t *catalog.NodeType, s Storage, least []float64) (others []Pool)
	// Floor is what every layout on a storage has, whatever the type.
	Floor(s Storage) Floor
}

// Floor is what every layout of a component has beside the nodes of the type that is
// chosen: no layout is billed for less.
type Floor struct {
	Usage     []Usage
	Crossings []Crossing
	Pools     []Pool // of nodes of another type, which each of them names
}

// Structured is a Sizer of a component that can be built in several ways, such as
// with one primary database or with shards. The search prices all of them.
type Structured interface {
	Sizer
	// Structures are the ways, each of which is sized as a component of its own would
	// be. The first, the simplest, is the sizer itself.
	Structures() []Sizer
}

// Splitter is a Sizer of a component that may have more shards than it must. More of
// them, with less each, can cost less on the same type, as fewer nodes follow each and
// fewer keep the same bytes. The search prices them as long as they can be cheaper.
type Splitter interface {
	Sizer
	// Split is the sizer of the same structure with so many more shards of each
	// partition than Fit finds at least; nil where the structure has no shards to
	// choose.
	Split(more int) Sizer
}

// Needs says what has to be chosen for a component.
type Needs struct {
	Nodes    bool      // whether it runs on nodes at all
	Storages []Storage // at least one; a single zero Storage where there is no choice
	// MinNodes is, for each region of the profile, a number of nodes below
	// which no layout of this component lies: the search skips types that are
	// too dear even so.
	MinNodes []float64
	Shards   int // least number of shards; 0 where there are none
}

// Storage is where a component keeps its bytes.
type Storage struct {
	Volume string // gp3, io2, st1, … ; "local" for instance store; "" for none
	RAID   int    // 0 (none), 10, 5 or 6
}

// On tells whether a node of a type can have the storage: local disks come with
// few types.
func (s Storage) On(t *catalog.NodeType) bool {
	return s.Volume != VolumeLocal || t.Local.Disks.OK && t.Local.Disks.V >= 1
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
