package plan

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/sizing"
)

// Binding is the limit that decided a layout's size: of several pools, that of
// the pool with the most nodes, then the tightest.
func Binding(l *sizing.Layout) (sizing.RegionLimit, bool) {
	return limitAt(l, binding(l))
}

// binding is which of a layout's limits decided its size; -1 where none did.
func binding(l *sizing.Layout) int {
	best := -1
	for i := range l.Limits {
		x := &l.Limits[i]
		if x.Binding && (best < 0 || decides(x, &l.Limits[best])) {
			best = i
		}
	}
	return best
}

// limitAt is one of a layout's limits; false for -1.
func limitAt(l *sizing.Layout, i int) (sizing.RegionLimit, bool) {
	if i < 0 {
		return sizing.RegionLimit{}, false
	}
	return l.Limits[i], true
}

// decides tells whether a limit asks for more nodes than another, or is the tighter of two
// that ask for as many.
func decides(x, o *sizing.RegionLimit) bool {
	return x.Nodes > o.Nodes || x.Nodes == o.Nodes && tighter(x, o)
}

// tighter tells whether more of a limit's target is used than of another's.
func tighter(x, o *sizing.RegionLimit) bool {
	return x.Utilisation()/x.Target > o.Utilisation()/o.Target
}

// mentioned is the least part of a ceiling at which a limit says more of a component than
// how many nodes it has at least: engineering judgement.
const mentioned = 0.1

// Fullest is the limit of a layout that is nearest to its ceiling; false where it has none.
// Volumes, which are bought as large as it takes, are never what there is too little of.
// Where the load fills next to nothing, it is what must be there whatever the load.
func Fullest(l *sizing.Layout) (sizing.RegionLimit, bool) {
	return limitAt(l, fullest(l))
}

// fullest is which of a layout's limits is Fullest; -1 where none is.
func fullest(l *sizing.Layout) int {
	full, floor := -1, -1
	most, least := 0.0, 0.0 // filled of both
	for i := range l.Limits {
		x := &l.Limits[i]
		filled := x.Need / x.Have / x.Target
		switch {
		case math.IsNaN(filled) || math.IsInf(filled, 0) || math.IsInf(x.Have, 0) || onVolumes(l, x.Of):
		case x.Floor:
			if floor < 0 || filled > least {
				floor, least = i, filled
			}
		case full < 0 || filled > most:
			full, most = i, filled
		}
	}
	if full < 0 || most < mentioned && floor >= 0 {
		return floor
	}
	return full
}

// onVolumes tells whether a resource is one of volumes, of which as much is bought as it takes.
func onVolumes(l *sizing.Layout, of capacity.Resource) bool {
	volumes := of == capacity.DiskBytes || of == capacity.DiskIOPS || of == capacity.DiskThroughput
	return volumes && l.Storage.Volume != sizing.VolumeLocal
}

// deciding are the limits of a layout that Binding and Fullest find.
func deciding(l *sizing.Layout) []sizing.RegionLimit {
	first, second := binding(l), fullest(l)
	if first > second {
		first, second = second, first
	}
	switch {
	case second < 0:
		return nil
	case first < 0 || first == second:
		return []sizing.RegionLimit{l.Limits[second]}
	}
	return []sizing.RegionLimit{l.Limits[first], l.Limits[second]}
}
