package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/resilience"
)

// This file holds what the two-region model says of a lost region against the plan of medium.

// "When one region goes down, the frontend instances should seamlessly switch over to the
// failover master in the other region": by themselves, and each region alone carries all.
func TestDocumentsRegionLost(t *testing.T) {
	for _, x := range []struct {
		mode string
		loss float64
	}{{"async", 1}, {"sync\n    on_loss: degrade", 0}} {
		// A commit that waits for the other region takes longer than the profile's 50 ms.
		a := ailingWith(t, "medium", "p99: {value: 50ms", "p99: {value: 150ms",
			"pooler: auto", "pooler: auto\n    replication: "+x.mode).
			all("region:us-east-1", "region:us-west-2")
		for i := range a.Rows {
			r := &a.Rows[i]
			require.Equal(t, 1.0, r.Auto.Least(), "%s: %s", x.mode, r.Name)
			require.Equal(t, "itself", r.By)
			require.NotNil(t, r.Buffer)
			require.GreaterOrEqual(t, *r.Buffer, a.Users, "%s carries all", r.Name)
		}
		require.Zero(t, a.Rows[0].Now.Writes, "they all go to the first region")
		require.Equal(t, "us-west-2", fails(t, &a.Rows[0], "db").Leader)
		// "There is a small danger of data loss", which ends where "writes only succeed if the
		// replication is successful".
		require.Equal(t, x.loss, lost(&a.Rows[0], "db").Time.Seconds, x.mode)
		require.False(t, lost(&a.Rows[0], "db").All)
		require.Zero(t, lost(&a.Rows[1], "db").Time.Seconds)
	}
}

// "Redundancy is necessary for resilience because we want to eliminate any single point of
// failure": medium has none, and a system of one region has that one.
func TestDocumentsSinglePoints(t *testing.T) {
	require.Empty(t, ailingWith(t, "medium").all("region:us-east-1").Points)
	var points []string
	for _, p := range ailingWith(t, "campus-a").all("region:titan").Points {
		points = append(points, p.Scenario)
	}
	require.Contains(t, points, "region:aachen")
	require.Contains(t, points, "host:aachen-server")
	require.Contains(t, points, "node:mongo", "no other may be primary")
	require.NotContains(t, points, "node:core")
}

// "Fail early … break circuits": what asks again for what is not answered, without a breaker,
// brings the load of all tries to what is left of a region that has lost a zone.
func TestDocumentsRetriesWithoutABreaker(t *testing.T) {
	const from = "elasticsearch:\n        per_read: {value: 0.2"
	retrying := func(keys string) *resilience.Assessment {
		return ailingWith(t, "medium", from, "elasticsearch:\n        "+keys+"\n        per_read: {value: 0.2").
			all("zone:us-east-1, retries")
	}
	a := retrying("retries: 3")
	require.Len(t, found(a, "no_breaker"), 1)
	require.Equal(t, 4, found(a, "no_breaker")[0].Int("times"))
	require.Empty(t, found(retrying("retries: 3\n        breaker: true"), "no_breaker"))
}

// "A whole new infrastructure takes 10 minutes": then so long is added where a site is gone,
// after the time until somebody is there.
func TestDocumentsRebuilt(t *testing.T) {
	r := ailingWith(t, "campus-a",
		"dns:\n", "recovery: {on_call: 30min, rebuild: 10min, restore_rate: 50MB/s}\ndns:\n").
		all("storage:aachen", "disks:aachen:3")
	whole, disks := lost(&r.Rows[0], "aachen").Restore, lost(&r.Rows[1], "aachen").Restore
	require.True(t, whole.Known())
	require.InDelta(t, 600, whole.Seconds-disks.Seconds, 1e-6)
	// "Restoring a backup can take hours": 20 GB at 50 MB/s are 400 s, and half an hour before.
	require.InDelta(t, 1800+400, disks.Seconds, 1)
}
