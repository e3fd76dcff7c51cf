package plan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// Where many readers follow each shard, more shards with fewer readers each keep fewer
// copies of the data. The search weighs that, finds what trying every number of shards
// finds, and keeps the number when the plan is sized again.
func TestMoreShardsThanTheLeast(t *testing.T) {
	t.Parallel()
	cat := testCatalog(t)
	draw := func() *workload.Profile {
		p := byBillAlone(fixtureOf(t, "pooler"))
		p.Peak.Users.V, p.Policy.Survive = 20_000, nil
		p.Curve.Preset = "flat"
		return p
	}
	r := searchAny(t, draw(), cat, Options{})
	i := 0
	for r.Choices[i].Component.Name != "db" {
		i++
	}
	c := r.Choices[i]
	require.Positive(t, c.more)
	sameAsBrute(t, "more shards", draw, cat, nil)

	least := *c
	least.more = 0
	fewer, on := least.again(r.System)
	require.NotNil(t, fewer, on)
	require.Less(t, fewer.Shards, c.Layout.Shards)
	same, on := c.again(r.System)
	require.NotNil(t, same, on)
	require.Equal(t, c.Layout.Pools, same.Pools)

	same.Detail()
	binding := 0
	for _, l := range same.Limits {
		if l.Binding {
			binding++
		}
	}
	require.Positive(t, binding)
	var steps string
	for _, s := range same.Derive() {
		steps += words.Formula(&s) + "\n"
	}
	require.Contains(t, steps, "more of each partition, with which it costs less to run")
}

// A structure without shards to choose is not split further.
func TestOnlyShardsAreSplit(t *testing.T) {
	p := fixtureOf(t, "database")
	r := searchAny(t, p, testCatalog(t), Options{})
	c, _ := p.Component("it")
	kind, _ := sizing.Find(c.Kind)
	z, err := kind.Prepare(r.System.Task(c))
	require.NoError(t, err)
	split := 0
	for _, way := range structures(z) {
		if way.(sizing.Splitter).Split(1) != nil {
			split++
		}
	}
	require.Positive(t, split)
	require.Less(t, split, len(structures(z)))
}
