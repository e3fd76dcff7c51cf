package plan

import (
	"cmp"
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
func (s *search) candidates(c *sizing.Task) []candidate {
	key := choiceKey{regionKey(c.Regions), allowKeyOf(c.Component.Allow)}
	list, ok := s.allowedIn[key]
	if !ok {
		all := s.priced(c.Regions)
		list = make([]candidate, 0, len(all))
		for _, k := range all {
			if s.allowed(k.t, c.Component.Allow) {
				list = append(list, k)
			}
		}
		s.allowedIn[key] = list
	}
	return list
}

// choiceKey names all that candidates depend on beside the prices: the points of a sweep
// choose from the same lists.
type choiceKey struct {
	regions string
	allowKey
}

// allowKey is an allow: without the places in files. The zero value is of none.
type allowKey struct {
	given                                        bool
	types, families, arch                        string
	burstable, flex, metal, accelerated, earlier bool
	minVCPU, minCores                            float64
}

func allowKeyOf(a *workload.Allow) allowKey {
	if a == nil {
		return allowKey{}
	}
	return allowKey{given: true, types: strings.Join(a.Types, " "), families: strings.Join(a.Families, " "),
		arch: a.Arch, burstable: a.Burstable.V, flex: a.Flex.V, metal: a.Metal.V, accelerated: a.Accelerated.V,
		earlier: a.PreviousGeneration.V, minVCPU: float64(a.MinVCPU.V), minCores: float64(a.MinCores.V)}
}

// regionKey names a set of regions.
func regionKey(rs []sizing.Location) string {
	key := ""
	for _, r := range rs {
		key += r.Name + " "
	}
	return key
}

// priced lists the machines that have a price in a set of regions.
func (s *search) priced(rs []sizing.Location) []candidate {
	key := regionKey(rs)
	if list, ok := s.lists[key]; ok {
		return list
	}
	regions := len(s.tables.Regions)
	unsorted, prices := make([]candidate, 0, s.market.Len()), make([]float64, s.market.Len()*regions)
	for m := range s.market.All() {
		k := candidate{t: m.NodeType, price: prices[:regions:regions], least: math.Inf(1)}
		prices = prices[regions:]
		ok := true
		for _, r := range rs {
			p, found := s.tables.nodeMonth(r.Index, m)
			if !found {
				ok = false
				break
			}
			k.price[r.Index] = p
			k.least = math.Min(k.least, p)
		}
		if ok {
			unsorted = append(unsorted, k)
		}
	}
	order := make([]int, len(unsorted)) // which takes less moving than candidates
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &unsorted[i], &unsorted[j]
		return cmp.Or(cmp.Compare(a.least, b.least), strings.Compare(a.t.Name, b.t.Name))
	})
	list := make([]candidate, len(order))
	for i, k := range order {
		list[i] = unsorted[k]
	}
	s.lists[key] = list
	return list
}
