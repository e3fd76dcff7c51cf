package plan

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// What runs is held if and only if it carries the new load, and leaving it never
// costs more to run. No data is divided into fewer parts, whether it is held or not.
func TestMachinesAreKeptWhileTheyDo(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	left := 0
	eachKind(t, 0.35, func(rt require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) bool {
		k := 3.0
		if vary != nil {
			k = rapid.Float64Range(0.2, 20).Draw(vary, "more")
		}
		was := searchAny(rt, draw(), cat, Options{})
		p := draw()
		p.Peak.Users.V *= unit.Count(k)
		if was == nil {
			return false
		}
		is := searchAny(rt, p, cat, Options{Keep: was.Runs()})
		if is == nil {
			return false
		}
		requireNoFewerParts(rt, was, is)
		for i, c := range is.Choices {
			if c.Layout.Type == nil {
				continue
			}
			require.NotNil(rt, c.Kept, kind)
			require.Equal(rt, was.Choices[i].Machine(), c.Kept.Machine, kind)
			if !c.Kept.Held() {
				require.NotEqual(rt, c.Kept.Machine, c.Machine(), kind)
				require.Nil(rt, c.Kept.Free)
				continue
			}
			require.Equal(rt, c.Kept.Machine, c.Machine(), kind)
			if c.Kept.Free != nil {
				left++
				bill, running := c.Saves()
				require.GreaterOrEqual(rt, running.Float64(), -1e-9*c.Cost().Float64(), kind)
				require.True(rt, bill.Equal(c.Cost().Minus(c.Kept.Free.Cost())), kind)
			}
		}
		return true
	})
	require.Positive(t, left)
}

// A kept machine is left if and only if what would be chosen in its place saves as much of
// the running cost, which the search finds without looking for what that is. Up to the first
// component that is left, a search that leaves none has the same plan, and knows what would
// be chosen.
func TestMachinesAreLeftForWhatWouldBeChosen(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	held, left := 0, 0
	eachKind(t, 0.35, func(rt require.TestingT, kind string, draw func() *workload.Profile, vary *rapid.T) bool {
		k, leave := 3.0, 0.1
		if vary != nil {
			k = rapid.Float64Range(0.2, 20).Draw(vary, "more")
			leave = rapid.SampledFrom([]float64{0.01, 0.05, 0.1, 0.25, 0.9}).Draw(vary, "leave")
		}
		was := searchAny(rt, draw(), cat, Options{})
		if was == nil {
			return false
		}
		again := func(leave float64) *Plan {
			p := draw()
			p.Peak.Users.V *= unit.Count(k)
			return searchAny(rt, p, cat, Options{Keep: was.Runs(), Leave: leave})
		}
		all, is := again(0), again(leave)
		if all == nil || is == nil {
			require.True(rt, all == nil && is == nil)
			return false
		}
		for i, c := range is.Order {
			kept := all.Order[i]
			if c.Kept == nil {
				continue
			}
			require.Equal(rt, kept.Component.Name, c.Component.Name, kind)
			_, saves := kept.Saves()
			dear := kept.Kept.Held() && saves.Float64() > leave*kept.Running().Total().Float64()
			if require.Equal(rt, dear, c.Kept.Why.Key == "kept.dear", kind); !dear {
				require.Equal(rt, inWords(kept), inWords(c), kind)
				require.Equal(rt, kept.Kept.Why, c.Kept.Why, kind)
				require.True(rt, kept.Cost().Equal(c.Cost()), kind)
				held++
				continue
			}
			require.Equal(rt, kept.Kept.Free.Machine(), c.Machine(), kind)
			require.Equal(rt, inWords(kept.Kept.Free), inWords(c), kind)
			left++
			break // those after it may have other callers
		}
		return true
	})
	require.Positive(t, left)
	require.Positive(t, held)
}

// A machine that does not carry its component any more, whatever their number, is not
// held, and what it lacks is said.
func TestMachinesThatDoNotCarryAreNotKept(t *testing.T) {
	cat := testCatalog(t)
	draw := func() *workload.Profile {
		p := fixtureOf(t, "database")
		c, _ := p.Component("it")
		c.Spec.(*sizing.Database).Shards.V = 1 // no more of them
		return p
	}
	was, p := searchAny(t, draw(), cat, Options{}), draw()
	p.Peak.Users.V *= 20
	c := choiceOf(t, searchAny(t, p, cat, Options{Keep: was.Runs()}), "it")
	require.False(t, c.Kept.Held())
	require.Equal(t, "rejection.short", c.Kept.Why.Key)
	requireWords(t, c.Kept.Why)
}

// A little more load moves nothing of medium that still fits.
func TestALittleMoreLoadMovesNothing(t *testing.T) {
	cat := testCatalog(t)
	was := searchAny(t, parseProfile(t, profileSource(t, "medium")), cat, Options{})
	for _, k := range []float64{0.95, 1.05} {
		p := parseProfile(t, profileSource(t, "medium"))
		p.Peak.Users.V *= unit.Count(k)
		is := searchAny(t, p, cat, Options{Keep: was.Runs()})
		for i, c := range is.Choices {
			if c.Kept != nil && c.Kept.Held() {
				require.Equal(t, was.Choices[i].Machine(), c.Machine(), c.Component.Name)
			}
			if c.Kept != nil {
				require.True(t, c.Kept.Held(), "%s: %v", c.Component.Name, c.Kept.Why)
			}
		}
	}
}

// A kept machine is left where another saves more than Leave of the running cost, and
// only there.
func TestKeptMachinesAreLeftForWhatSaves(t *testing.T) {
	cat := testCatalog(t)
	was := searchAny(t, parseProfile(t, profileSource(t, "medium")), cat, Options{})
	p := parseProfile(t, profileSource(t, "medium"))
	p.Peak.Users.V *= 2
	all := searchAny(t, p, cat, Options{Keep: was.Runs()})
	for _, leave := range []float64{0.01, 0.1, 0.3, 0.99} {
		is := searchAny(t, p, cat, Options{Keep: was.Runs(), Leave: leave})
		for i, c := range all.Choices {
			if c.Kept == nil || c.Kept.Free == nil {
				continue
			}
			_, saves := c.Saves()
			now := is.Choices[i]
			require.Equal(t, saves.Float64() <= leave*c.Running().Total().Float64(), now.Kept.Held(),
				"%s with %g", c.Component.Name, leave)
			if !now.Kept.Held() {
				require.Equal(t, "kept.dear", now.Kept.Why.Key)
				require.Equal(t, c.Kept.Free.Machine(), now.Machine())
				requireWords(t, now.Kept.Why)
			}
		}
	}
}

// What the profile forbids now, or has no such disks for, is not held.
func TestWhatIsNotAllowedIsNotKept(t *testing.T) {
	cat := testCatalog(t)
	p := fixtureOf(t, "database")
	allowOnly(p, "it", "r7g.xlarge", "r7g.2xlarge", "r7g.4xlarge")
	for machine, key := range map[Machine]string{
		{"m5.xlarge", "gp3"}: "kept.not_allowed", {"no.type", "gp3"}: "kept.not_allowed",
		{"r7g.4xlarge", "floppy"}: "kept.no_storage",
	} {
		c := choiceOf(t, searchAny(t, p, cat, Options{Keep: map[string]Runs{"it": {Machine: machine}}}), "it")
		require.False(t, c.Kept.Held())
		require.Equal(t, key, c.Kept.Why.Key)
		requireWords(t, c.Kept.Why)
	}
}

// A machine that is forced with a storage that the component cannot have is a system that
// nothing carries.
func TestForcedStorageThatIsNotThere(t *testing.T) {
	cat := testCatalog(t)
	for _, kind := range []string{"database", "stateless"} {
		d, err := fixtureOf(t, kind).In(workload.Situation{})
		require.NoError(t, err)
		_, err = Search(d, cat, Options{Force: map[string]Machine{"it": {"r7g.xlarge", "floppy"}}})
		var none *Infeasible
		require.ErrorAs(t, err, &none)
		require.Equal(t, "it", none.Component)
	}
}
