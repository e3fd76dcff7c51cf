package outage

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// truth is a row worked out by hand: what is answered of reads and writes at once, by itself
// and after people, what db loses, who acts, and how long users wait.
type truth struct {
	name     string
	s        *System
	scenario string
	reads    [3]float64
	writes   [3]float64
	loses    float64 // seconds; -1 for everything
	by       Actor
	down     float64
}

func checkTruths(t *testing.T, rows []truth) {
	t.Helper()
	for _, x := range rows {
		t.Run(x.name+" "+x.scenario, func(t *testing.T) {
			o := run(t, x.s, x.scenario)
			near := func(want [3]float64, got ...float64) {
				for i := range want {
					require.InDelta(t, want[i], got[i], 1e-9, "phase %d of %v", i, got)
				}
			}
			near(x.reads, o.Now.Reads, o.Auto.Reads, o.Hand.Reads)
			near(x.writes, o.Now.Writes, o.Auto.Writes, o.Hand.Writes)
			loses := 0.0
			if l := lossOf(o, "db"); l != nil {
				if loses = l.Time.Seconds; l.All {
					loses = -1
				}
			}
			require.InDelta(t, x.loses, loses, 1e-9, "loss")
			require.Equal(t, x.by, o.By)
			require.InDelta(t, x.down, o.Down.Seconds, 1e-9, "down")
		})
	}
}

// members is a pool of each of some zones of a region, with so many nodes.
func members(region int, nodes ...int) (out []Pool) {
	for z, n := range nodes {
		out = append(out, Pool{Region: region, Zone: z, Nodes: n, Data: true, Leads: true, Votes: 1,
			Disks: Disks{Local: true}})
	}
	return out
}

// simple is a region of three zones in which web asks db.
func simple(db Part) *System {
	db.Name, db.Keeps, db.Pieces = "db", true, max(1, db.Pieces)
	db.Promote, db.PromoteFar, db.Detect = Seconds(60), Seconds(300), Seconds(10)
	return &System{
		Regions: []Region{{Name: "a", Zones: 3, Share: 1}},
		DNS:     DNS{Moves: true, Checks: true, Detect: Seconds(90), TTL: Seconds(60)},
		People:  People{OnCall: Seconds(600)},
		Parts: []Part{{Name: "web", Calls: []Call{{To: "db", PerRead: 1, PerWrite: 1}},
			Pools: []Pool{{Nodes: 1}, {Zone: 1, Nodes: 1}, {Zone: 2, Nodes: 1}}, Detect: Seconds(10)}, db},
		Journeys: []Journey{{Class: "c", Entry: "web", Share: 0.9},
			{Class: "c", Writes: true, Entry: "web", Share: 0.1}},
	}
}

// twoRegions is simple with a second region that has the same of web, and half of the users.
func twoRegions(db Part) *System {
	s := simple(db)
	s.Regions[0].Share = 0.5
	s.Regions = append(s.Regions, Region{Name: "b", Zones: 3, Share: 0.5, From: 1})
	for z := range 3 {
		s.Parts[0].Pools = append(s.Parts[0].Pools, Pool{Region: 1, Zone: z, Nodes: 1})
	}
	return s
}

var (
	none = [3]float64{0, 0, 0}
	full = [3]float64{1, 1, 1}
)

// A primary in zone 0 and a replica in zone 1 that answers no reads.
func TestPrimaryAndReplica(t *testing.T) {
	db := func(change func(p *Part)) *System {
		p := Part{Rule: Led, Lag: Seconds(5), Pools: members(0, 1, 1)}
		change(&p)
		p.Pools[0].Role, p.Pools[1].Role = "primary", "replica"
		return simple(p)
	}
	async := db(func(*Part) {})
	block := db(func(p *Part) { p.Sync, p.Blocks = true, true })
	degrade := db(func(p *Part) { p.Sync = true })
	hand := db(func(p *Part) { p.ByHand = true })
	started := db(func(p *Part) { p.Supervised, p.Restart = true, Seconds(20) })
	readers := db(func(p *Part) { p.Pools[0].Reads, p.Pools[1].Reads = true, true })
	after := [3]float64{0, 1, 1}
	checkTruths(t, []truth{
		// The replica leads after 60 s, and does not have the last 5 s.
		{"async", async, "node:db/primary", after, after, 5, Itself, 60},
		// Nobody asks the replica.
		{"async", async, "node:db/replica", full, full, 0, Nobody, 0},
		// Every commit waited for the replica.
		{"block", block, "node:db/primary", after, after, 0, Itself, 60},
		// Commits wait for somebody who is not there, until he is repaired.
		{"block", block, "node:db/replica", full, none, 0, Repair, 0},
		{"block", block, "standby:db", full, none, 0, Repair, 0},
		// Commits do not wait any more.
		{"degrade", degrade, "node:db/replica", full, full, 0, Nobody, 0},
		// Then nobody is left who has the data; there is no copy.
		{"degrade", degrade, "node:db/replica, node:db/primary", none, none, -1, Repair, 0},
		// 600 s until somebody comes, and 60 s.
		{"by hand", hand, "node:db/primary", [3]float64{0, 0, 1}, [3]float64{0, 0, 1}, 5, Person, 660},
		// The process starts before anybody takes its place, so that nothing is lost.
		{"supervised", started, "process:db/primary", after, after, 0, Itself, 20},
		// Not supervised: the replica leads, without the last 5 s.
		{"async", async, "process:db/primary", after, after, 5, Itself, 60},
		// A process of one who nobody may replace by itself: somebody starts it, with all data.
		{"by hand", hand, "process:db/primary", [3]float64{0, 0, 1}, [3]float64{0, 0, 1}, 0, Person, 600},
		// Zone 0 takes the primary and one of three webs; of zone 2 only a web is missed.
		{"async", async, "zone:a", after, after, 5, Itself, 60},
		// The dead one of two that read is asked until callers notice.
		{"readers", readers, "node:db/replica", [3]float64{0.5, 1, 1}, full, 0, Itself, 10},
		// A version is rolled out: each node is away once, and the primary's users wait.
		{"supervised", started, "deploy:db", after, after, 0, Itself, 20},
		// Tables are changed at the replica first.
		{"async", async, "schema:db", full, full, 0, Nobody, 0},
		{"block", block, "schema:db", full, none, 0, Repair, 0},
		// Two zones of three: the worst are both members.
		{"async", async, "zone:a:2", none, none, -1, Repair, 0},
		// The replica promoted, and then lost as well.
		{"async", async, "node:db/primary, node:db/replica", none, none, -1, Repair, 0},
	})
}

// Replicas with votes of the same kind, led by a majority of them.
func TestQuorum(t *testing.T) {
	voted := func(pools []Pool) *System { return simple(Part{Rule: Voted, Pools: pools}) }
	two, five := voted(members(0, 2, 1)), voted(members(0, 2, 2, 1))
	dead := func(x, after float64) [3]float64 { return [3]float64{x, after, after} }
	checkTruths(t, []truth{
		// 3 over 3: each loss leaves 2 of 3, of which callers ask 3 at once.
		{"3 over 3", voted(members(0, 1, 1, 1)), "node:db", dead(2./3, 1), dead(2./3, 1), 0, Itself, 10},
		{"3 over 3", voted(members(0, 1, 1, 1)), "zone:a", dead(4./9, 1), dead(4./9, 1), 0, Itself, 10},
		{"3 over 3", voted(members(0, 1, 1, 1)), "zone:a:2", none, none, 0, Repair, 0},
		{"3 over 3", voted(members(0, 1, 1, 1)), "node:db, node:db", none, none, 0, Repair, 0},
		// 3 over 2: the zone with two takes the majority.
		{"3 over 2", two, "zone:a", none, none, 0, Repair, 0},
		{"3 over 2", two, "node:db", dead(2./3, 1), dead(2./3, 1), 0, Itself, 10},
		// 3 over 1: the zone takes all, data too.
		{"3 over 1", voted(members(0, 3)), "zone:a", none, none, -1, Repair, 0},
		// 5 over 3 (2, 2, 1): any zone leaves 3; two zones leave 1 to 3: the worst is no majority.
		{"5 over 3", five, "zone:a", dead(2./3*3/5, 1), dead(2./3*3/5, 1), 0, Itself, 10},
		{"5 over 3", five, "zone:a:2", none, none, 0, Repair, 0},
		// Two nodes leave 3 of 5; at the second, callers know of the first: 3 of 4.
		{"5 over 3", five, "node:db, node:db", dead(0.75, 1), dead(0.75, 1), 0, Itself, 10},
		{"5 over 3", five, "zone:a, node:db", none, none, 0, Repair, 0},
		// 4 votes are no better than 3: two lost are no majority.
		{"4 over 3", voted(members(0, 2, 1, 1)), "zone:a", none, none, 0, Repair, 0},
	})
}

// Six nodes, two in each zone; copies lie in different zones.
func TestCopiesOfPieces(t *testing.T) {
	copied := func(copies, acks int, nodes ...int) *System {
		s := simple(Part{Rule: Copied, Copies: copies, Acks: acks, Lag: Seconds(5), Pools: members(0, nodes...)})
		for k := range s.Parts[1].Pools {
			s.Parts[1].Pools[k].Votes = 0
		}
		s.Parts[0].Pools = []Pool{{Zone: 2, Nodes: 1}} // only db matters, but where zone 2 is lost
		s.Parts[0].Rule = Given
		s.Parts[0].Pools = nil
		return s
	}
	dead := func(x, after float64) [3]float64 { return [3]float64{x, after, after} }
	checkTruths(t, []truth{
		// A node of 6 has 1/6 of the copies; one other copy of each is left. Acks 1: the last 5 s.
		{"RF 2", copied(2, 1, 2, 2, 2), "node:db", dead(5./6, 1), dead(5./6, 1), 5, Itself, 10},
		// Both copies have each write: nothing is lost, but writes of 2/6 of the pieces need both.
		{"RF 2 acks 2", copied(2, 2, 2, 2, 2), "node:db", dead(5./6, 1), dead(2./3, 2./3), 0, Repair, 10},
		// A zone has at most one copy of each piece.
		{"RF 2", copied(2, 1, 2, 2, 2), "zone:a", dead(2./3, 1), dead(2./3, 1), 5, Itself, 10},
		// Two zones of three may have both copies: 4/6 of the nodes, 2 missing: 1 − 2/3·2/2.
		{"RF 2", copied(2, 1, 2, 2, 2), "zone:a:2", dead(1./3, 1./3), dead(1./3, 1./3), -1, Repair, 0},
		// Two of three copies are left wherever a zone is lost.
		{"RF 3 acks 2", copied(3, 2, 2, 2, 2), "zone:a", dead(2./3, 1), dead(2./3, 1), 0, Itself, 10},
		// One copy is left to read; 2/3·3/2 = all pieces lack two. Two that had a write may be both.
		{"RF 3 acks 2", copied(3, 2, 2, 2, 2), "zone:a:2", dead(1./3, 1), none, 5, Repair, 10},
		// Over two zones one has two copies of some: 1/2·3/2 of them have one left at most.
		{"RF 3 acks 2 over 2", copied(3, 2, 3, 3), "zone:a", dead(1./2, 1), [3]float64{.25, .25, .25}, 5, Repair, 10},
		{"RF 3 acks 1 over 2", copied(3, 1, 3, 3), "zone:a", dead(1./2, 1), dead(1./2, 1), 5, Itself, 10},
		// One zone: all is gone.
		{"RF 3 over 1", copied(3, 2, 6), "zone:a", none, none, -1, Repair, 0},
		{"RF 1", copied(1, 1, 2, 2, 2), "node:db", dead(5./6, 5./6), dead(5./6, 5./6), -1, Repair, 0},
		// A second node in another zone: of 2/6 of the nodes both copies.
		{"RF 2", copied(2, 1, 2, 2, 2), "node:db, node:db", dead(2./3, 2./3), dead(2./3, 2./3), -1, Repair, 0},
	})
}

// Four pieces with a primary in zone 0 and a standby in zone 1 each.
func TestShards(t *testing.T) {
	s := simple(Part{Rule: Led, Pieces: 4, Lag: Seconds(5), Pools: members(0, 4, 4)})
	s.Parts[1].Pools[0].Role, s.Parts[1].Pools[1].Role = "primary", "standby"
	quarter, quarterGone := [3]float64{.75, 1, 1}, [3]float64{.75, .75, .75}
	checkTruths(t, []truth{
		{"4 shards", s, "node:db/standby", full, full, 0, Nobody, 0},
		{"4 shards", s, "node:db/primary", quarter, quarter, 5, Itself, 60},
		// The worst is the same piece: nobody has a quarter of the data.
		{"4 shards", s, "node:db/primary, node:db/standby", quarterGone, quarterGone, -1, Repair, 0},
		// A second primary: the piece of the first is led by its standby by then.
		{"4 shards", s, "node:db/primary, node:db/primary", quarter, quarter, 5, Itself, 60},
		{"4 shards", s, "zone:a", [3]float64{0, 1, 1}, [3]float64{0, 1, 1}, 5, Itself, 60},
	})
}

// Members with votes: those with data in zones 0 and 1, and an arbiter in zone 2.
func TestElections(t *testing.T) {
	db := func(acks int, change func(p *Part)) *System {
		p := Part{Rule: Led, Elects: true, Acks: acks, Lag: Seconds(5), Pools: members(0, 1, 1, 1)}
		p.Pools[0].Role, p.Pools[1].Role, p.Pools[2].Role = "one", "two", "three"
		change(&p)
		return simple(p)
	}
	arbiter := func(p *Part) { p.Pools[2].Data, p.Pools[2].Leads = false, false }
	zero := func(p *Part) { p.Pools[1].Leads = false; arbiter(p) } // priority 0
	all := func(*Part) {}
	after := [3]float64{0, 1, 1}
	checkTruths(t, []truth{
		{"three", db(2, all), "node:db/one", after, after, 0, Itself, 60},
		{"three, acks 1", db(1, all), "node:db/one", after, after, 5, Itself, 60},
		{"three", db(2, all), "node:db/two", full, full, 0, Nobody, 0},
		{"three", db(2, all), "node:db/two, node:db/three", none, none, 0, Repair, 0},
		// With an arbiter the second has each write that two have; but then it is alone, and
		// two cannot have the next.
		{"arbiter, acks 2", db(2, arbiter), "node:db/one", after, none, 0, Repair, 60},
		{"arbiter, acks 1", db(1, arbiter), "node:db/one", after, after, 5, Itself, 60},
		{"arbiter, acks 1", db(1, arbiter), "node:db/three", full, full, 0, Nobody, 0},
		{"arbiter, acks 1", db(1, arbiter), "node:db/three, node:db/one", none, none, 5, Repair, 0},
		// Priority 0 is never elected, though it has the data but the last 5 s.
		{"priority 0", db(1, zero), "node:db/one", none, none, 5, Repair, 0},
		{"priority 0", db(1, zero), "node:db/two", full, full, 0, Nobody, 0},
		// Its process alone: somebody starts it.
		{"priority 0", db(1, zero), "process:db/one", [3]float64{0, 0, 1}, [3]float64{0, 0, 1}, 0, Person, 600},
		{"two votes", db(1, func(p *Part) { p.Pools = p.Pools[:2] }), "node:db/two", none, none, 0, Repair, 0},
	})
	o := run(t, db(1, zero), "node:db/one")
	require.Equal(t, "no electable member", o.Parts[1].Why)
	require.Equal(t, "no majority", run(t, db(2, all), "zone:a:2").Parts[1].Why)
}

// A primary in region a, a replica in region b; each region has half of the users.
func TestTwoRegions(t *testing.T) {
	db := func(change func(p *Part)) *System {
		p := Part{Rule: Led, Lag: Seconds(5), Pools: append(members(0, 1), members(1, 1)...)}
		for k := range p.Pools {
			p.Pools[k].Reads = true
		}
		change(&p)
		return twoRegions(p)
	}
	async, sync := db(func(*Part) {}), db(func(p *Part) { p.Sync = true })
	hand := db(func(p *Part) { p.FarByHand = true })
	plain := db(func(*Part) {})
	plain.DNS.Checks = false
	stays := db(func(*Part) {})
	stays.DNS.Moves = false
	half := [3]float64{.5, 1, 1}
	checkTruths(t, []truth{
		// 300 s to promote; 150 s for the records.
		{"async", async, "region:a", half, [3]float64{0, 1, 1}, 5, Itself, 300},
		{"async", async, "zone:a:3", half, [3]float64{0, 1, 1}, 5, Itself, 300},
		{"async", async, "region:b", half, half, 0, Itself, 150},
		{"sync", sync, "region:a", half, [3]float64{0, 1, 1}, 0, Itself, 300},
		// Reads move by themselves; writes wait for people: 600 + 300 s.
		{"by hand", hand, "region:a", half, [3]float64{0, 0, 1}, 5, Person, 900},
		// b's users write at once when promoted; a's when somebody removes the record: 600 + 60 s.
		{"plain records", plain, "region:a", [3]float64{.5, .5, 1}, [3]float64{0, .5, 1}, 5, Person, 660},
		{"users stay", stays, "region:b", [3]float64{.5, .5, .5}, [3]float64{.5, .5, .5}, 0, Repair, 0},
		// Split: b promotes by itself and makes a second leader.
		{"async", async, "split:a", full, half, 5, Itself, 300},
		{"by hand", hand, "split:a", full, [3]float64{.5, .5, .5}, 0, Repair, 0},
		// Going back stops writes for another 300 s. Nobody lost anything.
		{"async", async, "failback:a", full, [3]float64{0, 1, 1}, 0, Itself, 300},
		{"by hand", hand, "failback:a", full, [3]float64{0, 0, 1}, 0, Person, 900},
		{"async", async, "failback:b", full, full, 0, Nobody, 0},
		// The last 5 s were lost on the way there; users are served from b and a again.
		{"async", async, "region:a, failback:a", full, [3]float64{0, 1, 1}, 5, Itself, 300},
		// The second leader goes with what it took.
		{"async", async, "split:a, region:b", half, half, 5, Itself, 150},
		// Both are gone, and no copy is left.
		{"async", async, "region:a, region:b", none, none, -1, Repair, 0},
		{"async", async, "region:a + region:b", none, none, -1, Repair, 0},
	})
	require.True(t, run(t, async, "split:a").Split)
	require.False(t, run(t, hand, "split:a").Split)
	blocks := db(func(p *Part) { p.Sync, p.Blocks = true, true })
	require.False(t, run(t, blocks, "split:a").Split, "the first waits for the second, and takes no writes")
	o := run(t, async, "region:a")
	require.Equal(t, 1, o.Parts[1].Leader)
	require.True(t, o.Parts[1].Promoted)
}

// Of three regions with a vote each, two decide without the third.
func TestThreeRegions(t *testing.T) {
	pools := append(append(members(0, 1), members(1, 1)...), members(2, 1)...)
	third := func(db Part) *System {
		s := twoRegions(db)
		s.Regions = append(s.Regions, Region{Name: "c", Zones: 1, From: 2})
		return s
	}
	elects := third(Part{Rule: Led, Elects: true, Acks: 1, Lag: Seconds(5), Pools: pools})
	acks := third(Part{Rule: Led, Elects: true, Acks: 2, Lag: Seconds(5), Pools: pools})
	voted := third(Part{Rule: Voted, Pools: pools})
	checkTruths(t, []truth{
		// The leader in a has no majority; b and c elect b for b's users. What a alone had is lost.
		{"elects", elects, "split:a", [3]float64{0, .5, .5}, [3]float64{0, .5, .5}, 5, Repair, 300},
		{"elects, acks 2", acks, "split:a", [3]float64{0, .5, .5}, [3]float64{0, .5, .5}, 0, Repair, 300},
		// a and c go on.
		{"elects", elects, "split:b", [3]float64{.5, .5, .5}, [3]float64{.5, .5, .5}, 0, Repair, 0},
		{"elects", elects, "split:c", full, full, 0, Nobody, 0},
		{"elects", elects, "split:c + split:b", none, none, 0, Repair, 0},
		{"elects", elects, "region:c, region:b", none, none, 0, Repair, 0},
		{"voted", voted, "split:a", [3]float64{.5, .5, .5}, [3]float64{.5, .5, .5}, 0, Repair, 0},
		{"voted", voted, "region:a", [3]float64{.5, 1, 1}, [3]float64{.5, 1, 1}, 0, Itself, 150},
	})
	require.False(t, run(t, elects, "split:a").Split)
}

// carries is a Carry of nodes each of which carries so much of the load of all users, who are
// all in one region once another is left.
func carries(s *System, part string, each float64) {
	s.Carry = func(a Ask) Carried {
		if s.Parts[a.Part].Name != part {
			return Carried{Part: 1, Room: math.Inf(1)}
		}
		n := 0
		for _, left := range a.Left {
			n += left
		}
		share := 1.0
		if !slices.Contains(a.Lost, true) {
			share = s.Regions[a.Region].Share
		}
		room := each * float64(n) / (max(share, 0.01) * a.Load)
		return Carried{Part: min(1, room), Room: room}
	}
}

// web has three nodes of which each carries 40 % of all load; a cache before db answers 80 %.
func TestLoads(t *testing.T) {
	web := simple(Part{Rule: Given})
	carries(web, "web", 0.4)
	tight := func(change func(s *System)) *System {
		s := simple(Part{Rule: Led, Pools: members(0, 1)})
		s.Parts = append(s.Parts, Part{Name: "cache", Answers: 0.8, Detect: Seconds(10),
			Pools: []Pool{{Nodes: 1}, {Zone: 1, Nodes: 1}}, Calls: []Call{{To: "db", PerRead: 0.2, Weight: 1}}})
		s.Parts[0].Calls = []Call{{To: "cache", PerRead: 1, Retries: 2, Weight: 1}, {To: "db", PerWrite: 1}}
		carries(s, "db", 2)
		change(s)
		return s
	}
	cache := tight(func(*System) {})
	breaker := tight(func(s *System) { s.Parts[0].Calls[0].Breaker = true })
	launch := simple(Part{Rule: Given})
	launch.Parts[0].Least = []int{1}
	carries(launch, "web", 0.4)
	spot := simple(Part{Rule: Given})
	spot.Parts[0].Spot = 1
	spot.Regions[0].Launches, spot.Regions[0].Replace = true, Seconds(180)
	third, most := [3]float64{2. / 3, .8, .8}, [3]float64{14. / 15, 14. / 15, 14. / 15}
	checkTruths(t, []truth{
		// 2 of 3 asked are there at once; then two carry 80 %.
		{"web", web, "node:web", third, third, 0, Repair, 10},
		{"web", web, "zone:a", third, third, 0, Repair, 10},
		// One is away on purpose: nobody asks it, and two carry 80 %, until it is back.
		{"web", web, "deploy:web", [3]float64{.8, 1, 1}, [3]float64{.8, 1, 1}, 0, Itself, 0},
		// At the peak only one runs, and no more come.
		{"launch", launch, "launch:a", [3]float64{.4, .4, .4}, [3]float64{.4, .4, .4}, 0, Repair, 0},
		// All spot, all taken back, and launched again.
		{"spot", spot, "spot", [3]float64{0, 1, 1}, [3]float64{0, 1, 1}, 0, Itself, 180},
		// A cold cache sends 1/(1 − 0.8) = 5 times as much: db carries 2/5 of it.
		{"cache", cache, "cold:cache", [3]float64{.4, .4, .4}, [3]float64{.4, .4, .4}, 0, Repair, 0},
		// Half of it is lost: (1 − 0.8·0.5)/0.2 = 3 times: 2/3, of 0.6 of the reads and all writes.
		{"cache", cache, "node:cache", [3]float64{.5 * .8, .8, .8}, [3]float64{2. / 3, 2. / 3, 2. / 3}, 0, Repair, 10},
		// All lost: each read goes to db, which carries 2/5.
		{"cache", cache, "node:cache, node:cache", [3]float64{0, .4, .4}, [3]float64{.4, .4, .4}, 0, Repair, 10},
		// 1 + 2 times at the cache, and so at db: 2/3 of 0.2 of the reads and of all writes.
		{"cache", cache, "retries", most, [3]float64{2. / 3, 2. / 3, 2. / 3}, 0, Repair, 0},
		{"breaker", breaker, "retries", full, full, 0, Nobody, 0},
	})
	o := run(t, web, "node:web")
	require.Equal(t, "full", o.Parts[0].Why)
	require.InDelta(t, 1.2, run(t, web, "retries").Room, 1e-9)
}
