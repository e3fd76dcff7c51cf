package capacity

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// grid are amounts from 0 to 40 in steps that differ by more than rounding does.
func grid() *rapid.Generator[float64] {
	return rapid.Map(rapid.IntRange(0, 640), func(k int) float64 { return float64(k) / 16 })
}

// smallRoles are roles of few nodes, so that every number of them can be tried:
// with copies, and with different sides in each state.
func smallRoles() *rapid.Generator[Role] {
	amount := rapid.Custom(func(t *rapid.T) Claim {
		return Claim{Linear{grid().Draw(t, "local"), grid().Draw(t, "global")}, grid().Draw(t, "held")}
	})
	return rapid.Custom(func(t *rapid.T) Role {
		r := Role{Zones: rapid.IntRange(1, 5).Draw(t, "zones"), Warm: 1, Floor: rapid.IntRange(0, 4).Draw(t, "floor"),
			Replaced: rapid.IntRange(0, 4).Draw(t, "replaced") == 0,
			Survive:  survivals().Draw(t, "survive"), Zoned: rapid.Bool().Draw(t, "zoned")}
		for range rapid.IntRange(0, 3).Draw(t, "needs") {
			n := Need{Of: CPU, Copies: rapid.IntRange(0, 4).Draw(t, "copies"),
				Parts: rapid.SampledFrom([]int{0, 0, 1, 2, 7, 30}).Draw(t, "parts")}
			for s := range n.In {
				n.In[s] = Balance{Each: amount.Draw(t, "each"), Once: amount.Draw(t, "once"),
					Have:    rapid.SampledFrom([]float64{4, 7, 32, 100}).Draw(t, "have"),
					Target:  rapid.SampledFrom([]float64{0.3, 0.6, 0.85, 1}).Draw(t, "target"),
					Checked: rapid.IntRange(0, 3).Draw(t, "checked") > 0}
			}
			r.Needs = append(r.Needs, n)
		}
		r.Week = rapid.SliceOfN(hours(), 1, 3).Draw(t, "week")
		return r
	})
}

// survivals are the losses that a role may have to outlive.
func survivals() *rapid.Generator[Survive] {
	return rapid.Custom(func(t *rapid.T) Survive {
		return Survive{rapid.Bool().Draw(t, "node"), rapid.Bool().Draw(t, "zone"), rapid.Bool().Draw(t, "region")}
	})
}

// passes tells whether n nodes are enough: for the floor, and for each limit that
// explain shows.
func passes(r *Role, n int) bool {
	for _, l := range r.Check(n) {
		if !fits(&l) {
			return false
		}
	}
	return n >= r.Floor && r.Whole(n) == n
}

// fits tells whether a limit is kept, but for rounding.
func fits(l *Limit) bool { return l.Need <= l.Have*l.Target*(1+1e-9) }

// The least number of nodes passes every limit, and so does any greater one that
// the zones share evenly; no smaller one does.
func TestLeastPassesWhatCheckShows(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := smallRoles().Draw(t, "role")
		least, by := r.Least()
		if least > 500 { // what no number of nodes carries is tested below
			return
		}
		for n := range least + 12 {
			require.Equal(t, n >= least && r.Whole(n) == n, passes(&r, n), "%d nodes of %d", n, least)
		}
		limits := r.Check(least)
		if by.State == Always {
			require.Equal(t, r.Whole(r.Floor), least)
			return
		}
		// What decides is one of the limits, and the one that is marked asks for as
		// many nodes.
		require.True(t, Bind(limits, least))
		found, marked := false, 0
		for _, l := range limits {
			found = found || l.Of == by.Of && l.State == by.State && l.Nodes == least
			if l.Binding {
				marked++
				require.Equal(t, least, l.Nodes)
			}
		}
		require.True(t, found)
		require.Equal(t, 1, marked)
	})
}

// Each limit says how many nodes pass it.
func TestNodesOfALimit(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := smallRoles().Draw(t, "role")
		top := 0
		for i := range r.Needs {
			one := r
			one.Needs, one.Floor = r.Needs[i:i+1], 0
			least, _ := one.Least()
			most := 0
			for _, l := range one.Check(least) {
				most = max(most, l.Nodes)
			}
			require.Equal(t, least, most)
			top = max(top, most)
		}
		least, _ := r.Least()
		require.Equal(t, max(top, r.Whole(r.Floor)), least)
	})
}

// Nodes carry all of their load in a state exactly where they pass its limits.
func TestServeAsCheck(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := smallRoles().Draw(t, "role")
		r.Week = r.Week[:1]
		least, _ := r.Least()
		n := rapid.IntRange(0, least+3).Draw(t, "n")
		var fit [States]bool
		for s := range fit {
			fit[s] = true
		}
		for _, l := range r.Check(n) {
			fit[l.State] = fit[l.State] && fits(&l)
		}
		for s := range State(States) {
			if !r.Checks(s) {
				continue
			}
			part, _ := r.Serve(n, s, r.Week[0])
			require.Equal(t, fit[s], part >= 1, "%s: %v", s, part)
		}
	})
}

// The part of the load that nodes carry is just carried: with a little less they
// pass, with a little more they do not.
func TestServedPartIsJustCarried(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := smallRoles().Draw(t, "role")
		r.Week = r.Week[:1]
		least, _ := r.Least()
		n := rapid.IntRange(0, least+3).Draw(t, "n")
		for s := range State(States) {
			part, of := r.Serve(n, s, r.Week[0])
			scaled := func(k float64) float64 {
				h := r.Week[0]
				h.Local, h.Global = h.Local*k, h.Global*k
				h.LostLocal, h.LostGlobal = h.LostLocal*k, h.LostGlobal*k
				p, _ := r.Serve(n, s, h)
				return p
			}
			switch {
			case part < 1e-6:
				require.Less(t, scaled(0.5), 1e-5)
			case math.IsInf(part, 1):
				require.GreaterOrEqual(t, scaled(1e6), 1.0)
				require.Zero(t, of)
			default:
				require.GreaterOrEqual(t, scaled(part*(1-1e-6)), 1.0)
				require.Less(t, scaled(part*(1+1e-6)), 1.0)
			}
		}
	})
}

// More of anything never takes fewer nodes, and what more nodes carry is never
// less.
func TestMoreLoadNeverTakesFewerNodes(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := smallRoles().Draw(t, "role")
		least, _ := r.Least()
		more := r
		more.Needs = append([]Need(nil), r.Needs...)
		for i := range more.Needs {
			for s := range more.Needs[i].In {
				side := &more.Needs[i].In[s]
				side.Each.Load.Local += grid().Draw(t, "more")
				side.Each.Held += grid().Draw(t, "more held")
				side.Once.Load.Global += grid().Draw(t, "more once")
			}
		}
		n, _ := more.Least()
		require.GreaterOrEqual(t, n, least)
		for s := range State(States) {
			before, _ := r.Serve(least, s, r.Week[0])
			after, _ := more.Serve(least, s, r.Week[0])
			require.LessOrEqual(t, after, before)
		}
		// Nor does a loss that must be survived in addition.
		more = r
		more.Survive = allLosses
		n, _ = more.Least()
		require.GreaterOrEqual(t, n, least)
	})
}

// A region that is kept warm has in each hour a part of its full size, but never
// less than its own load needs.
func TestWarmIsAPartButCarriesItsOwn(t *testing.T) {
	drawn.CheckMost(t, 0.45, func(t *rapid.T) bool {
		r := roles().Draw(t, "role")
		for i := range r.Week { // who takes over has more, never less
			h := &r.Week[i]
			h.LostLocal, h.LostGlobal = h.Local+h.LostLocal, h.Global+h.LostGlobal
		}
		full, over := r.Hourly(nil)
		if over != nil { // no number of nodes is enough
			return false
		}
		r.Warm = rapid.Float64Range(0, 1).Draw(t, "warm")
		got, over := r.Hourly(nil)
		require.Nil(t, over)
		for i, n := range got {
			own := r
			h := r.Week[i]
			h.LostLocal, h.LostGlobal = h.Local, h.Global
			own.Week = []Hour{h}
			least, _ := own.Least()
			require.Equal(t, max(least, Ceil(float64(full[i])*r.Warm)), n)
		}
		return true
	})
}

// What is left of n nodes, and the least of which so many are left, are each
// other's inverse.
func TestLeftAndBack(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		r := Role{Zones: rapid.IntRange(2, 6).Draw(t, "zones"), Replaced: rapid.Bool().Draw(t, "replaced")}
		s := State(rapid.IntRange(0, States-1).Draw(t, "state"))
		m := rapid.IntRange(1, 1000).Draw(t, "left")
		n := r.back(s, m)
		require.GreaterOrEqual(t, r.Left(s, n), m)
		require.Less(t, r.Left(s, n-1), m)
		require.LessOrEqual(t, r.Left(s, n), r.Left(s, n+1))
	})
}
