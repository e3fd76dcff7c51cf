package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/timeline"
	"headroom/pkg/workload"
	"headroom/pricing"
)

// TestDocumentsFiveStages holds the timeline of couples-app against the five stages of the
// article, in the weeks of the profile.
func TestDocumentsFiveStages(t *testing.T) {
	cat, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	d, err := openCase("couples-app")
	require.NoError(t, err)
	p, err := d.Profile()
	require.NoError(t, err)
	o := timeline.Options{Periods: 18, Weekly: true, Plan: func(p *workload.Profile, r bill.Request) (*bill.Planned,
		error) {
		return bill.Search(p, cat, r)
	}}
	all, err := timeline.Run(context.Background(), p, []bill.Request{{}}, o)
	require.NoError(t, err)
	weeks := all.Systems[0].Periods
	require.Len(t, weeks, 18)
	of := func(week int, name string) *timeline.Component { return weeks[week].Of(bill.Owner{Name: name}) }
	nodes := func(week int, name string) (n int) {
		for _, pool := range of(week, name).Pools {
			n += pool.Max
		}
		return n
	}
	vcpu := func(week int, name string) int {
		machine, ok := cat.NodeType(of(week, name).Machine)
		require.True(t, ok)
		return machine.VCPU
	}

	t.Run("thirty-fold", func(t *testing.T) {
		require.InDelta(t, 30, weeks[9].Users/weeks[0].Users, 1e-9)
		require.LessOrEqual(t, 9-7, 3, "within a few weeks of the promotion")
	})
	t.Run("one of each", func(t *testing.T) {
		for _, name := range []string{"frontend", "redis", "mysql", "batch"} {
			require.Equal(t, 1, nodes(0, name), name)
		}
		require.Equal(t, 4, weeks[0].NodesMax, "and no other")
		require.Equal(t, 1, vcpu(0, "frontend"), "its one process uses no more")
	})
	t.Run("test-driven changes", func(t *testing.T) {
		for _, name := range []string{"tls", "resizer"} {
			require.Nil(t, of(4, name), name)
			require.Equal(t, 1, nodes(5, name), name)
		}
	})
	t.Run("four resizers", func(t *testing.T) {
		for n := range weeks {
			rented := 0
			for _, e := range weeks[n].Events {
				for _, x := range e.Nodes {
					require.Equal(t, "resizer", x.Component)
					rented += x.Nodes
				}
			}
			require.Equal(t, n == 7, rented == 4, "week %d: %d", n, rented)
			require.Equal(t, n == 7 || n == 8, rented > 0, "given back after two weeks")
		}
	})
	t.Run("fifteen servers", func(t *testing.T) {
		for _, n := range []int{9, 10} {
			require.LessOrEqual(t, weeks[n].NodesMin-weeks[0].NodesMin, 15, "week %d", n)
			require.GreaterOrEqual(t, weeks[n].NodesMax-weeks[0].NodesMax, 15, "week %d", n)
		}
	})
	t.Run("managed balancer", func(t *testing.T) {
		require.Equal(t, 2, nodes(11, "tls"), "two HAProxy")
		saved := of(10, "tls").Cost.Minus(of(11, "tls").Cost)
		require.Positive(t, saved.Float64(), "without TLS they cost less")
		require.Positive(t, of(11, "elb").Cost.Cmp(saved), "but not by as much as the balancer costs")
	})
	t.Run("sixteen socket servers", func(t *testing.T) {
		require.Equal(t, 8, vcpu(12, "sockets"), "one for each of its processes")
		require.Equal(t, 16, 8*nodes(12, "sockets"))
	})
	t.Run("pools of connections", func(t *testing.T) {
		require.Equal(t, 3, nodes(11, "sockets"), "with one connection for each process")
		require.Equal(t, 2, nodes(12, "sockets"), "with five")
	})
	t.Run("going global", func(t *testing.T) {
		regions := map[string]bool{}
		for _, pool := range of(15, "sockets").Pools {
			regions[pool.Region] = true
		}
		require.Equal(t, map[string]bool{"us-east-1": true, "eu-west-1": true}, regions)
		require.Len(t, of(14, "sockets").Pools, 1)
	})
}
