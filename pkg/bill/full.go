package bill

import (
	"headroom/pkg/plan"
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

// Fullest is the limit of a layout that is nearest to its ceiling (plan.Fullest); nil where
// it has none.
func Fullest(l *sizing.Layout) *Full {
	x, ok := plan.Fullest(l)
	if !ok {
		return nil
	}
	return &Full{Resource: x.Of.Name, State: x.State.String(), Need: x.Need, Have: x.Have, Unit: x.Of.Unit,
		Ceiling: x.Target, Floor: x.Floor}
}
