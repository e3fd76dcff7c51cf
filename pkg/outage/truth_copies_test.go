package outage

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// kept is a primary and a replica, with what else keeps their data.
func kept(copies ...Copy) *System {
	s := simple(Part{Rule: Led, Lag: Seconds(5), Pools: members(0, 1, 1)})
	s.People.Rebuild = Seconds(1800)
	for i := range copies {
		copies[i].Of = []string{"db"}
	}
	s.Copies = copies
	return s
}

// What is left when all members are gone, or when data is wrong since 24 h.
func TestCopies(t *testing.T) {
	daily := Copy{Name: "daily", Region: -1, Every: Seconds(day), Rate: 1e6, Bytes: 6e8}
	log := Copy{Name: "log", Region: -1, Every: Seconds(300), Log: true, Keep: Seconds(7 * day)}
	here := Copy{Name: "here", Every: Seconds(3600)} // in region a
	zonal := Copy{Name: "zonal", Every: Seconds(3600), Zonal: true}
	disks := Copy{Name: "disks", Every: Seconds(3600), Disks: Disks{Local: true}}
	with := func(c Copy, keep float64) Copy { c.Keep = Seconds(keep); return c }
	for _, x := range []struct {
		name     string
		s        *System
		scenario string
		from     string
		loses    float64
		restore  Span
	}{
		// 600 s until somebody comes, 600 s for 6e8 bytes at 1e6 bytes/s.
		{"daily", kept(daily), "zone:a:2", "daily", day, Seconds(1200)},
		// The same onto a region made anew: 1800 s more.
		{"daily", kept(daily), "region:a", "daily", day, Seconds(3000)},
		// Nobody said at which rate a log is restored.
		{"log", kept(daily, log), "zone:a:2", "log", 300, rateless(600)},
		// A copy in the same region goes with it; one on other disks does not go with all disks.
		{"here", kept(here), "zone:a:2", "here", 3600, rateless(600)},
		{"here", kept(here), "region:a", "", -1, Span{}},
		{"here and daily", kept(here, daily), "region:a", "daily", day, Seconds(3000)},
		{"here", kept(here), "storage:a", "here", 3600, rateless(2400)},
		{"disks", kept(disks), "storage:a", "", -1, Span{}},
		{"zonal", kept(zonal), "zone:a:2", "", -1, Span{}},
		{"none", kept(), "zone:a:2", "", -1, Span{}},
		// Wrong data is on the replica as well. A log goes back to just before: what was written
		// in 24 h since is lost.
		{"log", kept(log), "corruption:24h", "log", day, rateless(600)},
		// The last daily copy before may be a day older.
		{"daily", kept(daily), "corruption:24h", "daily", 2 * day, Seconds(1200)},
		// Kept for a day, it is overwritten; for two days it is there.
		{"short", kept(with(daily, day)), "corruption:24h", "", -1, Span{}},
		{"long", kept(with(daily, 2*day)), "corruption:24h", "daily", 2 * day, Seconds(1200)},
		{"short log", kept(with(log, 3600)), "corruption:24h", "", -1, Span{}},
		{"replica", kept(), "corruption:24h", "", -1, Span{}},
		// Of the same age the one that is sooner there.
		{"sooner", kept(here, with(Copy{Name: "fast", Region: -1, Every: Seconds(3600), Rate: 1e6, Bytes: 6e8}, 0)),
			"zone:a:2", "fast", 3600, Seconds(1200)},
	} {
		t.Run(x.name+" "+x.scenario, func(t *testing.T) {
			l := lossOf(run(t, x.s, x.scenario), "db")
			require.NotNil(t, l)
			if x.loses < 0 {
				require.True(t, l.All)
				return
			}
			require.Equal(t, Loss{Part: "db", Time: Seconds(x.loses), From: x.from, Restore: x.restore}, *l)
		})
	}
	unknown := kept(daily)
	unknown.Copies[0].Every = Unknown("backup.interval")
	require.Equal(t, []string{"backup.interval"}, lossOf(run(t, unknown, "zone:a:2"), "db").Time.Missing)
	require.Equal(t, 600.0, unknown.People.OnCall.Seconds)
}

// Members on two servers, of which one also has the only web.
func TestHosts(t *testing.T) {
	s := simple(Part{Rule: Led, Lag: Seconds(5), Pools: members(0, 1, 1)})
	s.Parts[0].Pools = []Pool{{Nodes: 1, Host: "one"}}
	s.Parts[1].Pools[0].Host, s.Parts[1].Pools[1].Host = "one", "two"
	checkTruths(t, []truth{
		// Web and primary: the replica leads for nobody.
		{"one", s, "host:one", none, none, 5, Repair, 0},
		{"two", s, "host:two", full, full, 0, Nobody, 0},
		// Disks of either server; web runs without.
		{"disks", s, "disks:a", [3]float64{0, 1, 1}, [3]float64{0, 1, 1}, 5, Itself, 60},
	})
	s.Parts[1].Pools[0].Disks.Tolerates, s.Parts[1].Pools[1].Disks.Tolerates = 2, 2
	checkTruths(t, []truth{
		{"RAID 6", s, "disks:a:2", full, full, 0, Nobody, 0},
		{"RAID 6", s, "disks:a:3", [3]float64{0, 1, 1}, [3]float64{0, 1, 1}, 5, Itself, 60},
		{"RAID 6", s, "storage:a", none, none, -1, Repair, 0},
	})
}

// Each region has a quorum of its own, and callers ask the one of their region.
func TestApart(t *testing.T) {
	voted := twoRegions(Part{Rule: Voted, Apart: true, Pools: append(members(0, 1, 1, 1), members(1, 1, 1, 1)...)})
	led := twoRegions(Part{Rule: Led, Apart: true, Lag: Seconds(5),
		Pools: append(members(0, 1, 1), members(1, 1, 1)...)})
	checkTruths(t, []truth{
		{"voted", voted, "split:a", full, full, 0, Nobody, 0},
		// What a kept is nowhere else.
		{"voted", voted, "region:a", [3]float64{.5, 1, 1}, [3]float64{.5, 1, 1}, -1, Itself, 150},
		// Two of three in one region: half of the users.
		{"voted", voted, "zone:a:2", [3]float64{.5, .5, .5}, [3]float64{.5, .5, .5}, 0, Repair, 0},
		// The leader of one region: its users wait 60 s.
		{"led", led, "node:db@a", [3]float64{.5, 1, 1}, [3]float64{.5, 1, 1}, 5, Itself, 60},
		{"led", led, "split:a", full, full, 0, Nobody, 0},
		{"led", led, "zone:b:2", [3]float64{.5, .5, .5}, [3]float64{.5, .5, .5}, -1, Repair, 0},
	})
	require.False(t, run(t, led, "split:a").Split)
	// Where b has no group, its users ask the one in a, as long as it is in reach.
	for _, rule := range []Rule{Led, Voted} {
		one := twoRegions(Part{Rule: rule, Apart: true, Pools: members(0, 1, 1, 1)})
		checkTruths(t, []truth{
			{"one group", one, "split:b", [3]float64{.5, .5, .5}, [3]float64{.5, .5, .5}, 0, Repair, 0},
			{"one group", one, "region:b", [3]float64{.5, 1, 1}, [3]float64{.5, 1, 1}, 0, Itself, 150},
			{"one group", one, "zone:a:3", none, none, -1, Repair, 0},
		})
	}
}

// Users enter at a balancer of the provider: with nothing behind it, its region is left.
func TestBalancers(t *testing.T) {
	enter := func(pools ...Pool) *System {
		s := twoRegions(Part{Rule: Given})
		s.Parts = append(s.Parts, Part{Name: "balancer", Rule: Given, Pools: pools,
			Calls: []Call{{To: "web", PerRead: 1, PerWrite: 1}}})
		s.Journeys[0].Entry, s.Journeys[1].Entry = "balancer", "balancer"
		s.Parts[0].Pools = []Pool{{Nodes: 1}, {Region: 1, Nodes: 1}}
		return s
	}
	half := [3]float64{.5, 1, 1}
	standing := enter(Pool{Nodes: 1}, Pool{Region: 1, Nodes: 1})
	checkTruths(t, []truth{
		// 90 s to notice, 60 s TTL.
		{"nowhere", enter(), "node:web@a", half, half, 0, Itself, 150},
		{"nowhere", enter(), "region:a", half, half, 0, Itself, 150},
		{"standing", standing, "node:web@a", half, half, 0, Itself, 150},
		{"standing", standing, "region:b", half, half, 0, Itself, 150},
		{"standing", standing, "split:b", full, full, 0, Nobody, 0},
	})
	// A region without users of its own takes all.
	passive := enter()
	passive.Regions[0].Share, passive.Regions[1].Share = 1, 0
	after := [3]float64{0, 1, 1}
	witness := enter()
	witness.Regions[0].Share, witness.Regions[1].Share = 1, 0
	witness.Regions = append(witness.Regions, Region{Name: "c", Zones: 1, From: 2})
	witness.Parts[2].Pools = []Pool{{Nodes: 1}, {Region: 1, Nodes: 1}}
	checkTruths(t, []truth{
		{"passive", passive, "region:a", after, after, 0, Itself, 150},
		{"passive", passive, "region:b", full, full, 0, Nobody, 0},
		{"witness", witness, "region:a + split:c", after, after, 0, Itself, 150},
	})
	// Each region carries all: web in b has the users of a, too.
	load := enter()
	carries(load, "web", 0.8)
	o := run(t, load, "region:a")
	require.InDelta(t, 0.8, o.Auto.Reads, 1e-9)
	require.InDelta(t, 0.0, o.Room, 1e-9, "users are not all served")
}

// Only the reactions that users wait for count: nobody waits for the slow part.
func TestReactionsThatMatter(t *testing.T) {
	s := simple(Part{Rule: Led, Pools: members(0, 1, 1)})
	slow := s.Parts[1]
	slow.Name, slow.Promote, slow.Lag = "slow", Seconds(9000), Seconds(1)
	s.Parts = append(s.Parts, slow)
	s.Parts[0].Calls = append(s.Parts[0].Calls, Call{To: "slow", PerWrite: 1, Async: true})
	require.Equal(t, Seconds(60), run(t, s, "zone:a").Down)
	s.Parts[0].Calls[1].Async = false
	require.Equal(t, Seconds(9000), run(t, s, "zone:a").Down)
}

// Nodes are launched in 900 s, people promote after 660 s; and a web that is launched too late
// in a region where the others do is of no matter.
func TestLaunchedNodesThatMatter(t *testing.T) {
	s := simple(Part{Rule: Led, ByHand: true, Pools: members(0, 1, 1)})
	s.Regions[0].Launches, s.Regions[0].Replace = true, Seconds(900)
	s.Parts[0].Pools = []Pool{{Nodes: 1}}
	s.Parts[1].Pools[0].Role = "primary"
	require.Equal(t, Seconds(660), run(t, s, "node:db/primary").Down)
	require.Equal(t, Seconds(900), run(t, s, "node:db/primary + node:web").Down)
	two := twoRegions(Part{Rule: Given})
	two.Parts[0].Pools = []Pool{{Nodes: 1}, {Region: 1, Nodes: 2}}
	two.DNS.Moves = false
	for r, t := range []float64{180, 9000} {
		two.Regions[r].Launches, two.Regions[r].From, two.Regions[r].Replace = true, r, Seconds(t)
	}
	require.Equal(t, Seconds(180), run(t, two, "node:web@a + node:web@b").Down)
}

// A protection that is gone after the first: the replica has failed, so that the primary may
// not.
func TestUnprotected(t *testing.T) {
	s := simple(Part{Rule: Led, Pools: members(0, 1, 1)})
	s.Parts[1].Pools[0].Role, s.Parts[1].Pools[1].Role = "primary", "replica"
	first := Of(Event{Kind: Node, Part: "db", Role: "replica"})
	primary, web := Of(Event{Kind: Node, Part: "db", Role: "primary"}), Of(Event{Kind: Node, Part: "web"})
	got, err := s.Unprotected(first, []Scenario{primary, web})
	require.NoError(t, err)
	require.Equal(t, []Scenario{primary}, got)
}

// Of the disks of db and of files, those of db are worse for users; all files are lost with
// theirs, which is said as well.
func TestEachStoreLosesItsWorst(t *testing.T) {
	s := simple(Part{Rule: Led, Lag: Seconds(5), Pools: members(0, 1, 1)})
	s.Parts = append(s.Parts, Part{Name: "files", Rule: Voted, Keeps: true, Pools: members(0, 0, 0, 1)})
	o := run(t, s, "disks:a")
	require.Equal(t, Seconds(5), lossOf(o, "db").Time)
	require.True(t, lossOf(o, "files").All)
	require.Equal(t, 1.0, o.Auto.Served(), "nobody waits for files")
}

// A replica that cannot lead is 5 s behind; a log is 1 s behind: people take the log.
func TestNewestSource(t *testing.T) {
	s := kept(Copy{Name: "log", Region: -1, Log: true, Every: Seconds(1)})
	s.Parts[1].Pools[0].Role, s.Parts[1].Pools[1].Leads = "primary", false
	require.Equal(t, "log", lossOf(run(t, s, "node:db/primary"), "db").From)
	s.Copies[0].Every = Seconds(6)
	require.Equal(t, "replica", lossOf(run(t, s, "node:db/primary"), "db").From)
}

// What is all in memory goes with its process, and not with a disk; what is on disks is the
// other way round.
func TestMemory(t *testing.T) {
	for _, memory := range []bool{true, false} {
		s := simple(Part{Rule: Copied, Copies: 1, Acks: 1, Pools: members(0, 1)})
		s.Parts[1].Pools[0].Disks = Disks{Local: true, Memory: memory}
		require.Equal(t, memory, len(run(t, s, "process:db").Losses) > 0)
		require.NotEmpty(t, run(t, s, "node:db").Losses)
		x, err := Parse("disks:a:1", readDay)
		require.NoError(t, err)
		if memory {
			require.EqualError(t, s.Check(x), "disks:a:1: no node keeps data there")
			continue
		}
		require.NotEmpty(t, run(t, s, "disks:a:1").Losses)
	}
}

// Nothing is kept: a system without stores loses nothing.
func TestNothingKept(t *testing.T) {
	s := simple(Part{Rule: Voted, Pools: members(0, 1, 1, 1)})
	s.Parts[1].Keeps = false
	require.Empty(t, run(t, s, "region:a").Losses)
	require.Empty(t, run(t, s, "corruption:24h").Losses)
}

func TestCheck(t *testing.T) {
	s := campus()
	for text, want := range map[string]string{
		"node:nothing":             "node:nothing: there is no component of that name",
		"node:pg/arbiter":          "node:pg/arbiter: it has no such node",
		"node:pg@nowhere":          "node:pg@nowhere: it has no such node",
		"region:nowhere":           "region:nowhere: there is no region of that name",
		"zone:aachen:2":            "zone:aachen:2: the region has 1",
		"host:nothing":             "host:nothing: no member or machine is on a server of that name",
		"cold:pg":                  "cold:pg: it answers nothing from memory",
		"standby:core":             "standby:core: it has no such node",
		"node:core, region:nobody": "region:nobody: there is no region of that name",
	} {
		x, err := Parse(text, readDay)
		require.NoError(t, err)
		require.EqualError(t, s.Check(x), want)
		_, err = s.Run(x)
		require.EqualError(t, err, want)
	}
	require.EqualError(t, s.Check(Of(Event{Kind: Host})), "host: no member or machine is on a server of that name")
	x, err := Parse("region:aachen + retries, node:pg/replica@titan", readDay)
	require.NoError(t, err)
	require.NoError(t, s.Check(x))
}

// rateless is a time of restoring that is longer by what only the rate would tell.
func rateless(seconds float64) Span {
	return Span{Seconds: seconds, Missing: []string{"recovery.restore_rate"}}
}
