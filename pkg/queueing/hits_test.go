package queueing

import (
	"container/list"
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
)

func hits(t *testing.T, items, exponent, capacity float64) float64 {
	t.Helper()
	h, err := Popularity{items, exponent}.HitRatio(capacity)
	require.NoError(t, err)
	return h
}

// Where all items are as popular, hits are the part of them that is kept: an exact result.
func TestHitRatioOfEqualItems(t *testing.T) {
	for _, n := range []float64{10, 1000, 1e6, 1e12} {
		for _, part := range []float64{0.001, 0.1, 0.5, 0.99} {
			require.InDelta(t, part, hits(t, n, 0, n*part), 1e-9, "%g of %g", part, n)
		}
	}
}

// directly is the same approximation, item by item.
func directly(items int, exponent, capacity float64) float64 {
	p, total := make([]float64, items), 0.0
	for i := range p {
		p[i] = math.Pow(float64(i+1), -exponent)
		total += p[i]
	}
	sum := func(t float64, of func(p float64) float64) float64 {
		s := 0.0
		for _, x := range p {
			s += of(x/total) * -math.Expm1(-x/total*t)
		}
		return s
	}
	lo, hi := 0.0, 1e18
	for range 200 {
		if mid := lo + (hi-lo)/2; sum(mid, func(float64) float64 { return 1 }) < capacity {
			lo = mid
		} else {
			hi = mid
		}
	}
	return sum(hi, func(p float64) float64 { return p })
}

// Blocks of items make no difference to be seen.
func TestHitRatioOfBlocks(t *testing.T) {
	for _, items := range []int{1, 7, 257, 3000, 20000} {
		for _, exponent := range []float64{0.3, 0.8, 1, 1.6} {
			for _, part := range []float64{0.01, 0.2, 0.9} {
				n := float64(items)
				require.InDelta(t, directly(items, exponent, part*n), hits(t, n, exponent, part*n), 1e-6,
					"%d items, exponent %g, %g kept", items, exponent, part)
			}
		}
	}
}

// A cache that throws away what was not used for longest has as many hits as that.
func TestHitRatioIsThatOfACache(t *testing.T) {
	for _, x := range []struct {
		items    int
		exponent float64
		capacity int
	}{{1000, 0.8, 50}, {1000, 0.8, 400}, {5000, 1, 250}, {2000, 1.4, 40}} {
		sums, sum := make([]float64, x.items), 0.0
		for i := range sums {
			sum += math.Pow(float64(i+1), -x.exponent)
			sums[i] = sum
		}
		random := rand.New(rand.NewPCG(1, 2))
		used, at := list.New(), map[int]*list.Element{}
		found, asked := 0, 300_000
		for k := range asked + asked/3 {
			item := sort.SearchFloat64s(sums, random.Float64()*sum)
			e, ok := at[item]
			switch {
			case ok:
				used.MoveToFront(e)
			case used.Len() == x.capacity:
				last := used.Back()
				delete(at, last.Value.(int))
				used.Remove(last)
				fallthrough
			default:
				at[item] = used.PushFront(item)
			}
			if ok && k >= asked/3 { // it was full before
				found++
			}
		}
		// Four times the deviation of the draws, and the approximation's own error.
		require.InDelta(t, float64(found)/float64(asked), hits(t, float64(x.items), x.exponent, float64(x.capacity)),
			0.005, "%+v", x)
	}
}

// More room, and a steeper popularity, never mean fewer hits; none and all are exact.
func TestHitRatioGrows(t *testing.T) {
	for _, n := range []float64{2, 300, 1e5, 1e9} {
		require.Zero(t, hits(t, n, 0.8, 0))
		require.Equal(t, 1.0, hits(t, n, 0.8, n))
		require.Equal(t, 1.0, hits(t, n, 0.8, 2*n))
		before := 0.0
		for part := 0.05; part < 1; part += 0.05 {
			h := hits(t, n, 0.8, n*part)
			require.GreaterOrEqual(t, h, before)
			require.LessOrEqual(t, h, 1.0)
			require.LessOrEqual(t, h, hits(t, n, 1.2, n*part)+1e-9)
			before = h
		}
	}
	require.InDelta(t, 1, hits(t, 1e15, 10, 1e14), 1e-9)
}

func TestHitRatioRefuses(t *testing.T) {
	for _, p := range []Popularity{{0, 1}, {math.NaN(), 1}, {1e16, 1}, {10, -1}, {10, 11}, {10, math.NaN()}} {
		_, err := p.HitRatio(1)
		require.Error(t, err, p)
	}
	_, err := Popularity{10, 1}.HitRatio(-1)
	require.Error(t, err)
	_, err = Popularity{10, 1}.HitRatio(math.NaN())
	require.Error(t, err)
}
