package sizing

import (
	"encoding/binary"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// System is what all cases of one profile share.
type System struct {
	Profile *workload.Profile
	Flow    *workload.Flow
	Catalog *catalog.Catalog
	Vintage *catalog.Vintage // with overlays; says what is priced, never what it costs
	Speeds  *catalog.Speeds
	Limits  *catalog.Limits
	// NetworkKnown is false for vintages whose types mostly have no network
	// baseline in the tables.
	NetworkKnown bool
	Sized        map[string]*Layout
	Ranking      Ranking     // nil where nothing has a price
	Nodes        []NodeCount // by region, as the last round of Settle found them; nil where nothing depends on them
	// Divided is how the data of components is divided that run already, by component.
	Divided map[string]Divided

	unsettled [][]NodeCount // the last two of rounds that have not settled; nil where they have

	home    []string // stores with read replicas for callers far from the primary, see ReadHome
	grouped map[groupKey][]Location
	means   map[weekKey]capacity.Hour // see transferBill.mean
	traits  map[*workload.Component]*Traits
	rooms   *rooms
	asked   map[*workload.Component]*Task // see askOf
	stays   map[stay][2]float64           // see residence
}

// stay names how long calls are in a component where a region answers and another is lost.
type stay struct {
	in           *workload.Component
	region, lost int
}

// groupKey names the regions of a load as a pool sees them.
type groupKey struct {
	scope   string
	regions string // their numbers, one after the other
	lag     int
}

// NewSystem derives the flow of a demand. Network is not checked in vintages
// whose types mostly have no baseline in the tables.
func NewSystem(d *workload.Demand, v *catalog.Vintage) (*System, error) {
	c := v.Catalog()
	speeds, err := c.Speeds()
	if err != nil {
		return nil, err
	}
	limits, err := c.Limits()
	if err != nil {
		return nil, err
	}
	s := &System{Catalog: c, Vintage: v, Speeds: speeds, Limits: limits, NetworkKnown: v.NetworkKnown,
		traits: map[*workload.Component]*Traits{}, rooms: &rooms{}}
	return s.Again(d), nil
}

// Again is the system in another situation, with nothing sized.
func (s *System) Again(d *workload.Demand) *System {
	n := *s
	n.Profile, n.Flow = d.Profile, d.Profile.Flow(d, n.natureOf)
	n.Sized, n.asked, n.stays = map[string]*Layout{}, nil, nil
	if s.Flow == nil || !slices.Equal(s.Flow.Demand.Regions, n.Flow.Demand.Regions) {
		// Hours are grouped by shares and curve, which most inputs leave alone.
		n.grouped, n.means = map[groupKey][]Location{}, map[weekKey]capacity.Hour{}
	}
	return &n
}

// Share takes over another system's lists, and, where it has the same users' split and load
// curve, what is known of the hours. Both must then be used by one goroutine.
func (s *System) Share(o *System) {
	if o == nil {
		return
	}
	s.rooms = o.rooms
	if slices.Equal(s.Flow.Demand.Regions, o.Flow.Demand.Regions) {
		s.grouped, s.means = o.grouped, o.means
	}
}

// regionsOf lists where a component runs, with the multipliers of its load. The
// list is shared and must not change.
func (s *System) regionsOf(l *workload.Load, lag int) []Location {
	var room [8]byte
	numbers := room[:0]
	for _, r := range l.Regions {
		numbers = binary.AppendUvarint(numbers, uint64(r))
	}
	key := groupKey{l.Scope, string(numbers), lag}
	list, ok := s.grouped[key]
	if !ok {
		list = regions(s.Flow, l, lag)
		s.grouped[key] = list
	}
	return list
}

// Task prepares one component for its kind.
func (s *System) Task(c *workload.Component) *Task {
	l := s.Flow.Of(c.Name)
	return &Task{
		Component: c, Profile: s.Profile, Flow: s.Flow, Load: l,
		Catalog: s.Catalog, Vintage: s.Vintage, Speeds: s.Speeds, Limits: s.Limits, NetworkKnown: s.NetworkKnown,
		Policy: policyOf(s.Profile, c), Regions: s.regionsOf(l, 0),
		Lead: s.Flow.Demand.Lead, Growth: s.Flow.Demand.Growth,
		Sized: s.Sized, Ranking: s.Ranking, Divided: s.Divided[c.Name], system: s,
	}
}

// askOf is the task of a component for those who ask what its kind tells of it before it
// is sized. All have the same, so nobody changes it.
func (s *System) askOf(c *workload.Component) *Task {
	t := s.asked[c]
	if t == nil {
		if s.asked == nil {
			s.asked = map[*workload.Component]*Task{}
		}
		t = s.Task(c)
		s.asked[c] = t
	}
	return t
}

// residence is how long a read and a write are in a component whose kind tells it (see
// Traits.Residence). Many ask, and the answer is known before anything is sized.
func (s *System) residence(c *workload.Component, region, lost int) (read, write float64) {
	k := s.traitsOf(c)
	key := stay{c, region, lost}
	if k.StaysAlike {
		key.region, key.lost = 0, nothing
	}
	x, ok := s.stays[key]
	if !ok {
		if s.stays == nil {
			s.stays = map[stay][2]float64{}
		}
		x[0], x[1] = k.Residence(s.askOf(c), region, lost)
		s.stays[key] = x
	}
	return x[0], x[1]
}

// Task is one component to be sized: its spec, its load in every region and
// hour, the policy it is held to and the layouts of what was sized before it
// (its callers, and what they call).
type Task struct {
	Component *workload.Component
	Profile   *workload.Profile
	Flow      *workload.Flow
	Load      *workload.Load
	Catalog   *catalog.Catalog
	Vintage   *catalog.Vintage // says what is priced, never what it costs
	Policy    Rules
	Regions   []Location // where the component runs
	Lead      float64    // demand of the lead month / demand now, for stores
	Growth    float64    // demand at the horizon / demand now, for what cannot be changed without a rebuild
	// NetworkKnown is false in vintages whose types have no network baseline:
	// network is then not checked, and the report says so.
	NetworkKnown bool
	// Sized holds the layouts of components sized before this one, by name.
	Sized   map[string]*Layout
	Speeds  *catalog.Speeds
	Limits  *catalog.Limits
	Ranking Ranking // nil where nothing has a price
	// Divided is how its data is divided already, if it runs: no less than that is chosen.
	Divided Divided

	system *System
	late   *remark.Remark // see catchUpWhy
}

// Scaled are the component's regions as a pool sees them that follows the load
// with a lag of so many hours.
func (c *Task) Scaled(lag int) []Location { return c.system.regionsOf(c.Load, lag) }

// Need evaluates a figure of the load, such as requests per second, that is
// linear in it.
func (c *Task) Need(f func(*workload.Vec) float64) Linear {
	return Linear{Local: f(&c.Load.Local), Global: f(&c.Load.Global)}
}

// Linear is short for capacity.Linear.
type Linear = capacity.Linear
