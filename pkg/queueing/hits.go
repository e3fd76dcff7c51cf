package queueing

import (
	"fmt"
	"math"

	"headroom/pkg/portable"
)

// Popularity is how often each of many items is asked for: the i-th most popular one in
// proportion to i^−s (Zipf's law), whatever was asked for before.
type Popularity struct {
	Items    float64 // how many there are
	Exponent float64 // s: 0 where all are as popular
}

// alone is how many of the most popular items are summed one by one. Those that follow
// are integrated: so far down, neighbours are about as popular.
const alone = 256

// weights are items of about the same popularity, most popular first.
type weights struct {
	popularity float64 // of one of them, as a part of all requests
	items      float64 // how many there are
}

// HitRatio is the part of requests that a cache of so many items of equal size answers,
// which throws away what was not used for longest (LRU). By Che's approximation an item is
// in the cache if it was asked for in the last T, one and the same time for all, so that
//
//	Σ (1 − exp(−pᵢT)) = capacity,  hits = Σ pᵢ·(1 − exp(−pᵢT))
//
// with pᵢ the part of requests that ask for item i, and T counted in requests. It is found
// by halving an interval until its ends are neighbours.
//
// Sources: Che, Tung and Wang, "Hierarchical web caching systems: modeling, design and
// experimental results", IEEE JSAC 20, 2002; Fricker, Robert and Roberts, "A versatile and
// accurate approximation for LRU cache performance", 2012, who show why it is so close.
func (p Popularity) HitRatio(capacity float64) (float64, error) {
	switch {
	case !(p.Items >= 1 && p.Items <= 1e15):
		return 0, fmt.Errorf("number of items is %g; give 1 to 1e15", p.Items)
	case !(p.Exponent >= 0 && p.Exponent <= 10):
		return 0, fmt.Errorf("exponent of popularity is %g; give 0 to 10", p.Exponent)
	case !(capacity >= 0):
		return 0, fmt.Errorf("capacity is %g items; give 0 or more", capacity)
	case capacity >= p.Items:
		return 1, nil
	case capacity == 0:
		return 0, nil
	}
	list := p.weights()
	kept := func(t float64) float64 {
		sum := 0.0
		for _, w := range list {
			sum -= float64(w.items * portable.Expm1(float64(-w.popularity*t)))
		}
		return sum
	}
	lo, hi := capacity, capacity // in that many requests no more different items are asked for
	for kept(hi) < capacity {
		if lo, hi = hi, hi*2; math.IsInf(hi, 1) {
			return 1, nil // the last items are never asked for
		}
	}
	for {
		mid := lo + float64((hi-lo)/2)
		if mid <= lo || mid >= hi {
			break
		}
		if kept(mid) < capacity {
			lo = mid
		} else {
			hi = mid
		}
	}
	hits := 0.0
	for _, w := range list {
		hits -= float64(w.items * w.popularity * portable.Expm1(float64(-w.popularity*hi)))
	}
	return min(1, hits), nil
}

// weights are all items: the first by themselves, the others in blocks, each of which is
// at most twice as far down at its end as at its beginning. A block is integrated from half
// before its first item to half behind its last one, by Gauss's formula with five points.
func (p Popularity) weights() []weights {
	first := math.Min(alone, math.Floor(p.Items))
	out := make([]weights, 0, alone+5*48)
	for i := 1.0; i <= first; i++ {
		out = append(out, weights{portable.Pow(i, -p.Exponent), 1})
	}
	points := [...]struct{ at, weight float64 }{
		{0, 128.0 / 225}, {0.5384693101056831, 0.47862867049936647}, {-0.5384693101056831, 0.47862867049936647},
		{0.9061798459386640, 0.23692688505618908}, {-0.9061798459386640, 0.23692688505618908},
	}
	for from, end := first+0.5, p.Items+0.5; from < end; {
		to := math.Min(end, from*2)
		half, middle := float64((to-from)/2), float64((to+from)/2)
		for _, x := range points {
			at := middle + float64(half*x.at)
			out = append(out, weights{portable.Pow(at, -p.Exponent), float64(half * x.weight)})
		}
		from = to
	}
	total := 0.0
	for _, w := range out {
		total += float64(w.items * w.popularity)
	}
	for i := range out {
		out[i].popularity /= total
	}
	return out
}
