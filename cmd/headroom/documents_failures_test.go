package main

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/pricing"
	"headroom/profiles"
)

// This file holds what the proposal says of failures against the plan of its first solution.

// ailing is a system that was planned, and of which something fails.
type ailing struct {
	t     *testing.T
	plan  *plan.Plan
	facts *catalog.Facts
}

// ailingWith plans a profile that comes with the program, after changes of its text: what
// stands there, and what stands there instead.
func ailingWith(t *testing.T, name string, changes ...string) *ailing {
	t.Helper()
	src, err := fs.ReadFile(profiles.FS, name+".yaml")
	require.NoError(t, err)
	text := string(src)
	for i := 0; i < len(changes); i += 2 {
		require.Contains(t, text, changes[i])
		text = strings.ReplaceAll(text, changes[i], changes[i+1])
	}
	p, err := workload.Parse(name+".yaml", []byte(text), sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	r := billed(t, p, bill.Request{})
	facts, err := r.Catalog.Facts()
	require.NoError(t, err)
	return &ailing{t, r.Plan, facts}
}

// all is what there is to say, of some scenarios.
func (x *ailing) all(scenarios ...string) *resilience.Assessment {
	x.t.Helper()
	o := resilience.Options{}
	for _, text := range scenarios {
		s, err := resilience.Parse(text)
		require.NoError(x.t, err)
		o.Scenarios = append(o.Scenarios, s)
	}
	a, err := resilience.Assess(x.plan, x.facts, o)
	require.NoError(x.t, err)
	return a
}

// row is what comes of a scenario.
func (x *ailing) row(scenario string) *resilience.Row {
	x.t.Helper()
	return &x.all(scenario).Rows[0]
}

// lost is what a store loses at most in a scenario; nothing where it is not named.
func lost(r *resilience.Row, component string) (l resilience.Loss) {
	for i := range r.Losses {
		if r.Losses[i].Component == component {
			return r.Losses[i]
		}
	}
	return l
}

// fails is what becomes of a component in a scenario.
func fails(t *testing.T, r *resilience.Row, component string) resilience.PartRow {
	t.Helper()
	for i := range r.Parts {
		if r.Parts[i].Component == component {
			return r.Parts[i]
		}
	}
	require.Fail(t, "nothing becomes of it", component)
	return resilience.PartRow{}
}

// found are the findings of a key.
func found(a *resilience.Assessment, key string) (out []remark.Remark) {
	for _, f := range a.Findings {
		if f.Key == "resilience."+key {
			out = append(out, f)
		}
	}
	return out
}

// aimOf is an aim of a profile, and of aims.survive that of a loss.
func aimOf(t *testing.T, aims []resilience.Aim, key, loss string) *resilience.Aim {
	t.Helper()
	for i := range aims {
		if aims[i].Key == key && aims[i].Loss == loss {
			return &aims[i]
		}
	}
	require.Fail(t, "no such aim", "%s %s", key, loss)
	return nil
}

const daily, weekly = 24 * 3600.0, 7 * 24 * 3600.0

// "A failure of Aachen would turn the whole system to be read-only": once its record is
// removed, as users of Aachen get nothing before; and "not sure if Aachen fail could
// automatically be recovered by Kubernetes", whose master stands there.
func TestDocumentsFirstSiteLost(t *testing.T) {
	x := ailingWith(t, "campus-a")
	a := x.all("region:aachen")
	r := &a.Rows[0]
	require.Equal(t, resilience.ReadOnly, r.Outcome)
	require.Equal(t, [2]float64{0.5, 0}, [2]float64{r.Now.Reads, r.Now.Writes})
	require.Equal(t, [2]float64{0.5, 0}, [2]float64{r.Auto.Reads, r.Auto.Writes})
	require.Equal(t, [2]float64{1, 0}, [2]float64{r.Hand.Reads, r.Hand.Writes})
	require.Equal(t, "repair", r.By)
	require.Equal(t, "writer", fails(t, r, "writer").Component)
	require.Len(t, found(a, "controlled_from"), 1)
	require.Equal(t, resilience.Missed, aimOf(t, a.Aims, "aims.unattended", "").Verdict)
}

// "A failure of Titan would not affect the system": Aachen's users notice nothing. But half of
// the answers of DNS lead to Titan, until somebody removes its record and 60 s have passed.
func TestDocumentsSecondSiteLost(t *testing.T) {
	x := ailingWith(t, "campus-a")
	a := x.all("region:titan")
	r := &a.Rows[0]
	for _, c := range r.Classes {
		require.Equal(t, [3]float64{0.5, 0.5, 1}, [3]float64{c.Now, c.Auto, c.Hand})
	}
	require.Empty(t, r.Losses)
	require.Equal(t, "person", r.By)
	require.Equal(t, resilience.Time{Seconds: 60, Missing: []string{"recovery.on_call"}}, r.Down)
	dead := found(a, "dead_records")
	require.Len(t, dead, 1)
	require.Equal(t, 60.0, dead[0].Number("ttl"))
	checked := ailingWith(t, "campus-a", "health_check: none", "health_check: {interval: 30s, threshold: 3}")
	a = checked.all("region:titan")
	require.Empty(t, found(a, "dead_records"))
	require.Equal(t, "itself", a.Rows[0].By)
	require.Equal(t, resilience.Time{Seconds: 3*30 + 60}, a.Rows[0].Down)
	retrying := ailingWith(t, "campus-a", "health_check: none", "retry: true")
	require.Equal(t, 1.0, retrying.row("region:titan").Now.Least(), "clients try the next address")
}

// "A network split would turn Titan readonly and not affect requests to Aachen, no split-brain
// situations possible."
func TestDocumentsSplit(t *testing.T) {
	x := ailingWith(t, "campus-a")
	r := x.row("split:titan")
	require.False(t, r.TwoLeaders)
	require.Equal(t, 1.0, r.Hand.Reads)
	require.Equal(t, 0.5, r.Hand.Writes, "those of Aachen's users")
	require.Empty(t, r.Losses)
	// Who promotes by itself on both sides gets two primaries.
	auto := ailingWith(t, "campus-a", "engine: postgresql", "engine: postgresql\n    promotion_elsewhere: auto")
	a := auto.all("split:titan")
	require.True(t, a.Rows[0].TwoLeaders)
	require.Len(t, found(a, "two_primaries"), 1)
}

// Two disks "can be tolerated"; three "can be restored from local backup, loosing max. a day";
// "all storage in Aachen" from Titan's, "loosing max. a week": so it is of files. Databases
// lose what Titan's copies were behind, and "any HDD failure on Titan" loses nothing.
func TestDocumentsDisks(t *testing.T) {
	x := ailingWith(t, "campus-a")
	a := x.all("disks:aachen:1", "disks:aachen:2", "disks:aachen:3", "storage:aachen", "disks:titan:1",
		"disks:titan:2", "disks:titan:3", "storage:titan")
	for i, files := range []float64{0, 0, daily, weekly, 0, 0, 0, 0} {
		r := &a.Rows[i]
		require.Equal(t, files, lost(r, "aachen").Time.Seconds, r.Name)
		for _, store := range []string{"pg", "mongo"} {
			require.LessOrEqual(t, lost(r, store).Time.Seconds, 1.0, "%s: %s", r.Name, store)
		}
		require.Equal(t, files == 0, len(r.Losses) == 0, r.Name)
	}
	for _, i := range []int{0, 1, 4, 5} {
		require.Equal(t, resilience.Unaffected, a.Rows[i].Outcome)
		require.Equal(t, 1.0, a.Rows[i].Now.Least())
	}
	require.Equal(t, "daily", lost(&a.Rows[2], "aachen").From)
	require.Equal(t, "weekly", lost(&a.Rows[3], "aachen").From)
	require.Equal(t, "replica", lost(&a.Rows[3], "pg").From)
	// Requirement 5 wants three.
	aim := aimOf(t, a.Aims, "aims.disk_failures", "")
	require.Equal(t, resilience.Missed, aim.Verdict)
	require.Equal(t, 2.0, *aim.Got)
	require.Equal(t, "disks:aachen:3", aim.Scenario)
}

// "Titan can be ephemeral": the weekly copy is lost with it, so that Aachen's loss within the
// week loses everything. Elsewhere it would be a week.
func TestDocumentsCopiesOnEphemeralDisks(t *testing.T) {
	const both = "region:titan, region:aachen"
	a := ailingWith(t, "campus-a").all(both)
	require.Equal(t, resilience.Down, a.Rows[0].Outcome)
	for _, store := range []string{"pg", "mongo", "aachen"} {
		require.True(t, lost(&a.Rows[0], store).All, store)
	}
	on := found(a, "copy_ephemeral")
	require.Len(t, on, 1)
	require.Equal(t, "weekly", on[0].Text("copy"))
	elsewhere := ailingWith(t, "campus-a", ", at: titan, on: ephemeral", ", on: objects").all(both)
	require.Empty(t, found(elsewhere, "copy_ephemeral"))
	require.Equal(t, weekly, lost(&elsewhere.Rows[0], "pg").Time.Seconds)
	require.False(t, lost(&elsewhere.Rows[0], "pg").All)
}

const orchestrated = `  kind: {value: kubernetes, source: 'the proposal, solution 1'}
  region: {value: aachen, source: 'the proposal, solution 1'}
`

// "Kubernetes would solve automated recovery in case of service crashes": so it does, also of
// the only process of MongoDB that may be primary. Until then nobody writes to it, as Titan
// has "priority: 0"; without Kubernetes until somebody acts.
func TestDocumentsCrashedProcess(t *testing.T) {
	const crash = "process:mongo/primary"
	x := ailingWith(t, "campus-a")
	a := x.all(crash, "process:writer")
	for i := range a.Rows {
		require.Less(t, a.Rows[i].Now.Writes, 1.0)
		require.Equal(t, 1.0, a.Rows[i].Auto.Least())
		require.Equal(t, "itself", a.Rows[i].By)
	}
	require.InDelta(t, 0.7, a.Rows[0].Now.Writes, 1e-12, "those of PostgreSQL go on")
	require.Equal(t, "mongo", found(a, "never_elected")[0].Text("component"))
	require.Len(t, found(a, "never_elected"), 1)
	bare := ailingWith(t, "campus-a", orchestrated, "  kind: none\n")
	r := bare.row(crash)
	require.Equal(t, 1.0, r.Auto.Reads)
	require.InDelta(t, 0.7, r.Auto.Writes, 1e-12)
	require.Equal(t, "person", r.By)
	node := x.row("node:mongo/primary")
	mongo := fails(t, node, "mongo")
	require.Equal(t, [2]float64{1, 0}, [2]float64{mongo.Reads, mongo.Writes}, "read-only")
	eligible := ailingWith(t, "campus-a", ", priority: {value: 0, source: 'the proposal, solution 1'}}", "}")
	require.Empty(t, found(eligible.all(crash), "never_elected"))
	r = eligible.row("node:mongo/primary")
	require.Equal(t, "titan", fails(t, r, "mongo").Leader)
	require.Equal(t, 1.0, r.Auto.Least())
}

// "Aachen hosting one arbiter and the primary": without the arbiter Titan's loss takes the
// majority with it. Where a write waits for most of the members, it blocks with the arbiter
// too, which keeps no data.
func TestDocumentsArbiter(t *testing.T) {
	const arbiter = "      - {role: arbiter, region: aachen, host: aachen-server}\n"
	for _, x := range []struct {
		changes []string
		writes  float64
	}{
		{nil, 1},
		{[]string{arbiter, ""}, 0.7},
		{[]string{"engine: mongodb", "engine: mongodb\n    write_concern: majority"}, 0.7},
	} {
		r := ailingWith(t, "campus-a", x.changes...).row("region:titan")
		require.Equal(t, 1.0, r.Hand.Reads)
		require.InDelta(t, x.writes, r.Hand.Writes, 1e-12, "%v", x.changes)
		require.Equal(t, x.writes < 1, r.By == "repair")
	}
}

// "Have a backup log to counter corruption": daily copies are none. What was written since the
// last copy before is lost; with a log nothing but the day for which it went unnoticed.
func TestDocumentsLogAgainstCorruption(t *testing.T) {
	const found = "corruption:24h"
	a := ailingWith(t, "campus-a").all(found)
	require.Equal(t, resilience.Missed, aimOf(t, a.Aims, "aims.point_in_time", "").Verdict)
	require.Equal(t, 2*daily, lost(&a.Rows[0], "pg").Time.Seconds)
	a = ailingWith(t, "campus-a", "copies:\n",
		"copies:\n  log: {of: [pg, mongo, aachen], every: 5min, on: objects, log: true}\n").all(found)
	require.Equal(t, resilience.Met, aimOf(t, a.Aims, "aims.point_in_time", "").Verdict)
	require.Equal(t, daily, lost(&a.Rows[0], "pg").Time.Seconds)
}

// "No longer failures, a couple of seconds are okay": none of the usual defaults is as quick.
func TestDocumentsCoupleOfSeconds(t *testing.T) {
	cat, err := catalog.Open(pricing.FS)
	require.NoError(t, err)
	facts, err := cat.Facts()
	require.NoError(t, err)
	x := ailingWith(t, "campus-a")
	couple := float64(x.plan.Profile.Aims.Outage.V)
	for key, want := range map[string][2]float64{
		"failover.rds.multi_az":              {60, 120},
		"failover.patroni.ttl":               {30, 30},
		"failover.redis.sentinel.down_after": {30, 30},
		"k8s.node_monitor_grace":             {40, 40},
		"k8s.toleration":                     {300, 300},
		"k8s.pod_failover":                   {340, 340},
	} {
		fact, ok := facts.Time(key)
		require.True(t, ok, key)
		require.Equal(t, want, [2]float64{fact.Low.V, fact.High.V}, key)
		require.Greater(t, want[0], couple)
	}
	a := x.all("node:core")
	require.Equal(t, "itself", a.Rows[0].By)
	require.Equal(t, 340.0, a.Rows[0].Down.Seconds, "40 + 300 s until Kubernetes starts it elsewhere")
	require.Equal(t, resilience.Missed, aimOf(t, a.Aims, "aims.outage", "").Verdict)
	slow := found(a, "slow_promotion")
	require.Len(t, slow, 1)
	require.Equal(t, "pg", slow[0].Text("component"))
	require.Greater(t, slow[0].Number("seconds"), slow[0].Number("aim"))
}

// Aachen is there for 99 % of the time and Titan for 99.5 %, which is assumed: reads are then
// answered for 99.995 % of it and writes for 99 %, if somebody acts at once. As users see it,
// half of whom the records lead to a site that is lost, it is 99.25 % and 98.75 %.
func TestDocumentsAvailability(t *testing.T) {
	a := ailingWith(t, "campus-a").all("region:titan")
	seen := 0
	for _, v := range a.Availability {
		if v.Figure != resilience.Own {
			continue
		}
		seen++
		if v.Writes {
			require.InDelta(t, 0.99, *v.Part, 1e-12)
			// Aachen's users while it is there, and Titan's while both are.
			require.InDelta(t, 0.5*0.99+0.5*0.99*0.995, *v.Users, 1e-12)
			require.InDelta(t, 0.9875, *v.Users, 5e-5)
			continue
		}
		require.InDelta(t, 0.99995, *v.Part, 1e-12)
		require.InDelta(t, 0.9925, *v.Users, 1e-12)
	}
	require.Equal(t, 2, seen)
}
