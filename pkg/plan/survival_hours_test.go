package plan

import (
	"slices"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// hours audits a pool that follows the load: in its k-th busiest hour it has
// the nodes that the k-th hardest hour needs, the next hour's load included, as
// nodes take up to an hour to come.
func (a *auditor) hours(x *pool, p sizing.Pool) {
	have := a.counts(x, p)
	if have == nil {
		return
	}
	need := a.needed(x, p)
	for i := range need {
		require.GreaterOrEqual(a.t, have[i], need[i], "%s, %s: hour %d of the week, in the order of load", a.name,
			x.c.Component.Name, i)
	}
}

// counts are the nodes of a pool in all hours of a week, ascending; nil where it
// does not follow the load.
func (a *auditor) counts(x *pool, p sizing.Pool) []int {
	var have []int
	for _, h := range p.ByHour {
		for range h.Hours {
			have = append(have, h.Nodes)
		}
	}
	if have == nil {
		require.Equal(a.t, p.Min, p.Max, "%s, %s", a.name, x.c.Component.Name)
		return nil
	}
	require.Len(a.t, have, workload.Hours)
	slices.Sort(have)
	return have
}

// needed are the least nodes that do in every hour of a week, ascending.
func (a *auditor) needed(x *pool, p sizing.Pool) []int {
	var need []int
	for h := range workload.Hours {
		both := []int{h, (h + 1) % workload.Hours}
		lo, hi := 0, p.Max
		for hi-lo > 1 {
			if mid := (lo + hi) / 2; len(a.broken(x, mid, both, 1)) > 0 {
				lo = mid
			} else {
				hi = mid
			}
		}
		need = append(need, hi)
	}
	slices.Sort(need)
	return need
}
