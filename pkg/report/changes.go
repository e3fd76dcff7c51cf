package report

import (
	"cmp"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/money"
	"headroom/pkg/remark"
)

// This file says what is another about a component: shortly beside the costs of a
// case or a point of a sweep, and at length in the difference of two estimates.

// shortChange is a change in few words: "m7g.large → m7g.xlarge", "nodes 3 → 4",
// "binds memory → cpu".
func shortChange(c *compare.Change) string {
	was, is := orNone(shortly(c.Was)), orNone(shortly(c.Is))
	switch c.What {
	case compare.OfBinds:
		return "binds " + was + " → " + is
	case compare.OfStorage, compare.OfNodes, compare.OfBought:
		return c.What + " " + folded(was, is)
	}
	return folded(was, is)
}

// shortChanges are changes in few words.
func shortChanges(list []compare.Change) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = shortChange(&list[i])
	}
	return out
}

// shortly is what was or is, in few words.
func shortly(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case []bill.NodePool:
		return nodesText(x)
	case *bill.Bind:
		return limitText(x)
	case []string:
		return strings.Join(x, ", ")
	case remark.Remark:
		return sayOf(x)
	case []remark.Remark:
		texts := make([]string, len(x))
		for i := range x {
			texts[i] = sayOf(x[i])
		}
		return strings.Join(texts, ", ")
	}
	return ""
}

// nodesText is the nodes of all pools in the notation of inRegions.
func nodesText(pools []bill.NodePool) string {
	var regions []string
	for i := range pools {
		regions = append(regions, pools[i].Region)
	}
	return nodesIn(&bill.Part{Pools: pools}, distinct(regions...))
}

// folded is "a → b" with what both begin or end with, word by word, written once
// where they have as many words: "5 → 7 shards × 2 copies".
func folded(was, is string) string {
	a, b := strings.Fields(was), strings.Fields(is)
	same, tail := "", ""
	if len(a) != len(b) {
		return was + " → " + is
	}
	for len(a) > 1 && len(b) > 1 && a[0] == b[0] {
		same, a, b = same+a[0]+" ", a[1:], b[1:]
	}
	for len(a) > 1 && len(b) > 1 && a[len(a)-1] == b[len(b)-1] {
		tail, a, b = " "+a[len(a)-1]+tail, a[:len(a)-1], b[:len(b)-1]
	}
	return same + strings.Join(a, " ") + " → " + strings.Join(b, " ") + tail
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// ownerText names a component or an adjustment in a column for both.
func ownerText(of bill.Owner) string {
	if of.Adjustment {
		return "adjustment " + of.Name
	}
	return of.Name
}

// changeText is what is another about a component, or what a component is that
// only one of two estimates has: "m7g.large gp3 us-east-1: 3; us-west-2: 3".
func changeText(c *compare.ComponentChange) string {
	if c.Change == compare.Changed {
		parts := make([]string, len(c.Changes))
		for i := range c.Changes {
			parts[i] = longChange(&c.Changes[i])
		}
		return strings.Join(parts, "; ")
	}
	var words, nodes []string
	for _, x := range c.Changes {
		v := x.Was
		if c.Change == compare.Added {
			v = x.Is
		}
		switch v := v.(type) {
		case string:
			words = append(words, v)
		case []bill.NodePool:
			nodes = append(nodes, poolName(v)+": "+poolCount(v))
		}
	}
	if len(nodes) > 0 {
		words = append(words, strings.Join(nodes, "; "))
	}
	return strings.Join(words, " ")
}

// longChange is a change with all that distinguishes the two: "us-east-1: 3 → 4",
// "bought on demand → 2×reserved-1y-none".
func longChange(c *compare.Change) string {
	what, was, is := "", shortly(c.Was), shortly(c.Is)
	switch c.What {
	case compare.OfKind, compare.OfStorage:
		what = c.What + " "
	case compare.OfBought:
		what, was, is = "bought ", mixesText(c.Was), mixesText(c.Is)
	case compare.OfNodes:
		base, _ := c.Was.([]bill.NodePool)
		head, _ := c.Is.([]bill.NodePool)
		what, was, is = poolName(append(base[:len(base):len(base)], head...))+": ", poolCount(base), poolCount(head)
	}
	return what + orNone(was) + " → " + orNone(is)
}

// mixesText is how the pools of a component are bought.
func mixesText(v any) string {
	mixes, _ := v.([]bill.Purchases)
	texts := make([]string, len(mixes))
	for i, m := range mixes {
		texts[i] = cmp.Or(m.String(), "on demand")
	}
	return strings.Join(texts, " | ")
}

// poolName is the region and role of a pool, which the first of the list stands
// for.
func poolName(pools []bill.NodePool) string {
	return strings.TrimSpace(pools[0].Region + " " + pools[0].Role)
}

// poolCount is "3", or "2–5, mean 3.2" for what scales, and "3 c8g.large" where these
// nodes have a type of their own; "" without a pool.
func poolCount(pools []bill.NodePool) string {
	if len(pools) == 0 {
		return ""
	}
	p := pools[0]
	least, most := money.Int(int64(p.Min)).String(), money.Int(int64(p.Max)).String()
	count := most
	if p.Min != p.Max {
		count = least + "–" + most + ", mean " + p.Mean.String()
	}
	return strings.TrimSpace(count + " " + p.Machine)
}
