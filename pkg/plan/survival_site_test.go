package plan

import (
	"math"
	"slices"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
)

// site: the hosts that there are hold what stands on them, those that are left cost what
// they cost, and the uplink carries what users are sent in the worst hour, also with the
// users of a lost region.
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
		if float64(m.V.Hosts.V) <= mean {
			due = 0 // none is idle
		}
		require.InDelta(a.t, float64(m.V.Hosts.V)*due/100, idle[m.Key], 1e-6, a.name)
	}
	a.uplink(c, spec, region)
}

// uplink carries what users are sent in the worst hour, also with the users of a lost region,
// and what goes to other regions.
func (a *auditor) uplink(c *Choice, spec *sizing.Site, region int) {
	require.Empty(a.t, a.p.Classes, "nobody here adds up the answers of several classes")
	k := &a.p.Peak
	sent := func(l map[string][]calls) (bits float64) {
		for _, e := range a.p.Components {
			if !e.V.Entry {
				continue
			}
			x := l[e.Key][region]
			all := x.reads + x.writes
			pages := all / float64(k.RequestsPerUser.V) / float64(k.Session.V)
			bits += (all*float64(k.Response.V) + pages*float64(k.FirstPage.V)) * 8 / 1e6
		}
		return bits
	}
	worst := 0.0
	for h, l := range a.load.normal {
		worst = max(worst, sent(l))
		for lost := range a.p.Regions {
			if lost != region && survives(c.Component, a.p, "region") {
				worst = max(worst, sent(a.load.lost[lost][h]))
			}
		}
	}
	if spec.Uplink == nil {
		require.Empty(a.t, c.Layout.Limits)
		return
	}
	require.Len(a.t, c.Layout.Limits, 1)
	between := 0.0 // regions: calls and copies
	for _, r := range c.Layout.Structure {
		if r.Key == "site.calls" || r.Key == "site.copies" {
			between += r.Number("rate")
		}
	}
	need := c.Layout.Limits[0].Need
	require.GreaterOrEqual(a.t, need*(1+1e-6), worst, a.name)
	require.LessOrEqual(a.t, need*(1-1e-6), worst+between, a.name)
	if between == 0 {
		require.InDelta(a.t, worst, need, 1e-6*worst, a.name)
	}
	require.InDelta(a.t, float64(spec.Uplink.V)*8/1e6, c.Layout.Limits[0].Have, 1e-6)
}
