package sizing

import (
	"headroom/pkg/catalog"
	"headroom/pkg/unit"
)

// nodeless is the sizer of what has no nodes of its own: what it bills depends
// on nothing that is chosen.
type nodeless struct {
	regions  int // of the profile
	usage    []Usage
	flows    []Crossing
	holds    []Held
	describe func(*Layout)
}

func newNodeless(c *Task) *nodeless { return &nodeless{regions: len(c.Flow.Demand.Regions)} }

func (n *nodeless) Needs() Needs {
	return Needs{Storages: []Storage{{}}, MinNodes: make([]float64, n.regions)}
}

func (n *nodeless) Fit(*catalog.NodeType, Storage) (*Layout, *Rejection) {
	return &Layout{Usage: n.usage, Crossings: n.flows, Holds: n.holds, Describe: n.describe}, nil
}

// bill adds a month's quantity of a row of the usage tables; nothing where it
// is nothing.
func (n *nodeless) bill(u Usage) {
	if u.Quantity > 0 {
		n.usage = append(n.usage, u)
	}
}

// flow adds a month's bytes from one region to another, to the internet, or
// between the zones of one region; nothing where nothing flows.
func (n *nodeless) flow(from, to int, bytes unit.ReplicatedBytes, what string) {
	if bytes > 0 {
		n.flows = append(n.flows, Crossing{From: from, To: to, Bytes: bytes, What: what})
	}
}
