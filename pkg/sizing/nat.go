package sizing

import (
	"math"

	"headroom/pkg/catalog"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// NAT is the gateways through which nodes without public addresses reach the
// internet: billed by hours, by bytes, both ways, and by their public address. What
// leaves is billed as internet transfer in addition.
type NAT struct {
	strict.At
	// Gateways in each region; without it one for each zone where the loss of a zone must be
	// survived, else one.
	Gateways *strict.Value[unit.Count] `yaml:"gateways" min:"1" max:"6"`
	// Bytes a month through the gateways of each region whatever the load: updates, images, agents.
	Bytes strict.Value[unit.Bytes] `yaml:"bytes"`
	// Bytes through the gateways for each request of a user: calls to services outside. Calls that
	// components declare to this one come in addition.
	PerRequest strict.Value[unit.Bytes] `yaml:"per_request"`
	// Part of per_request that leaves for the internet, which is billed as internet transfer too;
	// the rest comes in. What bytes states comes in.
	Out strict.Value[unit.Fraction] `yaml:"per_request_out" min:"0" max:"1"`
}

type natKind struct{}

func (natKind) Word() string { return "nat" }

func (natKind) Traits(spec any) Traits {
	return Traits{Scope: workload.ScopeShare, Gateway: spec.(*NAT).crossing,
		Fails: func(*Task, *Layout) Failing { return Failing{Rule: outage.Given} }}
}

func (natKind) Spec() any {
	return &NAT{
		Bytes:      judged(unit.Bytes(50*gib), "system updates, images and agents of some tens of nodes"),
		PerRequest: judged(unit.Bytes(0), "no service outside is called unless a call says so"),
		Out:        judged(unit.Fraction(0.5), "as much is asked as is answered"),
	}
}

// natRegion is the gateways of one region.
type natRegion struct {
	*Location
	gateways float64
	bytes    float64 // a month's, both ways
	out      float64 // of them what no component's calls declare and leaves for the internet
}

// natBill collects what the gateways of each region cost.
type natBill struct {
	c       *Task
	spec    *NAT
	n       *nodeless
	regions []natRegion
}

func (natKind) Prepare(c *Task) (Sizer, error) {
	if err := c.noNodes(); err != nil {
		return nil, err
	}
	b := natBill{c: c, spec: c.Component.Spec.(*NAT), n: newNodeless(c)}
	for i := range c.Regions {
		r := &c.Regions[i]
		if rej := c.Policy.checkZones(*r); rej != nil {
			return nil, rej
		}
		b.region(r)
	}
	b.n.describe = b.describe
	return b.n, nil
}

// region bills one region: hours and bytes.
func (b *natBill) region(r *Location) {
	c, spec := b.c, b.spec
	undeclared := c.monthly(r, spec.undeclared(c))
	x := natRegion{Location: r, gateways: spec.gateways(&c.Policy, r.Zones),
		bytes: float64(spec.Bytes.V) + c.monthly(r, spec.rate(c)), out: undeclared * float64(spec.Out.V)}
	row := Usage{Region: r.Index, Category: "network", Label: "NAT gateways"}
	b.n.bill(row.of(catalog.GatewayHours(), x.gateways*c.Flow.Demand.Hours))
	b.n.bill(row.of(catalog.GatewayBytes(), x.bytes/gib))
	row.Label = "addresses of NAT gateways"
	b.n.bill(row.of(catalog.AddressHours(), x.gateways*float64(c.Profile.HeldHours()))) // one each
	b.n.holds = append(b.n.holds, Held{r.Index, HeldGateways, int(math.Ceil(x.gateways / float64(r.Zones)))},
		Held{r.Index, HeldAddresses, int(x.gateways)})
	crossed := undeclared * spec.crossing(&c.Policy, r.Zones)
	b.n.flows.add(r.Index, r.Index, unit.Bytes(crossed).Replicated(1), "requests to NAT gateways of other zones")
	b.n.flows.add(r.Index, internet, unit.Bytes(x.out).Replicated(1), "requests to services outside")
	b.regions = append(b.regions, x)
}

func (b *natBill) describe(l *Layout) {
	for _, r := range b.regions {
		l.Structure = append(l.Structure, remark.New("nat.here", "gateways", r.gateways, "in", r.Name))
		if b.c.Policy.Zone && r.gateways < float64(r.Zones) {
			l.Warnings = append(l.Warnings,
				remark.New("nat.few", "region", r.Name, "gateways", r.gateways, "zones", r.Zones))
		}
	}
	l.Brief = remark.Listed(l.Structure...)
	l.Grows = remark.New("nodes.grows", "with", "bytes")
	l.derive = b.steps
}

func (b *natBill) steps() []remark.Step {
	var out []remark.Step
	for _, r := range b.regions {
		out = append(out, remark.Derive("through the gateways of {region}", "MODEL section 1", monthly(r.bytes),
			"bytes + per_request and declared calls, both ways = {bytes} + {calls}", "bytes", b.spec.Bytes.V,
			"calls", unit.Bytes(r.bytes-float64(b.spec.Bytes.V))).Naming("region", r.Name))
		if r.out > 0 {
			out = append(out, remark.Derive("of it leaves {region} for the internet", "MODEL section 5, transfer",
				monthly(r.out), "{out} of {per_request} a request", "out", b.spec.Out.V,
				"per_request", b.spec.PerRequest.V).Noting("step.beside_calls").Naming("region", r.Name))
		}
	}
	return out
}

// gateways is how many a region has: one lost with its zone must not take the
// others' way out.
func (s *NAT) gateways(p *Rules, zones int) float64 {
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
func (s *NAT) crossing(p *Rules, zones int) float64 {
	z := float64(zones)
	return math.Max(0, z-s.gateways(p, zones)) / z
}

// rate is the bytes per second, both ways, that follow the load.
func (s *NAT) rate(c *Task) Linear {
	return bothWays(c.Load).Plus(s.undeclared(c))
}

// undeclared is the part of rate that no component's calls declare.
func (s *NAT) undeclared(c *Task) Linear {
	return byScope(c.Load, float64(float64(c.Flow.Demand.Requests)*float64(s.PerRequest.V)))
}
