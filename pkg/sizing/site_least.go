package sizing

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
)

// This file is the least machine that would carry what stands at a site: what one has to
// be like whose figures are not known, or that is yet to be bought.

// resident is a component that stands on hosts of one machine at a site.
type resident struct {
	*Layout
	name   string
	region int
	hosts  int
}

// residents are the components that stand on hosts here.
func (s *site) residents() (out []resident) {
	for _, e := range s.c.Profile.Components {
		l := s.c.Sized[e.Key]
		if l == nil || l.Type == nil || !l.Type.Own || e.V.Colocate != "" {
			continue
		}
		hosts := 0
		for i := range l.Pools {
			if p := &l.Pools[i]; p.Region == s.region && l.TypeOf(p) == l.Type {
				hosts += p.Max
			}
		}
		if hosts > 0 {
			l.Detail()
			out = append(out, resident{l, e.Key, s.region, hosts})
		}
	}
	return out
}

// leastHosts are, for each component that stands on hosts here, the least that as many
// hosts would have to be, and then what one machine would be that carried all of them.
func (s *site) leastHosts() (out []remark.Remark) {
	list := s.residents()
	for i := range list {
		out = append(out, list[i].least())
	}
	if len(list) > 1 {
		out = append(out, leastTogether(list))
	}
	return out
}

// cores are the resources that say how many vCPUs a host has to have: for the load, and
// whatever the load.
func cores() []capacity.Resource { return []capacity.Resource{capacity.CPU, {Name: "vCPU"}} }

// asked is the part of a host that is asked of it where most is, of the fullest of some
// resources.
func (t *resident) asked(of ...capacity.Resource) float64 {
	return t.fullest(of, func(x *RegionLimit) float64 { return x.Have })
}

// askedOfAll is the same of all hosts of the component together. Where a node is lost, its
// load is held against those that are left; here it is part of what all of them have.
func (t *resident) askedOfAll(of ...capacity.Resource) float64 {
	return float64(t.hosts) * t.fullest(of, func(x *RegionLimit) float64 {
		have := x.Have
		if x.State == capacity.NodeLost || x.State == capacity.ZoneLost {
			for i := range t.Limits {
				if o := &t.Limits[i]; o.Of == x.Of && o.Region == x.Region && o.Role == x.Role {
					have = math.Max(have, o.Have)
				}
			}
		}
		return have
	})
}

// fullest is the greatest part that is asked of some resources, of what there is of them.
func (t *resident) fullest(of []capacity.Resource, have func(*RegionLimit) float64) (most float64) {
	for i := range t.Limits {
		x := &t.Limits[i]
		for _, r := range of {
			if x.Region != t.region || x.Of.Name != r.Name {
				continue
			}
			if part := x.Need / (have(x) * x.Target); !math.IsNaN(part) && !math.IsInf(part, 0) {
				most = math.Max(most, part)
			}
		}
	}
	return most
}

// wholeCores is a number of vCPUs that there can be, without what only sums of floats leave.
func wholeCores(n float64) float64 { return math.Ceil(n * (1 - 1e-9)) }

// least is what each host has to be.
func (t *resident) least() remark.Remark {
	h := t.Type
	r := remark.New("site.least", "component", t.name, "nodes", t.hosts,
		"vcpu", wholeCores(float64(t.asked(cores()...)*float64(h.VCPU))), "network",
		megabits(float64(t.asked(capacity.NetworkIn, capacity.NetworkOut)*float64(h.NetworkBaseline))))
	if memory := t.asked(capacity.Memory); memory > 0 { // none of a store, which takes all that there is for pages
		r = r.With("memory", float64(memory*float64(h.Memory)))
	}
	if t.Storage.Volume == VolumeLocal {
		r = r.With("disk", float64(t.asked(capacity.DiskBytes)*float64(h.Local.Bytes)))
		if reads := t.asked(capacity.DiskIOPS); reads > 0 && h.Local.ReadIOPS != (catalog.Known{}) {
			r = r.With("iops", float64(reads*h.Local.ReadIOPS.V))
		}
	}
	return r
}

// usable are the bytes of a host's disks that can be filled, RAID taken off.
func (t *resident) usable() float64 {
	for i := range t.Disks {
		if d := &t.Disks[i]; d.Region == t.region {
			return d.Usable
		}
	}
	return 0
}

// leastTogether is one machine that carried all that stands here: the sums of what each
// component asks of its hosts in its worst state, and at least the vCPUs that one of them wants
// whatever its load. A store has no least memory, as less of it means more reads from disk:
// it counts with what its hosts have, on which its reads were reckoned.
func leastTogether(list []resident) remark.Remark {
	var vcpu, floor, memory, stated, disk, network float64
	var stores []string
	for i := range list {
		t := &list[i]
		h := t.Type
		vcpu += float64(t.askedOfAll(capacity.CPU) * float64(h.VCPU))
		floor = math.Max(floor, float64(t.asked(cores()[1])*float64(h.VCPU)))
		network += float64(t.askedOfAll(capacity.NetworkIn, capacity.NetworkOut) * float64(h.NetworkBaseline))
		if part := t.askedOfAll(capacity.Memory); part > 0 {
			memory += float64(part * float64(h.Memory))
		} else {
			stores = append(stores, t.name)
			stated += float64(float64(t.hosts) * float64(h.Memory))
		}
		if t.Storage.Volume == VolumeLocal {
			disk += float64(t.askedOfAll(capacity.DiskBytes) * t.usable())
		}
	}
	r := remark.New("site.least_together", "vcpu", wholeCores(math.Max(vcpu, floor)), "memory", memory+stated,
		"network", megabits(network))
	if len(stores) > 0 {
		r = r.With("stores", stores, "stated", stated)
	}
	if disk > 0 {
		r = r.With("disk", disk)
	}
	return r
}
