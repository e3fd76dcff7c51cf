package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Readers is a part of the spec of a store with a primary: who answers its reads.
type Readers struct {
	// Read replicas in each region, at least, beside primary and failover candidate.
	Replicas strict.Value[unit.Count] `yaml:"replicas" min:"0" max:"15" whole:"true"`
	// Most read replicas of one primary in a region.
	MaxReplicas strict.Value[unit.Count] `yaml:"max_replicas" min:"0" max:"1000" whole:"true"`
	// Who answers reads. auto: in each region that has a copy those from there, the primary first,
	// then what stands by, then as many read replicas as it takes, and a copy in each region where
	// something waits for reads, if all of the system then costs less to run; primary: the primary
	// alone; replicas: read replicas beside the primary; nearest: as auto, with a copy in every
	// region.
	Reads string `yaml:"reads" enum:"auto|primary|replicas|nearest"`
	// Whether reads may be answered by what follows the primary, and so may miss the last writes.
	StaleReads strict.Value[bool] `yaml:"stale_reads"`
}

func defaultReaders() Readers {
	return Readers{
		Replicas:    judged(unit.Count(0), "the failover candidate suffices"),
		MaxReplicas: judged(unit.Count(15), "more streams load the primary"),
		Reads:       "auto",
		StaleReads:  judged(true, "most reads may miss the writes of the last second"),
	}
}

// check refuses replicas for reads that must not be stale.
func (s *Readers) check(c *Task) error {
	if s.StaleReads.V || s.Reads != "replicas" && s.Reads != "nearest" {
		return nil
	}
	return c.problem("reads: "+s.Reads+" with stale_reads: false: replicas may miss the last writes",
		"write reads: primary, or leave stale_reads out")
}

// Who answers the reads of a region.
type answeredBy int

const (
	byPrimary  answeredBy = iota // the primary alone
	byReplicas                   // read replicas, and no server
	byAll                        // servers and read replicas together
)

// by is who answers reads. Those that must not be stale are the primary's.
func (s *Readers) by() answeredBy {
	switch {
	case s.Reads == "primary" || !s.StaleReads.V:
		return byPrimary
	case s.Reads == "replicas":
		return byReplicas
	}
	return byAll
}

// closer tells whether a region of the demand without a server has a copy for its reads.
func (s *Readers) closer(c *Task, region int) bool {
	return s.Reads == "nearest" || s.Reads == "auto" && c.system.readsHome(c.Component, region)
}

// readers are the nodes that answer a store's reads in each region.
type readers struct {
	*replication
	answer answeredBy
}

func newReaders(r *replication) readers { return readers{r, r.spec.by()} }

// leastReplicas is how many read replicas of each shard a region has at least.
func (r *readers) leastReplicas(region int) int {
	least, servers := int(r.spec.Replicas.V), len(r.servers(region))
	switch {
	case r.answer == byReplicas && servers > 0,
		r.answer == byAll && servers == 0 && r.spec.closer(r.c, r.c.Regions[region].Index):
		return max(1, least)
	}
	return least
}

// leastNodes is how many nodes of each shard a region has at least.
func (r *readers) leastNodes(region int) int { return len(r.servers(region)) + r.leastReplicas(region) }

// answering is how many of a region's servers answer reads beside its replicas.
func (r *readers) answering(region int) int {
	if r.answer == byAll {
		return len(r.servers(region))
	}
	return 0
}

// answered are the greatest reads/s that are answered in each region of the task:
// where a copy stands that may answer them those from there, all others in the
// first. After the loss of the first region, or of the only server in it, the second
// one's candidate is primary; it answers all, and so does the first without the
// second. late is while workers catch up.
func (r *readers) answered(l *primaryLoad, late bool) (own, lost []float64) {
	if r.answer == byAll {
		own, lost = r.athome(late)
		for i := range own { // the sum over hours that differ is more than comes at once
			own[i] = min(own[i], l.reads)
			lost[i] = min(max(own[i], lost[i]), l.reads)
		}
	} else {
		own, lost = make([]float64, len(r.c.Regions)), make([]float64, len(r.c.Regions))
		own[0] = l.reads
	}
	lost[0] = l.reads
	if r.remote {
		lost[1] = l.reads
	}
	return own, lost
}

// athome are the greatest reads/s that come from each region over the week, with
// the worst other region lost at second. What the callers send tells them apart;
// what comes from regions without a copy is read in the first. While workers catch
// up, theirs are 1 + o/h times as many.
func (r *readers) athome(late bool) (own, lost []float64) {
	c := r.c
	own, lost = make([]float64, len(c.Regions)), make([]float64, len(c.Regions))
	var local, global, first float64 // of users, of each region's copy, of the first region's only copy
	for _, l := range c.Flow.Loads {
		part := 1.0
		if late {
			part += c.passed(l)
		}
		for i := range l.Edges {
			e := &l.Edges[i]
			if e.To != c.Component.Name {
				continue
			}
			here, everywhere := float64(e.Local.Reads*part), float64(e.Global.Reads*part)
			switch l.Scope {
			case workload.ScopeShare:
				local, global = local+here, global+everywhere
			case workload.ScopePrimary:
				first += everywhere
			default:
				global += everywhere
			}
		}
	}
	d := c.Flow.Demand
	local += c.entered()
	for i := range d.Regions {
		at := slices.IndexFunc(c.Regions, func(x Location) bool { return x.Index == i })
		if at < 0 || r.leastNodes(at) == 0 {
			at = 0
		}
		most, mostLost := 0.0, 0.0
		for h := range d.Total {
			all := float64(global * d.Total[h])
			most = max(most, float64(local*d.Regions[i].Own[h])+all)
			mostLost = max(mostLost, float64(local*d.Regions[i].Lost[h])+all)
		}
		own[at] += most
		lost[at] += mostLost
	}
	own[0] += float64(first * d.PeakTotal)
	return own, lost
}

// nodeReads are reads/s at one node: normally, after the worst loss, while workers
// catch up.
type nodeReads struct{ own, lost, late float64 }

// nodeDisks are the disks of one node, and what they have to carry.
type nodeDisks struct {
	reads float64 // per second that come to the node in the normal state
	need  diskNeed
	disks disks
}

// readReplicas are the read replicas of each shard in one region, and how much each
// node there that answers reads has to read.
type readReplicas struct {
	n     int
	reads nodeReads
	nodeDisks
}

// shardReads is what is asked of the nodes that answer the reads of one shard, and what
// one node offers.
type shardReads struct {
	cpu, network *capacity.Need // as offered; network is nil where it is not known
	work         *primaryWork
	load         *primaryLoad
	share        float64 // of the load
}

// replicas finds the read replicas of a shard in one region: as few as carry the reads
// with what else answers them, on CPU and on the disks of a node to which so many reads
// come. One more would cost more on the same type: it reads what the others then do not,
// and follows all writes beside.
func (r *readers) replicas(x *shardReads, region int, disks func(nodeReads) (nodeDisks, *Rejection)) (c readReplicas,
	rej *Rejection) {
	least := r.leastReplicas(region)
	answering := r.answering(region)
	if r.answer == byPrimary || answering+least == 0 {
		if c.n = least; c.n > 0 {
			c.nodeDisks, rej = disks(c.reads)
		}
		return c, rej
	}
	var room [2]capacity.Need
	role := r.readersRole(region, r.readersNeeds(x, region, room[:0]))
	nodes, _ := role.Least()
	most := answering + int(r.spec.MaxReplicas.V)
	for k := nodes; k <= most; k++ {
		c = readReplicas{n: k - answering, reads: r.spread(x, region, &role, k)}
		if c.nodeDisks, rej = disks(c.reads); rej == nil {
			return c, nil
		}
		if k > nodes {
			continue
		}
		if _, alone := disks(nodeReads{}); alone != nil {
			return c, rej // disks would not do if others answered all reads
		}
	}
	return c, &Rejection{Resource: "read replicas", Need: float64(max(nodes, most+1) - answering),
		Have: float64(most - answering), Why: remark.New("database.most_replicas")}
}

// spread is how many reads/s come to a node of a shard where k nodes of a region
// answer them.
func (r *readers) spread(x *shardReads, region int, role *capacity.Role, k int) nodeReads {
	busiest := func(l *primaryLoad, reads float64, nodes int, primary bool, state capacity.State) float64 {
		most := math.Inf(1) // of a primary among them
		if read := x.work.read; primary && r.answer == byAll && read > 0 {
			has := &x.cpu.In[state]
			most = (float64(has.Have*has.Target) - float64(x.work.writing(l)*x.share)) / read
		}
		return busiestReads(float64(reads*x.share), nodes, most)
	}
	l, first := x.load, region == 0
	out := nodeReads{own: busiest(l, l.own[region], k, first, capacity.Own)}
	out.lost = max(out.own, busiest(l, l.own[region], role.Fewest(k), first, capacity.NodeLost))
	if role.Checks(capacity.RegionLost) {
		out.lost = max(out.lost, busiest(l, l.lost[region], k, len(r.servers(region)) > 0, capacity.RegionLost))
	}
	if l.late != nil {
		out.late = busiest(l.late, l.late.own[region], k, first, capacity.CatchUp)
	}
	return out
}

// busiestReads is how many of the reads come to the busiest of so many nodes: all
// answer as many, but a primary among them at most so many.
//
// Were all of them the primary's as long as it carries them, its disks would have
// less to do, and cost less, as soon as it does not.
func busiestReads(reads float64, nodes int, atPrimary float64) float64 {
	switch even := reads / float64(max(1, nodes)); {
	case nodes <= 1:
		return reads
	case even <= atPrimary:
		return even
	}
	return (reads - max(0, atPrimary)) / float64(nodes-1)
}

// atServers are the reads/s at the servers of a partition with a share of the load, all
// its shards together, where these are its read replicas by region.
func (r *readers) atServers(l *primaryLoad, share float64, shards int, replicas []readReplicas) (x nodeReads) {
	switch r.answer {
	case byPrimary:
		x.own, x.lost = float64(l.reads*share), float64(l.reads*share)
		if l.late != nil {
			x.late = float64(l.late.reads * share)
		}
	case byAll:
		for i := range replicas {
			if c := &replicas[i]; len(r.servers(i)) > 0 {
				k := float64(shards)
				x = nodeReads{max(x.own, c.reads.own*k), max(x.lost, c.reads.lost*k), max(x.late, c.reads.late*k)}
			}
		}
	}
	return x
}

// readersRole are the nodes of one shard that answer reads in a region. Where the
// primary has nothing that stands by for it beside it, the loss of a node is that of
// the region for the one that takes over; replicas for reads alone must do when one
// of them is lost.
func (r *readers) readersRole(region int, needs []capacity.Need) capacity.Role {
	local := r.answer == byReplicas || region == 0 && r.zone
	survive := capacity.Survive{Node: r.survive.Node && local, Zone: r.survive.Zone && local,
		Region: r.survive.Region || r.remote}
	return capacity.Role{Needs: needs, Week: atPeak, Zones: r.c.Regions[region].Zones, Survive: survive, Warm: 1,
		Floor: r.answering(region) + r.leastReplicas(region)}
}

// readersNeeds appends what one shard asks of the nodes that answer reads in a region. Every
// node replays the writes, but the primary makes them.
func (r *readers) readersNeeds(x *shardReads, region int, needs []capacity.Need) []capacity.Need {
	l, w, share, most := x.load, x.work, x.share, r.answering(region)+int(r.spec.MaxReplicas.V)
	here, promoted := region == 0, len(r.servers(region)) > 0 // the primary is, or may come to be, in the region
	add := func(offer *capacity.Need, once func(l *primaryLoad, reads float64, primary bool) float64,
		each func(*primaryLoad) float64) {
		needs = append(needs, capacity.Need{Of: offer.Of, Copies: most, Why: offer.Why})
		need := &needs[len(needs)-1]
		fill := func(state capacity.State, once, each float64) {
			need.In[state] = atPeakOf(&offer.In[state], once, each)
		}
		own := once(l, l.own[region], here)
		for _, state := range [...]capacity.State{capacity.Own, capacity.NodeLost, capacity.ZoneLost} {
			fill(state, own, each(l))
		}
		fill(capacity.RegionLost, once(l, l.lost[region], promoted), each(l))
		if l.late != nil {
			fill(capacity.CatchUp, once(l.late, l.late.own[region], here), each(l.late))
		}
	}
	add(x.cpu, func(l *primaryLoad, reads float64, primary bool) float64 {
		work := float64(reads * w.read * share)
		if primary && r.answering(region) > 0 {
			work += float64((w.writing(l) - w.replaying(l)) * share)
		}
		return work
	}, func(l *primaryLoad) float64 { return float64(w.replaying(l) * share) })
	if x.network == nil || l.reads <= 0 {
		return needs
	}
	add(x.network, func(l *primaryLoad, reads float64, _ bool) float64 {
		return reads * share * l.out / (l.reads + l.writes)
	}, func(*primaryLoad) float64 { return 0 })
	return needs
}

// describe says who answers the reads of each region, of so many for each shard, and why
// there are so many read replicas.
func (r *readers) describe(l *primaryLoad, share float64, replicas []readReplicas) (out []remark.Remark) {
	for i := range r.c.Regions {
		in, k, servers := r.c.Regions[i].Name, replicas[i].n, r.answering(i)
		if k > 0 {
			line := remark.New("database.replicas", "replicas", k, "in", in, "stated", r.leastReplicas(i))
			if r.c.system.readsHome(r.c.Component, r.c.Regions[i].Index) {
				line = line.With("home", true)
			}
			out = append(out, line)
		}
		if own := l.own[i] * share; own > 0 {
			if r.answer == byPrimary {
				servers, k = 1, 0
			}
			out = append(out, remark.New("database.answers", "in", in, "reads", own,
				"primary", i == 0 && r.answer != byReplicas, "servers", servers, "replicas", k))
		}
	}
	return out
}

// stale tells whether reads are answered by what follows the primary.
func (r *readers) stale(l *primaryLoad, replicas []readReplicas) bool {
	for i := range r.c.Regions {
		first := i == 0 && r.answer != byReplicas
		alone := r.answer == byPrimary || r.answering(i)+replicas[i].n == 1
		if l.own[i] > 0 && !(first && alone) {
			return true
		}
	}
	return false
}
