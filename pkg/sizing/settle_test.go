package sizing

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/workload"
)

// settling is a system whose only component has so many nodes as a round says.
func settling(t *testing.T, kind string) *System {
	t.Helper()
	src := "apiVersion: headroom/v1\nname: x\nregions:\n  - {name: us-east-1}\n" +
		"peak: {users: 100, requests_per_user: 1/min}\ncomponents:\n" +
		"  web: {kind: stateless, entry: true, cpu: 1ms}\n  it: {kind: " + kind + "}\n"
	p, err := workload.Parse("p.yaml", []byte(src), Specs(), nil)
	require.NoError(t, err)
	d := p.Demand()
	s := &System{Profile: p, traits: map[*workload.Component]*Traits{}, rooms: &rooms{}}
	s.Flow = p.Flow(d, s.natureOf)
	return s
}

// rounds sizes the component with as many nodes as next says of those that the last round
// found, and counts how often.
func rounds(s *System, next func(found int) int) (n int, err error) {
	err = s.Settle(func() error {
		n++
		s.Sized["it"] = &Layout{Pools: []Pool{Fixed(0, "", next(s.foundIn(0)))}}
		return nil
	})
	return n, err
}

func (s *System) foundIn(region int) int {
	if s.Nodes == nil {
		return 0
	}
	return s.Nodes[region].Most
}

func TestNumbersOfNodesSettle(t *testing.T) {
	for _, x := range []struct {
		why          string
		next         func(found int) int
		rounds, most int
		moves        bool
	}{
		{"the first numbers hold", func(int) int { return 3 }, 2, 3, false},
		{"a node for each ten", func(n int) int { return 20 + (n+9)/10 }, 4, 23, false},
		{"it moves between 2 and 7: the larger counts", func(n int) int {
			if n == 7 {
				return 2
			}
			return 7
		}, mostRounds + 1, 7, true},
		{"each node needs two more: the last counts", func(n int) int { return 2*n + 1 }, mostRounds + 1,
			1<<mostRounds - 1, true},
	} {
		s := settling(t, "telemetry")
		n, err := rounds(s, x.next)
		require.NoError(t, err)
		require.Equal(t, x.rounds, n, x.why)
		require.Equal(t, x.most, s.Nodes[0].Most, x.why)
		task := &Task{Regions: []Location{{Name: "here"}}, system: s}
		said := task.unsettled()
		require.Equal(t, x.moves, len(said) == 1, x.why)
		if x.moves {
			require.Equal(t, "rounds.unsettled", said[0].Key)
			require.NotEqual(t, said[0].Number("last"), said[0].Number("before"))
		}
		again, err := rounds(s, func(int) int { return x.most })
		require.NoError(t, err)
		require.Equal(t, 1, again, "what has settled is found at once")
		require.Empty(t, task.unsettled())
	}
}

// A system whose load does not depend on its nodes is sized once, and keeps no numbers.
func TestOneRoundWithoutLoadOfNodes(t *testing.T) {
	s := settling(t, "quorum")
	s.Sized = map[string]*Layout{}
	n, err := rounds(s, func(int) int { return 5 })
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Nil(t, s.Nodes)
}

func TestAnErrorEndsTheRounds(t *testing.T) {
	s, n, want := settling(t, "telemetry"), 0, errors.New("does not fit")
	require.Equal(t, want, s.Settle(func() error { n++; return want }))
	require.Equal(t, 1, n)
}

// What a CDN answers at its edges writes no line and has no span: of 1,000 requests a second
// the tenth that it misses does.
func TestNoTelemetryOfTheEdges(t *testing.T) {
	s := testSystem(t, testCatalog(t), `
apiVersion: headroom/v1
name: edges
regions: [{name: us-east-1}]
curve: {preset: flat}
peak: {users: 1000, requests_per_user: 1/s, write_ratio: 0%, first_page: 0B, session: 30min}
components:
  front: {kind: cdn, entry: true, hit_ratio: 90%, calls: {web: {per_read: 1, per_write: 1}}}
  web: {kind: stateless, cpu: 1ms}
  seen: {kind: telemetry}
`)
	_, sizer := prepare(t, s, "seen")
	require.InEpsilon(t, 100, sizer.(*telemetrySizer).own[0], 1e-9)
}
