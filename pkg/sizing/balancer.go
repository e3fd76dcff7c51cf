package sizing

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Balancer is one or more managed load balancers (ALB, NLB or Classic) of a region.
// Each hour is billed, and in each hour the capacity units of the largest of
// four dimensions, of a classic one its bytes (docs/model.md section 5, balancer).
//
// It stands in the path (the entry of requests, with calls to the service
// behind it) or beside it, with `for` naming the service.
type Balancer struct {
	strict.At
	// Application (HTTP) or network (TCP, UDP, TLS) load balancer, or a classic one (HTTP without
	// WebSocket).
	Type string `yaml:"type" enum:"alb|nlb|classic"`
	// What a network load balancer carries: TLS units hold fewer connections.
	Protocol string `yaml:"protocol" enum:"tcp|udp|tls"`
	// Component whose requests pass it; without it, its own: what users or callers send to it.
	For string `yaml:"for"`
	// Balancers in each region, among which the load is spread evenly.
	Count strict.Value[unit.Count] `yaml:"count" min:"1" max:"1000"`
	// Connections that a user opens during a session, with those opened again after idling.
	Opened strict.Value[unit.Count] `yaml:"connections_per_session" min:"0" max:"10000"`
	// Connections that an active user holds open.
	Open strict.Value[unit.Count] `yaml:"connections_per_user" min:"0" max:"1000"`
	// How long a connection stays open after the last request of a session.
	KeepAlive strict.Value[unit.Duration] `yaml:"keep_alive"`
	// Rules that an application load balancer evaluates for a request; the first 10 are free.
	Rules strict.Value[unit.Count] `yaml:"rules" min:"0" max:"1000"`
	// Whether it has public addresses, one a zone; without it, where users' requests pass it.
	Public *strict.Value[bool] `yaml:"public"`
	// Whether a network load balancer spreads what arrives in a zone over the targets of all zones,
	// which is billed; without it each zone's stays in it, as AWS sets it. The others spread it at no
	// charge.
	CrossZone *strict.Value[bool] `yaml:"cross_zone"`
}

// classicLB is the type of classic load balancers in profiles.
const classicLB = "classic"

// Check refuses a choice that only network load balancers have.
func (s *Balancer) Check(c *strict.Checker) {
	if s.CrossZone != nil && s.Type != "nlb" {
		what := "an application load balancer"
		if s.Type == classicLB {
			what = "a classic load balancer"
		}
		c.Errorf(s.CrossZone.Pos, "leave it out, or write type: nlb",
			"cross_zone is of network load balancers: %s spreads over all zones, at no charge", what)
	}
}

// crosses tells whether what the balancer hands on is billed for crossing zones.
func (s *Balancer) crosses() bool { return s.Type == "nlb" && s.CrossZone != nil && s.CrossZone.V }

type balancerKind struct{}

func (balancerKind) Word() string { return "balancer" }

// Traits: between an ALB or a classic balancer and its targets or clients no crossing of
// zones is billed (AWS, Elastic Load Balancing user guide, "Cross-zone load balancing").
// An NLB hands on what it gets within the zone, unless it is told to spread it (AWS user
// guide for Network Load Balancers, same heading: off by default); its clients find it in
// any zone.
func (balancerKind) Traits(spec any) Traits {
	s := spec.(*Balancer)
	t := Traits{Scope: workload.ScopeShare, InZone: !s.crosses(), HandsOn: true, Aliased: true,
		Relays: s.Type == "nlb" && s.Protocol != "tls"}
	fails := Failing{Rule: outage.Given, Agreements: []string{"elb"}}
	t.Fails = func(*Task, *Layout) Failing { return fails }
	switch s.Type {
	case "alb":
		// A target counts as dead after two checks that fail.
		fails.Watches = []string{"failover.alb.interval", "failover.alb.interval"}
		t.Zoneless, t.Zones = true, albZones
	case classicLB:
		t.Zoneless = true
	}
	return t
}

func (balancerKind) Spec() any {
	return &Balancer{
		Type: "alb", Protocol: "tcp",
		Count:  judged(unit.Count(1), "one balancer a region"),
		Opened: judged(unit.Count(6), "a browser opens up to 6 connections to a host over HTTP/1.1, 1 over HTTP/2"),
		Open:   judged(unit.Count(2), "between HTTP/2 (1) and HTTP/1.1 (up to 6)"),
		KeepAlive: given(unit.Duration(60),
			"AWS user guide for Application Load Balancers, \"Connection idle timeout\": 60 seconds by default"),
		Rules: judged(unit.Count(10), "no more rules than are free"),
	}
}

// balancerDims are the dimensions of a capacity unit, in units of it.
type balancerDims [4]Linear

var balancerDimNames = [4]string{"new connections", "active connections", "bytes", "rule evaluations"}

// at is how many units the largest dimension takes at some hour, and which.
func (d *balancerDims) at(m capacity.Hour, intra float64) (units float64, which int) {
	for i := range d {
		if x := d[i].Own(m) / intra; x > units {
			units, which = x, i
		}
	}
	return units, which
}

func (balancerKind) Prepare(c *Task) (Sizer, error) {
	if err := c.noNodes(); err != nil {
		return nil, err
	}
	survive := givenKey{"survive", c.Component.Survive != nil}
	if err := c.unread("outlives nodes and zones by itself", []givenKey{survive}); err != nil {
		return nil, err
	}
	spec := c.Component.Spec.(*Balancer)
	load := c.Load
	if spec.For != "" {
		if load = c.Flow.Of(spec.For); load == nil {
			return nil, &diag.Problem{Pos: spec.Pos,
				Summary: fmt.Sprintf("balancer %q is for component %q, which does not exist",
					c.Component.Name, spec.For),
				Hint: "name a component of the profile"}
		}
	}
	public := userShare(c.Flow.Demand, load.Component.Name) > 0 || c.fromOutside(load)
	if spec.Public != nil {
		public = spec.Public.V
	}
	carries, err := spec.carried(c)
	if err != nil {
		return nil, err
	}
	b := balancerBill{c: c, spec: spec, load: load, n: newNodeless(c), public: public, carries: carries,
		dims: spec.dims(c, load, float64(spec.Rules.V))}
	for _, r := range c.system.regionsOf(load, 0) {
		if !runs(c.Load, r.Index) {
			continue
		}
		if spec.Type != "alb" {
			if rej := c.Policy.checkZones(r); rej != nil {
				return nil, rej
			}
		}
		b.region(&r)
	}
	b.n.describe = b.describe
	return b.n, nil
}

// unit is what one capacity unit carries.
func (s *Balancer) unit(x *catalog.Limits) catalog.LCU {
	switch {
	case s.Type == "alb":
		return x.ALB
	case s.Protocol == "udp":
		return x.NLBUDP
	case s.Protocol == "tls":
		return x.NLBTLS
	}
	return x.NLBTCP
}

// priced is the type as the tables have it.
func (s *Balancer) priced() catalog.BalancerType {
	switch s.Type {
	case "nlb":
		return catalog.NLB
	case classicLB:
		return catalog.Classic
	}
	return catalog.ALB
}

// userShare is the part of the users' requests that enter at a component.
func userShare(d *workload.Demand, name string) float64 {
	t := 0.0
	for i := range d.Classes {
		if d.Classes[i].Entry == name {
			t += d.Classes[i].Share
		}
	}
	return math.Min(1, t)
}

// dims derive the dimensions at the peak of all users, with so many rules. Users hold
// connections; services keep pooled ones to each other, too few to count.
func (s *Balancer) dims(c *Task, l *workload.Load, rules float64) *balancerDims {
	d, u := c.Flow.Demand, s.unit(c.Limits)
	from := entrants(d, l.Component.Name)
	open := float64(s.Open.V)
	charged := math.Max(0, rules-c.Limits.ALBFreeRules)
	requests := Linear{Local: l.Local.Requests(), Global: l.Global.Requests()}
	return &balancerDims{
		byScope(l, from.sessions*float64(s.Opened.V)/float64(u.NewConnections)),
		byScope(l, (from.users+float64(from.sessions*float64(s.KeepAlive.V)))*open/float64(u.ActiveConnections)),
		bothWays(l).Scale(1 / float64(u.Processed)),
		requests.Scale(charged / float64(u.RuleEvaluations)),
	}
}

// balancerBill collects what the balancers of each region cost.
type balancerBill struct {
	c       *Task
	spec    *Balancer
	load    *workload.Load // what passes it
	n       *nodeless
	dims    *balancerDims
	public  bool
	carries []string // what services behind it need and it does
	regions []balancerRegion
}

// balancerRegion is the balancers of one region.
type balancerRegion struct {
	Location
	count, zones float64
	mean, top    float64 // capacity units over the week
	decides      int     // the dimension of top
	busiest      capacity.Hour
	bytes        float64 // a month, where these are billed instead of units
}

// region bills one region: hours, capacity units and public addresses.
//
// The units are a mean over the hours of the week of the largest dimension of
// each hour; spread evenly over several balancers, they add up to the same.
func (b *balancerBill) region(r *Location) {
	d := b.c.Flow.Demand
	x := balancerRegion{Location: *r, count: math.Ceil(float64(b.spec.Count.V)), zones: b.zones(r), decides: 2}
	for _, g := range r.Groups {
		units, which := b.dims.at(g, d.Intra)
		x.mean += float64(units * float64(g.Hours) / workload.Hours)
		if units > x.top {
			x.top, x.decides, x.busiest = units, which, g
		}
	}
	row := Usage{Region: r.Index, Category: "network", Label: b.c.Component.Label()}
	b.n.bill(row.of(catalog.BalancerHours(b.spec.priced()), x.count*d.Hours))
	if b.spec.Type == classicLB {
		x.bytes = b.c.monthly(r, bothWays(b.load))
		b.n.bill(row.of(catalog.BalancerBytes(b.spec.priced()), x.bytes/gib))
	} else {
		b.n.bill(row.of(catalog.BalancerUnits(b.spec.priced()), x.mean*d.Hours))
	}
	b.spread(r)
	if b.public {
		b.n.bill(row.of(catalog.AddressHours(), x.count*x.zones*d.Hours)) // one a zone
	}
	b.regions = append(b.regions, x)
}

// albZones is in how many zones an ALB stands at least (AWS user guide for Application
// Load Balancers, "Subnets for your load balancer").
const albZones = 2

// spread is what crosses zones between a balancer that stands beside its service
// and that service: no call says that the one hands on to the other.
func (b *balancerBill) spread(r *Location) {
	if b.spec.For == "" || !b.spec.crosses() {
		return
	}
	z := float64(r.Zones)
	crossed := unit.Bytes(b.c.monthly(r, bothWays(b.load)) * (z - 1) / z)
	b.n.flows.add(r.Index, r.Index, crossed.Replicated(1), b.c.Component.Label()+" → "+b.load.Component.Label())
}

// zones is in how many zones a balancer has a leg.
func (b *balancerBill) zones(r *Location) float64 {
	if b.spec.Type == "alb" {
		return math.Max(albZones, float64(r.Zones))
	}
	return float64(r.Zones)
}

func (b *balancerBill) describe(l *Layout) {
	name := b.spec.priced().String()
	for i := range b.regions {
		r := &b.regions[i]
		if r.count > 1 {
			l.Shared = append(l.Shared, b.shared(r))
		}
		l.Structure = append(l.Structure,
			remark.New("balancer.here", "balancers", r.count, "type", name, "in", r.Name, "zones", r.zones))
	}
	if len(b.carries) > 0 {
		l.Structure = append(l.Structure, remark.New("balancer.carries", "features", b.carries))
	}
	l.Grows = remark.New("nodes.grows", "with", "requests")
	l.Brief = remark.New("balancer.each_region", "balancers", b.spec.Count.V, "type", name)
	if len(b.load.Callers) == 0 && userShare(b.c.Flow.Demand, b.load.Component.Name) == 0 {
		l.Warnings = append(l.Warnings, remark.New("balancer.idle"))
	}
	l.derive = b.steps
}

func (b *balancerBill) steps() []remark.Step {
	var out []remark.Step
	for i := range b.regions {
		r := &b.regions[i]
		if b.spec.Type == classicLB {
			out = append(out, remark.Derive("bytes through it in {region}", "MODEL section 5, balancer",
				monthly(r.bytes), "").Naming("region", r.Name))
			continue
		}
		units := remark.Notate("{peak} at the peak by {dimension}, {mean} in the mean of the week",
			"peak", unit.Rough(r.top, 3), "dimension", balancerDimNames[r.decides], "mean", unit.Rough(r.mean, 3))
		step := remark.Derive("capacity units in {region}", "MODEL section 5, balancer", units, "").
			Naming("region", r.Name)
		step.Formula = []remark.Notation{b.units(r.busiest)}
		out = append(out, step)
	}
	return out
}

// units are those of an hour: of the dimension that takes most.
func (b *balancerBill) units(hour capacity.Hour) remark.Notation {
	var terms []string
	var pairs []any
	for i, name := range balancerDimNames {
		terms = append(terms, "{"+name+"} "+name)
		pairs = append(pairs, name, unit.Rough(b.dims[i].Own(hour)/b.c.Flow.Demand.Intra, 3))
	}
	return remark.Notate("max("+strings.Join(terms, ", ")+")", pairs...)
}
