package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/diag"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Replicated is a part of the spec of a store whose writes meet at a primary, of each
// shard: where nodes stand by that can take its place, who answers reads, and what a
// commit waits for.
type Replicated struct {
	// Where a node stands by that is sized as the primary: in the same region, in another one,
	// both, or nowhere. Without it, where the losses that must be survived ask for it: for a node
	// or a zone in the same region, for a region in another one.
	Failover string `yaml:"failover" enum:"zone|region|both|none"`
	Readers
	// Whether a commit waits for the failover candidate.
	Replication string `yaml:"replication" enum:"sync|async"`
	// sync only: whether writes stop or go on alone when the failover candidate is lost.
	OnLoss string `yaml:"on_loss" enum:"block|degrade"`
	// sync only: round trip to the failover candidate's region; without it the median of the
	// tables.
	RoundTrip *strict.Value[unit.Duration] `yaml:"round_trip"`
	// async only: how far a replica may be behind; writes of that time may be lost.
	Lag strict.Value[unit.Duration] `yaml:"replication_lag"`
	// Who makes the failover candidate primary in the same region: auto goes by itself, manual needs a person.
	Promotion strict.Value[string] `yaml:"promotion" enum:"auto|manual" bill:"none"`
	// The same of a candidate in another region.
	Elsewhere strict.Value[string] `yaml:"promotion_elsewhere" enum:"auto|manual" bill:"none"`
	// Until another node is primary where that goes by itself; without it what is known of the engine.
	PromotionTime *strict.Value[unit.Duration] `yaml:"promotion_time" bill:"none"`
	// Members that have a write before it is answered, of those that vote: the primary alone, or most of them.
	WriteConcern strict.Value[string] `yaml:"write_concern" enum:"one|majority" bill:"none"`
	// Whether one stream goes to each other region and is passed on there, instead of one to each
	// replica.
	Cascade strict.Value[bool] `yaml:"cascade"`

	failoverAt diag.Pos // where Failover stands
}

// Words of these keys.
const (
	failoverNone, failoverZone, failoverRegion, failoverBoth = "none", "zone", "region", "both"

	promotionAuto = "auto"
	writeMajority = "majority"
)

func defaultReplicated() Replicated {
	return Replicated{
		Readers:     defaultReaders(),
		Replication: "async",
		Lag:         judged(unit.Duration(1), "a replica that keeps up is about a second behind"),
		Promotion:   judged(promotionAuto, "a lost node is told from a lost line by those around it"),
		Elsewhere: judged("manual", "two regions cannot tell a lost region from a lost line, so that both could "+
			"take writes"),
		WriteConcern: judged("one", "the primary answers once it has the write itself"),
		Cascade:      judged(false, "each replica reads from the primary"),
	}
}

// candidates says where nodes stand by that are sized as the primary: where the
// losses that must be survived ask for it, or where the profile says, even where that
// is less than what a survived loss needs: then a warning says so.
func (s *Replicated) candidates(c *Task) (zone, region bool, err error) {
	more, p := len(c.Regions) > 1, &c.Policy
	near, far := p.Node || p.Zone, p.Region && more
	switch s.Failover {
	case failoverNone:
		if near || far {
			return false, false, &Rejection{Resource: "failover candidate", Need: 1, Have: 0,
				Why: remark.New("database.no_failover")}
		}
		return false, false, nil
	case failoverZone:
		return true, false, nil
	case failoverRegion, failoverBoth:
		if !more {
			return false, false, c.problem("the database runs in one region, so it cannot fail over to another",
				"use failover: zone, or add a region")
		}
		return s.Failover == failoverBoth, true, nil
	}
	return near, far, nil
}

// check finds what is wrong between fields.
func (s *Replicated) check(c *Task, remote bool) error {
	if s.Replication == "sync" {
		if s.OnLoss == "" {
			return c.problem("replication is sync but on_loss is not given",
				"on_loss: block stops writes when the failover candidate is lost, degrade goes on without it")
		}
		if remote {
			if _, err := s.commitTrip(c); err != nil {
				return err
			}
		}
	}
	return s.Readers.check(c)
}

// replication is the servers of a store: the nodes that are or can become primary, of
// each shard the primary, a standby in its region and a failover candidate in the next
// one. Read replicas follow them.
type replication struct {
	c       *Task
	spec    *Replicated
	zone    bool             // a standby in the primary's region
	remote  bool             // a failover candidate in the second region
	survive capacity.Survive // what the servers must outlive
	commit  float64          // seconds that a commit waits for another region
}

func newReplication(c *Task, spec *Replicated) (r *replication, err error) {
	r = &replication{c: c, spec: spec, survive: c.Policy.Survive}
	if r.zone, r.remote, err = spec.candidates(c); err != nil {
		return nil, err
	}
	// Where the policy says nothing but the profile asks for a candidate, that one must be
	// able to do what it is there for.
	if r.survive == (capacity.Survive{}) {
		r.survive = capacity.Survive{Zone: r.zone, Region: r.remote}
	}
	r.commit = spec.commitWait(c, r.remote)
	return r, nil
}

// commitWait is what a synchronous commit waits for the other region, seconds.
func (s *Replicated) commitWait(c *Task, remote bool) float64 {
	if s.Replication != "sync" || !remote {
		return 0
	}
	wait, _ := s.commitTrip(c) // check refuses what is not known
	return wait
}

// The roles of servers: in the first region, without and with a standby, and where
// the failover candidate is.
var (
	onlyPrimary = []string{"primary"}
	withStandby = []string{"primary", "standby"}
	onFailover  = []string{"failover"}
)

// servers are the roles of the servers that each shard has in a region of the task.
func (r *replication) servers(region int) []string {
	switch {
	case region == 0 && r.zone:
		return withStandby
	case region == 0:
		return onlyPrimary
	case region == 1 && r.remote:
		return onFailover
	}
	return nil
}

// one rejects a zone that is the only one, where a standby must outlive its loss.
func (r *replication) one() *Rejection {
	if r.zone && r.c.Regions[0].Zones < 2 && r.c.Policy.Zone && !r.remote {
		return r.c.Policy.checkZones(r.c.Regions[0])
	}
	return nil
}

// serverRole is the servers of a partition, one for each shard: a candidate takes a lost
// primary's place, so that none is missing.
func (r *replication) serverRole(needs []capacity.Need) capacity.Role {
	return attended(r.survive, needs)
}

// streams is how often the journal goes from the primary to the nodes of a
// region, of which so many are read replicas; a standby beside it is not counted.
func (r *replication) streams(region, replicas int) float64 {
	k := float64(replicas)
	if region == 1 && r.remote {
		k++
	}
	if region > 0 && r.spec.Cascade.V && k > 1 {
		return 1
	}
	return k
}

// crossings are the copies of a month's journal that leave the primary's zone, where
// each shard of a partition has so many read replicas in a region.
func (r *replication) crossings(journal float64, parts []partition, replicas func(part, region int) int) (out flows) {
	if journal <= 0 {
		return nil
	}
	const what = "database replication"
	regions := r.c.Regions
	for i := range regions {
		to := &regions[i]
		across, within := 0.0, 0.0
		for k := range parts {
			share, copies := parts[k].share, replicas(k, i)
			nodes := float64(copies)
			if i == 0 && r.zone || i == 1 && r.remote {
				nodes++
			}
			sent := r.streams(i, copies)
			if i == 0 {
				within += float64(share * nodes)
				continue
			}
			across += float64(share * sent)
			within += float64(share * (nodes - sent))
		}
		out.add(regions[0].Index, to.Index, unit.Bytes(journal).Replicated(across), what)
		if across > 0 {
			out[len(out)-1].Copies = across
		}
		if to.Zones > 1 {
			out.add(to.Index, to.Index, unit.Bytes(journal).Replicated(within), what)
		}
	}
	return out
}

// describe says where the servers are.
func (r *replication) describe() remark.Remark {
	candidate := "" // region in which the failover candidate is
	if r.remote {
		candidate = r.c.Regions[1].Name
	}
	return remark.New("database.servers", "primary", r.c.Regions[0].Name, "standby", r.zone,
		"candidate", candidate, "replication", r.spec.Replication)
}

// warnings say what a loss costs: of so many writes/s, and of a region or a zone.
func (r *replication) warnings(writes float64) (out []remark.Remark) {
	policy := &r.c.Policy
	if policy.Region && !r.remote {
		out = append(out, remark.New("database.one_region"))
	}
	if r.remote && !r.zone && (policy.Node || policy.Zone) {
		out = append(out, remark.New("database.moves", "to", r.c.Regions[1].Name))
	}
	lag := float64(r.spec.Lag.V)
	switch {
	case !r.zone && !r.remote:
	case r.spec.Replication == "async":
		out = append(out, remark.New("database.async", "lag", lag, "writes", writes*lag))
	case r.spec.OnLoss == "block":
		out = append(out, remark.New("database.blocks"))
	default:
		out = append(out, remark.New("database.degrades"))
	}
	return out
}

// readsIn tells whether the reads of a region's users are answered there, as
// readers.answered spreads them. All others go to the primary's region, the first.
func (s *Replicated) readsIn(c *Task, region int) bool {
	k := slices.IndexFunc(c.Regions, func(r Location) bool { return r.Index == region })
	if k <= 0 || s.by() != byAll {
		return k == 0
	}
	_, remote, err := s.candidates(c)
	return s.Replicas.V > 0 || s.closer(c, region) || err == nil && remote && k == 1
}
