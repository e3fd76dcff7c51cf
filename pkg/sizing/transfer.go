package sizing

import (
	"fmt"
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Transfer is the bytes that AWS bills on the way: out to the internet, from
// region to region and from zone to zone, of all components together, as the
// tiers count them together (docs/model.md section 5, transfer).
type Transfer struct {
	strict.At
	Free         strict.Value[unit.Bytes]     `yaml:"free" doc:"Bytes a month to the internet that the account has free: taken off the first region, then the next; production has them, environments beside it have none."`
	ZoneCrossing *strict.Value[unit.Fraction] `yaml:"zone_crossing" min:"0" max:"1" doc:"Part of the bytes between components of a region that crosses zones; without it (Z−1)/Z, as calls are spread over all zones."`
}

type transferKind struct{}

func (transferKind) Word() string { return "transfer" }

func (transferKind) Traits(any) Traits { return Traits{Scope: workload.ScopeAll} }

func (transferKind) Spec() any {
	return &Transfer{
		Free: given(unit.Bytes(100*gib), "AWS: 100 GB a month free, all services and regions together, since December 2021"),
	}
}

// moved is a month's bytes with the component that causes them.
type moved struct {
	from, to int // regions; to is internet, or equal to from for another zone
	bytes    float64
	what     string
}

// internet is where users are.
const internet = -1

// transferBill collects what moves, and bills it.
type transferBill struct {
	c     *Case
	spec  *Transfer
	n     *nodeless
	moves []moved
}

// Prepare adds up the traffic of all components: it comes after everything
// that may have flows.
func (transferKind) Prepare(c *Case) (Sizer, error) {
	if err := noSLO(c); err != nil {
		return nil, err
	}
	b := &transferBill{c: c, spec: c.Component.Spec.(*Transfer), n: newNodeless(c)}
	for _, l := range c.Flow.Loads {
		b.users(l)
		for i := range l.Edges {
			b.edge(l, &l.Edges[i])
		}
	}
	for _, e := range c.Profile.Components {
		l := c.Sized[e.Key]
		if l == nil || e.Key == c.Component.Name {
			continue
		}
		for _, f := range l.Flows {
			b.move(f.From, f.To, float64(f.Bytes), f.What)
		}
	}
	b.billInternet()
	b.billRegions()
	b.billZones()
	b.n.describe = b.describe
	return b.n, nil
}

func (b *transferBill) move(from, to int, bytes float64, what string) {
	if bytes <= 0 {
		return
	}
	for i := range b.moves {
		if m := &b.moves[i]; m.from == from && m.to == to && m.what == what {
			m.bytes += bytes
			return
		}
	}
	b.moves = append(b.moves, moved{from, to, bytes, what})
}

// month is a month's volume in a region of what follows a component's load.
func (b *transferBill) month(l *workload.Load, region int, rate Linear) float64 {
	if rate == (Linear{}) {
		return 0
	}
	var m capacity.Hour
	for h := range workload.Hours {
		local, global := b.c.Flow.Multipliers(l, region, h, false)
		m.Local += local / workload.Hours
		m.Global += global / workload.Hours
	}
	return b.c.Flow.Demand.Monthly(1, rate.Own(m))
}

// users adds what a component sends to users: answers and first pages of the
// classes that enter at it.
func (b *transferBill) users(l *workload.Load) {
	out := (l.Local.Pages + l.Global.Pages) * float64(b.c.Profile.Peak.FirstPage.V)
	for i := range b.c.Flow.Demand.Classes {
		k := &b.c.Flow.Demand.Classes[i]
		if k.Entry == l.Component.Name {
			out += (float64(k.Reads) + float64(k.Writes)) * float64(k.Response)
		}
	}
	if out <= 0 {
		return
	}
	for _, r := range l.Regions {
		b.move(r, internet, b.month(l, r, byScope(l, out)), "answers of "+l.Component.Label())
	}
}

// edge adds the calls of one component to another.
func (b *transferBill) edge(from *workload.Load, e *workload.EdgeLoad) {
	to := b.c.Flow.Of(e.To)
	if b.isLog(e.From) || b.isLog(e.To) || host(from.Component) == host(to.Component) {
		// A log knows who reads and writes which copy where, and says so in its
		// flows; what shares a node crosses nothing.
		return
	}
	what := from.Component.Label() + " → " + to.Component.Label()
	all := calls{Linear{Local: e.Local.Request, Global: e.Global.Request}, Linear{Local: e.Local.Response, Global: e.Global.Response}}
	if g := traitsOf(to.Component).Gateway; g != nil {
		b.gateway(from, to, g, all, what)
		return
	}
	for _, r := range b.callers(from) {
		asked := r
		if to.Scope == workload.ScopePrimary || !runs(to, r) {
			asked = to.Regions[0]
		}
		if asked != r && b.readsIn(to, r) {
			local, global := readPart(&e.Local), readPart(&e.Global)
			b.call(from, to, r, asked, all.part(1-local, 1-global), what)
			b.call(from, to, r, r, all.part(local, global), what)
			continue
		}
		b.call(from, to, r, asked, all, what)
	}
	b.feed(from, to, all, what)
}

// calls are the bytes of calls and of their answers, per second.
type calls struct{ request, response Linear }

// part is so much of them.
func (k calls) part(local, global float64) calls {
	return calls{Linear{Local: k.request.Local * local, Global: k.request.Global * global}, Linear{Local: k.response.Local * local, Global: k.response.Global * global}}
}

// readPart is the part of an edge's bytes that reads have: by their number, as
// an edge has one size for reads and writes.
func readPart(v *workload.EdgeVec) float64 {
	if v.Reads <= 0 {
		return 0
	}
	return v.Reads / (v.Reads + v.Writes)
}

// call adds calls that are made in a region and answered in the same or
// another one.
func (b *transferBill) call(from, to *workload.Load, region, asked int, k calls, what string) {
	in, out := b.month(from, region, k.request), b.month(from, region, k.response)
	if asked != region {
		b.move(region, asked, in, what)
		b.move(asked, region, out, what)
		return
	}
	b.move(region, region, (in+out)*b.crossing(from.Component, to.Component, region), what)
}

// gateway adds calls to services outside: the requests leave for the internet,
// and both they and the answers, which cost nothing there, pass the gateways.
func (b *transferBill) gateway(from, to *workload.Load, through func(*Policy, int) float64, k calls, what string) {
	p := policyOf(b.c.Profile, to.Component)
	for _, r := range from.Regions {
		out, in := b.month(from, r, k.request), b.month(from, r, k.response)
		b.move(r, internet, out, what)
		b.move(r, r, (out+in)*through(&p, b.c.Flow.Demand.Regions[r].Zones), what)
	}
}

// readsIn tells whether a database answers a region's reads there while its
// primary is elsewhere.
func (b *transferBill) readsIn(to *workload.Load, region int) bool {
	in := traitsOf(to.Component).ReadsIn
	return in != nil && in(b.c.system.Case(to.Component), region)
}

// callers are the regions in which a component makes calls.
func (b *transferBill) callers(l *workload.Load) []int {
	if l.Scope == workload.ScopePrimary && len(l.Regions) > 0 {
		return l.Regions[:1]
	}
	return l.Regions
}

// feed adds what a component that works in the first region only sends to
// those that process everything in every region: within a region where it has
// nodes there too (a replica), else across regions.
func (b *transferBill) feed(from, to *workload.Load, k calls, what string) {
	if from.Scope != workload.ScopePrimary || to.Scope != workload.ScopeAll || len(from.Regions) == 0 {
		return
	}
	first := from.Regions[0]
	in, out := b.month(from, first, k.request), b.month(from, first, k.response)
	for _, r := range to.Regions {
		switch {
		case r == first:
		case b.hasNodes(from.Component.Name, r):
			b.move(r, r, (in+out)*b.crossing(from.Component, to.Component, r), what)
		default:
			b.move(first, r, in, what)
			b.move(r, first, out, what)
		}
	}
}

func (b *transferBill) hasNodes(name string, region int) bool {
	l := b.c.Sized[name]
	return l != nil && slices.ContainsFunc(l.Pools, func(p Pool) bool { return p.Region == region && p.Max > 0 })
}

func (b *transferBill) isLog(name string) bool {
	l := b.c.Sized[name]
	return l != nil && l.Offers.Partitions > 0
}

// host is the component on whose nodes another runs.
func host(c *workload.Component) string {
	if c.Colocate != "" {
		return c.Colocate
	}
	return c.Name
}

// crossing is the part of the bytes between two components of a region that
// is billed for crossing zones. Between an ALB and its targets or clients
// nothing is; S3 is reached in the region, not in a zone.
func (b *transferBill) crossing(from, to *workload.Component, region int) float64 {
	for _, c := range [2]*workload.Component{from, to} {
		if traitsOf(c).Zoneless {
			return 0
		}
	}
	if v := b.spec.ZoneCrossing; v != nil {
		return float64(v.V)
	}
	z := float64(b.c.Flow.Demand.Regions[region].Zones)
	return (z - 1) / z
}

// total is the GiB from one place to another.
func (b *transferBill) total(from, to int) float64 {
	t := 0.0
	for i := range b.moves {
		if b.moves[i].from == from && b.moves[i].to == to {
			t += b.moves[i].bytes
		}
	}
	return t / gib
}

// billInternet bills each region at its own tiers, what is free taken off the
// first one first.
func (b *transferBill) billInternet() {
	free := float64(b.spec.Free.V) / gib
	if b.c.Profile.Copy {
		free = 0 // it is the account's, and production's
	}
	for r := range b.c.Flow.Demand.Regions {
		all := b.total(r, internet)
		off := math.Min(free, all)
		free -= off
		why := ""
		if off > 0 {
			why = fmt.Sprintf("%s of %s free", unit.Bytes(off*gib).Human(), unit.Bytes(all*gib).Human())
		}
		b.n.bill(r, "data-transfer", "out to internet", all-off, "network", "internet out", why)
	}
}

// billRegions bills each pair of regions at the source's price.
func (b *transferBill) billRegions() {
	regions := b.c.Flow.Demand.Regions
	for from := range regions {
		for to := range regions {
			if q := b.total(from, to); from != to && q > 0 {
				b.n.bill(from, "data-transfer", b.c.pairItem(regions[from].Name, regions[to].Name), q, "network", "to "+regions[to].Name, "")
			}
		}
	}
}

// pairItem is the row for bytes from one region to another: that of the pair
// where the table has one, else the general one.
func (c *Case) pairItem(from, to string) string {
	const general = "to other regions"
	r, err := c.Vintage.Region(from)
	if err != nil {
		return general
	}
	if _, ok := r.Usage("data-transfer", "to "+to); ok {
		return "to " + to
	}
	return general
}

// billZones bills each crossing twice, as AWS does: out of one zone and into
// the other.
func (b *transferBill) billZones() {
	for r := range b.c.Flow.Demand.Regions {
		q := b.total(r, r)
		b.n.bill(r, "data-transfer", "between AZs, out", q, "network", "between zones", "")
		b.n.bill(r, "data-transfer", "between AZs, in", q, "network", "between zones", "each crossing is charged on both sides")
	}
}

func (b *transferBill) describe(l *Layout) {
	regions := b.c.Flow.Demand.Regions
	l.Grows = "requests and writes: automatically"
	for i := range b.moves {
		m := &b.moves[i]
		to := "internet"
		switch {
		case m.to == m.from:
			to = "other zones"
		case m.to != internet:
			to = regions[m.to].Name
		}
		l.Steps = append(l.Steps, workload.Step{What: m.what, Formula: regions[m.from].Name + " → " + to,
			Result: unit.Bytes(m.bytes).Human() + " a month", Source: "MODEL section 5, transfer"})
	}
}

// Allocate splits a whole number of units (cents of a bill whose tiers count
// several components together) by weight, such as bytes. The parts add up to
// the whole; what rounding leaves over goes to the largest remainders, and to
// the first of equal ones. Without any weight the first part takes all.
func Allocate(units int64, weights []float64) []int64 {
	out := make([]int64, len(weights))
	if len(out) == 0 {
		return out
	}
	total := 0.0
	for _, w := range weights {
		total += math.Max(0, w)
	}
	if !(total > 0) || math.IsInf(total, 0) {
		out[0] = units
		return out
	}
	rest := make([]float64, len(out))
	order := make([]int, len(out))
	left := units
	for i, w := range weights {
		exact := float64(units) * (math.Max(0, w) / total)
		floor := math.Floor(exact)
		out[i], rest[i], order[i] = int64(floor), exact-floor, i
		left -= int64(floor)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rest[a] > rest[b]:
			return -1
		case rest[a] < rest[b]:
			return 1
		}
		return 0
	})
	for i := 0; left > 0; i = (i + 1) % len(order) {
		out[order[i]]++
		left--
	}
	for i := len(order) - 1; left < 0; i = (i + len(order) - 1) % len(order) {
		if out[order[i]] > 0 { // rounding in the division gave one too many
			out[order[i]]--
			left++
		}
	}
	return out
}

// ImplicitTitle makes transfer a part of every system.
func (transferKind) ImplicitTitle() string { return "Data transfer" }
