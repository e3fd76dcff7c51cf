package sizing

import (
	"math"
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// This file is what -flex types may do (docs/model.md section 2): all of their CPU
// in the normal state, but above a baseline in few hours only; the baseline while
// something is lost.

// cpuBaseline is what the CPU of a -flex type sustains.
var cpuBaseline = capacity.Resource{Name: "cpu baseline", Unit: "vCPU"}

// baseline is what the CPU of a -flex type sustains, in seconds of the reference's
// per second: it is all that counts while something is lost.
func (n *fleetNode) baseline() float64 { return n.cpu.carries(1, n.cpu.lost) }

// burstWeek is a region's week as a pool of -flex nodes sees it, hour by hour.
type burstWeek struct {
	hours [workload.Hours]capacity.Hour
	// calm is the CPU that must fit the baseline: the greatest of the hour and
	// those that the pool looks ahead, without the hours of burst.
	calm [workload.Hours]float64
	top  float64 // the greatest of them
}

// burstHours is in how many hours of a window a -flex type may be above its
// baseline: one, as the load is known by the hour.
var burstHours = int(math.Floor(catalog.FlexWindow * catalog.FlexBurst))

// weeks are the burst weeks of the regions.
func (f *fleet) weeks() []burstWeek {
	if f.bursty != nil {
		return f.bursty
	}
	f.bursty = make([]burstWeek, len(f.regions))
	for i := range f.regions {
		w := &f.bursty[i]
		raw := hoursOf(f.c.Flow, f.c.Load, f.regions[i].Index)
		calm := f.calm(raw)
		w.hours, w.top = *ahead(raw, f.lag), slices.Max(calm[:])
		for h := range w.calm {
			for k := 0; k <= f.lag && k < workload.Hours; k++ {
				w.calm[h] = max(w.calm[h], calm[(h+k)%workload.Hours])
			}
			if !f.follows {
				w.hours[h], w.calm[h] = peakOf(f.regions[i]), w.top
			}
		}
	}
	return f.bursty
}

// calm is the CPU needed in each hour of the week, and 0 in hours of burst. An
// hour is one of burst where fewer than burstHours other hours within a window of
// it need as much. So no window has more than burstHours of them: of any more, the
// one that needs least would have too many rivals.
func (f *fleet) calm(hours *[workload.Hours]capacity.Hour) *[workload.Hours]float64 {
	var own, calm [workload.Hours]float64
	for h := range hours {
		own[h] = f.cpu.Own(hours[h])
	}
	for h := range own {
		rivals := 0
		for k := 1; k < catalog.FlexWindow; k++ {
			for _, o := range [...]int{h + k, h - k + workload.Hours} {
				if own[o%workload.Hours] >= own[h] {
					rivals++
				}
			}
		}
		if rivals >= burstHours {
			calm[h] = own[h]
		}
	}
	return &calm
}

// burst sizes a pool of -flex nodes: in each hour the least number that passes
// all limits at full CPU, and at which the hours above the baseline are few
// enough for full CPU to count (MODEL section 2). While something is lost only
// the baseline counts. It never needs more nodes than counting the baseline
// always would: with those the load stays below it in every hour.
func (f *fleet) burst(n *fleetNode, role capacity.Role, region int) (Pool, *Rejection) {
	nodes, rej := f.burstNodes(n, role, region)
	if rej != nil {
		return Pool{}, rej
	}
	slices.Sort(nodes)
	var counts []capacity.NodeHours
	for _, k := range nodes {
		if len(counts) == 0 || counts[len(counts)-1].Nodes != k {
			counts = append(counts, capacity.NodeHours{Nodes: k})
		}
		counts[len(counts)-1].Hours++
	}
	return pooled(f.regions[region].Index, counts), nil
}

// burstNodes are the nodes of such a pool in each hour of the week.
func (f *fleet) burstNodes(n *fleetNode, role capacity.Role, region int) ([]int, *Rejection) {
	w := &f.weeks()[region]
	role.Week = w.hours[:]
	nodes, over := role.Hourly(make([]int, 0, workload.Hours))
	if over != nil {
		return nil, tooMany(over)
	}
	for h := range nodes {
		nodes[h] = max(nodes[h], capacity.Ceil(w.calm[h]/n.baseline()))
		if nodes[h] > capacity.MaxNodes {
			return nil, tooMany(&capacity.Bound{Of: cpuBaseline, Need: w.calm[h], Allowed: n.baseline()})
		}
	}
	return nodes, nil
}

// burstLimit is the limit that few hours are above the baseline.
func (f *fleet) burstLimit(n *fleetNode, l *Layout, region int) RegionLimit {
	r, top, have := &f.regions[region], f.weeks()[region].top, l.Pools[region].Max
	all := n.cpu.carries(1, n.cpu.vcpus)
	x := capacity.Limit{Of: cpuBaseline, State: capacity.Own, Need: top, Have: float64(have) * all,
		Target: n.baseline() / all, Nodes: capacity.Ceil(top / n.baseline()),
		Why: remark.New("stateless.flex_burst", "hours", burstHours, "of", int(catalog.FlexWindow))}
	other := slices.ContainsFunc(l.Limits, func(o RegionLimit) bool { return o.Region == r.Index && o.Binding })
	x.Binding = !other && x.Nodes == have
	return RegionLimit{Limit: x, Region: r.Index}
}

// flexStep says what counts of a -flex type's CPU.
func (f *fleet) flexStep(n *fleetNode) remark.Step {
	cpu := remark.Notate("{cpu} vCPU of {reference}, {sustained} sustained", "cpu",
		unit.VCPUs(n.cpu.carries(1, n.cpu.vcpus)), "reference", f.ref.Name, "sustained", unit.VCPUs(n.baseline()))
	return remark.Derive("CPU of a -flex type", "MODEL section 2", cpu, "").Noting("step.flex",
		"usable", n.cpu.speed.UsableCPU, "hours", burstHours, "of", int(catalog.FlexWindow))
}
