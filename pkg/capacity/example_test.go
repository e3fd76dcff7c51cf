package capacity_test

import (
	"fmt"

	"headroom/pkg/capacity"
)

// web is a web tier that needs 10 vCPU at the peak of its region's own users and 18
// when it takes over another region's. Its nodes have 2 vCPU, of which 60 % may be
// used, or 85 % while something is lost.
func web() capacity.Role {
	cpu := capacity.Shared(capacity.CPU, capacity.Claim{Load: capacity.Linear{Local: 10}}, 2, 0.60, 0.85)
	return capacity.Role{
		Needs: []capacity.Need{cpu},
		Week: []capacity.Hour{
			{Local: 1, LostLocal: 1.8, Hours: 8},
			{Local: 0.2, LostLocal: 0.6, Hours: 160},
		},
		Zones:   3,
		Survive: capacity.Survive{Node: true, Zone: true, Region: true},
		Warm:    1,
		Floor:   2,
	}
}

func ExampleRole_Least() {
	role := web()
	n, by := role.Least()
	fmt.Printf("%d nodes, for %s: %s of %g, where a node may carry %g\n", n, by.State, by.Of.Name, by.Need, by.Allowed)
	// Output:
	// 11 nodes, for region loss: cpu of 18, where a node may carry 1.7
}

func ExampleRole_Check() {
	role := web()
	for _, l := range role.Check(11) {
		fmt.Printf("%-11s needs %g of %g %s, at most %.0f %%: %d nodes\n",
			l.State, l.Need, l.Have, l.Of.Unit, 100*l.Target, l.Nodes)
	}
	// Output:
	// own load    needs 10 of 22 vCPU, at most 60 %: 9 nodes
	// node loss   needs 10 of 20 vCPU, at most 85 %: 7 nodes
	// zone loss   needs 10 of 14 vCPU, at most 85 %: 9 nodes
	// region loss needs 18 of 22 vCPU, at most 85 %: 11 nodes
}

func ExampleRole_Serve() {
	role := web()
	part, of := role.Serve(6, capacity.ZoneLost, role.Week[0])
	fmt.Printf("4 of 6 nodes carry %.0f %% of the peak, because of %s\n", 100*part, of.Name)
	// Output:
	// 4 of 6 nodes carry 68 % of the peak, because of cpu
}

func ExampleRole_Follow() {
	role := web()
	counts, _ := role.Follow()
	for _, c := range counts {
		fmt.Printf("%d nodes in %d hours of the week\n", c.Nodes, c.Hours)
	}
	// Output:
	// 4 nodes in 160 hours of the week
	// 11 nodes in 8 hours of the week
}

// A log keeps three copies of 60 MB/s. Its brokers receive 100 MB/s each, of which
// 60 % may be used; two of four are left when a zone of two is lost.
func Example_copies() {
	need := capacity.Need{Of: capacity.NetworkIn, Copies: 3}
	each := capacity.Claim{Load: capacity.Linear{Global: 60e6}}
	side := capacity.Balance{Each: each, Have: 100e6, Target: 0.60, Checked: true}
	need.In[capacity.Own] = side
	side.Target = 0.85
	need.In[capacity.ZoneLost] = side
	role := capacity.Role{Needs: []capacity.Need{need}, Week: []capacity.Hour{{Global: 1, Hours: 168}},
		Zones: 2, Survive: capacity.Survive{Zone: true}, Floor: 4}
	for _, l := range role.Check(4) {
		fmt.Printf("%s: %.0f MB/s on nodes with %.0f\n", l.State, l.Need/1e6, l.Have/1e6)
	}
	// Output:
	// own load: 180 MB/s on nodes with 400
	// zone loss: 120 MB/s on nodes with 200
}

// The queries of an index take 6.2 vCPU, on nodes of 4 that may be 60 % busy. Of one
// shard and its replica two of three nodes have a copy, each of which answers half
// of them. Of three shards every node has two of six copies.
func Example_parts() {
	need := capacity.Need{Of: capacity.CPU, Copies: 2}
	queries := capacity.Claim{Load: capacity.Linear{Local: 6.2}} // however many copies answer them
	need.In[capacity.Own] = capacity.Balance{Once: queries, Have: 4, Target: 0.60, Checked: true}
	role := capacity.Role{Week: []capacity.Hour{{Local: 1, Hours: 168}}, Zones: 3, Zoned: true}
	for _, shards := range []int{1, 3} {
		need.Parts = shards
		l := role.Limit(&need, capacity.Own, 3)
		fmt.Printf("the busiest node has %d of %d copies and is %.0f %% busy\n", l.Most, l.Parts, 100*l.Utilisation())
	}
	// Output:
	// the busiest node has 1 of 2 copies and is 78 % busy
	// the busiest node has 2 of 6 copies and is 52 % busy
}
