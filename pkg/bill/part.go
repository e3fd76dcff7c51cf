package bill

import (
	"maps"
	"slices"

	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// PartCost is what a component costs a month, as ComponentCosts divides the bill, and
// its share of it.
type PartCost struct {
	Nodes   Cost    `json:"nodes"`
	Storage Cost    `json:"storage"`
	Boot    Cost    `json:"boot"`
	Other   Cost    `json:"other"`
	Total   Cost    `json:"total"`
	Share   float64 `json:"share"` // of the estimate's expected total; 0 of nothing
}

// Of is the cost as a part of a total.
func (c *ComponentCost) Of(total Cost) PartCost {
	p := PartCost{Nodes: c.Nodes, Storage: c.Storage, Boot: c.Boot, Other: c.Other, Total: c.Total}
	if !total.Expected.IsZero() {
		p.Share = unit.Significant(c.Total.Expected.Float64() / total.Expected.Float64())
	}
	return p
}

// NodeDisks are the disks of each node of one role in one region. Sizes are in bytes.
type NodeDisks struct {
	Region    string  `json:"region"`
	Role      string  `json:"role"`
	Partition string  `json:"partition,omitempty"` // of a database that is divided by function
	Nodes     int     `json:"nodes"`               // that have such disks
	Volume    string  `json:"volume"`              // gp3, io2, st1, …; local for instance store
	RAID      int     `json:"raid"`                // 0 for none
	Count     int     `json:"disks"`               // of each node
	Bytes     float64 `json:"bytes"`               // of each disk that is bought; 0 of instance store
	Usable    float64 `json:"usable_bytes"`        // of each node, RAID taken off
	// IOPS and Throughput (bytes/s) are those of each disk; 0 where the volume type
	// leaves nothing to choose.
	IOPS       float64 `json:"iops"`
	Throughput float64 `json:"bytes_per_s"`
}

// Division is how the data of a component is divided in one region; 0 is of what there
// is none.
type Division struct {
	Region     string `json:"region"`
	Partitions int    `json:"partitions"` // of a log's topics, or of a database that is divided by function
	Shards     int    `json:"shards"`     // of a database, or the primary ones of an index
	Copies     int    `json:"copies"`     // of each of them, the first one included
	Clusters   int    `json:"clusters"`
	// Of are the parts of each functional partition of a database, or of each topic of a log;
	// nil where there are not several, and in files of older versions.
	Of []PartsOf `json:"of,omitempty"`
}

// PartsOf are the parts of one functional partition of a database, or of one topic of a log.
type PartsOf struct {
	Name  string `json:"name"`
	Parts int    `json:"parts"`
}

// divided is how data is divided, by region.
func divided(list []Division) sizing.Divided {
	var out sizing.Divided
	for _, d := range list {
		if out == nil {
			out = sizing.Divided{}
		}
		x := sizing.Division{Partitions: d.Partitions, Shards: d.Shards, Copies: d.Copies, Clusters: d.Clusters}
		for _, of := range d.Of {
			if x.Of == nil {
				x.Of = map[string]int{}
			}
			x.Of[of.Name] = of.Parts
		}
		out[d.Region] = x
	}
	return out
}

// divisionOf is how data is divided in a region.
func divisionOf(region string, d *sizing.Division) Division {
	out := Division{Region: region, Partitions: d.Partitions, Shards: d.Shards, Copies: d.Copies, Clusters: d.Clusters}
	for _, name := range slices.Sorted(maps.Keys(d.Of)) {
		out.Of = append(out.Of, PartsOf{name, d.Of[name]})
	}
	return out
}

// Runs is what runs of the component, as plan.Options.Keep takes it.
func (p *Part) Runs() plan.Runs {
	return plan.Runs{Machine: plan.Machine{Type: p.Machine, Storage: p.Storage}, Divided: divided(p.Divided)}
}

// Limit is one constraint of a component with its slack. Need and have are in the
// unit: bytes, bytes/s, /s, vCPU of the reference type, or counts.
type Limit struct {
	Resource    string        `json:"resource"`
	State       string        `json:"state"` // own load, region loss, …; structure whatever the load
	Region      string        `json:"region"`
	Role        string        `json:"role"`
	Need        float64       `json:"need"`
	Have        float64       `json:"have"`
	Unit        string        `json:"unit"`
	Utilisation *float64      `json:"utilisation,omitempty"` // nil where nothing is left to carry the need
	Target      float64       `json:"target"`                // the greatest utilisation that is allowed
	Slack       *float64      `json:"slack,omitempty"`       // the part of the allowed that is left; nil as above
	Nodes       int           `json:"least_nodes"`
	Binding     bool          `json:"binding"`         // decided the size
	Floor       bool          `json:"floor,omitempty"` // must be there whatever the load: says nothing of room
	Why         remark.Remark `json:"why,omitzero"`
}

// LimitsOf are the limits of a layout.
func LimitsOf(l *sizing.Layout, p *workload.Profile) []Limit {
	out := make([]Limit, 0, len(l.Limits))
	for i := range l.Limits {
		x := &l.Limits[i]
		limit := Limit{Resource: x.Of.Name, State: x.State.String(), Region: p.Regions[x.Region].Name, Role: x.Role,
			Need: x.Need, Have: x.Have, Unit: x.Of.Unit, Target: x.Target, Nodes: x.Nodes, Binding: x.Binding,
			Floor: x.Floor, Why: x.Why}
		if x.Have > 0 || x.Need == 0 {
			used, slack := x.Utilisation(), x.Slack()
			limit.Utilisation, limit.Slack = &used, &slack
		}
		out = append(out, limit)
	}
	return out
}

// structureOf fills in disks, and how the data is divided.
func (p *Part) structureOf(c *plan.Choice, profile *workload.Profile) {
	l := c.Layout
	for _, d := range l.Disks {
		p.Disks = append(p.Disks, NodeDisks{Region: profile.Regions[d.Region].Name, Role: d.Role,
			Partition: d.Partition, Nodes: d.Nodes, Volume: d.Volume, RAID: d.RAID, Count: d.Count, Bytes: d.Bytes,
			Usable: d.Usable, IOPS: d.IOPS, Throughput: d.Throughput})
	}
	for _, d := range l.Divided {
		p.Divided = append(p.Divided, divisionOf(profile.Regions[d.Region].Name, &d))
	}
}

// WithCosts is the estimate with the cost of each component in it, as a file has them;
// the bill itself stays as it is. What belongs to no component, such as a credit on the
// whole bill, is Unassigned.
func WithCosts(e *Estimate) *Estimate {
	out := *e
	out.Parts = append([]Part{}, e.Parts...)
	of := make(map[string]ComponentCost, len(e.Parts))
	var rest ComponentCost
	for i := range e.Parts {
		of[e.Parts[i].Name] = ComponentCost{}
	}
	for _, c := range ComponentCosts(e) {
		if _, ok := of[c.Component]; ok {
			of[c.Component] = c
			continue
		}
		rest.Other, rest.Total = rest.Other.Plus(c.Total), rest.Total.Plus(c.Total)
	}
	for i := range out.Parts {
		c := of[out.Parts[i].Name]
		cost := c.Of(e.Total)
		out.Parts[i].Cost = &cost
	}
	unassigned := rest.Of(e.Total)
	out.Unassigned = &unassigned
	return &out
}

// WithoutCosts is the reverse: what WithCosts filled in is taken out.
func WithoutCosts(e *Estimate) {
	e.Unassigned = nil
	for i := range e.Parts {
		e.Parts[i].Cost = nil
	}
}

// Equal tells whether two costs are the same.
func (c *PartCost) Equal(o *PartCost) bool {
	same := func(a, b Cost) bool {
		return a.Expected.Equal(b.Expected) && a.Min.Equal(b.Min) && a.Max.Equal(b.Max)
	}
	return same(c.Nodes, o.Nodes) && same(c.Storage, o.Storage) && same(c.Boot, o.Boot) && same(c.Other, o.Other) &&
		same(c.Total, o.Total) && c.Share == o.Share
}
