package plan

import (
	"math"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// candidate is a node type with its price in every region.
type candidate struct {
	t     *catalog.NodeType
	price []float64 // a month of one node, by region of the profile
	least float64   // over the regions
}

// candidates are the types that a component may use, priced on demand in all
// its regions, cheapest first.
func (s *sizer) candidates(c *sizing.Case) []candidate {
	all := s.priced(c.Regions)
	key := regionKey(c.Regions)
	if list, ok := s.usual[key]; ok && c.Component.Allow == nil {
		return list
	}
	out := make([]candidate, 0, len(all))
	for _, k := range all {
		if s.allowed(k.t, c.Component.Allow) {
			out = append(out, k)
		}
	}
	if c.Component.Allow == nil {
		s.usual[key] = out
	}
	return out
}

// regionKey names a set of regions.
func regionKey(rs []sizing.Region) string {
	key := ""
	for _, r := range rs {
		key += r.Name + " "
	}
	return key
}

// priced lists the types priced on demand in a set of regions.
func (s *sizer) priced(rs []sizing.Region) []candidate {
	key := regionKey(rs)
	if list, ok := s.lists[key]; ok {
		return list
	}
	var list []candidate
	for i := range s.types {
		k := candidate{t: &s.types[i], price: make([]float64, len(s.pr.regions)), least: math.Inf(1)}
		ok := true
		for _, r := range rs {
			p, found := s.price(r.Index, k.t.Name)
			if !found {
				ok = false
				break
			}
			k.price[r.Index] = p
			k.least = math.Min(k.least, p)
		}
		if ok {
			list = append(list, k)
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		switch {
		case a.least < b.least:
			return -1
		case a.least > b.least:
			return 1
		}
		return strings.Compare(a.t.Name, b.t.Name)
	})
	s.lists[key] = list
	return list
}

// price is a month of one node of a type in a region.
func (s *sizer) price(region int, name string) (float64, bool) {
	p, ok := s.pr.regions[region].OnDemand(name)
	if !ok {
		return 0, false
	}
	return p.Rate.Float64() * s.hours, true
}

// allowed tells whether a type may be chosen (docs/model.md section 2). What
// counts as a previous generation is known as of 2025: older tables are not
// filtered by it.
func (s *sizer) allowed(t *catalog.NodeType, a *workload.Allow) bool {
	if t.VCPU == 0 || t.Memory == 0 {
		return false
	}
	var none workload.Allow
	if a == nil {
		none.Default()
		a = &none
	}
	switch {
	case t.Accelerated && !a.Accelerated.V, t.BareMetal && !a.Metal.V, t.Flex && !a.Flex.V, t.Burstable && !a.Burstable.V:
		return false
	case s.generations && !t.CurrentGeneration && !a.PreviousGeneration.V:
		return false
	case a.Arch != "" && a.Arch != t.Arch, t.VCPU < int(a.MinVCPU.V):
		return false
	case a.MinCores.V > 0 && (!t.PhysicalCores.OK || t.PhysicalCores.V < float64(a.MinCores.V)):
		return false
	case len(a.Types) > 0 && !slices.Contains(a.Types, t.Name), len(a.Families) > 0 && !slices.Contains(a.Families, t.Family):
		return false
	}
	return true
}
