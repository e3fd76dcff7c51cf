package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/workload"
)

// This file is what moves between regions and zones, and out to the internet: who
// calls whom where, and where the answer comes from.

// moved is a month's bytes with the component that causes them.
type moved struct {
	from, to int // regions; to is internet, or equal to from for another zone
	volume
	what   string
	copies float64 // how many copies of the same it is; 0 for what is no copy
}

// volume is how much moves.
type volume struct {
	bytes float64 // in a month with nothing lost
	peak  float64 // bytes/s at the peak of the bill's state; 0 where nobody asks
}

// times is a part of it, or a multiple.
func (v volume) times(k float64) volume {
	return volume{float64(v.bytes * k), float64(v.peak * k)}
}

func (v volume) plus(o volume) volume {
	return volume{v.bytes + o.bytes, v.peak + o.peak}
}

// internet is where users are.
const internet = -1

// move adds what moves, and returns it with what moved so before.
func (b *transferBill) move(from, to int, v volume, what string) *moved {
	if v.bytes <= 0 && v.peak <= 0 { // a passive region has users once another is lost
		return &moved{}
	}
	for i := range b.moves {
		if m := &b.moves[i]; m.from == from && m.to == to && m.what == what {
			m.volume = m.plus(v)
			return m
		}
	}
	b.moves = append(b.moves, moved{from: from, to: to, volume: v, what: what})
	return &b.moves[len(b.moves)-1]
}

// crossed adds what a layout says of its copies. They follow the writes of all regions.
// Copies of a lost primary are then sent by the region that it moves to.
func (b *transferBill) crossed(l *workload.Load, f *Crossing) {
	from := f.From
	if from == b.lost && l.Scope == workload.ScopePrimary {
		from = b.first(l)
	}
	if b.lost != nothing && (from == b.lost || f.To == b.lost || from != f.From && from == f.To) {
		return
	}
	v := volume{bytes: float64(f.Bytes)}
	if b.peaks {
		d, most, mean := b.c.Flow.Demand, 0.0, 0.0
		for _, x := range d.Total {
			most = math.Max(most, x)
			mean += x / workload.Hours
		}
		if month := d.Monthly(1, mean); month > 0 {
			v.peak = float64(v.bytes / month * most)
		}
	}
	b.move(from, f.To, v, f.What).copies += f.Copies
}

// left are the regions of a component that are not lost.
func (b *transferBill) left(l *workload.Load) []int {
	k := slices.Index(l.Regions, b.lost)
	if k < 0 {
		return l.Regions
	}
	return slices.Delete(slices.Clone(l.Regions), k, k+1)
}

// first is where what works in one region works: in the first that is not lost. nothing
// where none is left.
func (b *transferBill) first(l *workload.Load) int {
	if left := b.left(l); len(left) > 0 {
		return left[0]
	}
	return nothing
}

// month is the volume in a region of what follows a component's load.
func (b *transferBill) month(l *workload.Load, region int, rate Linear) volume {
	if rate == (Linear{}) {
		return volume{}
	}
	v := volume{bytes: b.c.Flow.Demand.Monthly(1, rate.Own(b.mean(l, region)))}
	if !b.peaks {
		return v
	}
	for h := range workload.Hours {
		local, global := b.c.Flow.Multipliers(l, region, h, b.lost != nothing)
		if b.lost != nothing {
			local = b.c.Flow.Demand.Surviving(region, b.lost, h)
		}
		v.peak = math.Max(v.peak, rate.Own(capacity.Hour{Local: local, Global: global}))
	}
	return v
}

// mean is the mean over the week of what a component's load in a region is multiplied
// with. Loads of one scope that begin in one region have the same.
func (b *transferBill) mean(l *workload.Load, region int) capacity.Hour {
	key := weekKey{l.Scope, nothing, region}
	if len(l.Regions) > 0 {
		key.first = l.Regions[0]
	}
	means := b.c.system.means
	m, ok := means[key]
	if ok {
		return m
	}
	for h := range workload.Hours {
		local, global := b.c.Flow.Multipliers(l, region, h, false)
		m.Local += local / workload.Hours
		m.Global += global / workload.Hours
	}
	means[key] = m
	return m
}

// weekKey names the multipliers of a load in a region.
type weekKey struct {
	scope         string
	first, region int // first of the load's regions
}

// users adds what a component sends to users: answers and first pages of the
// classes that enter at it.
func (b *transferBill) users(l *workload.Load) {
	if traitsIn(l).Outside {
		return
	}
	out := float64((l.Local.Pages + l.Global.Pages) * float64(b.c.Profile.Peak.FirstPage.V))
	for i := range b.c.Flow.Demand.Classes {
		k := &b.c.Flow.Demand.Classes[i]
		if k.Entry == l.Component.Name {
			out += float64((float64(k.Reads) + float64(k.Writes)) * float64(k.Response))
		}
	}
	if out <= 0 {
		return
	}
	for _, r := range b.left(l) {
		b.move(r, internet, b.month(l, r, byScope(l, out)), "answers of "+l.Component.Label())
	}
}

// talk is the calls of one component to another, and their answers.
type talk struct {
	from, to          *workload.Load
	request, response Linear // bytes per second
	what              string
}

// edge adds the calls of one component to another.
func (b *transferBill) edge(from *workload.Load, e *workload.EdgeLoad) {
	to := b.c.Flow.Of(e.To)
	if b.tells(e.From) || b.tells(e.To) || host(from.Component) == host(to.Component) {
		return // what shares a node crosses nothing
	}
	t := talk{from: from, to: to, what: from.Component.Label() + " → " + to.Component.Label(),
		request:  Linear{Local: e.Local.Request, Global: e.Global.Request},
		response: Linear{Local: e.Local.Response, Global: e.Global.Response}}
	if traitsIn(from).Outside {
		b.fetched(&t)
		return
	}
	if crossing := traitsIn(to).Gateway; crossing != nil {
		b.outside(&t, crossing)
		return
	}
	for _, r := range b.callers(from) {
		asked := b.answers(to, r)
		if asked == nothing {
			continue
		}
		if asked != r && b.c.system.readsIn(to, r) {
			writes, reads := t, t
			writes.request = Linear{Local: e.Local.Written, Global: e.Global.Written}
			writes.response = Linear{Local: e.Local.Answered, Global: e.Global.Answered}
			reads.request = t.request.Plus(writes.request.Scale(-1))
			reads.response = t.response.Plus(writes.response.Scale(-1))
			b.call(&writes, r, asked)
			b.call(&reads, r, r)
			continue
		}
		b.call(&t, r, asked)
		b.spread(&t, r, asked)
	}
	b.feed(&t)
}

// spread adds the calls of a region's users that components process in other regions than the
// one where they are asked too, as the profile has them process everything in every region.
// Kinds for which that is so anyway, but those that read logs, say themselves what their copies get.
func (b *transferBill) spread(t *talk, region, asked int) {
	kind := traitsIn(t.to)
	if t.from.Scope != workload.ScopeShare || t.to.Scope != workload.ScopeAll ||
		kind.Scope != workload.ScopeShare && kind.Reader == nil {
		return
	}
	for _, r := range t.to.Regions {
		if r != asked {
			b.call(t, region, r)
		}
	}
}

// fetched adds what is answered to a component outside of all regions, such as what the edges
// of a CDN do not have: free of charge out of a region of the tables, whose provider has the
// edges too, but a site sends it as it sends everything.
func (b *transferBill) fetched(t *talk) {
	for _, r := range b.callers(t.from) {
		asked := b.answers(t.to, r)
		if asked != nothing && b.c.Vintage.Site(b.c.Flow.Demand.Regions[asked].Name) {
			b.move(asked, internet, b.month(t.from, r, t.response), t.what)
		}
	}
}

// answers is the region in which a component answers what one asks; nothing where it is lost
// with all that the component has.
func (b *transferBill) answers(to *workload.Load, region int) int {
	if to.Scope == workload.ScopePrimary || !runs(to, region) {
		return b.first(to)
	}
	return region
}

// call adds calls that are made in a region and answered in the same or
// another one.
func (b *transferBill) call(t *talk, region, asked int) {
	in, out := b.month(t.from, region, t.request), b.month(t.from, region, t.response)
	if asked != region {
		b.move(region, asked, in, t.what)
		b.move(asked, region, out, t.what)
		return
	}
	b.move(region, region, in.plus(out).times(b.crossing(t, region)), t.what)
}

// outside adds calls to services outside: the requests leave for the internet,
// and both they and the answers, which cost nothing there, pass the gateways.
func (b *transferBill) outside(t *talk, crossing func(*Rules, int) float64) {
	p := policyOf(b.c.Profile, t.to.Component)
	for _, r := range b.left(t.from) {
		out, in := b.month(t.from, r, t.request), b.month(t.from, r, t.response)
		b.move(r, internet, out, t.what)
		b.move(r, r, out.plus(in).times(crossing(&p, b.c.Flow.Demand.Regions[r].Zones)), t.what)
	}
}

// callers are the regions in which a component makes calls.
func (b *transferBill) callers(l *workload.Load) []int {
	left := b.left(l)
	if l.Scope == workload.ScopePrimary && len(left) > 0 {
		return left[:1]
	}
	return left
}

// feed adds what a component that works in the first region only sends to
// those that process everything in every region: within a region where it has
// nodes there too (a replica), else across regions.
func (b *transferBill) feed(t *talk) {
	first := b.first(t.from)
	if t.from.Scope != workload.ScopePrimary || t.to.Scope != workload.ScopeAll || first == nothing {
		return
	}
	in, out := b.month(t.from, first, t.request), b.month(t.from, first, t.response)
	for _, r := range b.left(t.to) {
		switch {
		case r == first:
		case b.hasNodes(t.from.Component.Name, r):
			b.move(r, r, in.plus(out).times(b.crossing(t, r)), t.what)
		default:
			b.move(first, r, in, t.what)
			b.move(r, first, out, t.what)
		}
	}
}

func (b *transferBill) hasNodes(name string, region int) bool {
	l := b.c.Sized[name]
	return l != nil && slices.ContainsFunc(l.Pools, func(p Pool) bool { return p.Region == region && p.Max > 0 })
}

// tells says that a component's own flows have what its callers send and its
// readers fetch, as a log's do: it knows who reads and writes which copy where.
// Given brokers that do not carry their load have no partitions, and no flows.
func (b *transferBill) tells(name string) bool {
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
// is billed for crossing zones.
func (b *transferBill) crossing(t *talk, region int) float64 {
	from := traitsIn(t.from)
	if from.Zoneless || from.InZone || traitsIn(t.to).Zoneless {
		return 0
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
	return float64(t / gib)
}
