package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
)

// This file is the least machine that would carry what stands at a site: what one has to
// be like whose figures are not known, or that is yet to be bought.

// leastHosts are, for each component that stands on hosts here, the least that as many
// hosts would have to be: of each resource the part that is asked of it where most is.
func (s *site) leastHosts() (out []remark.Remark) {
	for _, e := range s.c.Profile.Components {
		l := s.c.Sized[e.Key]
		if l == nil || l.Type == nil || !l.Type.Own || e.V.Colocate != "" {
			continue
		}
		nodes := 0
		for i := range l.Pools {
			if p := &l.Pools[i]; p.Region == s.region && l.TypeOf(p) == l.Type {
				nodes += p.Max
			}
		}
		if nodes == 0 {
			continue
		}
		l.Detail()
		out = append(out, s.leastHost(e.Key, l, nodes))
	}
	return out
}

func (s *site) leastHost(component string, l *Layout, nodes int) remark.Remark {
	asked := func(of ...capacity.Resource) (most float64) {
		for i := range l.Limits {
			x := &l.Limits[i]
			for _, r := range of {
				if part := x.Need / (x.Have * x.Target); x.Region == s.region && x.Of.Name == r.Name &&
					!math.IsNaN(part) && !math.IsInf(part, 0) {
					most = math.Max(most, part)
				}
			}
		}
		return most
	}
	t := l.Type
	vcpu := asked(capacity.CPU, capacity.Resource{Name: "vCPU"})
	r := remark.New("site.least", "component", component, "nodes", nodes,
		"vcpu", math.Ceil(float64(vcpu*float64(t.VCPU))*(1-1e-9)),
		"network", megabits(float64(asked(capacity.NetworkIn, capacity.NetworkOut)*float64(t.NetworkBaseline))))
	if memory := asked(capacity.Memory); memory > 0 { // none of a store, which takes all that there is for pages
		r = r.With("memory", float64(memory*float64(t.Memory)))
	}
	if l.Storage.Volume == VolumeLocal {
		r = r.With("disk", float64(asked(capacity.DiskBytes)*float64(t.Local.Bytes)))
		if reads := asked(capacity.DiskIOPS); reads > 0 && t.Local.ReadIOPS != (catalog.Known{}) {
			r = r.With("iops", float64(reads*t.Local.ReadIOPS.V))
		}
	}
	return r
}
