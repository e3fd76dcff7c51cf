package outage

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Of 5,000 calls a second 4,500 are reads, nine of ten of which a cache answers: 450 reach the
// store, and 500 writes. Once it is cold 4,500 reads do, and as many writes as before.
func TestColdCacheSendsReadsOn(t *testing.T) {
	asked := map[string]float64{}
	s := &System{Regions: []Region{{Name: "a", Zones: 1, Share: 1}},
		Journeys: []Journey{{Entry: "web", Share: 0.9}, {Entry: "web", Writes: true, Share: 0.1}},
		Parts: []Part{
			{Name: "web", Pools: []Pool{{Nodes: 1}}, Calls: []Call{{To: "cache", PerRead: 1, PerWrite: 1, Weight: 1,
				Written: 0.1}}},
			{Name: "cache", Answers: 0.9, Pools: []Pool{{Nodes: 1}}, Calls: []Call{{To: "db", PerRead: 0.1, PerWrite: 1,
				Weight: 1, Written: 500.0 / 950}}},
			{Name: "db", Pools: []Pool{{Nodes: 1, Data: true}}},
		}}
	s.Carry = func(a Ask) Carried {
		name := s.Parts[a.Part].Name
		asked[name] = max(asked[name], a.Load)
		return Carried{Part: 1, Room: 2}
	}
	run(t, s, "cold:cache")
	require.InDelta(t, 1, asked["cache"], 1e-12)
	require.InDelta(t, 5000.0/950, asked["db"], 1e-12)
}
