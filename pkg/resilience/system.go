package resilience

import (
	"headroom/pkg/catalog"
	"headroom/pkg/outage"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Times are what is known of how long programs take by themselves; *catalog.Facts are such.
type Times interface {
	// Time is a fact in seconds, of which High is known; false where there is none.
	Time(key string) (catalog.Fact, bool)
}

// builder makes a system of a plan.
type builder struct {
	plan    *plan.Plan
	profile *workload.Profile
	demand  *workload.Demand
	sizes   *sizing.System
	times   Times
	stands  []standing // in the order of the parts
	servers map[machineAt]string
	sites   map[int]*sizing.FailingSite // by region
	out     *outage.System
}

// machineAt names a machine in a region.
type machineAt struct {
	region  int
	machine string
}

// standing is a part with what it was made of.
type standing struct {
	choice  *plan.Choice
	fails   sizing.Failing
	regions []int          // in which it runs
	load    *workload.Load // nil where nobody asks it for anything
	files   bool           // a site's files, which no node serves
}

// build makes a system of a plan: its components in the order of the profile, without those
// that are a matter of bills alone. It must not be used by several goroutines at once.
func build(p *plan.Plan, times Times) (*builder, error) {
	b := &builder{plan: p, profile: p.Profile, demand: p.Demand, sizes: p.System, times: times,
		servers: map[machineAt]string{}, sites: map[int]*sizing.FailingSite{}, out: &outage.System{}}
	if b.sizes == nil { // all machines are given, and nobody uses them
		var err error
		if b.sizes, err = sizing.NewSystem(p.Demand, p.Tables.Vintage); err != nil {
			return nil, err
		}
	}
	b.stand()
	b.regions()
	for i := range b.stands {
		b.out.Parts = append(b.out.Parts, b.part(&b.stands[i]))
	}
	for i := range b.stands {
		b.out.Parts[i].Detect = b.detect(i)
	}
	b.journeys()
	b.users()
	b.copies()
	b.out.Carry = newCarrier(b).carry
	return b, nil
}

// stand collects what stands, and what sites have in common.
func (b *builder) stand() {
	for _, c := range b.plan.Choices {
		task := b.sizes.Task(c.Component)
		x := standing{choice: c, fails: task.Failing(c.Layout), load: b.sizes.Flow.Of(c.Component.Name)}
		for i := range task.Regions {
			x.regions = append(x.regions, task.Regions[i].Index)
		}
		if site := x.fails.Site; site != nil && len(x.regions) == 1 {
			b.sites[x.regions[0]] = site
			for _, s := range site.Servers {
				b.servers[machineAt{x.regions[0], s.Machine}] = s.Name
			}
			x.files = site.Files != nil
		}
		if !x.fails.Billed || x.files {
			b.stands = append(b.stands, x)
		}
	}
}

// part is a component.
func (b *builder) part(x *standing) outage.Part {
	f, c := &x.fails, x.choice.Component
	p := outage.Part{Name: c.Name, Rule: f.Rule, Apart: f.Apart, Mirrored: f.Mirrored, On: c.Colocate,
		Pieces: max(1, f.Pieces), Copies: f.Copies, Acks: f.Acks, Keeps: f.Keeps, Sync: f.Sync, Blocks: f.Blocks,
		Lag: x.lag(), Elects: f.Elects, ByHand: f.ByHand, FarByHand: f.FarByHand,
		Supervised: f.Supervised || b.kubernetes(), Answers: f.Answers, Spot: b.spot(x)}
	if x.files {
		p.Keeps, p.Pools = true, filesOf(x)
		return p
	}
	p.Pools = b.pools(x, p.Pieces)
	if f.Most {
		p.Acks, p.Lag = mostOf(p.Pools, p.Lag)
	}
	p.Promote = b.promotion(x)
	p.PromoteFar, p.Restart = p.Promote, b.restart(x)
	p.Calls, p.Least = b.calls(x), b.least(x)
	return p
}

// lag is how far members are behind; none where commits wait for them.
func (x *standing) lag() outage.Span {
	if x.fails.Lag == 0 {
		return outage.Span{}
	}
	return outage.Named(x.fails.Lag, x.of("lag"), x.ofKey("replication_lag"))
}

// mostOf is most of the votes of pools, each of which has a member of each piece, and how far
// others are behind then: with most of the members having a write, one of them leads next.
func mostOf(pools []outage.Pool, lag outage.Span) (int, outage.Span) {
	votes := 0
	for i := range pools {
		votes += pools[i].Votes
	}
	if votes < 2 {
		return 1, lag
	}
	return votes/2 + 1, outage.Span{}
}

// least are the nodes of a component in the hour with the fewest, by region; nil where they
// do not follow the load.
func (b *builder) least(x *standing) []int {
	out, follows := make([]int, len(b.demand.Regions)), false
	for _, p := range x.choice.Layout.Pools {
		out[p.Region] += p.Min
		follows = follows || p.Min < p.Max
	}
	if !follows {
		return nil
	}
	return out
}

// filesOf are those of a site: on one machine, whose disks RAID holds together.
func filesOf(x *standing) []outage.Pool {
	site, region := x.fails.Site, x.regions[0]
	p := outage.Pool{Region: region, Role: "files", Nodes: 1, Data: true, Reads: true,
		Disks: outage.Disks{Local: true, Ephemeral: site.Files.Ephemeral, Tolerates: site.Files.Tolerates}}
	for i, s := range site.Servers {
		if i > 0 && s.Name != p.Host {
			p.Host = "" // on which of them they are nobody says
			break
		}
		p.Host = s.Name
	}
	return []outage.Pool{p}
}
