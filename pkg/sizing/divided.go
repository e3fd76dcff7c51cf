package sizing

import (
	"maps"

	"headroom/pkg/workload"
)

// This file is into how many parts data is divided already. Fewer of them, or one whole
// again, are a migration of all data, which no number of nodes that it saves pays for: what
// is divided stays so, and may be divided further.

// Divided is how the data of a component that runs is divided, by region.
type Divided map[string]Division

// DividedIn are the parts of a layout by the regions of a demand; none of what is not
// divided. The layout is described by then (Layout.Detail).
func (l *Layout) DividedIn(regions []workload.RegionDemand) Divided {
	if len(l.Divided) == 0 {
		return nil
	}
	out := make(Divided, len(l.Divided))
	for _, d := range l.Divided {
		out[regions[d.Region].Name] = d
	}
	return out
}

// Equal tells whether two are divided alike.
func (d Divided) Equal(o Divided) bool {
	return maps.EqualFunc(d, o, func(a, b Division) bool {
		return a.Region == b.Region && a.Partitions == b.Partitions && a.Shards == b.Shards && a.Copies == b.Copies &&
			a.Clusters == b.Clusters && maps.Equal(a.Of, b.Of)
	})
}

// part is into how many parts one of several is divided already, or the only one, of which
// all parts are; 0 where there is none such.
func (d *Division) part(name string, all int, only bool) int {
	switch {
	case d.Of != nil:
		return d.Of[name]
	case only:
		return all
	}
	return 0
}
