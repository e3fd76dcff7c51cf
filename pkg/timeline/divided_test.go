package timeline

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What is divided is not joined again: a database that is divided into partitions and shards
// in month 13, as that is cheaper then, was one whole again in month 15 when only machines
// were kept.
func TestShardsNeverFall(t *testing.T) {
	s := over(t, embedded(t, "web-operations"), Options{Periods: 24})
	most := map[string]int{}
	for i := range s.Periods {
		for _, c := range s.Periods[i].Changes {
			if c.What == OfPartitions || c.What == OfShards || c.What == OfClusters {
				require.Greater(t, c.Is, c.Was, "%s in month %d: %s", c.System, i, c.What)
				most[c.Component+" "+c.What] = c.Is.(int)
			}
		}
	}
	require.GreaterOrEqual(t, most["db shards"], 6)
	require.Equal(t, 3, most["db partitions"])
}
