package catalog

import (
	"fmt"

	"headroom/pkg/queueing"
)

// WorkClass is a class of work, for which types differ in speed.
type WorkClass uint8

// The classes of MODEL section 2.
const (
	ClassGeneric WorkClass = iota
	ClassHTTP
	ClassKafka
	ClassSearchIndex
	ClassRedis
	ClassSQL
	ClassQueue
	ClassTLS
	classCount
)

var classNames = [classCount]string{
	ClassGeneric: "generic", ClassHTTP: "http", ClassKafka: "kafka", ClassSearchIndex: "search-index",
	ClassRedis: "redis", ClassSQL: "sql", ClassQueue: "queue", ClassTLS: "tls",
}

// String is the name of the class in profiles.
func (c WorkClass) String() string {
	if c >= classCount {
		return fmt.Sprintf("class(%d)", uint8(c))
	}
	return classNames[c]
}

// ClassNames lists the names of all classes.
func ClassNames() []string { return append([]string(nil), classNames[:]...) }

// ParseClass is the class of a name.
func ParseClass(name string) (WorkClass, bool) {
	for c, n := range classNames {
		if n == name {
			return WorkClass(c), true
		}
	}
	return 0, false
}

// Evidence is what a speed rests on: 1 is the best, 5 the weakest (MODEL
// section 2).
type Evidence uint8

// The orders of evidence.
const (
	NoEvidence Evidence = iota
	EvidenceMeasured
	EvidenceFamily
	EvidenceGroup
	EvidenceClockIPC
	EvidenceClock
)

var evidenceNames = [...]string{
	NoEvidence: "none", EvidenceMeasured: "measured", EvidenceFamily: "same family",
	EvidenceGroup: "same generation", EvidenceClockIPC: "clock and IPC", EvidenceClock: "clock alone",
}

// derates are the factors of MODEL section 2, assumed: the weaker the
// evidence, the likelier it is that the best of a thousand types is the one
// whose speed is overestimated most. The sizes of a family share one figure and so
// one factor: one of its own for those that were not measured themselves would
// make a larger machine slower at rest than a smaller one of the same cores.
var derates = [...]float64{
	EvidenceMeasured: 1, EvidenceFamily: 1, EvidenceGroup: 0.9, EvidenceClockIPC: 0.8, EvidenceClock: 0.6,
}

// String is the name of the order of evidence.
func (e Evidence) String() string {
	if int(e) >= len(evidenceNames) {
		return evidenceNames[NoEvidence]
	}
	return evidenceNames[e]
}

// Derate is the factor that a speed of this evidence is multiplied with.
func (e Evidence) Derate() float64 {
	if int(e) >= len(derates) {
		return 0
	}
	return derates[e]
}

// Speed is how fast a node of one type does one class of work at rest, relative to
// one of the reference type. All figures are derated for their evidence.
type Speed struct {
	// PerVCPU is the speed of one vCPU (of one core for single-threaded
	// classes) against one of the reference type: service time on the node is
	// the time on the reference divided by PerVCPU. It is the same for all sizes of
	// a family.
	PerVCPU float64
	// RefVCPUs is the whole node in vCPUs of the reference type: how many
	// seconds of CPU, as measured on the reference, the node would do in a
	// second without contention. For the reference itself it is its vCPUs ×
	// UsableCPU.
	RefVCPUs float64
	// UsableCPU is the fraction of the node's CPU that RefVCPUs counts: the credit
	// baseline of burstable types, 0.40 for -flex types. Divide by it for the
	// full speed.
	UsableCPU float64
	// Evidence is the weaker one of the two types' evidence, as a ratio is
	// only as good as its weaker side.
	Evidence Evidence
	Derate   float64
	Flags    SpeedFlags

	speeds *Speeds
	series int
	t, ref int
	factor float64 // of a machine beside the tables, see NodeType.SpeedFactor
}

// SpeedFlags are remarks on a speed.
type SpeedFlags uint8

const (
	// FlagOutlier says that a measurement of the family is more than 1.5 times
	// what CoreMark lets expect of its class, and is not used.
	FlagOutlier SpeedFlags = 1 << iota
	// FlagFlex says that a measurement of the family is a burst of a -flex type,
	// and is not used.
	FlagFlex
	// FlagBaseline says that the type counts at its CPU-credit baseline.
	FlagBaseline
)

var flagTexts = [...]string{
	"its own measurement is an outlier and not used",
	"its own measurement is a burst and not used",
	"counted at its CPU-credit baseline",
}

// Texts are the remarks in words.
func (f SpeedFlags) Texts() []string {
	var out []string
	for i, s := range flagTexts {
		if f&(1<<i) != 0 {
			out = append(out, s)
		}
	}
	return out
}

// Scalability is the contention of a class of work under load (MODEL sections 2
// and 3.5), κ = 0. Of nginx's core scaling test (F5: HTTPS of 1 KB at 4, 8, 16, 32
// and 36 cores, ×2.02, 3.87, 6.77 and 6.95 of 4) σ = 0.005 gives 1.96, 3.78, 7.03
// and 7.77: within 5 % up to 32 cores. That a database contends twice as much is
// engineering judgement: it holds locks.
func (c WorkClass) Scalability() queueing.Scalability {
	if c == ClassSQL {
		return queueing.Scalability{Gamma: 1, Sigma: 0.01}
	}
	return queueing.Scalability{Gamma: 1, Sigma: 0.005}
}

// Speed is the speed of type t at a class of work relative to ref. It is an error where no order of evidence applies.
func (c *Catalog) Speed(t *NodeType, class WorkClass, ref *NodeType) (Speed, error) {
	s, err := c.Speeds()
	if err != nil {
		return Speed{}, err
	}
	return s.Speed(t, class, ref)
}

// Speeds are the speeds of all types.
func (c *Catalog) Speeds() (*Speeds, error) {
	h, err := c.nodes()
	if err != nil {
		return nil, err
	}
	return h.speeds.get(func() (*Speeds, error) { return newSpeeds(h.types, c.readTable) })
}
