package bill

import (
	"math"

	"headroom/pkg/capacity"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
)

// Bind is the limit that decided a component's size.
type Bind struct {
	Resource string `json:"resource"` // cpu, memory, partitions, …
	State    string `json:"state"`    // in which it is the tightest: "own load", "region loss", … of package capacity
	// Utilisation is how much of the resource is used in that state. It is nil
	// where the limit is a number of nodes whatever the load.
	Utilisation *float64 `json:"utilisation,omitempty"`
}

// Binds is the limit that decided a layout's size; nil where none did.
func Binds(l *sizing.Layout) *Bind {
	x, ok := plan.Binding(l)
	if !ok {
		return nil
	}
	b := &Bind{Resource: x.Of.Name, State: x.State.String()}
	if u := x.Utilisation(); x.State != capacity.Always && !math.IsNaN(u) && !math.IsInf(u, 0) {
		b.Utilisation = &u
	}
	return b
}

// Lost is the state of loss in which the limit binds; "" where it binds with
// nothing lost, or whatever the state.
func (b *Bind) Lost() string {
	if b.State == capacity.Own.String() || b.State == capacity.Always.String() {
		return ""
	}
	return b.State
}

// Same tells whether two are the same limit, however much of it is used.
func (b *Bind) Same(o *Bind) bool {
	if b == nil || o == nil {
		return b == o
	}
	return b.Resource == o.Resource && b.Lost() == o.Lost()
}
