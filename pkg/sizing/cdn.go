package sizing

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// CDN is CloudFront before what users enter at: its edges answer what they keep, and what they
// miss goes on to what the component calls, the origin (docs/model.md section 5, cdn). Bytes to
// users are billed at the prices of the edges, and not as transfer out of a region; those from
// origins in AWS to the edges are free; those from a site are transfer out of it.
type CDN struct {
	strict.At
	// Part of the reads that edges answer; writes all go on. First pages are answered at the edge.
	HitRatio strict.Value[unit.Fraction] `yaml:"hit_ratio" min:"0" max:"1"`
	// Requests for the first page of a session, with the files that it shows.
	Page strict.Value[unit.Count] `yaml:"requests_per_page" min:"1" max:"10000"`
	// Whether users come over HTTPS, whose requests cost more.
	TLS strict.Value[bool] `yaml:"tls"`
	// Part of the users near each of CloudFront's edges: united-states, canada, eu, asia-pacific,
	// australia, india, japan, middle-east, south-africa, south-america; without it those of a region
	// are near the edge of that region.
	Edges strict.Map[strict.Value[unit.Fraction]] `yaml:"edges"`
	// Bytes a month to users that the account has free, of all edges together: taken off the edge of
	// the first region, then the next; production has them, environments beside it have none.
	Free strict.Value[unit.Bytes] `yaml:"free"`
	// Requests a month that the account has free; as the bytes.
	FreeRequests strict.Value[unit.Count] `yaml:"free_requests" min:"0" max:"1000000000000"`
}

// Check holds the edges against the list of those that have prices.
func (s *CDN) Check(c *strict.Checker) {
	all := 0.0
	for _, e := range s.Edges {
		if _, ok := catalog.ParseEdge(e.Key); !ok {
			hint := "write one of " + strings.Join(edgeKeys(), ", ")
			if near := diag.Suggest(e.Key, edgeKeys()); near != "" {
				hint = "did you mean " + near + "?"
			}
			c.Errorf(e.KeyPos, hint, "CloudFront has no edge %q", e.Key)
		}
		all += float64(e.V.V)
	}
	if len(s.Edges) > 0 && math.Abs(all-1) > 1e-6 {
		c.Errorf(c.At("edges"), "make them 100%", "the parts of the edges add up to %s", unit.Fraction(all))
	}
}

func edgeKeys() []string {
	var out []string
	for _, e := range catalog.Edges() {
		out = append(out, e.Key())
	}
	return out
}

type cdnKind struct{}

func (cdnKind) Word() string { return "cdn" }

func (cdnKind) Traits(spec any) Traits {
	s := spec.(*CDN)
	return Traits{Scope: workload.ScopeShare, HandsOn: true, Outside: true, Aliased: true,
		Hits: func(string, float64) float64 { return float64(s.HitRatio.V) },
		Fails: func(*Task, *Layout) Failing {
			return Failing{Rule: outage.Given, Outside: true, Agreements: []string{"cloudfront"},
				Answers: float64(s.HitRatio.V)}
		}}
}

// freeTier is where AWS says what is free each month.
const freeTier = `AWS News Blog, "AWS Free Tier Data Transfer Expansion" (November 2021)`

func (cdnKind) Spec() any {
	return &CDN{
		HitRatio: judged(unit.Fraction(0.5),
			"files and pages that are the same for all; answers of one user are not kept"),
		Page:         judged(unit.Count(70), "a page of the web in the median, by HTTP Archive"),
		TLS:          judged(true, "users come over HTTPS"),
		Free:         given(unit.Bytes(1024*gib), freeTier+": 1 TB from CloudFront"),
		FreeRequests: given(unit.Count(10e6), freeTier+": 10,000,000 requests"),
	}
}

// edgeMonth is what the edges of a part of the world do in a month.
type edgeMonth struct {
	edge                 catalog.Edge
	region               int // on which it is billed
	out, requests, wrote float64
}

// cdnBill collects what the edges cost.
type cdnBill struct {
	c     *Task
	spec  *CDN
	n     *nodeless
	edges []edgeMonth
	reads Linear // per second that arrive
}

func (cdnKind) Prepare(c *Task) (Sizer, error) {
	if err := c.noNodes(); err != nil {
		return nil, err
	}
	x := c.Component
	if err := c.unread("is of all regions and outlives their loss", []givenKey{{"survive", x.Survive != nil},
		{"regions", len(x.Regions) > 0}, {"scope", x.Scope != ""}}); err != nil {
		return nil, err
	}
	if len(c.Load.Callers) > 0 {
		return nil, c.problem("only users reach a CDN, but "+strings.Join(c.Load.Callers, ", ")+" calls it",
			"call what stands behind it")
	}
	b := cdnBill{c: c, spec: x.Spec.(*CDN), n: newNodeless(c)}
	if err := b.collect(); err != nil {
		return nil, err
	}
	b.bill()
	b.n.describe = b.describe
	return b.n, nil
}

// collect adds up what the edges do, region by region.
func (b *cdnBill) collect() error {
	c, l := b.c, b.c.Load
	b.reads = c.Need((*workload.Vec).Read)
	out := Linear{Local: l.Local.Out, Global: l.Global.Out}
	pages := c.Need(func(v *workload.Vec) float64 { return v.Pages })
	requests := c.Need(messages).Plus(pages.Scale(float64(b.spec.Page.V)))
	var wrote Linear
	for i := range l.Edges {
		wrote = wrote.Plus(Linear{Local: l.Edges[i].Local.Written, Global: l.Edges[i].Global.Written})
	}
	for i := range c.Regions {
		r := &c.Regions[i]
		shares, err := b.near(r)
		if err != nil {
			return err
		}
		for _, s := range shares {
			x := b.at(s.edge, r.Index)
			x.out += float64(c.monthly(r, out) * s.part)
			x.requests += float64(c.monthly(r, requests) * s.part)
			x.wrote += float64(c.monthly(r, wrote) * s.part)
		}
	}
	return nil
}

type edgeShare struct {
	edge catalog.Edge
	part float64
}

// near is where the users of a region are.
func (b *cdnBill) near(r *Location) ([]edgeShare, error) {
	var out []edgeShare
	for _, e := range b.spec.Edges {
		edge, _ := catalog.ParseEdge(e.Key)
		out = append(out, edgeShare{edge, float64(e.V.V)})
	}
	if len(out) > 0 {
		return out, nil
	}
	edge, ok := catalog.EdgeOf(r.Name)
	if !ok {
		return nil, b.c.problem(
			fmt.Sprintf("which of CloudFront's edges the users of %s are near is not known", r.Name),
			"write where they are, such as edges: {eu: 100%}")
	}
	return []edgeShare{{edge, 1}}, nil
}

// at is the month of an edge.
func (b *cdnBill) at(edge catalog.Edge, region int) *edgeMonth {
	i := slices.IndexFunc(b.edges, func(x edgeMonth) bool { return x.edge == edge })
	if i < 0 {
		i, b.edges = len(b.edges), append(b.edges, edgeMonth{edge: edge, region: region})
	}
	return &b.edges[i]
}

// bill bills each edge at its own tiers, what is free taken off the first one first.
func (b *cdnBill) bill() {
	free, freeRequests := float64(b.spec.Free.V), float64(b.spec.FreeRequests.V)
	if b.c.Profile.Copy {
		free, freeRequests = 0, 0 // they are the account's, and production's
	}
	for i := range b.edges {
		x := &b.edges[i]
		row := Usage{Region: x.region, Category: "network", Label: "edges, " + x.edge.String()}
		off, offRequests := min(free, x.out), min(freeRequests, x.requests)
		free, freeRequests = free-off, freeRequests-offRequests
		b.n.bill(row.of(catalog.EdgeOut(x.edge), (x.out-off)/gib))
		b.n.bill(row.of(catalog.EdgeRequests(x.edge, b.spec.TLS.V), (x.requests-offRequests)/1e4))
		b.n.bill(row.of(catalog.EdgeToOrigin(x.edge), x.wrote/gib))
	}
}

func (b *cdnBill) describe(l *Layout) {
	hits := b.spec.HitRatio.V
	l.Brief = remark.New("cdn.brief", "hits", hits)
	l.Structure = []remark.Remark{l.Brief}
	for _, x := range b.edges {
		l.Structure = append(l.Structure, remark.New("cdn.edge", "edge", x.edge.String(), "bytes", x.out,
			"requests", x.requests))
	}
	l.Structure = append(l.Structure, remark.New("cdn.origin_free"))
	l.Grows = remark.New("nodes.grows", "with", "requests and bytes to users")
	if userShare(b.c.Flow.Demand, b.c.Component.Name) == 0 {
		l.Warnings = append(l.Warnings, remark.New("cdn.idle"))
	}
	l.derive = b.steps
}

// steps show what is missed, and what each edge does.
func (b *cdnBill) steps() []remark.Step {
	const model = "MODEL section 5, cdn"
	reads, hits := b.reads.Local+b.reads.Global, float64(b.spec.HitRatio.V)
	out := []remark.Step{remark.Derive("reads that go on to what it calls, at the peak of all users", model,
		unit.EventRate(reads*(1-hits)), "{reads} × (1 − {hits})", "reads", unit.EventRate(reads),
		"hits", unit.Given(b.spec.HitRatio.V))}
	for _, x := range b.edges {
		out = append(out, remark.Derive("to users near {edge}", model, monthly(x.out), "").
			Naming("edge", x.edge.String()),
			remark.Derive("requests of users near {edge}", model, unit.Count(x.requests), "").
				Naming("edge", x.edge.String()))
	}
	return out
}
