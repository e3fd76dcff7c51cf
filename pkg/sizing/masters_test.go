package sizing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/catalog"
	"headroom/pkg/words"
)

// cheapestOf is a ranking in which one type is the cheapest of those that do.
type cheapestOf struct{ of []*catalog.NodeType }

func (m cheapestOf) Cheapest(_ *Task, ok func(*catalog.NodeType) bool) *catalog.NodeType {
	for _, t := range m.of {
		if ok(t) {
			return t
		}
	}
	return nil
}

func (cheapestOf) Cheaper(*Task, *Layout, *Layout) bool { return false }

// Dedicated masters have a type of their own: the cheapest of 2 vCPU and 8 GiB that
// is not burstable.
func TestSearchMastersHaveTheirOwnType(t *testing.T) {
	cat := testCatalog(t)
	s := testSystem(t, cat, queried("1500GiB", ", cpu_query: 1ms"))
	m := cheapestOf{}
	for _, name := range []string{"t4g.large", "c7g.large", "m7g.medium", "m6g.large", "m7g.large"} {
		nt, ok := cat.NodeType(name)
		require.True(t, ok)
		m.of = append(m.of, nt)
	}
	s.Ranking = m
	l, rej := fit(t, s, "search", "r7g.xlarge", onGP3)
	require.Nil(t, rej)
	require.Equal(t, "master", l.Pools[1].Role)
	require.Equal(t, "m6g.large", l.TypeOf(&l.Pools[1]).Name)
	require.Equal(t, "r7g.xlarge", l.TypeOf(&l.Pools[0]).Name)
	l.Detail()
	require.Contains(t, words.Say(l.Structure[2]), "3 dedicated masters of m6g.large")

	// None does: the masters have the type of the data nodes.
	s.Ranking = cheapestOf{m.of[:1]}
	l, rej = fit(t, s, "search", "r7g.xlarge", onGP3)
	require.Nil(t, rej)
	require.Nil(t, l.Pools[1].Type)
}

func TestSearchDedicatedMasters(t *testing.T) {
	// 1,000 GiB × 1.1 × 2 = 2,200 GiB: on r7g.large (256 GiB of data) 9 nodes, and as
	// many must be left when a zone of three is lost: 15, of which that are 5.
	l := fitSearch(t, strings.Replace(searched, "source: 100GiB", "source: 1000GiB, cpu_query: 1ms", 1), "r7g.large")
	require.Equal(t, []Pool{Fixed(0, "", 15), Fixed(0, "master", 3), Fixed(1, "", 15), Fixed(1, "master", 3)}, l.Pools)
	rolesSayPools(t, l)
	require.Equal(t, 3, decided(t, l, 0, "master").Nodes)
}
