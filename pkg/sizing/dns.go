package sizing

import (
	"math"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// DNS is the hosted zones of Route 53 in which users find the system: the zones, the queries
// that caches do not answer, and the health checks by which a region that fails is left out
// (docs/model.md section 5, dns). It is of no region.
type DNS struct {
	strict.At
	// Hosted zones.
	Zones strict.Value[unit.Count] `yaml:"zones" min:"0" max:"500" whole:"true"`
	// How queries are answered: auto is latency where users of several regions of AWS are served at the
	// same time, else standard, which failover from one region to another is too.
	Routing string `yaml:"routing" enum:"auto|standard|latency|geolocation|geoproximity|IP-based"`
	// Whether names are aliases of AWS resources, queries for which are free; without it, where all
	// users enter at a balancer or at a CDN.
	Alias *strict.Value[bool] `yaml:"alias"`
	// How long an answer is kept.
	TTL strict.Value[unit.Duration] `yaml:"ttl"`
	// Names that a session asks for.
	Names strict.Value[unit.Count] `yaml:"names" min:"0" max:"1000"`
	// Queries that are made for a name: one for each type of address.
	Types strict.Value[unit.Count] `yaml:"queries_per_name" min:"1" max:"10"`
	// Part of the queries that resolvers answer from what other users asked for.
	Shared strict.Value[unit.Fraction] `yaml:"answered_by_resolvers" min:"0" max:"1"`
	// Health checks; without it one for each region where there are several, but none of aliases,
	// which follow the health of their targets.
	Checks *strict.Value[unit.Count] `yaml:"health_checks" min:"0" max:"200" whole:"true"`
	// What each health check does in addition: HTTPS, a search in the answer, every 10 s.
	Options strict.Value[unit.Count] `yaml:"check_options" min:"0" max:"4" whole:"true"`
	// Whether health checks ask what is in AWS, or elsewhere; without it elsewhere where a region is a
	// site.
	Endpoints *strict.Value[string] `yaml:"endpoints" enum:"aws|other"`
	// Health checks of AWS endpoints that the account has free; production has them, environments
	// beside it have none.
	FreeChecks strict.Value[unit.Count] `yaml:"free_health_checks" min:"0" max:"1000"`
}

const routingAuto = "auto"

type dnsKind struct{}

func (dnsKind) Word() string { return "dns" }

// Traits: name servers stand in many places, and none of them is a region.
func (dnsKind) Traits(any) Traits {
	return Traits{Scope: workload.ScopeShare, Fails: func(*Task, *Layout) Failing {
		return Failing{Rule: outage.Given, Outside: true, Agreements: []string{"route53"}}
	}}
}

func (dnsKind) Spec() any {
	return &DNS{
		Zones:   judged(unit.Count(1), "one domain"),
		Routing: routingAuto,
		TTL:     given(unit.Duration(60), "AWS, Route 53 developer guide: aliases of load balancers are kept 60 s"),
		Names:   judged(unit.Count(1), "all requests go to one host name"),
		Types:   judged(unit.Count(2), "IPv4 and IPv6 addresses (A and AAAA)"),
		Shared: judged(unit.Fraction(0),
			"every user asks: an upper bound, as how many share a resolver is not known"),
		Options:    judged(unit.Count(1), "HTTPS"),
		FreeChecks: given(unit.Count(50), "AWS price list: basic health checks of up to 50 AWS endpoints are free"),
	}
}

// dnsBill collects what the zones cost.
type dnsBill struct {
	c       *Task
	spec    *DNS
	n       *nodeless
	routing catalog.Routing
	alias   bool
	asked   float64 // queries per second at the peak of all users
	month   float64 // queries
	checks  float64
}

func (dnsKind) Prepare(c *Task) (Sizer, error) {
	if err := c.noLoad(); err != nil {
		return nil, err
	}
	if err := c.unread("is of all regions", []givenKey{{"regions", len(c.Component.Regions) > 0}}); err != nil {
		return nil, err
	}
	b := dnsBill{c: c, spec: c.Component.Spec.(*DNS), n: newNodeless(c)}
	b.routing, b.alias = b.spec.routing(c), b.spec.alias(c)
	b.asked = b.spec.queries(c.Flow.Demand)
	for i := range c.Regions {
		b.month += c.monthly(&c.Regions[i], Linear{Local: b.asked})
	}
	b.bill()
	b.n.describe = b.describe
	return b.n, nil
}

// routing is the policy whose queries are billed. Latency is known of regions of AWS alone.
func (s *DNS) routing(c *Task) catalog.Routing {
	if r, ok := catalog.ParseRouting(s.Routing); ok {
		return r
	}
	serve := 0
	for i := range c.Flow.Demand.Regions {
		switch r := &c.Flow.Demand.Regions[i]; {
		case r.Share <= 0:
		case c.Vintage.Site(r.Name):
			return catalog.RoutingStandard
		default:
			serve++
		}
	}
	if serve > 1 {
		return catalog.RoutingLatency
	}
	return catalog.RoutingStandard
}

// endpoint is what health checks ask.
func (s *DNS) endpoint(c *Task) catalog.Endpoint {
	site := slices.ContainsFunc(c.Flow.Demand.Regions, func(r workload.RegionDemand) bool {
		return c.Vintage.Site(r.Name)
	})
	if s.Endpoints != nil {
		site = s.Endpoints.V != "aws"
	}
	if site {
		return catalog.EndpointElsewhere
	}
	return catalog.EndpointAWS
}

// alias tells whether queries are for AWS resources.
func (s *DNS) alias(c *Task) bool {
	if s.Alias != nil {
		return s.Alias.V
	}
	for i := range c.Flow.Demand.Classes {
		l := c.Flow.Of(c.Flow.Demand.Classes[i].Entry)
		if l == nil || !traitsIn(l).Aliased {
			return false
		}
	}
	return true
}

// queries is the queries per second at the peak of all users. A session begins without an
// answer. Then its requests are Poisson with λ: an answer is kept for TTL, and the first
// request after it asks again, so that the time from one query to the next is TTL + 1/λ, and
// of all requests 1/(1 + λ·TTL) ask.
func (s *DNS) queries(d *workload.Demand) float64 {
	again := 0.0
	if d.Users > 0 {
		again = float64(d.Requests) / (1 + float64(perUser(d)*float64(s.TTL.V)))
	}
	each := float64(s.Names.V) * float64(s.Types.V) * (1 - float64(s.Shared.V))
	return float64((float64(d.Pages) + again) * each)
}

// perUser is the requests of an active user, per second.
func perUser(d *workload.Demand) float64 {
	if d.Users <= 0 {
		return 0
	}
	return float64(d.Requests) / float64(d.Users)
}

// bill puts all on the first region, as there is one for all.
func (b *dnsBill) bill() {
	c, s := b.c, b.spec
	row := Usage{Region: c.Regions[0].Index, Category: "network", Label: c.Component.Label()}
	b.n.bill(row.of(catalog.DNSZones(), math.Ceil(float64(s.Zones.V))))
	if !b.alias {
		b.n.bill(row.of(catalog.DNSQueries(b.routing), b.month/1e6))
	}
	switch regions := len(c.Flow.Demand.Regions); {
	case s.Checks != nil:
		b.checks = math.Ceil(float64(s.Checks.V))
	case regions > 1 && !b.alias:
		b.checks = float64(regions)
	}
	to, billed := s.endpoint(c), b.checks
	if to == catalog.EndpointAWS && !c.Profile.Copy {
		billed = max(0, billed-float64(s.FreeChecks.V))
	}
	row.Label = "health checks"
	b.n.bill(row.of(catalog.DNSChecks(to), billed))
	b.n.bill(row.of(catalog.DNSCheckOptions(to), b.checks*float64(s.Options.V)))
}

func (b *dnsBill) describe(l *Layout) {
	l.Brief = remark.New("dns.brief", "zones", b.spec.Zones.V, "routing", b.routing.String(), "queries", b.month)
	l.Structure = []remark.Remark{l.Brief}
	if b.alias {
		l.Structure = append(l.Structure, remark.New("dns.alias"))
	}
	if b.checks > 0 {
		l.Structure = append(l.Structure, remark.New("dns.checks", "checks", b.checks))
	}
	l.Grows = remark.New("nodes.grows", "with", "sessions and requests")
	l.derive = b.steps
}

// steps show how many queries there are.
func (b *dnsBill) steps() []remark.Step {
	const model = "MODEL section 5, dns"
	d, s := b.c.Flow.Demand, b.spec
	return []remark.Step{
		remark.Derive("queries at the peak of all users", model, unit.EventRate(b.asked),
			"({sessions} + {requests} / (1 + {each} × {ttl})) × {names} × {types} × (1 − {shared})",
			"sessions", d.Pages, "requests", d.Requests, "each", unit.EventRate(perUser(d)), "ttl", unit.Given(s.TTL.V),
			"names", unit.Given(s.Names.V), "types", unit.Given(s.Types.V), "shared", unit.Given(s.Shared.V)),
		remark.Derive("queries in a month", model, unit.Count(b.month), "").Noting("step.over_the_week"),
	}
}
