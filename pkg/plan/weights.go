package plan

import (
	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// RunningCost is what a layout costs a month for whoever runs it, in US dollars,
// unrounded (docs/model.md section 6). Machines are ranked by its total. The bill
// is what the provider charges; all else is policy.running.
type RunningCost struct {
	Bill   money.Amount
	Nodes  money.Amount // for the nodes there are, on average over the week
	Shards money.Amount // for the shards beyond the first
	Family money.Amount // for nodes of a family that is not general
}

// Total is the running cost.
func (c RunningCost) Total() money.Amount {
	return c.Bill.Plus(c.Nodes).Plus(c.Shards).Plus(c.Family)
}

// weights are policy.running in the forms in which the search reads them. None of
// them is below zero: a bill is a lower bound on the running cost.
type weights struct {
	node, shard, family float64
	eachNode, eachShard money.Amount   // node and shard, exactly
	part                money.Quantity // family, exactly
	// generations says whether the tables tell which generation is current.
	generations bool
}

// newWeights reads the weights of a profile. In an environment that runs a part of the
// week a node is that part of a node-month.
func newWeights(p *workload.Profile, generations bool) (weights, error) {
	spec := p.Policy.Weights()
	running, err := money.Float(float64(p.Running()))
	if err != nil {
		return weights{}, err
	}
	w := weights{eachNode: spec.Node.V.Times(running), eachShard: spec.Shard.V.Amount, generations: generations}
	w.node, w.shard, w.family = w.eachNode.Float64(), w.eachShard.Float64(), float64(spec.Family.V)
	w.part, err = money.Float(w.family)
	return w, err
}

// none tells whether the running cost is the bill.
func (w *weights) none() bool { return w.node == 0 && w.shard == 0 && w.family == 0 }

// outside tells whether a type is of a family that is not general. Burstable types
// are candidates only where they are allowed, and then general. Types with fast
// local disks are general for what keeps its bytes on them.
func (w *weights) outside(t *catalog.NodeType, st sizing.Storage) bool {
	if w.generations && !t.CurrentGeneration {
		return true
	}
	switch t.Purpose {
	case catalog.GeneralPurpose, catalog.BurstablePurpose:
		return false
	case catalog.LocalDiskPurpose:
		return st.Volume != sizing.VolumeLocal
	}
	return true
}

// atLeast is the part of the nodes' price that is added on any storage.
func (w *weights) atLeast(t *catalog.NodeType) float64 {
	if w.outside(t, sizing.Storage{Volume: sizing.VolumeLocal}) {
		return w.family
	}
	return 0
}

// weigh adds the weights to a layout's cost.
func (w *weights) weigh(x *scored) {
	for _, p := range x.layout.Pools {
		x.cost.weights += float64(w.node * p.Mean)
	}
	x.cost.weights += float64(w.shard * float64(furtherShards(x.layout)))
	x.cost.weights += float64(w.family * x.cost.special)
}

// on adds the weights to what a layout costs on the bill.
func (w *weights) on(l *sizing.Layout, x exactCost) RunningCost {
	c := RunningCost{Bill: x.bill}
	for _, p := range l.Pools {
		if mean, err := money.Float(p.Mean); err == nil {
			c.Nodes = c.Nodes.Plus(w.eachNode.Times(mean))
		}
	}
	c.Shards = w.eachShard.Times(money.Int(int64(furtherShards(l))))
	c.Family = x.special.Times(w.part)
	return c
}

// furtherShards are the shards beyond the first.
func furtherShards(l *sizing.Layout) int { return max(0, l.Shards-1) }
