package sizing

import (
	"cmp"
	"math"
	"slices"

	"headroom/pkg/capacity"
)

// This file packs pods onto nodes, whole: first fit decreasing (docs/model.md section 5,
// node pool). The largest pods come first, and each goes to the first node that has room.

// podKind is so many pods that are alike.
type podKind struct {
	cpu, memory float64 // that each requests: vCPUs of the reference type, bytes
	n           int
}

// podRoom is what a node has, or has left, for pods.
type podRoom struct {
	cpu, memory float64
	pods        int
}

// alikeNodes are nodes with as much room left.
type alikeNodes struct {
	podRoom
	nodes int
}

// fits is how many pods of a kind have room.
func (r *podRoom) fits(k *podKind) int {
	n := float64(r.pods)
	for _, x := range [...][2]float64{{r.cpu, k.cpu}, {r.memory, k.memory}} {
		if have, need := x[0], x[1]; need > 0 {
			n = min(n, math.Floor(max(0, have)/need*(1+1e-9))) // as in capacity.Ceil: what fits but for rounding fits
		}
	}
	return max(0, int(n))
}

// with is what is left of the room beside so many pods.
func (r podRoom) with(k *podKind, n int) podRoom {
	return podRoom{r.cpu - float64(k.cpu*float64(n)), r.memory - float64(k.memory*float64(n)), r.pods - n}
}

// pack is how many nodes of a size the pods take, more than capacity.MaxNodes where no number
// of nodes holds them. Nodes that are alike are counted together, so that many pods take no
// longer than few.
func pack(pods []podKind, empty podRoom) int {
	largest := func(k *podKind) float64 { return max(k.cpu/empty.cpu, k.memory/empty.memory) }
	order := slices.Clone(pods)
	slices.SortStableFunc(order, func(a, b podKind) int {
		return cmp.Or(cmp.Compare(largest(&b), largest(&a)), cmp.Compare(b.cpu, a.cpu), cmp.Compare(b.memory, a.memory))
	})
	var list []alikeNodes
	for i := range order {
		k, left := &order[i], order[i].n
		next := make([]alikeNodes, 0, len(list)+2)
		for _, b := range list {
			next, left = b.fill(next, k, left)
		}
		if left > 0 {
			each := empty.fits(k)
			if each == 0 {
				return capacity.MaxNodes + 1
			}
			next, _ = alikeNodes{empty, (left + each - 1) / each}.fill(next, k, left)
		}
		list = next
	}
	nodes := 0
	for _, b := range list {
		nodes += b.nodes
	}
	return min(nodes, capacity.MaxNodes+1)
}

// fill puts pods on the nodes, one node after the other, appends what these then are, and
// returns how many pods are left.
func (b alikeNodes) fill(to []alikeNodes, k *podKind, left int) ([]alikeNodes, int) {
	each := b.fits(k)
	if left == 0 || each == 0 {
		return append(to, b), left
	}
	full := min(b.nodes, left/each)
	left -= full * each
	if full > 0 {
		to = append(to, alikeNodes{b.with(k, each), full})
	}
	if rest := b.nodes - full; rest > 0 && left > 0 { // then there are fewer than one node takes
		to = append(to, alikeNodes{b.with(k, left), 1})
		full, left = full+1, 0
	}
	if rest := b.nodes - full; rest > 0 {
		to = append(to, alikeNodes{b.podRoom, rest})
	}
	return to, left
}
