package workload

import (
	"headroom/pkg/money"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Running weighs what machines ask of the people who run them (docs/model.md
// section 6). The bill and these weights together are the running cost, by which
// machines are chosen. Reports and budgets show the bill alone.
type Running struct {
	strict.At
	// US dollars a month for each node: agents, patching, attention.
	Node strict.Value[Dollars] `yaml:"node" min:"0"`
	// US dollars a month for each shard of a database beyond the first.
	Shard strict.Value[Dollars] `yaml:"shard" min:"0"`
	// Part of the price of nodes of families that are not general: general are current m, c and r
	// with local disks (d), a faster network (n) or -flex, t, and i where its local disks are used.
	Family strict.Value[unit.Fraction] `yaml:"family" min:"0" max:"10"`
}

// usualRunning are the weights of a profile that states none.
func usualRunning() Running {
	return Running{
		Node: judged(Dollars{money.MustAmount("15")},
			"agents, patching and attention; a monitoring agent alone lists at about that"),
		Shard: judged(Dollars{money.MustAmount("1000")},
			"about a day of an engineer a month: maps of shards, rebalancing, queries over all of them"),
		Family: judged[unit.Fraction](0.05,
			"families for one purpose are in fewer zones, have fewer sizes and are harder to leave"),
	}
}

// Weights are the policy's weights: zero where it has none.
func (p *Policy) Weights() Running {
	if p.Running.None {
		return Running{}
	}
	return p.Running.V
}
