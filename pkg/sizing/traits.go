package sizing

import (
	"reflect"

	"headroom/pkg/catalog"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Traits are all that the flow of the load and other kinds may know of a
// component. A kind makes them from its own spec, and opens no other kind's: what
// it wants to know of a caller, of what it calls or of a guest is here. The zero
// value of each field says that there is nothing of the sort.
type Traits struct {
	// Scope is where the component's load meets unless its profile says otherwise:
	// one of workload.ScopeShare, ScopeAll, ScopePrimary. workload.Flow asks for
	// it, through natureOf.
	Scope string
	// Hits is the part of the reads for what the component calls that it answers itself, from
	// what it keeps, where caches before it left so much of them; nil for none. The flow asks.
	Hits func(to string, unfound float64) float64
	// Service is what the component asks of nodes that it may share with others.
	// Stateless asks for those of its guests and, as a guest, of its host.
	Service *Service
	// Stream says that the component is a log, from which others read what they
	// have not processed yet. Workers ask, and whoever says whose outage it is that
	// a limit is about.
	Stream *LogTraits
	// Reader is what a component asks of the logs that it reads. Logs ask: they have
	// a partition for each thread at least.
	Reader *Reader
	// Backlog is what the component has to work off after an outage. Logs, stores
	// and all that it calls ask: then it sends them more than its ordinary load.
	Backlog Backlog
	// Zoneless says that what the component exchanges with others in its region is
	// not billed for crossing zones. Transfer asks.
	Zoneless bool
	// Zones is in how many zones of a region the component stands at least, whatever
	// must be survived. Doubts asks.
	Zones int
	// InZone says that the component makes its calls in the zone in which it is
	// called, so that they cross none. Transfer asks.
	InZone bool
	// Gateway says that calls to the component leave for the internet. It is the
	// part of their bytes that crosses zones on the way through a region's
	// gateways. Transfer asks.
	Gateway func(p *Rules, zones int) float64
	// ReadsIn tells whether the component, of scope primary, answers reads in a
	// region other than its first. Transfer asks.
	ReadsIn func(c *Task, region int) bool
	// Residence is how long a read and a write are in the component where a region
	// of the demand answers them, in seconds on average, while its nodes are as busy
	// as they may be and another region is lost (-1: none). It is known before any
	// node is chosen. Both are 0 where they are not known. Those whose pools of
	// connections are for calls to it ask.
	Residence func(c *Task, region, lost int) (read, write float64)
	// StaysAlike says that Residence is the same wherever it answers and whatever is lost.
	StaysAlike bool
	// FollowsNodes says that the load of the component depends on how many nodes the whole plan
	// has, which are then found in several rounds; see Settle.
	FollowsNodes bool
	// Clients says that the size of the component depends on the layouts of those that call it:
	// on how many connections their nodes open, or into how many partitions they divide what it
	// reads. Who plans again asks.
	Clients bool
	// Passes says that the component passes on each call that arrives, and so the
	// backlog of its callers.
	Passes bool
	// Relays says that connections of users do not end at the component but at what it
	// calls. Proxies ask.
	Relays bool
	// HandsOn says that the component hands the requests of users on to what it calls,
	// on connections between the two. Balancers ask, for what stands behind others, and the flow,
	// for caches behind caches.
	HandsOn bool
	// Outside says that the component stands outside of all regions, and bills the bytes between
	// it and users, and between it and what it calls, itself. Transfer asks.
	Outside bool
	// Aliased says that the component is a resource of AWS for whose name queries are free. DNS
	// asks.
	Aliased bool
	// Needs is what the component needs of its users' connections. Balancers ask.
	Needs Needed
	// Fails says what the component is when something of it fails, where its nodes are laid
	// out so (see Task.Failing). Package resilience asks.
	Fails func(c *Task, l *Layout) Failing
}

// SeenAlike tells whether two are the same for those that a component calls: they ask for
// none of the functions, and not for what it asks of its nodes.
func (t Traits) SeenAlike(o *Traits) bool {
	rest := func(t Traits) Traits {
		t.Hits, t.Service, t.Gateway, t.ReadsIn, t.Residence = nil, nil, nil, nil, nil
		return t
	}
	return reflect.DeepEqual(rest(t), rest(*o))
}

// Plain tells whether those without nodes, who look at all others, have no function of the
// component to ask.
func (t *Traits) Plain() bool { return t.Gateway == nil && t.ReadsIn == nil }

// Service is what the requests of one service ask of nodes on which others may
// run too.
type Service struct {
	// CPU is seconds of the reference's CPU per second, for a load in calls per
	// second.
	CPU        func(*workload.Demand, *workload.Vec) float64
	ArrivalSCV float64 // squared coefficient of variation of the time between requests
	ServiceSCV float64 // squared coefficient of variation of the CPU time
	Session    float64 // CPU, as above, of each connected user whatever it asks for
	PerNode    float64 // CPU, as above, of each node whatever the load
	Held       float64 // CPU, as above, of each region whatever the load
	Memory     float64 // bytes before any request
	// MemoryWorker is bytes of each worker process before any request, and Workers
	// how many a node of a type has.
	MemoryWorker float64
	Workers      func(*catalog.NodeType) float64
	InFlight     float64 // bytes for each request per second: memory of a request × its time in the system
	Pool         Pooling // connections to the stores that it calls
	Sessions     bool    // whether each user holds a session or connection on some node
}

// LogTraits is what a log keeps. How many can read it in parallel is in its layout
// (Offers.Partitions), as it depends on the brokers.
type LogTraits struct {
	Retention unit.Duration // how long messages are kept
}

// Reader is how a component reads a log: each of its threads has partitions of its
// own.
type Reader struct {
	Busy unit.Duration // for which a message occupies a thread on the reference type
}

// Backlog is an outage that is worked off beside the new load.
type Backlog struct {
	Outage  unit.Duration // o, the longest time in which nothing is processed
	CatchUp unit.Duration // h, in which the load of that time is worked off; 0 where there is no backlog
}

// part is o/h, the part of the load that is processed in addition meanwhile.
func (b Backlog) part() float64 {
	if b.CatchUp <= 0 {
		return 0
	}
	return float64(b.Outage) / float64(b.CatchUp)
}

// traitsOf are a component's traits.
func traitsOf(c *workload.Component) Traits {
	k, ok := Find(c.Kind)
	if !ok {
		return Traits{Scope: workload.ScopeShare}
	}
	return k.Traits(c.Spec)
}

// traitsOf is the same for a system, in whose situations most components stay as they are.
func (s *System) traitsOf(c *workload.Component) *Traits {
	t := s.traits[c]
	if t == nil {
		made := traitsOf(c)
		t = &made
		s.traits[c] = t
	}
	return t
}

// natureOf is what the flow has to know of a component.
func (s *System) natureOf(c *workload.Component) workload.Nature {
	t := s.traitsOf(c)
	return workload.Nature{Scope: t.Scope, Hits: t.Hits, HandsOn: t.HandsOn, Traits: t}
}

// traitsIn are the traits of a load's component.
func traitsIn(l *workload.Load) *Traits { return l.Traits.(*Traits) }
