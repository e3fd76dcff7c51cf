package sizing

import (
	"headroom/pkg/catalog"
)

// nodeless is the sizer of what has no nodes of its own: what it bills depends
// on nothing that is chosen.
type nodeless struct {
	regions  int // of the profile
	usage    []Usage
	stated   []Stated
	flows    flows
	holds    []Held
	describe func(*Layout)
}

func newNodeless(c *Task) *nodeless { return &nodeless{regions: len(c.Flow.Demand.Regions)} }

func (n *nodeless) Needs() Needs {
	return Needs{Storages: []Storage{{}}, MinNodes: make([]float64, n.regions)}
}

func (n *nodeless) Fit(*catalog.NodeType, Storage) (*Layout, *Rejection) {
	return &Layout{Usage: n.usage, Stated: n.stated, Crossings: n.flows, Holds: n.holds, Describe: n.describe}, nil
}

// bill adds a month's quantity of a row of the usage tables; nothing where it
// is nothing.
func (n *nodeless) bill(u Usage) {
	if u.Quantity > 0 {
		if n.usage == nil { // most have a few rows in each region
			n.usage = make([]Usage, 0, 4*n.regions)
		}
		n.usage = append(n.usage, u)
	}
}
