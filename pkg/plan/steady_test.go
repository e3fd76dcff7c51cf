package plan

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// mostReturns is how often a component of a system that grows may come back to a type
// that it had left.
const mostReturns = 2

// todaysReturns is how often a component comes back where each number of users is
// planned as if nothing ran yet, as --anew does in a sweep. Of a few nodes one more is a
// third more, so that neighbouring sizes are cheapest in turns: the lowest running cost at
// every point and few returns exclude each other. What holds a system is --keep, and in a
// sweep that each value keeps the machines of the one before it.
var todaysReturns = map[string]int{"consul": 0, "kafka": 0, "phoenix": 15, "green-river": 15, "db": 10,
	"elasticsearch": 17, "es-logging": 9}

// A system that grows is not moved to and fro (as a sweep plans it: package whatif). From
// 500 to 100,000 users, 220 points, medium can be planned at every point, and nothing moves
// between volumes and local disks. Where the machines that run are kept, and also where they are left for what
// saves more than WorthMoving, no component comes back more than twice to a type that
// it had left.
func TestMachinesAreSteadyAsUsersGrow(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	for _, leave := range []float64{0, WorthMoving} {
		for name, list := range typesAsUsersGrow(t, cat, true, leave) {
			require.LessOrEqual(t, returns(list), mostReturns, "%s: %v", name, list)
		}
	}
	for name, list := range typesAsUsersGrow(t, cat, false, 0) {
		require.Equal(t, todaysReturns[name], returns(list), "%s: %v", name, list)
	}
}

// Few returns have their price: machines that are left for what saves WorthMoving cost
// more to run than the lowest at every number of users. How much more docs/model.md says.
func TestPriceOfSteadyMachines(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	p := parseProfile(t, profileSource(t, "medium"))
	const points = 220
	free, grown, running := &Reuse{}, &Reuse{}, map[string]Runs{}
	sum, most := 0.0, 0.0
	for i := range points {
		d, err := p.In(workload.Situation{Inputs: []workload.Override{{Path: "peak.users",
			Value: 500 * math.Pow(200, float64(i)/(points-1))}}})
		require.NoError(t, err)
		lowest, err := described(Search(d, cat, Options{Reuse: free}))
		require.NoError(t, err)
		held, err := described(Search(d, cat, Options{Reuse: grown, Keep: running, Leave: WorthMoving}))
		require.NoError(t, err)
		running = held.Runs()
		x, y := 0.0, 0.0
		for k := range lowest.Choices {
			x += lowest.Choices[k].Running().Total().Float64()
			y += held.Choices[k].Running().Total().Float64()
		}
		require.GreaterOrEqual(t, y, x*(1-1e-9))
		sum += y/x - 1
		most = max(most, y/x-1)
	}
	require.InDelta(t, 0.0467, sum/points, 0.0005)
	require.InDelta(t, 0.1092, most, 0.0005)
}

// typesAsUsersGrow are the types that each component of medium has, one after the
// other. keep holds the machines of the point before, as Options.Keep and Leave say.
func typesAsUsersGrow(t *testing.T, cat *catalog.Catalog, keep bool, leave float64) map[string][]string {
	const points = 220
	reuse := &Reuse{}
	p := parseProfile(t, profileSource(t, "medium"))
	types, local := map[string][]string{}, map[string]bool{}
	running := map[string]Runs{}
	for i := range points {
		users := 500 * math.Pow(200, float64(i)/(points-1))
		d, err := p.In(workload.Situation{Inputs: []workload.Override{{Path: "peak.users", Value: users}}})
		require.NoError(t, err)
		o := Options{Reuse: reuse}
		if keep {
			o.Keep, o.Leave = running, leave
		}
		r, err := described(Search(d, cat, o))
		require.NoError(t, err, "%.0f users", users)
		running = r.Runs()
		for _, c := range r.Choices {
			if c.Layout.Type == nil {
				continue
			}
			name := c.Component.Name
			if list := types[name]; len(list) == 0 || list[len(list)-1] != c.Layout.Type.Name {
				types[name] = append(list, c.Layout.Type.Name)
			}
			onLocal := c.Layout.Storage.Volume == sizing.VolumeLocal
			if i > 0 {
				require.Equal(t, local[name], onLocal, "%s with %.0f users: %s", name, users, inWords(c))
			}
			local[name] = onLocal
		}
	}
	return types
}

// returns is how often a list comes back to what it had before.
func returns(list []string) int {
	seen, n := map[string]bool{}, 0
	for _, x := range list {
		if seen[x] {
			n++
		}
		seen[x] = true
	}
	return n
}
