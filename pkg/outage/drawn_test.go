package outage

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"headroom/pkg/drawn"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func upTo(rt *rapid.T, low, high int, of string) int { return rapid.IntRange(low, high).Draw(rt, of) }

func coin(rt *rapid.T, of string) bool { return rapid.Bool().Draw(rt, of) }

// drawSystem is web, which may ask a cache, and asks one to three parts of any rule.
func drawSystem(rt *rapid.T) *System {
	s := &System{DNS: DNS{Moves: coin(rt, "moves"), Checks: coin(rt, "checks"), Retries: coin(rt, "next address"),
		Detect: Seconds(90), TTL: Seconds(60)}, People: People{OnCall: Seconds(600)}}
	for r := range upTo(rt, 1, 3, "regions") {
		share := float64(upTo(rt, 0, 2, "share"))
		if r == 0 {
			share = 1
		}
		s.Regions = append(s.Regions, Region{Name: fmt.Sprintf("r%d", r), Zones: upTo(rt, 1, 3, "zones"), Share: share,
			Launches: coin(rt, "launches"), From: 0, Replace: Seconds(180)})
	}
	web := Part{Name: "web", Supervised: coin(rt, "supervised"), Restart: Seconds(20), Detect: Seconds(10)}
	for r := range s.Regions {
		web.Pools = append(web.Pools, drawPools(rt, s, r)...)
	}
	for k := range web.Pools {
		web.Pools[k].Data = false
	}
	s.Parts = []Part{web}
	for i := range upTo(rt, 1, 3, "stores") {
		p := drawPart(rt, s)
		p.Name = fmt.Sprintf("db%d", i)
		s.Parts[0].Calls = append(s.Parts[0].Calls, Call{To: p.Name, PerRead: 0.5, PerWrite: 1, Weight: 1,
			Async: coin(rt, "async"), Retries: upTo(rt, 0, 2, "retries")})
		s.Parts = append(s.Parts, p)
	}
	if coin(rt, "cache") {
		s.Parts = append(s.Parts, Part{Name: "cache", Rule: Rule(upTo(rt, int(Alike), int(Copied), "cache's rule")),
			Copies: 1, Pieces: 1, Answers: 0.8, Detect: Seconds(10), Restart: Seconds(20), Pools: drawPools(rt, s, 0),
			Calls: []Call{{To: "db0", PerRead: 0.2, Weight: 0.5}}})
		s.Parts[0].Calls = append(s.Parts[0].Calls, Call{To: "cache", PerRead: 1, Weight: 1})
	}
	s.Journeys = []Journey{{Class: "c", Entry: "web", Share: 0.7}, {Class: "c", Writes: true, Entry: "web", Share: 0.3}}
	for i := range upTo(rt, 0, 2, "copies") {
		s.Copies = append(s.Copies, Copy{Name: fmt.Sprintf("copy%d", i), Of: []string{"db0", "db1"},
			Region: upTo(rt, -1, len(s.Regions)-1, "copy's region"), Every: Seconds(float64(upTo(rt, 1, 100, "every"))),
			Log: coin(rt, "log"), Keep: Seconds(float64(upTo(rt, 0, 2, "keep")) * day)})
	}
	return s
}

// drawPools has a node or two in some zones of a region.
func drawPools(rt *rapid.T, s *System, region int) (out []Pool) {
	for z := range upTo(rt, 1, s.Regions[region].Zones, "zones used") {
		out = append(out, Pool{Region: region, Zone: z, Nodes: upTo(rt, 1, 2, "nodes"), Data: true,
			Leads: coin(rt, "leads"), Votes: upTo(rt, 0, 1, "votes"), Reads: coin(rt, "reads"),
			Disks: Disks{Local: coin(rt, "local")}})
	}
	return out
}

func drawPart(rt *rapid.T, s *System) Part {
	p := Part{Rule: Rule(upTo(rt, int(Alike), int(Given), "rule")), Apart: coin(rt, "apart"),
		Pieces: upTo(rt, 1, 2, "pieces"),
		Copies: upTo(rt, 1, 3, "copies of pieces"), Acks: upTo(rt, 0, 2, "acks"), Keeps: coin(rt, "keeps"),
		Sync: coin(rt, "sync"), Blocks: coin(rt, "blocks"), Lag: Seconds(5), Elects: coin(rt, "elects"),
		Promote: Seconds(60), PromoteFar: Seconds(300), ByHand: coin(rt, "by hand"), FarByHand: coin(rt, "far by hand"),
		Supervised: coin(rt, "supervised"), Restart: Seconds(20), Detect: Seconds(10)}
	for r := range s.Regions {
		if r == 0 || coin(rt, "stands") {
			p.Pools = append(p.Pools, drawPools(rt, s, r)...)
		}
	}
	if p.Rule == Led {
		p.Pools[0].Leads = true
		for k := range p.Pools {
			p.Pools[k].Nodes = p.Pieces * upTo(rt, 1, 2, "nodes of a piece")
		}
	} else if p.Rule == Alike {
		p.Spot = float64(upTo(rt, 0, 2, "spot")) / 2
		for range s.Regions {
			p.Least = append(p.Least, upTo(rt, 0, 2, "least"))
		}
	}
	return p
}

// drawScenario is one or two steps of one or two events that a system can have.
func drawScenario(rt *rapid.T, s *System) Scenario {
	var x Scenario
	for range upTo(rt, 1, 2, "steps") {
		var events []Event
		for range upTo(rt, 1, 2, "events") {
			e := Event{Kind: rapid.SampledFrom(drawnKinds()).Draw(rt, "kind")}
			switch e.Kind {
			case Process, Node, Deploy, Standby, Schema, Cold:
				e.Part = s.Parts[upTo(rt, 0, len(s.Parts)-1, "part")].Name
			case Corruption:
				e.After = float64(upTo(rt, 0, 2, "days")) * day
			case Retries, Spot:
			default:
				r := upTo(rt, 0, len(s.Regions)-1, "region")
				e.Region = s.Regions[r].Name
				if e.Kind == Zone {
					e.Number = upTo(rt, 1, s.Regions[r].Zones, "zones")
				} else if e.Kind == DisksLost {
					e.Number = upTo(rt, 1, 2, "disks")
				}
			}
			if s.Check(Of(e)) == nil && !slices.Contains(events, e) {
				events = append(events, e)
			}
		}
		if len(events) > 0 {
			x.Steps = append(x.Steps, events)
		}
	}
	if len(x.Steps) == 0 {
		return Of(Event{Kind: Node, Part: "web"})
	}
	return x
}

func drawnKinds() []Kind {
	return []Kind{Process, Node, Deploy, Zone, RegionLost, Split, Launch, Storage, DisksLost, Corruption, Retries,
		Failback, Spot, Cold, Standby, Schema}
}

func outcomeOf(rt *rapid.T, s *System, x Scenario) *Outcome {
	o, err := s.Run(x)
	require.NoError(rt, err)
	return o
}

// notWorse tells that users get no less once things go by themselves and after people, and
// that no more is lost.
func notWorse(rt *rapid.T, before, after *Outcome) {
	for _, x := range [...][2]float64{
		{before.Auto.Served(), after.Auto.Served()}, {before.Hand.Served(), after.Hand.Served()},
		{-before.lost(), -after.lost()},
	} {
		require.False(rt, above(x[0], x[1]), "%s\nbefore %+v\nafter %+v", before.Scenario, before, after)
	}
}

func TestPhasesOnlyImprove(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		s := drawSystem(rt)
		load := float64(upTo(rt, 1, 6, "load")) / 4
		// While callers still fail at a dead cache they spare what is behind it, which may break down
		// once they leave the cache alone.
		if !slices.ContainsFunc(s.Parts, func(p Part) bool { return p.Answers > 0 }) {
			carries(s, "db0", load)
		}
		o := outcomeOf(rt, s, drawScenario(rt, s))
		require.False(rt, more(o.Now, o.Auto), "%s %+v", o.Scenario, o)
		require.False(rt, more(o.Auto, o.Hand), "%s %+v", o.Scenario, o)
		require.Equal(rt, o.By == Repair, o.Hand.Served() < 1)
		require.Equal(rt, o.By == Nobody, o.Now.Served() == 1)
		require.Equal(rt, more(o.Hand, o.Now), o.Down.Seconds > 0, "%s %+v", o.Scenario, o)
	})
}

func TestRunIsDeterministicAndTextsGoBack(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		s := drawSystem(rt)
		x := drawScenario(rt, s)
		require.Equal(rt, outcomeOf(rt, s, x), outcomeOf(rt, s, x))
		again, err := Parse(x.String(), readDay)
		require.NoError(rt, err)
		require.Equal(rt, x.String(), again.String())
		require.NoError(rt, s.Check(again))
	})
}

// The order of parts, of pools in a region and of ways does not matter. Pools of a part with a
// leader are in the order in which they take over.
func TestOrderDoesNotMatter(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		s := drawSystem(rt)
		x := drawScenario(rt, s)
		o := outcomeOf(rt, s, x)
		for i := range s.Parts {
			if s.Parts[i].Rule != Led {
				slices.Reverse(s.Parts[i].Pools)
				slices.SortStableFunc(s.Parts[i].Pools, func(a, b Pool) int { return cmp.Compare(a.Region, b.Region) })
			}
		}
		slices.Reverse(s.Parts)
		other := outcomeOf(rt, s, x)
		notWorse(rt, o, other)
		notWorse(rt, other, o)
		require.Equal(rt, o.Down, other.Down)
		require.Equal(rt, o.By, other.By)
		require.ElementsMatch(rt, o.Losses, other.Losses)
	})
}

// monotone draws systems that are prepared, and tells that a change never makes an outcome
// worse.
func monotone(t *testing.T, prepare func(s *System), change func(rt *rapid.T, s *System)) {
	t.Helper()
	drawn.Check(t, func(rt *rapid.T) {
		s := drawSystem(rt)
		prepare(s)
		x := drawScenario(rt, s)
		before := outcomeOf(rt, s, x)
		change(rt, s)
		notWorse(rt, before, outcomeOf(rt, s, x))
	})
}

func asDrawn(*System) {}

// At once more nodes in one zone may be worse: the part that is dead where that one is lost is
// larger. What is kept on one node only is lost with one of more, too.
func TestMoreNodesAreNotWorse(t *testing.T) {
	monotone(t, asDrawn, func(rt *rapid.T, s *System) {
		p := &s.Parts[upTo(rt, 0, len(s.Parts)-1, "grows")]
		if p.Rule != Alike {
			p = &s.Parts[0]
		}
		p.Pools[upTo(rt, 0, len(p.Pools)-1, "pool")].Nodes++
	})
}

// What users find behind web is the same everywhere. Otherwise web could be left in a region
// with nothing behind it, and users stay there who had gone elsewhere with all of the region.
func TestMoreZonesAreNotWorse(t *testing.T) {
	monotone(t, sameBehindWeb, func(rt *rapid.T, s *System) {
		r := upTo(rt, 0, len(s.Regions)-1, "gets a zone")
		s.Regions[r].Zones++
		s.Parts[0].Pools = append(s.Parts[0].Pools, Pool{Region: r, Zone: s.Regions[r].Zones - 1, Nodes: 1})
	})
}

// sameBehindWeb makes of all but web what the provider has everywhere.
func sameBehindWeb(s *System) {
	for i := range s.Parts[1:] {
		s.Parts[i+1].Rule, s.Parts[i+1].Pools = Given, nil
	}
}

func TestMoreBackupsAreNotWorse(t *testing.T) {
	monotone(t, asDrawn, func(rt *rapid.T, s *System) {
		s.Copies = append(s.Copies, Copy{Name: "more", Of: []string{"db0", "db2"}, Every: Seconds(10),
			Region: upTo(rt, -1, len(s.Regions)-1, "place"), Log: coin(rt, "is a log")})
	})
}

// What users find behind web is the same everywhere. Otherwise a check that sees web only
// sends users to where the rest is gone, and web that is launched again keeps users where
// nothing is behind it.
func TestWhatHealsIsNotWorse(t *testing.T) {
	for name, change := range map[string]func(s *System){
		"health check": func(s *System) { s.DNS.Moves, s.DNS.Checks = true, true },
		"next address": func(s *System) { s.DNS.Moves, s.DNS.Retries = true, true },
		"launches": func(s *System) {
			for r := range s.Regions {
				s.Regions[r].Launches, s.Regions[r].From = true, r
			}
		},
		"supervisors": func(s *System) {
			for i := range s.Parts {
				s.Parts[i].Supervised = true
			}
		},
		"breakers": func(s *System) {
			for i := range s.Parts[0].Calls {
				s.Parts[0].Calls[i].Breaker = true
			}
			carries(s, "db0", 0.5)
		},
	} {
		t.Run(name, drawn.MakeCheck(func(rt *rapid.T) {
			s := drawSystem(rt)
			if name != "breakers" && name != "supervisors" {
				sameBehindWeb(s)
			}
			if name == "breakers" {
				carries(s, "db0", 0.5)
			}
			x := drawScenario(rt, s)
			before := outcomeOf(rt, s, x)
			change(s)
			notWorse(rt, before, outcomeOf(rt, s, x))
		}))
	}
}

// More voters may be worse: with four votes instead of three a majority needs three. A
// replica that has no vote and cannot lead takes nothing away: it answers reads, and has the
// data. (Where a number of members must have a write and votes decide, it can be one of those
// that have it, and be lost with the leader; where each region has a group of its own, it
// would be a group without a leader.)
func TestReplicasWithoutVotesAreNotWorse(t *testing.T) {
	led := func(s *System) {
		p := &s.Parts[1]
		p.Rule, p.Apart, p.Acks, p.Pools[0].Leads = Led, false, min(p.Acks, 1), true
		p.Spot, p.Least, p.Pieces = 0, nil, 1
	}
	monotone(t, led, func(rt *rapid.T, s *System) {
		r := upTo(rt, 0, len(s.Regions)-1, "gets a replica")
		s.Parts[1].Pools = append(s.Parts[1].Pools, Pool{Region: r, Zone: upTo(rt, 0, s.Regions[r].Zones-1, "zone"),
			Nodes: 1, Data: true, Reads: true, Disks: Disks{Local: coin(rt, "on local disks")}})
	})
}
