package bill

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/sizing"
)

// Full is the limit of which a component has the least room.
type Full struct {
	Resource string  `json:"resource"` // cpu, memory, threads, …
	State    string  `json:"state"`    // in which it is the fullest: "own load", "region loss", … of package capacity
	Need     float64 `json:"need"`     // of all nodes together, in the unit
	Have     float64 `json:"have"`     // of the nodes that are left in the state
	Unit     string  `json:"unit"`     // vCPU, B, B/s, /s; "" for a count
	Ceiling  float64 `json:"ceiling"`  // the part of what they have that may be used
	// Floor says that so many must be there whatever the load, and that no load comes
	// near another limit.
	Floor bool `json:"floor,omitempty"`
}

// Used is the part of what the nodes have that is used.
func (f *Full) Used() float64 { return f.Need / f.Have }

// Filled is the part of what may be used that is used.
func (f *Full) Filled() float64 { return f.Used() / f.Ceiling }

// mentioned is the least part of a ceiling at which a limit says more of a component than
// how many nodes it has at least: engineering judgement.
const mentioned = 0.1

// Fullest is the limit of a layout that is nearest to its ceiling; nil where it has none.
// Volumes, which are bought as large as it takes, are never what there is too little of.
// Where the load fills next to nothing, it is what must be there whatever the load.
func Fullest(l *sizing.Layout) *Full {
	var full, floor *sizing.RegionLimit
	most, least := 0.0, 0.0 // filled of both
	for i := range l.Limits {
		x := &l.Limits[i]
		filled := x.Need / x.Have / x.Target
		switch {
		case math.IsNaN(filled) || math.IsInf(filled, 0) || math.IsInf(x.Have, 0) || onVolumes(l, x.Of):
		case x.Floor:
			if floor == nil || filled > least {
				floor, least = x, filled
			}
		case full == nil || filled > most:
			full, most = x, filled
		}
	}
	if full == nil || most < mentioned && floor != nil {
		full = floor
	}
	if full == nil {
		return nil
	}
	return &Full{Resource: full.Of.Name, State: full.State.String(), Need: full.Need, Have: full.Have,
		Unit: full.Of.Unit, Ceiling: full.Target, Floor: full.Floor}
}

// onVolumes tells whether a resource is one of volumes, of which as much is bought as it takes.
func onVolumes(l *sizing.Layout, of capacity.Resource) bool {
	volumes := of == capacity.DiskBytes || of == capacity.DiskIOPS || of == capacity.DiskThroughput
	return volumes && l.Storage.Volume != sizing.VolumeLocal
}
