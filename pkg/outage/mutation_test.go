package outage

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// served tells that all is answered by itself, and spared that db does not lose everything.
func served(scenario string) func(t *testing.T, s *System) bool {
	return func(t *testing.T, s *System) bool {
		t.Helper()
		return run(t, s, scenario).Auto.Served() == 1
	}
}

func spared(scenario string) func(t *testing.T, s *System) bool {
	return func(t *testing.T, s *System) bool {
		t.Helper()
		l := lossOf(run(t, s, scenario), "db")
		return l == nil || !l.All
	}
}

// What protects is taken away, one at a time: each time an outcome flips.
func TestProtectionsMatter(t *testing.T) {
	elected := func() *System { // members with data in zones 0 and 1, an arbiter in zone 2
		s := simple(Part{Rule: Led, Elects: true, Lag: Seconds(5), Pools: members(0, 1, 1, 1)})
		s.Parts[1].Pools[2].Data, s.Parts[1].Pools[2].Leads = false, false
		return s
	}
	log := Copy{Name: "log", Region: -1, Every: Seconds(300), Log: true}
	storm := func() *System {
		s := simple(Part{Rule: Given})
		s.Parts[0].Calls[0] = Call{To: "db", PerRead: 1, PerWrite: 1, Retries: 2, Breaker: true, Weight: 1}
		s.Parts[1].Rule, s.Parts[1].Pools = Alike, []Pool{{Nodes: 2}}
		carries(s, "db", 1)
		return s
	}
	regions := func() *System {
		return twoRegions(Part{Rule: Led, Pools: append(members(0, 1), members(1, 1)...)})
	}
	for _, x := range []struct {
		name   string
		s      func() *System
		holds  func(t *testing.T, s *System) bool
		remove func(s *System)
	}{
		{"arbiter", elected, served("zone:a"), func(s *System) { s.Parts[1].Pools = s.Parts[1].Pools[:2] }},
		{"replica", elected, spared("node:db"), func(s *System) { s.Parts[1].Pools[1].Data = false }},
		{"who may lead", elected, served("zone:a"), func(s *System) { s.Parts[1].Pools[1].Leads = false }},
		{"backup", func() *System { return kept(Copy{Name: "daily", Region: -1, Every: Seconds(day)}) },
			spared("region:a"), func(s *System) { s.Copies = nil }},
		{"log kept long enough", func() *System { return kept(log) },
			spared("corruption:24h"), func(s *System) { s.Copies[0].Keep = Seconds(3600) }},
		{"log", func() *System { return kept(log, Copy{Region: -1, Every: Seconds(day), Keep: Seconds(day)}) },
			spared("corruption:24h"), func(s *System) { s.Copies = s.Copies[1:] }},
		{"zone", func() *System { return simple(Part{Rule: Voted, Pools: members(0, 1, 1, 1)}) }, served("zone:a"),
			func(s *System) { s.Parts[1].Pools[2].Zone = 0 }},
		{"voter", func() *System { return simple(Part{Rule: Voted, Pools: members(0, 1, 1, 1)}) }, served("node:db"),
			func(s *System) { s.Parts[1].Pools = s.Parts[1].Pools[:2] }},
		{"copy of pieces", func() *System { return simple(Part{Rule: Copied, Copies: 2, Pools: members(0, 2, 2, 2)}) },
			spared("node:db"), func(s *System) { s.Parts[1].Copies = 1 }},
		{"health check", regions, served("region:b"), func(s *System) { s.DNS.Checks = false }},
		{"who promotes", regions, served("region:a"), func(s *System) { s.Parts[1].FarByHand = true }},
		{"breaker", storm, served("retries"), func(s *System) { s.Parts[0].Calls[0].Breaker = false }},
		{"supervisor", func() *System {
			s := simple(Part{Rule: Led, Supervised: true, Pools: members(0, 1)})
			return s
		}, served("process:db"), func(s *System) { s.Parts[1].Supervised = false }},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := x.s()
			require.True(t, x.holds(t, s))
			x.remove(s)
			require.False(t, x.holds(t, s))
		})
	}
}
