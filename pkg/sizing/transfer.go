package sizing

import (
	"math"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Transfer is the bytes that AWS bills on the way: out to the internet, from
// region to region and from zone to zone, of all components together, as the
// tiers count them together (docs/model.md section 5, transfer).
type Transfer struct {
	strict.At
	// Bytes a month to the internet that the account has free: taken off the first region, then the
	// next; production has them, environments beside it have none, nor has a region of GovCloud.
	Free strict.Value[unit.Bytes] `yaml:"free"`
	// Part of the bytes between components of a region that crosses zones; without it (Z−1)/Z, as
	// calls are spread over all zones.
	ZoneCrossing *strict.Value[unit.Fraction] `yaml:"zone_crossing" min:"0" max:"1"`
}

type transferKind struct{}

func (transferKind) Word() string { return "transfer" }

func (transferKind) Traits(any) Traits { return Traits{Scope: workload.ScopeAll, Fails: nothingFails} }

func (transferKind) Spec() any {
	return &Transfer{
		Free: given(unit.Bytes(100*gib),
			"AWS: 100 GB a month free, all services and regions together, since December 2021"),
	}
}

// transferBill collects what moves, and bills it.
type transferBill struct {
	c     *Task
	spec  *Transfer
	n     *nodeless
	moves []moved
	peaks bool // whether it is asked how much moves at the peak too
	lost  int  // region that is lost at that peak; nothing where none is
}

// newTransferBill adds up the traffic of all components.
func newTransferBill(c *Task, spec *Transfer) *transferBill {
	const some = 32 // flows of a system of medium size
	b := &transferBill{c: c, spec: spec, n: newNodeless(c), lost: nothing, moves: make([]moved, 0, some)}
	b.addUp()
	return b
}

// addUp adds up what all components send.
func (b *transferBill) addUp() {
	c := b.c
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
		for i := range l.Crossings {
			b.crossed(c.Flow.Of(e.Key), &l.Crossings[i])
		}
	}
}

// Prepare comes after everything that may have flows.
func (transferKind) Prepare(c *Task) (Sizer, error) {
	if err := c.noLoad(); err != nil {
		return nil, err
	}
	if err := c.unread("is of all regions", []givenKey{{"regions", len(c.Component.Regions) > 0}}); err != nil {
		return nil, err
	}
	b := newTransferBill(c, c.Component.Spec.(*Transfer))
	b.billInternet()
	b.billRegions()
	b.billZones()
	b.n.describe = b.describe
	return b.n, nil
}

// transferRow is a row of the tables for transfer.
func transferRow(region int, label string) Usage {
	return Usage{Region: region, Category: "network", Label: label}
}

// Carried appends what is billed for a crossing alone, rows of the transfer that all
// components share, two at most: replication is a consequence of the choice whose it is.
func (s *System) Carried(out []Usage, f Crossing) []Usage {
	q, regions := float64(f.Bytes)/gib, s.Flow.Demand.Regions
	row := transferRow(f.From, f.What)
	switch f.To {
	case f.From:
		return append(out, row.of(catalog.ZoneOut(), q), row.of(catalog.ZoneIn(), q))
	case internet:
		return append(out, row.of(catalog.InternetOut(), q))
	}
	if overInternet(s.Vintage, regions[f.From].Name, regions[f.To].Name) {
		return append(out, row.of(catalog.InternetOut(), q))
	}
	return append(out, row.of(pairMeter(s.Vintage, regions[f.From].Name, regions[f.To].Name), q))
}

// billInternet bills each region at its own tiers, what is free taken off the
// first one first.
func (b *transferBill) billInternet() {
	free := float64(float64(b.spec.Free.V) / gib)
	if b.c.Profile.Copy {
		free = 0 // it is the account's, and production's
	}
	regions := b.c.Flow.Demand.Regions
	for r := range regions {
		all, off := b.total(r, internet), 0.0
		for to := range regions {
			if to != r && overInternet(b.c.Vintage, regions[r].Name, regions[to].Name) {
				all += b.total(r, to)
			}
		}
		if !govCloud(regions[r].Name) && !b.c.Vintage.Site(regions[r].Name) {
			off = math.Min(free, all)
		}
		free -= off
		b.n.bill(transferRow(r, "internet out").of(catalog.InternetOut(), all-off))
	}
}

// govCloud tells whether a region is one of GovCloud, which AWS leaves out of what an
// account has free ("AWS Free Tier data transfer expansion", AWS News Blog, November
// 2021: all regions but those of China and GovCloud).
func govCloud(region string) bool { return strings.HasPrefix(region, "us-gov-") }

// billRegions bills each pair of regions at the source's price.
func (b *transferBill) billRegions() {
	regions := b.c.Flow.Demand.Regions
	for from := range regions {
		for to := range regions {
			if from == to || overInternet(b.c.Vintage, regions[from].Name, regions[to].Name) {
				continue
			}
			if q := b.total(from, to); q > 0 {
				meter := pairMeter(b.c.Vintage, regions[from].Name, regions[to].Name)
				b.n.bill(transferRow(from, "to "+regions[to].Name).of(meter, q))
			}
		}
	}
}

// overInternet tells whether what goes from one region to another leaves the provider's
// network: one of them is a site.
func overInternet(v *catalog.Vintage, from, to string) bool { return v.Site(from) || v.Site(to) }

// pairMeter is the row for bytes from one region to another: that of the pair
// where the table has one, else the general one.
func pairMeter(v *catalog.Vintage, from, to string) catalog.Meter {
	if r, err := v.Region(from); err == nil {
		pair := catalog.ToRegion(to)
		if _, ok := r.Usage(pair); ok {
			return pair
		}
	}
	return catalog.ToOtherRegions()
}

// billZones bills each crossing twice, as AWS does: out of one zone and into
// the other.
func (b *transferBill) billZones() {
	for r := range b.c.Flow.Demand.Regions {
		q, row := b.total(r, r), transferRow(r, "between zones")
		b.n.bill(row.of(catalog.ZoneOut(), q))
		b.n.bill(row.of(catalog.ZoneIn(), q))
	}
}

func (b *transferBill) describe(l *Layout) {
	l.Grows = remark.New("nodes.grows", "with", "requests and writes")
	l.derive = b.steps
}

// steps are what moves, and where.
func (b *transferBill) steps() []remark.Step {
	regions := b.c.Flow.Demand.Regions
	out := make([]remark.Step, 0, len(b.moves))
	for i := range b.moves {
		m := &b.moves[i]
		if m.bytes <= 0 {
			continue
		}
		to := "internet"
		switch {
		case m.to == m.from:
			to = "other zones"
		case m.to != internet:
			to = regions[m.to].Name
		}
		out = append(out, remark.Derive(m.what, "MODEL section 5, transfer", monthly(float64(m.bytes)),
			"{from} → {to}", "from", regions[m.from].Name, "to", to))
	}
	return out
}

// ImplicitTitle makes transfer a part of every system.
func (transferKind) ImplicitTitle() string { return "Data transfer" }
