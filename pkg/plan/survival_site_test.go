package plan

import (
	"math"
	"slices"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// site: the hosts that there are hold what stands on them, those that are left cost what
// they cost, and the uplink carries what leaves.
func (a *auditor) site(c *Choice) {
	spec := c.Component.Spec.(*sizing.Site)
	region := slices.Index(a.p.RegionNames(), c.Component.Regions[0])
	idle := map[string]float64{}
	for _, s := range c.Layout.Stated {
		require.Equal(a.t, region, s.Region)
		idle[s.Host] += s.Number * s.Price.Float64()
	}
	for _, m := range spec.Machines {
		if m.V.Hosts == nil {
			continue
		}
		most, mean := 0, 0.0
		for _, o := range a.r.Choices {
			for _, p := range o.Layout.Pools {
				if o.Component.Colocate == "" && p.Region == region && o.Layout.TypeOf(&p).Name == m.Key {
					most, mean = most+p.Max, mean+p.Mean
				}
			}
		}
		require.LessOrEqual(a.t, float64(most), float64(m.V.Hosts.V), a.name)
		due := math.Round(m.V.Price.V.Float64() * 100)
		if m.V.Life != nil {
			life := int(m.V.Life.V)
			cents, month := due, a.r.Demand.Month%life
			due = math.Round(cents*float64(month+1)/float64(life)) - math.Round(cents*float64(month)/float64(life))
		}
		if float64(m.V.Hosts.V) <= mean || a.p.Copy {
			due = 0 // none is idle, or production pays for it
		}
		require.InDelta(a.t, float64(m.V.Hosts.V)*due/100, idle[m.Key], 1e-6, a.name)
	}
	a.uplink(c, spec, region)
}

// uplink carries what users are sent in the worst hour and what is written to a primary
// elsewhere, grown to the lead month: within policy.own, and with the users of any lost
// region within policy.degraded.
func (a *auditor) uplink(c *Choice, spec *sizing.Site, region int) {
	require.Empty(a.t, a.p.Classes, "nobody here adds up the answers of several classes")
	if spec.Uplink == nil {
		require.Empty(a.t, c.Layout.Limits)
		return
	}
	normal, withLost := 0.0, 0.0
	survived := len(a.p.Regions) > 1 && survives(c.Component, a.p, "region")
	for h, l := range a.load.normal {
		normal = max(normal, a.sent(l, region, 0))
		for lost := range a.p.Regions {
			if lost != region && survived {
				first := 0
				if lost == 0 {
					first = 1
				}
				withLost = max(withLost, a.sent(a.load.lost[lost][h], region, first))
			}
		}
	}
	targets, worst := []float64{float64(a.p.Policy.Own.V)}, []float64{normal}
	if survived {
		targets, worst = append(targets, float64(a.p.Policy.Degraded.V)), append(worst, withLost)
	}
	require.Len(a.t, c.Layout.Limits, len(worst))
	more := 0.0 // that nobody here counts: answers to other regions, and copies
	for _, r := range c.Layout.Structure {
		if r.Key == "site.calls" || r.Key == "site.copies" {
			more += r.Number("rate")
			if r.Has("lost") {
				more += r.Number("lost")
			}
		}
	}
	for i, need := range worst {
		l := &c.Layout.Limits[i]
		need *= a.most
		require.GreaterOrEqual(a.t, l.Need*(1+1e-6), need, a.name)
		require.LessOrEqual(a.t, l.Need*(1-1e-6), need+more*a.most, a.name)
		if more == 0 {
			require.InDelta(a.t, need, l.Need, 1e-6*need, a.name)
		}
		require.InDelta(a.t, float64(spec.Uplink.V)*8/1e6, l.Have, 1e-6)
		require.InDelta(a.t, targets[i], l.Target, 1e-12)
		require.LessOrEqual(a.t, need, l.Have*targets[i]*(1+1e-6), "%s: the uplink is too full", a.name)
	}
}

// sent is what a region sends in an hour, Mbit/s: answers and first pages to users, and
// writes to what is written in the first region only.
func (a *auditor) sent(l map[string][]calls, region, first int) (bits float64) {
	k := &a.p.Peak
	for _, e := range a.p.Components {
		x, shared := l[e.Key][region], scopeOf(e.V) == workload.ScopeShare
		if e.V.Entry {
			all := x.reads + x.writes
			pages := all / float64(k.RequestsPerUser.V) / float64(k.Session.V)
			bits += (all*float64(k.Response.V) + pages*float64(k.FirstPage.V)) * 8 / 1e6
		}
		for _, to := range e.V.Calls {
			called, _ := a.p.Component(to.Key)
			if region == first || !shared || scopeOf(called) != workload.ScopePrimary || e.V.Colocate != "" ||
				len(called.Regions) > 0 {
				continue
			}
			request, _ := sizesOf(a.p, &to.V)
			bits += x.writes * float64(to.V.PerWrite.V) * request * 8 / 1e6
		}
	}
	return bits
}
