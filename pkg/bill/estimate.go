package bill

import (
	"cmp"
	"strings"

	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
)

// SchemaName identifies the JSON form of an Estimate.
const SchemaName = "headroom.estimate/v3"

// Estimate is the sized and priced system. It is a value without behaviour:
// reports render it, diff and check compare it, and its JSON form is what
// `estimate --format json` writes.
type Estimate struct {
	Schema  string     `json:"schema"`
	Program Program    `json:"program"`
	Prices  PricesUsed `json:"prices"`
	Profile Source     `json:"profile"`
	Seed    int64      `json:"seed"` // of the random streams; 0 while nothing is random

	Title    string         `json:"title"`
	Hours    money.Quantity `json:"hours_per_month"`
	Scope    string         `json:"scope"`    // all or compute
	Purchase string         `json:"purchase"` // on-demand
	Headline string         `json:"headline"` // what total.expected is: expected | maximum
	Regions  []string       `json:"regions"`
	Mirrored bool           `json:"mirrored"` // every region has the same machines
	Demand   *DemandSummary `json:"demand,omitempty"`
	Headroom *Headroom      `json:"headroom,omitempty"`
	Buying   *Buying        `json:"buying,omitempty"`
	Parts    []Part         `json:"components"`
	Edges    []Edge         `json:"edges,omitempty"` // who calls whom; none without a workload
	// Unassigned is set in a file only: the cost of what belongs to no component.
	Unassigned *PartCost     `json:"unassigned,omitempty"`
	Lines      []Line        `json:"lines"`
	PerRegion  []RegionTotal `json:"region_totals"`
	Total      Cost          `json:"total"`
	// Facts are what the closing lines say: headroom, failures, assumptions,
	// prices, what to do next.
	Facts    []remark.Remark `json:"facts"`
	Assumed  []Assumption    `json:"assumptions"`
	Inputs   int             `json:"inputs"` // how many inputs the estimate used
	Unpriced []Unpriced      `json:"unpriced"`
	// Resilience is what the system withstands; nil where its profile aims at nothing.
	Resilience *resilience.Summary `json:"resilience,omitempty"`
	// Together is what all environments cost; nil where there is production only.
	Together *Together       `json:"together,omitempty"`
	Quotas   []Quota         `json:"quotas,omitempty"` // of an account that the system needs more of
	Excluded []remark.Remark `json:"excluded"`         // what is not in the total, and why
	From     *From           `json:"made_from,omitempty"`
	// Edited says that the file that the estimate was read from was not as it had been
	// written, which the user accepted.
	Edited bool `json:"edited,omitempty"`
	// Digest is set in a file of one estimate only, which versions before the third wrote: the
	// SHA-256 over all else in it.
	Digest string `json:"digest,omitempty"`
}

// Program made the estimate.
type Program struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Model   int    `json:"model,omitempty"` // version of the model; 0 where it is not known
}

// PricesUsed names the tables that were used.
type PricesUsed struct {
	Vintage      string   `json:"vintage"`
	Digest       string   `json:"digest"` // SHA-256 over the vintage's tables and overlays
	Overlays     []string `json:"overlays"`
	OldestUsed   string   `json:"oldest_used"` // date of the oldest price in the bill
	NewestUsed   string   `json:"newest_used"`
	SingleSource int      `json:"single_source"`     // prices used that nothing else confirms
	ByHand       int      `json:"by_hand,omitempty"` // prices used that a person copied from an excerpt: weak
	Sources      []string `json:"sources"`           // keys of the sources used
}

// Source is where a profile came from.
type Source struct {
	Name   string `json:"name"`
	File   string `json:"file"`
	Digest string `json:"digest"` // SHA-256 of its bytes
	// NotEvaluated are set in files of versions that held no aims against a plan: they are the
	// keys of these.
	NotEvaluated []string `json:"not_evaluated,omitempty"`
}

// DemandSummary is the demand at the peak of all users.
type DemandSummary struct {
	Users       float64 `json:"users"`
	Requests    float64 `json:"requests_per_s"`
	Writes      float64 `json:"writes_per_s"`
	Egress      float64 `json:"egress_bytes_per_s"`
	Ingress     float64 `json:"ingress_bytes_per_s"`
	MonthlyReqs float64 `json:"requests_per_month"`
}

// Headroom is how many users the machines as planned carry.
type Headroom struct {
	Users     float64 `json:"users"`     // at least so many where nothing breaks
	Share     float64 `json:"share"`     // of the planned users, beyond them: 0.23 is 23 % more
	Component string  `json:"component"` // what then needs more; "" where nothing was found to
	Resource  string  `json:"resource"`  // of what
	State     string  `json:"state"`     // and when: "region loss"; "" where in any state
}

// Limit is the resource and the state: "cpu, region loss".
func (h *Headroom) Limit() string {
	if h.State == "" {
		return h.Resource
	}
	return h.Resource + ", " + h.State
}

// Part is one component of the system. In its remarks, region names the region
// that one is about where it is not about all of them.
type Part struct {
	Name     string          `json:"name"`
	System   string          `json:"system"` // label in reports
	Kind     string          `json:"kind"`
	Machine  string          `json:"machine"` // node type; "" for what has none
	Storage  string          `json:"storage,omitempty"`
	Pinned   bool            `json:"pinned"`
	Pools    []NodePool      `json:"pools"`
	Binds    *Bind           `json:"binds,omitempty"`    // the limit that decided its size
	Fullest  *Full           `json:"fullest,omitempty"`  // the limit of which it has the least room
	Brief    remark.Remark   `json:"brief,omitzero"`     // the structure in a few words, for a table
	Detail   []remark.Remark `json:"structure"`          // partitions, copies, shards
	Notes    string          `json:"notes"`              // remark of the profile
	Warnings []remark.Remark `json:"warnings,omitempty"` // such as being undersized
	// What follows is not in files of versions before the third.
	Cost    *PartCost   `json:"cost,omitempty"` // set in a file only: ComponentCosts has it everywhere else
	Disks   []NodeDisks `json:"disks,omitempty"`
	Divided []Division  `json:"divided,omitempty"`
	Limits  []Limit     `json:"limits,omitempty"`
}

// NodePool is a component's nodes of one role in one region.
type NodePool struct {
	Region string `json:"region"`
	Role   string `json:"role"` // "", primary, replica, standby, failover, master
	// Machine is the node type of these nodes where they have one of their own; ""
	// where it is the component's.
	Machine string         `json:"machine,omitempty"`
	Min     int            `json:"min"`
	Max     int            `json:"max"`
	Mean    money.Quantity `json:"mean"` // over the hours of a week
}

// MachineOf is the node type of a pool's nodes.
func (p *Part) MachineOf(pool *NodePool) string { return cmp.Or(pool.Machine, p.Machine) }

// Cost is a month's cost: what is expected over the load curve, and the
// extremes.
type Cost struct {
	Expected money.Amount `json:"expected"`
	Min      money.Amount `json:"min"`
	Max      money.Amount `json:"max"`
}

// Plus adds.
func (c Cost) Plus(o Cost) Cost {
	if c.fixed() && o.fixed() {
		sum := c.Expected.Plus(o.Expected)
		return Cost{sum, sum, sum}
	}
	return Cost{c.Expected.Plus(o.Expected), c.Min.Plus(o.Min), c.Max.Plus(o.Max)}
}

// fixed tells whether the cost is the same whatever the load curve.
func (c *Cost) fixed() bool { return c.Min.Equal(c.Expected) && c.Max.Equal(c.Expected) }

// Range is the cost as money.Range.
func (c Cost) Range() money.Range { return money.Range{Min: c.Min, Expected: c.Expected, Max: c.Max} }

// Line is one row of the bill: quantity × unit price = total, rounded once.
// For nodes the quantity is nodes and the unit price a month of one node (the
// 1× price, exact); for the rest it is the billed unit of the table.
type Line struct {
	Region    string         `json:"region"`
	Component string         `json:"component"`
	System    string         `json:"system"`
	Kind      string         `json:"kind"`
	Role      string         `json:"role"`
	Category  string         `json:"category"` // compute, storage, network, other
	Service   string         `json:"service"`  // ec2 for nodes, ebs, s3, …; "" for adjustments
	Item      string         `json:"item"`     // of the service: m7g.large, gp3 storage, …
	Unit      string         `json:"unit"`     // node-month, GB-month, GB, hour, …
	Min       money.Quantity `json:"quantity_min"`
	Quantity  money.Quantity `json:"quantity"`
	Max       money.Quantity `json:"quantity_max"`
	HourPrice *money.Rate    `json:"price_per_hour,omitempty"` // of the table, for what is billed by the hour
	Price     money.Rate     `json:"unit_price"`
	Cost      Cost           `json:"cost"`
	Term      string         `json:"term"` // on-demand
	AsOf      string         `json:"price_as_of"`
	Source    string         `json:"price_source"`
	PriceNote string         `json:"price_note"`
	Notes     string         `json:"notes"` // label of what it is for
	// About is what an adjustment takes, and of what; zero of all other lines.
	About remark.Remark `json:"about,omitzero"`
	// OfMonth is the month, from the start, of which a volume is that grows, as it is at
	// the month's end or, with MeanOfMonth, in its mean; nil where it does not grow.
	OfMonth     *int `json:"of_month,omitempty"`
	MeanOfMonth bool `json:"mean_of_month,omitempty"`
}

// costAt is what the line's quantities cost at a unit price.
func (l *Line) costAt(price money.Rate) Cost {
	return Cost{Expected: money.NewLine(l.Quantity, price).Total, Min: money.NewLine(l.Min, price).Total,
		Max: money.NewLine(l.Max, price).Total}
}

// ServiceNodes is the service of nodes that are rented from EC2, and of all nodes of
// estimates that were saved before there were others.
const ServiceNodes = market.EC2Service

// Units of lines that are not of the usage tables: nodes, and a month's share of
// what was paid upfront for nodes.
const (
	nodeUnit = "node-month"
	feeUnit  = "upfront share"
)

// IsFee tells whether the line is a share of what was paid upfront for nodes.
func (l *Line) IsFee() bool { return l.Unit == feeUnit }

// IsBoot tells whether the line is of boot volumes, which are billed together.
func (l *Line) IsBoot() bool { return l.Kind == bootKind }

// IsNodes tells whether the line is of nodes.
func (l *Line) IsNodes() bool { return l.Unit == nodeUnit }

// ComparePurpose compares what two lines are for: where, for which component and
// role.
func ComparePurpose(a, b *Line) int {
	return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Component, b.Component),
		strings.Compare(a.Category, b.Category), strings.Compare(a.Role, b.Role), strings.Compare(a.Unit, b.Unit))
}

// RegionTotal is the exact sum of a region's lines.
type RegionTotal struct {
	Region string `json:"region"`
	Cost   Cost   `json:"cost"`
}

// Assumption is an input that nobody measured or sourced.
type Assumption struct {
	Path  string `json:"path"`
	Value string `json:"value"` // as a profile has it
	// Number is the value in its base unit (bytes, seconds, per second, parts of 1, US
	// dollars); nil of what is no number of its own, and in files of earlier versions.
	Number *float64 `json:"number,omitempty"`
	Reason string   `json:"reason"`
	File   string   `json:"file"`
	Line   int      `json:"line"`
	// Default is a value that the profile leaves to headroom.
	Default bool `json:"default"`
}

// Unpriced is a need without a price in the tables; only with
// `--unpriced show` does an estimate contain any, and its total is then a
// lower bound.
type Unpriced struct {
	Region    string `json:"region"`
	Component string `json:"component"`
	Service   string `json:"service"`
	Item      string `json:"item"`
	// AboveTier is set where the tables price only so much of it: the quantity is
	// what is above.
	AboveTier *money.Quantity `json:"above_tier,omitempty"`
	Unit      string          `json:"unit"`
	Quantity  money.Quantity  `json:"quantity"`
}
