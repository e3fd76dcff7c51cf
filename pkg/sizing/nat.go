package sizing

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// NAT is the gateways through which nodes without public addresses reach the
// internet: billed by hours and by bytes, both ways.
type NAT struct {
	strict.At
	Gateways   *strict.Value[unit.Count] `yaml:"gateways" min:"1" max:"6" doc:"Gateways in each region; without it one for each zone where the loss of a zone must be survived, else one."`
	Bytes      strict.Value[unit.Bytes]  `yaml:"bytes" doc:"Bytes a month through the gateways of each region whatever the load: updates, images, agents."`
	PerRequest strict.Value[unit.Bytes]  `yaml:"per_request" doc:"Bytes through the gateways for each request of a user: calls to services outside. Calls that components declare to this one come in addition."`
}

type natKind struct{}

func (natKind) Word() string { return "nat" }

func (natKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeShare, Gateway: spec.(*NAT).crossing}
}

func (natKind) Spec() any {
	return &NAT{
		Bytes:      judged(unit.Bytes(50*gib), "system updates, images and agents of some tens of nodes"),
		PerRequest: judged(unit.Bytes(0), "no service outside is called unless a call says so"),
	}
}

// nodeless is the sizer of what has no nodes of its own: what it bills depends
// on nothing that is chosen.
type nodeless struct {
	regions  int // of the profile
	usage    []Usage
	flows    []Flow
	describe func(*Layout)
}

func newNodeless(c *Case) *nodeless { return &nodeless{regions: len(c.Flow.Demand.Regions)} }

func (n *nodeless) Needs() Needs {
	return Needs{Storages: []Storage{{}}, MinNodes: make([]float64, n.regions)}
}

func (n *nodeless) Fit(*catalog.NodeType, Storage) (*Layout, *Rejection) {
	return &Layout{Usage: n.usage, Flows: n.flows, Describe: n.describe}, nil
}

// bill adds a month's quantity of a row of the usage tables; nothing where it
// is nothing.
func (n *nodeless) bill(region int, service, item string, quantity float64, category, label, why string) {
	if quantity > 0 {
		n.usage = append(n.usage, Usage{Region: region, Service: service, Item: item, Quantity: quantity,
			Category: category, Label: label, Why: why})
	}
}

// cross adds a month's bytes between the zones of a region; nothing where
// nothing crosses.
func (n *nodeless) cross(region int, bytes float64, what string) {
	if bytes > 0 {
		n.flows = append(n.flows, Flow{From: region, To: region, Bytes: unit.Bytes(bytes).Replicated(1), What: what})
	}
}

func (natKind) Prepare(c *Case) (Sizer, error) {
	if err := noSLO(c); err != nil {
		return nil, err
	}
	spec := c.Component.Spec.(*NAT)
	n := newNodeless(c)
	var structure, warnings []string
	var steps []workload.Step
	hours := c.Flow.Demand.Hours
	for i := range c.Regions {
		r := &c.Regions[i]
		if rej := c.Policy.checkZones(*r); rej != nil {
			return nil, rej
		}
		count := spec.gateways(&c.Policy, r.Zones)
		if c.Policy.Zone && count < float64(r.Zones) {
			warnings = append(warnings, fmt.Sprintf("%s: %.0f gateways for %d zones: the loss of a zone may cut others off from the internet", r.Name, count, r.Zones))
		}
		bytes := float64(spec.Bytes.V) + c.monthly(r, spec.rate(c))
		n.bill(r.Index, "nat-gateway", "hour", count*hours, "network", "NAT gateways", "")
		n.bill(r.Index, "nat-gateway", "data processed", bytes/gib, "network", "NAT gateways", "")
		n.cross(r.Index, c.monthly(r, spec.undeclared(c))*spec.crossing(&c.Policy, r.Zones), "requests to NAT gateways of other zones")
		structure = append(structure, fmt.Sprintf("%.0f in %s", count, r.Name))
		steps = append(steps, workload.Step{What: "through the gateways of " + r.Name,
			Formula: fmt.Sprintf("%s a month + %s a request + declared calls, both ways", spec.Bytes.V.Human(), spec.PerRequest.V.Human()),
			Result:  unit.Bytes(bytes).Human() + " a month", Source: "MODEL section 1"})
	}
	n.describe = func(l *Layout) {
		l.Structure, l.Warnings, l.Steps = structure, warnings, steps
		l.Brief = strings.Join(structure, ", ")
		l.Grows = "bytes: automatically"
	}
	return n, nil
}

// gateways is how many a region has: one lost with its zone must not take the
// others' way out.
func (s *NAT) gateways(p *Policy, zones int) float64 {
	switch {
	case s.Gateways != nil:
		return math.Ceil(float64(s.Gateways.V))
	case p.Zone:
		return float64(zones)
	}
	return 1
}

// crossing is the part of the calls through a region's gateways that crosses
// zones on the way: a zone with a gateway uses its own, so with G gateways in Z
// zones, over which nodes are spread evenly, it is (Z−G)/Z (docs/model.md
// section 5, transfer). Declared calls are billed by the transfer kind, as those
// of all edges; what bytes: states is that of the gateways alone.
func (s *NAT) crossing(p *Policy, zones int) float64 {
	z := float64(zones)
	return math.Max(0, z-s.gateways(p, zones)) / z
}

// rate is the bytes per second, both ways, that follow the load.
func (s *NAT) rate(c *Case) Linear {
	l := c.Load
	in := Linear{Local: l.Local.In + l.Local.Out, Global: l.Global.In + l.Global.Out}
	return in.Plus(s.undeclared(c))
}

// undeclared is the part of rate that no component's calls declare.
func (s *NAT) undeclared(c *Case) Linear {
	return byScope(c.Load, float64(c.Flow.Demand.Requests)*float64(s.PerRequest.V))
}
