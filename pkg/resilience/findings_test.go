package resilience

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/outage"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// agreed is a pair in which nothing contradicts itself.
func agreed() *outage.System {
	s := pair()
	s.Parts[1].FarByHand = true
	return s
}

// voters are so many members of a part that decides by votes, in each of some zones of the
// first region.
func voters(s *outage.System, zones ...int) *outage.Part {
	s.Regions[0].Zones = 3
	p := outage.Part{Name: "quorum", Rule: outage.Voted}
	for zone, n := range zones {
		p.Pools = append(p.Pools, outage.Pool{Zone: zone, Nodes: n, Votes: 1, Data: true})
	}
	s.Parts = append(s.Parts, p)
	return &s.Parts[len(s.Parts)-1]
}

// withArbiter makes the store elect, with an arbiter beside the primary.
func withArbiter(s *outage.System, standbys int) {
	p := &s.Parts[1]
	p.Elects, p.FarByHand = true, false
	p.Pools[0].Votes, p.Pools[1].Votes = 1, 1
	p.Pools[1].Leads = standbys > 0
	p.Pools = append(p.Pools, outage.Pool{Role: "arbiter", Nodes: 1, Votes: 1})
}

// finding is a system that differs from one in which nothing contradicts itself.
type finding struct {
	name   string
	change func(*outage.System)
	aims   workload.Aims
	want   string // as JSON; "" for none
}

// ofPrimaries are about who leads, and how users find it.
func ofPrimaries() []finding {
	short := workload.Aims{Outage: value(unit.Duration(30))}
	return []finding{
		{"sound", func(*outage.System) {}, workload.Aims{}, ""},
		{"plain records", func(s *outage.System) { s.DNS.Checks = false }, workload.Aims{},
			`{"key":"resilience.dead_records","ttl":30}`},
		{"plain records, but clients try on", func(s *outage.System) { s.DNS.Checks, s.DNS.Retries = false, true },
			workload.Aims{}, ""},
		{"plain records of regions of their own", func(s *outage.System) { s.DNS.Checks, s.DNS.Moves = false, false },
			workload.Aims{}, ""},
		{"arbiter, and nobody to elect", func(s *outage.System) { withArbiter(s, 0) }, workload.Aims{},
			`{"key":"resilience.never_elected","component":"db"}`},
		{"arbiter, and one to elect", func(s *outage.System) { withArbiter(s, 1) }, workload.Aims{}, ""},
		{"promoted on both sides of a split", func(s *outage.System) { s.Parts[1].FarByHand = false }, workload.Aims{},
			`{"key":"resilience.two_primaries","component":"db"}`},
		{"one standby, whose loss blocks", func(s *outage.System) { s.Parts[1].Sync, s.Parts[1].Blocks = true, true },
			workload.Aims{}, `{"key":"resilience.blocks_alone","component":"db"}`},
		{"one standby, whose loss does not block", func(s *outage.System) { s.Parts[1].Sync = true },
			workload.Aims{}, ""},
		{"promotion longer than outages may be, and then people", func(*outage.System) {}, short,
			`{"aim":30,"at_least":true,"component":"db","key":"resilience.slow_promotion","seconds":40}`},
		{"promotion longer than outages may be", func(s *outage.System) {
			s.Parts[1].Pools[1].Region, s.Parts[1].Promote = 0, s.Parts[1].PromoteFar
		}, short, `{"aim":30,"component":"db","key":"resilience.slow_promotion","seconds":40}`},
		{"promotion of nobody", func(s *outage.System) { s.Parts[1].Pools[1].Leads = false }, short, ""},
	}
}

// ofMore are about votes, calls, copies and who replaces nodes.
func ofMore() []finding {
	corruption := workload.Aims{Survive: []string{"corruption"}}
	return []finding{
		{"two zones for a majority", func(s *outage.System) { voters(s, 2, 1) }, workload.Aims{},
			`{"component":"quorum","key":"resilience.two_zones","region":"a"}`},
		{"three zones for a majority", func(s *outage.System) { voters(s, 1, 1, 1) }, workload.Aims{}, ""},
		{"four votes", func(s *outage.System) { voters(s, 2, 1, 1) }, workload.Aims{},
			`{"component":"quorum","key":"resilience.even_votes","votes":4}`},
		{"retries", func(s *outage.System) { s.Parts[0].Calls[0].Retries = 2 }, workload.Aims{},
			`{"component":"web","key":"resilience.no_breaker","times":3,"to":"db"}`},
		{"retries behind a breaker", func(s *outage.System) {
			s.Parts[0].Calls[0].Retries, s.Parts[0].Calls[0].Breaker = 2, true
		}, workload.Aims{}, ""},
		{"no log", func(s *outage.System) { s.Copies[0].Log = false }, corruption,
			`{"component":"db","key":"resilience.no_log"}`},
		{"a log", func(*outage.System) {}, corruption, ""},
		{"a copy on ephemeral disks", func(s *outage.System) {
			s.Copies[0].Region, s.Copies[0].Disks = 1, outage.Disks{Local: true, Ephemeral: true}
		}, workload.Aims{}, `{"copy":"log","key":"resilience.copy_ephemeral","region":"b"}`},
		{"a copy beside one of two members", func(s *outage.System) { s.Copies[0].Region = 0 }, workload.Aims{}, ""},
		{"a copy beside the only member", func(s *outage.System) {
			s.Copies[0].Region, s.Parts[1].Pools = 0, s.Parts[1].Pools[:1]
		}, workload.Aims{}, `{"component":"db","copy":"log","key":"resilience.copy_beside","region":"a"}`},
		{"another copy elsewhere", func(s *outage.System) {
			s.Copies[0].Region, s.Parts[1].Pools = 0, s.Parts[1].Pools[:1]
			s.Copies = append(s.Copies, outage.Copy{Name: "far", Of: []string{"db"}, Region: 1})
		}, workload.Aims{}, ""},
		{"launched from elsewhere", func(s *outage.System) { s.Regions[1].From = 0 }, workload.Aims{},
			`{"from":"a","key":"resilience.controlled_from","region":"b"}`},
	}
}

// Each finding by itself: what brings it about, and what is like it and is none.
func TestFindings(t *testing.T) {
	for _, x := range append(ofPrimaries(), ofMore()...) {
		s := agreed()
		x.change(s)
		got := aiming(s, x.aims).findings()
		if x.want == "" {
			require.Empty(t, got, x.name)
			continue
		}
		require.Len(t, got, 1, x.name)
		require.JSONEq(t, x.want, asJSON(t, got[0]), x.name)
	}
}

// What must not fail alone is what takes something from users until a person acts, or it is
// repaired; what comes back by itself is none, and what the provider runs may be one.
func TestPoints(t *testing.T) {
	points := func(change func(*outage.System)) (out []Point) {
		s := pair()
		change(s)
		out, err := aiming(s, workload.Aims{}).points()
		require.NoError(t, err)
		return out
	}
	require.Empty(t, points(func(*outage.System) {}))
	require.Equal(t, []Point{{"region:a", 0.5, 0.5, "person"}, {"region:b", 0.5, 0.5, "person"}},
		points(func(s *outage.System) { s.DNS.Checks = false }))
	require.Equal(t, []Point{{"node:db", 1, 0, "person"}, {"region:a", 1, 0, "person"}},
		points(func(s *outage.System) { s.Parts[1].FarByHand = true }))
	require.Equal(t, []Point{{"node:db", 0, 0, "repair"}, {"region:a", 0, 0, "repair"}},
		points(func(s *outage.System) { s.Parts[1].Pools = s.Parts[1].Pools[:1] }))
	require.Equal(t, []Point{{"region:a", 0, 0, "repair"}, {"node:lb", 0, 0, "repair"}},
		points(func(s *outage.System) {
			s.Parts = append(s.Parts, outage.Part{Name: "lb", Rule: outage.Given, Pools: []outage.Pool{{Nodes: 1}},
				Calls: []outage.Call{{To: "web", PerRead: 1, PerWrite: 1}}})
			s.Journeys[0].Entry, s.Journeys[1].Entry = "lb", "lb"
		}))
}
