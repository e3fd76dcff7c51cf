package outage

// Kind is a kind of event.
type Kind string

// The kinds of events, as texts have them.
const (
	Process    Kind = "process"    // a process crashes: process:PART or process:PART/ROLE
	Node       Kind = "node"       // a node is lost: node:PART, node:PART/ROLE, node:PART@REGION
	Host       Kind = "host"       // a physical server is lost with all on it: host:NAME
	DisksLost  Kind = "disks"      // disks of one node at once: disks:REGION:N
	Storage    Kind = "storage"    // all disks of a region: storage:REGION
	Zone       Kind = "zone"       // a zone, or several: zone:REGION or zone:REGION:2
	RegionLost Kind = "region"     // a region: region:REGION
	Split      Kind = "split"      // a region is cut off from the others: split:REGION
	Launch     Kind = "launch"     // no node can be launched: launch:REGION
	Standby    Kind = "standby"    // the failover candidate of a store: standby:PART
	Corruption Kind = "corruption" // wrong data is written, and found so long after: corruption:24h
	Spot       Kind = "spot"       // all spot instances are taken back: spot
	Cold       Kind = "cold"       // a cache is empty: cold:PART
	Deploy     Kind = "deploy"     // a batch is out while a version is rolled out: deploy:PART
	Schema     Kind = "schema"     // a replica is out for a change of tables: schema:PART
	Retries    Kind = "retries"    // callers ask again what is not answered: retries
	Failback   Kind = "failback"   // a lost region comes back: failback:REGION
)

// Event is one thing that fails or happens.
type Event struct {
	Kind   Kind
	Part   string
	Role   string
	Region string
	Host   string
	Number int     // of disks or zones
	After  float64 // seconds
}

// Scenario is events at once, and then further ones before those are repaired.
type Scenario struct {
	Name  string // of the user; "" for its text
	Steps [][]Event
}
