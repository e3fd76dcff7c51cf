package workload

import (
	"slices"
	"strconv"

	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// APIVersion is the version of the profile format that this package reads.
const APIVersion = "headroom/v1"

// Profile is one system, as its file states it. Fields that the file leaves
// out hold the documented defaults (see Default).
type Profile struct {
	strict.At
	File string `yaml:"-"` // for messages
	// Copy says that this is an environment beside production: what an account has
	// once is production's.
	Copy bool `yaml:"-"`
	// Scheduled is the part of the week in which an environment runs, and
	// WholeMonth the hours of a month in which it would always run; 0 and 0 where
	// it does.
	Scheduled  float64    `yaml:"-"`
	WholeMonth unit.Count `yaml:"-"`
	Ref        string     `yaml:"-"` // what the user wrote to name it, for commands to copy; may be empty
	Digest     string     `yaml:"-"` // SHA-256 of the file's bytes, hexadecimal
	// Sources are the file and what it reads; none where values were replaced since.
	Sources []Source `yaml:"-"`

	APIVersion    string                   `yaml:"apiVersion" required:"true" enum:"headroom/v1" doc:"Version of the profile format."`
	Name          string                   `yaml:"name" required:"true" pattern:"^[a-z][a-z0-9-]{0,62}$" says:"lower-case letters, digits and -, a letter first" doc:"Short name: lower-case letters, digits and dashes."`
	Title         string                   `yaml:"title" doc:"One line for headings."`
	Description   string                   `yaml:"description" doc:"What the system is and where its figures come from."`
	Prices        Prices                   `yaml:"prices" doc:"Price tables and what is priced from them."`
	HoursPerMonth strict.Value[unit.Count] `yaml:"hours_per_month" min:"1" max:"744" doc:"Hours billed a month; 730 is the convention of AWS, 720 that of the 2016 references."`
	Horizon       strict.Value[unit.Count] `yaml:"horizon" min:"0" max:"120" doc:"Months ahead for which is sized what cannot be changed without a rebuild: numbers of partitions and shards."`
	Lead          strict.Value[unit.Count] `yaml:"lead" min:"0" max:"120" doc:"Months ahead for which is sized what is added while it runs but takes people time: nodes of stores, bytes and operations of volumes. At most horizon."`
	Regions       []Region                 `yaml:"regions" doc:"Regions, the one with the primary first."`
	Failover      string                   `yaml:"failover" enum:"active-active|active-passive|independent" doc:"What happens to a lost region's users: active-active and active-passive move them, independent does not."`
	Peak          Peak                     `yaml:"peak" doc:"Demand in the worst minutes of the worst hour."`
	Classes       strict.Map[Class]        `yaml:"classes" pattern:"^[a-z][a-z0-9_-]{0,62}$" says:"lower-case letters, digits, - and _, a letter first" doc:"Request classes; without any there is one, with the figures of peak."`
	Curve         Curve                    `yaml:"curve" doc:"Load over the hours of a week."`
	Data          Data                     `yaml:"data" doc:"Data that exists before the first month."`
	Growth        Growth                   `yaml:"growth" doc:"How demand grows."`
	Policy        Policy                   `yaml:"policy" doc:"Highest utilisations, and which losses the system must survive."`
	Components    strict.Map[*Component]   `yaml:"components" required:"true" pattern:"^[a-z][a-z0-9_-]{0,62}$" says:"lower-case letters, digits, - and _, a letter first" doc:"The components by name."`
	Environments  strict.Map[Environment]  `yaml:"environments" pattern:"^[a-z][a-z0-9_-]{0,62}$" says:"lower-case letters, digits, - and _, a letter first" doc:"Copies of the system beside production: dev, qa."`
	Purchase      Purchase                 `yaml:"purchase" doc:"How nodes may be bought."`
	Adjustments   []Adjustment             `yaml:"adjustments" doc:"Discounts, credits, mark-ups and taxes, applied in this order, each to what the ones before it leave."`
	Currency      *Currency                `yaml:"currency" doc:"Another currency in which the total is shown too."`
	Aims          Aims                     `yaml:"aims" doc:"Availability and durability that the system must reach."`
	Printed       *Printed                 `yaml:"printed" doc:"What a source document prints for the whole system; estimate --reconcile compares."`
}

// Source is a file as it was read.
type Source struct {
	Name string
	Text []byte
}

// Prices chooses the price tables.
type Prices struct {
	strict.At
	Vintage string   `yaml:"vintage" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" says:"a day such as 2026-12-31" doc:"Date of the price tables, such as 2016-04-18; without it the newest."`
	Scope   string   `yaml:"scope" enum:"all|compute" doc:"compute leaves out everything but EC2 instances; the report says what is missing."`
	Overlay []string `yaml:"overlay" doc:"CSV files with prices of your own, relative to the profile."`

	// OverlayAt is where these names stand: whether there are such files is found later.
	OverlayAt []diag.Pos `yaml:"-"`
}

// Check notes where names stand.
func (p *Prices) Check(c *strict.Checker) {
	p.OverlayAt = nil
	for i := range p.Overlay {
		p.OverlayAt = append(p.OverlayAt, c.At("overlay", strconv.Itoa(i)))
	}
}

// Region is one AWS region that serves users.
type Region struct {
	strict.At
	Name         string                       `yaml:"name" required:"true" pattern:"^[a-z]{2}(-[a-z]+)+-[0-9]$" says:"a region such as us-east-1" offer:"regions" doc:"AWS region, such as us-east-1."`
	Share        strict.Value[unit.Fraction]  `yaml:"share" min:"0" max:"1" doc:"Part of the users; without any share they are spread evenly."`
	TZ           strict.Value[TZ]             `yaml:"tz" doc:"Hours that the region's clock is ahead of UTC, such as -5h; shifts a load curve in local time: a preset, or a curve.file with clock: local. Without it the standard time where the region is."`
	Zones        strict.Value[unit.Count]     `yaml:"zones" min:"1" max:"6" doc:"Availability zones used."`
	WarmFraction *strict.Value[unit.Fraction] `yaml:"warm_fraction" min:"0" max:"1" doc:"Part of the full size at which a passive region runs; without it, all of it."`
}

// Peak is the demand in the worst minutes of the worst hour.
type Peak struct {
	strict.At
	Users           strict.Value[unit.Count]      `yaml:"users" min:"0" doc:"Active users."`
	RequestsPerUser strict.Value[unit.EventRate]  `yaml:"requests_per_user" doc:"Requests of one active user, such as 100/min."`
	WriteRatio      strict.Value[unit.Fraction]   `yaml:"write_ratio" min:"0" max:"1" doc:"Part of the requests that write."`
	WritesPerUser   *strict.Value[unit.EventRate] `yaml:"writes_per_user" doc:"Writes of one active user, such as 1/min; instead of write_ratio."`
	Request         strict.Value[unit.Bytes]      `yaml:"request" doc:"Bytes of one request."`
	Response        strict.Value[unit.Bytes]      `yaml:"response" doc:"Bytes of one answer."`
	FirstPage       strict.Value[unit.Bytes]      `yaml:"first_page" doc:"Bytes loaded once per session in addition to the answers."`
	Session         strict.Value[unit.Duration]   `yaml:"session" doc:"Length of a session; users divided by it start sessions each second."`
	StoredPerWrite  strict.Value[unit.Bytes]      `yaml:"stored_per_write" doc:"Logical bytes that one write adds to the data."`
	IntraHour       strict.Value[unit.Count]      `yaml:"intra_hour_peak" min:"1" max:"100" doc:"Rate in the worst minutes divided by the mean rate of the worst hour of the load curve: with a curve folded from a log, of the largest hour of the folded curve."`
}

// Class is one class of requests. What it leaves out is taken from peak.
type Class struct {
	strict.At
	Share      strict.Value[unit.Fraction]  `yaml:"share" required:"true" min:"0" max:"1" doc:"Part of all requests; the shares add up to 1."`
	Entry      string                       `yaml:"entry" doc:"Component at which the class enters; without it, the one with entry: true."`
	WriteRatio *strict.Value[unit.Fraction] `yaml:"write_ratio" min:"0" max:"1" doc:"Part of the class's requests that write."`
	Request    *strict.Value[unit.Bytes]    `yaml:"request" doc:"Bytes of one request."`
	Response   *strict.Value[unit.Bytes]    `yaml:"response" doc:"Bytes of one answer."`
	Stored     *strict.Value[unit.Bytes]    `yaml:"stored_per_write" doc:"Logical bytes that one write of this class adds."`
}

// Curve is the load over the 168 hours of a week, as multiples of the peak.
type Curve struct {
	strict.At
	Preset string `yaml:"preset" enum:"flat|office-hours|consumer|two-peaks" doc:"A built-in curve."`
	File   string `yaml:"file" doc:"CSV of measured load: 168 rows hour,load, hour 0 = Monday 00:00, loads of 0 or more; relative to the profile."`
	Clock  string `yaml:"clock" enum:"utc|local" doc:"Clock of the hours in file: utc, which it is without this key, or local, that of each region (tz). Presets are local."`

	FileAt   diag.Pos `yaml:"-"` // where its name stands
	measured *Series
}

// Check notes where the name of the file stands.
func (x *Curve) Check(c *strict.Checker) { x.FileAt = c.At("file") }

// Data is what exists before the first month.
type Data struct {
	strict.At
	Dataset   strict.Value[unit.Bytes]     `yaml:"dataset" doc:"Logical bytes in the database at the start."`
	Retention *strict.Value[unit.Duration] `yaml:"retention" doc:"How long written data is kept; without it for ever."`
}

// Growth says how demand changes month by month.
type Growth struct {
	strict.At
	Monthly strict.Value[unit.Fraction] `yaml:"monthly" min:"0" max:"10" doc:"Growth a month, compounded."`
	Phases  []Phase                     `yaml:"phases" doc:"Steps: from a month on, demand is multiplied."`
	Events  []Event                     `yaml:"events" doc:"Promotions and the like: a multiplier for a while."`
}

// Phase multiplies demand from a month or a week on.
type Phase struct {
	strict.At
	Month      strict.Value[unit.Count] `yaml:"month" min:"0" max:"120" doc:"First month, counted from 0."`
	Week       strict.Value[unit.Count] `yaml:"week" min:"0" max:"520" doc:"First week, counted from 0, instead of month; a year has 52."`
	Multiplier strict.Value[unit.Count] `yaml:"multiplier" required:"true" min:"0" doc:"Factor on the demand before it."`
	Name       string                   `yaml:"name" doc:"What happens."`
}

// Event multiplies demand for a while.
type Event struct {
	strict.At
	Name       string                      `yaml:"name" doc:"What happens."`
	Month      strict.Value[unit.Count]    `yaml:"month" min:"0" max:"120" doc:"Month in which it starts, counted from 0."`
	Week       strict.Value[unit.Count]    `yaml:"week" min:"0" max:"520" doc:"Week in which it starts, counted from 0, instead of month; a year has 52."`
	Duration   strict.Value[unit.Duration] `yaml:"duration" required:"true" doc:"How long it lasts."`
	Multiplier strict.Value[unit.Count]    `yaml:"multiplier" required:"true" min:"0" doc:"Factor on the demand."`
	Components []string                    `yaml:"components" doc:"Components concerned; without any, all."`
}

// Policy holds the highest utilisations (docs/model.md section 4).
type Policy struct {
	strict.At
	Survive     []string                    `yaml:"survive" enum:"node|zone|region" doc:"Losses that every component must survive at peak."`
	Own         strict.Value[unit.Fraction] `yaml:"own_load" min:"0.01" max:"1" doc:"Highest utilisation of CPU, network, IOPS and throughput by a region's own load on all nodes."`
	Degraded    strict.Value[unit.Fraction] `yaml:"degraded" min:"0.01" max:"1" doc:"The same with a node or zone lost, or with the load of a lost region taken over."`
	Connections strict.Value[unit.Fraction] `yaml:"connections" min:"0.01" max:"1" doc:"Highest part of the connections a node allows."`
	Memory      strict.Value[unit.Fraction] `yaml:"memory" min:"0.01" max:"1" doc:"Highest part of a node's memory."`
	Disk        strict.Value[unit.Fraction] `yaml:"disk" min:"0.01" max:"1" doc:"Highest part of the disk bytes."`
	Reserve     Reserve                     `yaml:"reserve" doc:"What the operating system and agents take of every node."`
	Running     strict.OrNone[Running]      `yaml:"running" doc:"What running machines asks beside the bill, for choosing them; none chooses by the bill alone."`
}

// Reserve is what the operating system and agents take of every node.
type Reserve struct {
	strict.At
	CPU    strict.Value[unit.Count]    `yaml:"cpu" min:"0" max:"64" doc:"vCPUs that are busy whatever the load."`
	Memory strict.Value[unit.Bytes]    `yaml:"memory" doc:"Bytes of memory."`
	Part   strict.Value[unit.Fraction] `yaml:"memory_part" min:"0" max:"0.9" doc:"Part of the memory in addition."`
}

// Scalability is how much the vCPUs of a node slow each other down under load
// (docs/model.md section 2).
type Scalability struct {
	strict.At
	Sigma strict.Value[unit.Count] `yaml:"sigma" min:"0" max:"0.99" doc:"Contention of two vCPUs that are both busy, as a part of the time of a request."`
	Kappa strict.Value[unit.Count] `yaml:"kappa" min:"0" max:"1" doc:"Coherence: what each pair of vCPUs adds."`
}

// Component is one part of the system. The fields that only its kind has are
// in Spec, whose type depends on Kind.
type Component struct {
	strict.At
	Name string `yaml:"-"`

	Kind       string                    `yaml:"kind" required:"true" doc:"Kind of component."`
	Title      string                    `yaml:"title" doc:"Name in reports; without it the component's name."`
	Notes      string                    `yaml:"notes" doc:"Remark printed beside it."`
	Entry      bool                      `yaml:"entry" doc:"Requests of users enter here."`
	Generates  *strict.Value[unit.Bytes] `yaml:"generates" doc:"Bytes of each answer to users that the component makes itself, such as pages from templates, instead of receiving them from what it calls."`
	Scope      string                    `yaml:"scope" enum:"share|all|primary" doc:"Load in a region: share = of the region's users, all = every region processes everything, primary = everything meets in the first region."`
	Regions    []string                  `yaml:"regions" offer:"regions" doc:"Only in these regions; without it, in all."`
	Calls      strict.Map[Call]          `yaml:"calls" doc:"Components that it calls, by name."`
	Pin        *Pin                      `yaml:"pin" doc:"Type and count given: checked, not chosen."`
	Allow      *Allow                    `yaml:"allow" doc:"Node types that may be chosen."`
	SLO        *SLO                      `yaml:"slo" doc:"Response time that the component itself must keep."`
	Survive    *[]string                 `yaml:"survive" enum:"node|zone|region" doc:"Losses that it must survive, instead of policy.survive."`
	Colocate   string                    `yaml:"colocate" doc:"Component on whose nodes it runs."`
	Law        *Scalability              `yaml:"scalability" doc:"How much the vCPUs of a node slow each other down under load; without it the figures of its class of work."`
	Purchase   *Purchase                 `yaml:"purchase" doc:"How its nodes may be bought, instead of the profile's purchase."`
	PrintedRow *PrintedRow               `yaml:"printed" doc:"What a source document prints for it."`
	Spec       any                       `yaml:",variant=kind"`
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
	PerRead       strict.Value[unit.Count]    `yaml:"per_read" min:"0" doc:"Reads sent per read that arrives."`
	PerWrite      strict.Value[unit.Count]    `yaml:"per_write" min:"0" doc:"Writes sent per write that arrives."`
	ReadsPerWrite strict.Value[unit.Count]    `yaml:"reads_per_write" min:"0" doc:"Reads sent per write that arrives."`
	Request       *strict.Value[unit.Bytes]   `yaml:"request" doc:"Bytes of one call; without it those of a request of its class. Where nothing is sent, say so: 0B."`
	Response      *strict.Value[unit.Bytes]   `yaml:"response" doc:"Bytes of one answer; without it those of an answer of its class, and none where the caller does not wait (mode: async)."`
	Mode          string                      `yaml:"mode" enum:"sync|async" doc:"Whether the caller waits."`
	HitRatio      strict.Value[unit.Fraction] `yaml:"hit_ratio" min:"0" max:"1" doc:"Part of the reads that a cache in between answers."`
	FanOut        strict.Value[FanOut]        `yaml:"fan_out" doc:"Subscribers to each of whom every call goes: a number, or a part of the users such as users*2%; without it one."`
	Classes       []string                    `yaml:"classes" doc:"Only for these request classes; without any, for all."`
}

// Pin fixes a component's machines.
type Pin struct {
	strict.At
	Type  strict.Value[string]     `yaml:"type" required:"true" offer:"types" doc:"EC2 instance type, such as m3.xlarge."`
	Count strict.Value[CountRange] `yaml:"count" required:"true" doc:"Nodes in each region: 3, or 1..4 for what scales."`
}

// Allow narrows or widens the node types among which the planner chooses.
// Without it: current generation, no accelerators, no bare metal, no flex. Types
// for high-performance computing (hpc) and of high memory (u) are chosen only
// where types or families names them.
type Allow struct {
	strict.At
	Types              []string                 `yaml:"types" doc:"Only these types; those for high-performance computing (hpc) and of high memory (u) are chosen only where they are named."`
	Families           []string                 `yaml:"families" offer:"families" doc:"Only these families, such as m7g."`
	Arch               string                   `yaml:"arch" enum:"x86_64|arm64" doc:"Only this architecture."`
	Burstable          strict.Value[bool]       `yaml:"burstable" doc:"Whether t2, t3, t3a and t4g may be chosen, counted at their baseline."`
	Flex               strict.Value[bool]       `yaml:"flex" doc:"Whether -flex types may be chosen; they count at 40 % CPU, but for a peak of one hour in any 24."`
	Metal              strict.Value[bool]       `yaml:"bare_metal" doc:"Whether bare metal may be chosen."`
	Accelerated        strict.Value[bool]       `yaml:"accelerated" doc:"Whether types with accelerators may be chosen."`
	PreviousGeneration strict.Value[bool]       `yaml:"previous_generation" doc:"Whether previous generations may be chosen."`
	MinVCPU            strict.Value[unit.Count] `yaml:"min_vcpu" min:"0" doc:"Least vCPUs of a node."`
	MinCores           strict.Value[unit.Count] `yaml:"min_cores" min:"0" doc:"Least physical cores of a node (a quad-core has 4, most often 8 vCPUs)."`

	// TypeAt and FamilyAt are where the names above stand.
	TypeAt, FamilyAt []diag.Pos `yaml:"-"`
}

// SLO bounds response times of a component's own residence.
type SLO struct {
	strict.At
	P50  *strict.Value[unit.Duration] `yaml:"p50" doc:"Median."`
	P90  *strict.Value[unit.Duration] `yaml:"p90" doc:"90th percentile."`
	P95  *strict.Value[unit.Duration] `yaml:"p95" doc:"95th percentile."`
	P99  *strict.Value[unit.Duration] `yaml:"p99" doc:"99th percentile."`
	P999 *strict.Value[unit.Duration] `yaml:"p999" doc:"99.9th percentile."`
	// Degraded replaces the percentile above while a node, zone or region is lost.
	Degraded *SLO `yaml:"degraded" doc:"While a node, a zone or a region is lost."`
}

// Environment is a copy of the system beside production.
type Environment struct {
	strict.At
	Scale        strict.Value[unit.Fraction] `yaml:"scale" required:"true" min:"0" max:"10" doc:"Part of the production's demand."`
	HoursPerWeek strict.Value[unit.Count]    `yaml:"hours_per_week" above:"0" max:"168" doc:"Hours a week in which it runs; storage is billed all month."`
	Regions      []string                    `yaml:"regions" offer:"regions" doc:"Only in these regions; without it, in all."`
	Components   []string                    `yaml:"components" doc:"Only these components; without it, all."`
	Survive      *[]string                   `yaml:"survive" enum:"node|zone|region" doc:"Losses that it must survive, instead of policy.survive."`
}

// Aims are promises that a plan is held to (docs/model.md section 9).
type Aims struct {
	strict.At
	Availability *strict.Value[unit.Fraction] `yaml:"availability" min:"0" max:"1" doc:"Part of a year in which users are served."`
	Outage       *strict.Value[unit.Duration] `yaml:"outage" doc:"Longest outage (recovery time)."`
	DataLoss     *strict.Value[unit.Duration] `yaml:"data_loss" doc:"Longest time of which writes may be lost (recovery point)."`
	Disks        *strict.Value[unit.Count]    `yaml:"disk_failures" min:"0" doc:"Concurrent disk failures without data loss."`
	Survive      []string                     `yaml:"survive" enum:"node|zone|region|split|corruption" doc:"Scenarios without an outage longer than outage and without loss beyond data_loss."`
	Unattended   *strict.Value[bool]          `yaml:"unattended" doc:"Whether recovery must need nobody."`
}

// NotEvaluated lists the keys of the profile that are checked as they are read, and
// that nothing evaluates yet: the aims.
func (p *Profile) NotEvaluated() []string {
	var out []string
	a := &p.Aims
	for _, x := range []struct {
		key   string
		given bool
	}{{"availability", a.Availability != nil}, {"outage", a.Outage != nil}, {"data_loss", a.DataLoss != nil},
		{"disk_failures", a.Disks != nil}, {"survive", len(a.Survive) > 0}, {"unattended", a.Unattended != nil}} {
		if x.given {
			out = append(out, "aims."+x.key)
		}
	}
	return out
}

// Printed keeps the totals that a source document prints.
type Printed struct {
	strict.At
	Source     string                    `yaml:"source" required:"true" doc:"The document."`
	Total      strict.Value[AmountRange] `yaml:"total" required:"true" doc:"Printed total of one region, such as 3618.44..4193.00."`
	TwoRegions strict.Value[AmountRange] `yaml:"two_regions" required:"true" doc:"Printed total of two regions."`
}

// PrintedRow keeps the row that a source document prints for a component.
type PrintedRow struct {
	strict.At
	System  string                    `yaml:"system" required:"true" doc:"System, as printed."`
	Machine string                    `yaml:"machine" required:"true" doc:"Machine, as printed."`
	Count   strict.Value[CountRange]  `yaml:"count" required:"true" doc:"Count, as printed."`
	Price   strict.Value[Dollars]     `yaml:"price" required:"true" doc:"1× price, as printed."`
	Total   strict.Value[AmountRange] `yaml:"total" required:"true" doc:"Total a month, as printed."`
	Notes   string                    `yaml:"notes" doc:"Notes, as printed."`
}

// Dollars is an amount in a profile.
type Dollars struct{ money.Amount }

// Default allows burstable types: they count at their baseline.
func (a *Allow) Default() {
	a.Burstable = judged(true, "burstable types count at their baseline")
}

// Check notes where the names stand: whether they exist only the catalog knows.
func (a *Allow) Check(c *strict.Checker) {
	at := func(key string, names []string) []diag.Pos {
		out := make([]diag.Pos, len(names))
		for i := range names {
			out[i] = c.At(key, strconv.Itoa(i))
		}
		return out
	}
	a.TypeAt, a.FamilyAt = at("types", a.Types), at("families", a.Families)
}
