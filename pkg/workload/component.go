package workload

import (
	"slices"
	"strconv"

	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Scalability is how much the vCPUs of a node slow each other down under load
// (docs/model.md section 2).
type Scalability struct {
	strict.At
	// Contention of two vCPUs that are both busy, as a part of the time of a request.
	Sigma strict.Value[unit.Count] `yaml:"sigma" min:"0" max:"0.99"`
	// Coherence: what each pair of vCPUs adds.
	Kappa strict.Value[unit.Count] `yaml:"kappa" min:"0" max:"1"`
}

// Component is one part of the system. The fields that only its kind has are
// in Spec, whose type depends on Kind.
type Component struct {
	strict.At
	Name string `yaml:"-"`
	// AllowOfAll says that Allow is the environment's, for whatever has nodes.
	AllowOfAll bool `yaml:"-"`

	// Kind of component.
	Kind string `yaml:"kind" required:"true"`
	// Name in reports; without it the component's name.
	Title string `yaml:"title"`
	// Remark printed beside it.
	Notes string `yaml:"notes"`
	// Requests of users enter here.
	Entry bool `yaml:"entry"`
	// Bytes of each answer to users that the component makes itself, such as pages from templates,
	// instead of receiving them from what it calls.
	Generates *strict.Value[unit.Bytes] `yaml:"generates"`
	// Load in a region: share = of the region's users, all = every region processes everything,
	// primary = everything meets in the first region.
	Scope string `yaml:"scope" enum:"share|all|primary"`
	// Only in these regions; without it, in all.
	Regions []string `yaml:"regions" offer:"regions"`
	// Components that it calls, by name.
	Calls strict.Map[Call] `yaml:"calls"`
	// Type and count given: checked, not chosen.
	Pin *Pin `yaml:"pin"`
	// Node types that may be chosen.
	Allow *Allow `yaml:"allow"`
	// Response time that the component itself must keep.
	SLO *SLO `yaml:"slo"`
	// Losses that it must survive, instead of policy.survive.
	Survive *[]string `yaml:"survive" enum:"node|zone|region"`
	// How often its nodes fail, and how long they are away then; without it not known.
	Failures *Failures `yaml:"failures"`
	// Members of a store whose writes meet at a primary, where they stand otherwise than failover and
	// replicas have it.
	Members []Member `yaml:"members" max:"50"`
	// Component on whose nodes it runs.
	Colocate string `yaml:"colocate"`
	// How much the vCPUs of a node slow each other down under load; without it the figures of its
	// class of work.
	Law *Scalability `yaml:"scalability"`
	// How its nodes may be bought, instead of the profile's purchase.
	Purchase *Purchase `yaml:"purchase"`
	// What a source document prints for it.
	PrintedRow *PrintedRow `yaml:"printed"`
	Spec       any         `yaml:",variant=kind"`
}

// Label is the component's name in reports.
func (c *Component) Label() string {
	if c.Title != "" {
		return c.Title
	}
	return c.Name
}

// RunsIn tells whether the component has nodes in a region.
func (c *Component) RunsIn(region string) bool {
	return len(c.Regions) == 0 || slices.Contains(c.Regions, region)
}

// Call is an edge: what one component asks of another. Bytes are logical.
type Call struct {
	strict.At
	// Reads sent per read that arrives.
	PerRead strict.Value[unit.Count] `yaml:"per_read" min:"0"`
	// Writes sent per write that arrives.
	PerWrite strict.Value[unit.Count] `yaml:"per_write" min:"0"`
	// Reads sent per write that arrives.
	ReadsPerWrite strict.Value[unit.Count] `yaml:"reads_per_write" min:"0"`
	// Bytes of one call; without it those of a request of its class. Where nothing is sent, say so:
	// 0B.
	Request *strict.Value[unit.Bytes] `yaml:"request"`
	// Bytes of one answer; without it those of an answer of its class, and none where the caller
	// does not wait (mode: async).
	Response *strict.Value[unit.Bytes] `yaml:"response"`
	// Whether the caller waits.
	Mode string `yaml:"mode" enum:"sync|async"`
	// Part of the reads that a cache in between answers.
	HitRatio strict.Value[unit.Fraction] `yaml:"hit_ratio" min:"0" max:"1"`
	// Subscribers to each of whom every call goes: a number, or a part of the users such as
	// users*2%; without it one.
	FanOut strict.Value[FanOut] `yaml:"fan_out"`
	// Only for these request classes; without any, for all.
	Classes []string `yaml:"classes"`
	// How often the caller asks again where it gets no answer.
	Retries strict.Value[unit.Count] `yaml:"retries" min:"0" max:"10" whole:"true" bill:"none"`
	// Whether the caller stops asking for a while where most answers are missing.
	Breaker strict.Value[bool] `yaml:"breaker" bill:"none"`
}

// Default is a call that is made once.
func (c *Call) Default() {
	const why = "nothing says that callers ask again"
	c.Retries, c.Breaker = judged(unit.Count(0), why), judged(false, why)
}

// Pin fixes a component's machines.
type Pin struct {
	strict.At
	// EC2 instance type, such as m3.xlarge.
	Type strict.Value[string] `yaml:"type" required:"true" offer:"types"`
	// Nodes in each region: 3, or 1..4 for what scales.
	Count strict.Value[CountRange] `yaml:"count" required:"true"`
}

// Allow narrows or widens the node types among which the planner chooses.
// Without it: current generation, no accelerators, no bare metal, no flex. Types
// for high-performance computing (hpc) and of high memory (u) are chosen only
// where types or families names them.
type Allow struct {
	strict.At
	// Only these types; those for high-performance computing (hpc) and of high memory (u) are
	// chosen only where they are named.
	Types []string `yaml:"types"`
	// Only these families, such as m7g.
	Families []string `yaml:"families" offer:"families"`
	// Only this architecture.
	Arch string `yaml:"arch" enum:"x86_64|arm64"`
	// Whether t2, t3, t3a and t4g may be chosen, counted at their baseline.
	Burstable strict.Value[bool] `yaml:"burstable"`
	// Whether -flex types may be chosen; they count at 40 % CPU, but for a peak of one hour in any
	// 24.
	Flex strict.Value[bool] `yaml:"flex"`
	// Whether bare metal may be chosen.
	Metal strict.Value[bool] `yaml:"bare_metal"`
	// Whether types with accelerators may be chosen.
	Accelerated strict.Value[bool] `yaml:"accelerated"`
	// Whether previous generations may be chosen.
	PreviousGeneration strict.Value[bool] `yaml:"previous_generation"`
	// Least vCPUs of a node.
	MinVCPU strict.Value[unit.Count] `yaml:"min_vcpu" min:"0"`
	// Least physical cores of a node (a quad-core has 4, most often 8 vCPUs).
	MinCores strict.Value[unit.Count] `yaml:"min_cores" min:"0"`

	// TypeAt and FamilyAt are where the names above stand.
	TypeAt, FamilyAt []diag.Pos `yaml:"-"`
}

// SLO bounds response times of a component's own residence.
type SLO struct {
	strict.At
	// Median.
	P50 *strict.Value[unit.Duration] `yaml:"p50"`
	// 90th percentile.
	P90 *strict.Value[unit.Duration] `yaml:"p90"`
	// 95th percentile.
	P95 *strict.Value[unit.Duration] `yaml:"p95"`
	// 99th percentile.
	P99 *strict.Value[unit.Duration] `yaml:"p99"`
	// 99.9th percentile.
	P999 *strict.Value[unit.Duration] `yaml:"p999"`
	// While a node, a zone or a region is lost.
	Degraded *SLO `yaml:"degraded"` // its percentiles replace those above
}

// Default allows burstable types: they count at their baseline.
func (a *Allow) Default() {
	a.Burstable = judged(true, "burstable types count at their baseline")
}

// Check notes where the names stand: whether they exist only the catalog knows.
func (a *Allow) Check(c *strict.Checker) {
	a.TypeAt, a.FamilyAt = positions(c, "types", a.Types), positions(c, "families", a.Families)
}

// positions are where the items of a list stand.
func positions(c *strict.Checker, key string, items []string) []diag.Pos {
	out := make([]diag.Pos, len(items))
	for i := range items {
		out[i] = c.At(key, strconv.Itoa(i))
	}
	return out
}
