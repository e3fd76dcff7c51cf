package plan

import (
	"math"
	"slices"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// quorum: whatever is lost, a majority of all members is left.
func (a *auditor) quorum(c *Choice) int {
	spec := c.Component.Spec.(*sizing.Quorum)
	for _, p := range c.Layout.Pools {
		zones := int(a.p.Regions[p.Region].Zones.V)
		broken := func(n int) []string {
			var out []string
			if n < 2*int(spec.Tolerate.V)+1 {
				out = append(out, "quorum, structure")
			}
			majority := n/2 + 1
			if survives(c.Component, a.p, "node") && n-1 < majority {
				out = append(out, "quorum, "+nodeLoss)
			}
			if survives(c.Component, a.p, "zone") && n-(n+zones-1)/zones < majority {
				out = append(out, "quorum, "+zoneLoss)
			}
			return out
		}
		require.Empty(a.t, broken(p.Max), "%s: %d members", a.name, p.Max)
		require.Equal(a.t, 1, p.Max%2)
		require.Contains(a.t, broken(p.Max-2), a.binding(c, p), "%s: an odd number fewer", a.name)
		speed := a.vcpus(c.Layout.Type, catalog.ClassGeneric, spec.Reference.V).RefVCPUs
		for h := range workload.Hours {
			need := func(l map[string][]calls) float64 {
				x := l[c.Component.Name][p.Region]
				return float64(spec.CPU.V) + (x.reads+x.writes)*float64(spec.CPUCall.V)
			}
			require.LessOrEqual(a.t, need(a.load.normal[h]), speed*ownTarget*(1+1e-9), a.name)
			for i := range a.p.Regions {
				if i != p.Region && survives(c.Component, a.p, "region") {
					require.LessOrEqual(a.t, need(a.load.lost[i][h]), speed*lossTarget*(1+1e-9), a.name)
				}
			}
		}
		require.LessOrEqual(a.t, float64(spec.Memory.V), float64(c.Layout.Type.Memory)*memoryTarget, a.name)
	}
	return len(c.Layout.Pools)
}

// service audits what has no nodes: it is in every zone that must not be
// missed, and what must outlive a region is in two.
func (a *auditor) service(c *Choice) {
	quantity := func(region int, service, item string) float64 { return quantityOf(c, region, service, item) }
	hours := float64(a.p.HoursPerMonth.V)
	for i := range a.p.Regions {
		zones := float64(a.p.Regions[i].Zones.V)
		switch c.Component.Kind {
		case "balancer":
			spec := c.Component.Spec.(*sizing.Balancer)
			n := float64(spec.Count.V)
			kind := map[string]string{"alb": "ALB", "nlb": "NLB", "classic": "classic LB"}[spec.Type]
			require.InDelta(a.t, n*hours, quantity(i, "elb", kind+" hour"), 1e-6, a.name)
			legs := zones
			if spec.Type == "alb" {
				legs = math.Max(2, zones) // an ALB takes two zones at least
			}
			if spec.Public != nil && !spec.Public.V || !c.Component.Entry && !a.behindEdge(c.Component.Name) {
				legs = 0
			}
			require.InDelta(a.t, n*legs*hours, quantity(i, "vpc", "public IPv4 address hour"), 1e-6,
				"%s: an address in each zone", a.name)
		case "nat":
			want := 1.0
			if survives(c.Component, a.p, "zone") {
				want = zones // a lost zone takes no other's way out
			}
			require.InDelta(a.t, want*hours, quantity(i, "nat-gateway", "hour"), 1e-6, a.name)
		case "boot":
			nodes := 0.0
			for _, o := range a.r.Choices {
				if o.Layout.Type == nil {
					continue
				}
				for _, p := range o.Layout.Pools {
					if p.Region == i && !onItsOwn(a.p, i, o.Layout.TypeOf(&p).Name) {
						nodes += p.Mean
					}
				}
			}
			if a.p.Destroyed { // with the system, and made again with it
				nodes *= a.p.Scheduled
			}
			require.InDelta(a.t, nodes*20, quantity(i, "ebs", "gp3 storage"), 1e-6, "%s: a volume for each node",
				a.name)
		}
	}
	if spec, ok := c.Component.Spec.(*sizing.Objects); ok && len(spec.Backup.Of) > 0 && a.p.Data.Dataset.V > 0 &&
		survives(c.Component, a.p, "region") {
		local := slices.ContainsFunc(spec.Backup.Of, func(name string) bool {
			return choiceOf(a.t, a.r, name).Layout.Storage.Volume == sizing.VolumeLocal
		})
		kept := func(region int) float64 { return quantity(region, "ebs", "snapshot standard storage") }
		if local { // of which there are no snapshots: the copies are among the objects
			require.Zero(a.t, kept(0), "%s: no snapshots of local disks", a.name)
			return
		}
		require.Positive(a.t, kept(0), a.name)
		require.InDelta(a.t, kept(0), kept(1), 1e-6, "%s: backups outlive their region", a.name)
	}
}

// behindEdge tells whether calls come to a component from outside of all regions.
func (a *auditor) behindEdge(name string) bool {
	return slices.ContainsFunc(a.p.Components, func(e strict.Entry[*workload.Component]) bool {
		_, calls := e.V.Calls.Get(name)
		return calls && e.V.Kind == "cdn"
	})
}

// onItsOwn tells whether a machine is one of a site, which boots from a disk of its own.
func onItsOwn(p *workload.Profile, region int, machine string) bool {
	return slices.ContainsFunc(p.Components, func(e strict.Entry[*workload.Component]) bool {
		spec, ok := e.V.Spec.(*sizing.Site)
		if !ok || e.V.Regions[0] != p.Regions[region].Name {
			return false
		}
		m, ok := spec.Machines.Get(machine)
		return ok && m.As == ""
	})
}
