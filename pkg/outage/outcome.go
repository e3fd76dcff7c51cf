package outage

// Ask is what is left of a part in a region, and the load that it then has.
type Ask struct {
	Part   int
	Region int
	Left   []int   // nodes left, by pool of the part; those of other regions are 0
	Lost   []bool  // by region: whose users are elsewhere
	Stuck  bool    // whether no node can be launched there, so that those of the hour with the fewest are all
	Load   float64 // its load as a multiple of what it has then otherwise; 1 without retries or cold caches
}

// Carried is what nodes do with their load in the worst hour.
type Carried struct {
	Part   float64 // of the load, at most 1
	Room   float64 // times the load that they would carry, each doing no more than is allowed
	Above  bool    // whether a node does more than the policy allows while something is lost
	Of     string  // resource that is fullest
	Before float64 // p99 of the node's own time without the loss, seconds; 0 where not known
	P99    float64 // the same now; 0 where not known, +Inf where requests pile up
	// Full and Allowed are the parts of Of that the busiest node uses, and may use then; Full is
	// above 1 where it falls short.
	Full, Allowed float64
	// Rested and Busy are the parts of their CPU that make Before and P99.
	Rested, Busy float64
}

// Outcome is what comes of a scenario.
type Outcome struct {
	Scenario Scenario
	Parts    []PartOutcome // in the order of the system
	// What users get: at once, after all that goes by itself, and after people acted. Where
	// nothing changes the phases are equal.
	Now, Auto, Hand Phase
	Journeys        []JourneyOutcome
	Losses          []Loss // of stores that lose something, in the order of the system
	By              Actor
	Down            Span // until users are served as well as they will be before repair; 0 where Now is as good
	Unprotected     []Scenario
	// Split says that two leaders take writes at once. What one of them took has to be put
	// together by hand, or is lost as well.
	Split bool
	Room  float64 // times the users that would be carried in this state; 0 where users are not all served
	Full  string  // part that then is full first
}

// Phase is what users get from a moment on: the part of the requests that is answered.
type Phase struct {
	Reads, Writes float64
	After         Span
}

// Served is the least of both.
func (p Phase) Served() float64 { return min(p.Reads, p.Writes) }

// Actor is who brings the service back.
type Actor uint8

// Who acts.
const (
	Nobody Actor = iota // nothing is to be done
	Itself              // it goes by itself
	Person              // somebody has to act
	Repair              // only what was lost brings it back, in part or as a whole
)

// PartOutcome is what becomes of a part once what goes by itself has gone.
type PartOutcome struct {
	Reads, Writes float64 // of its load that is answered, in the worst region that asks it
	Slower        bool    // whether nodes are busier than the policy allows
	Before, P99   float64 // seconds, see Carried
	Leader        int     // pool that leads; -1 for none
	Promoted      bool    // whether that is another one than before
	// Why is a word for what stops it: "no majority", "no leader", "no electable member",
	// "blocked", "unreachable", "all lost", "pieces lost", "full"; "" for nothing.
	Why string
}

// JourneyOutcome is what becomes of requests of a class.
type JourneyOutcome struct {
	Journey
	Now, Auto, Hand float64 // part of them that is answered
}

// Loss is what a store loses at most.
type Loss struct {
	Part    string
	Time    Span   // of which writes are lost
	All     bool   // whether everything is
	From    string // copy or "replica" that is left
	Restore Span   // until it is there again
}
