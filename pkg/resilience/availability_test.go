package resilience

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/availability"
	"headroom/pkg/drawn"
	"headroom/pkg/outage"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// rated is a system by hand whose two regions are there for parts of the time.
func rated(s *outage.System, a, b float64) *assessor {
	x := aiming(s, workload.Aims{})
	for i, part := range []float64{a, b} {
		x.profile.Regions = append(x.profile.Regions, workload.Region{Name: s.Regions[i].Name,
			Availability: &strict.Value[unit.Fraction]{V: unit.Fraction(part)}})
	}
	return x
}

// What two sites answer, by hand from the four states that they can be in, for drawn rates.
func TestAvailabilityOfTwoSites(t *testing.T) {
	rate := rapid.Float64Range(0, 1)
	drawn.Check(t, func(t *rapid.T) {
		a, b := rate.Draw(t, "a"), rate.Draw(t, "b")
		some := 1-float64((1-a)*(1-b)) // one of them is there
		both, onlyA, onlyB := a*b, a*(1-b), (1-a)*b
		for _, x := range []struct {
			name          string
			change        func(*outage.System)
			reads, writes [2]float64 // with people who act at once, and without
		}{
			{"all by itself", func(*outage.System) {}, [2]float64{some, some}, [2]float64{some, some}},
			{"promoted by hand", func(s *outage.System) { s.Parts[1].FarByHand = true },
				[2]float64{some, some}, [2]float64{some, a}},
			{"plain records", func(s *outage.System) { s.DNS.Checks = false },
				[2]float64{some, both + (onlyA+onlyB)/2}, [2]float64{some, both + (onlyA+onlyB)/2}},
			{"never promoted", func(s *outage.System) { s.Parts[1].Pools[1].Leads = false },
				[2]float64{some, some}, [2]float64{a, a}},
			{"regions of their own", func(s *outage.System) { s.DNS.Moves = false },
				[2]float64{both + (onlyA+onlyB)/2, both + (onlyA+onlyB)/2},
				[2]float64{both + (onlyA+onlyB)/2, both + (onlyA+onlyB)/2}},
		} {
			s := pair()
			x.change(s)
			r := rated(s, a, b)
			rows, err := r.figures(Own, r.own())
			require.NoError(t, err)
			require.Len(t, rows, 2)
			for i, want := range [][2]float64{x.reads, x.writes} {
				require.Equal(t, i == 1, rows[i].Writes)
				require.InDelta(t, want[0], *rows[i].Part, 1e-12, x.name)
				require.InDelta(t, want[1], *rows[i].Users, 1e-12, x.name)
				require.InDelta(t, (1-want[1])*365*24*3600, *rows[i].DownUsers, 1e-3, x.name)
			}
		}
	})
}

// Nodes that fail by themselves: enough of them are there, in each region of its own, and what
// is not stated is no figure but a missing key.
func TestAvailabilityOfNodes(t *testing.T) {
	const src = `apiVersion: headroom/v1
name: nodes
regions: [{name: us-east-1, availability: 99.9%}]
peak: {users: 10, requests_per_user: 1/s}
policy: {survive: []}
components:
  web: {kind: stateless, entry: true, autoscaled: false, cpu: 1ms, pin: {type: c7g.large, count: 3},
        failures: {every: 99h, repair: 1h}}
`
	c := testCatalog(t)
	own := func(src string) *Availability {
		a, err := Assess(plannedText(t, c, src), facts(t, c), Options{})
		require.NoError(t, err)
		for i := range a.Availability {
			if a.Availability[i].Figure == Own {
				return &a.Availability[i]
			}
		}
		return nil
	}
	one := 0.99 // 99 h of 100
	require.InDelta(t, 0.999*parallel(one, one, one), *own(src).Part, 1e-12, "one of three does")
	// The work of four processors is too much for two machines of two.
	busy := strings.ReplaceAll(src, "users: 10,", "users: 4k,")
	require.InDelta(t, 0.999*availability.Series(one, one, one), *own(busy).Part, 1e-12, "all three have to be there")
	bare := own(strings.ReplaceAll(src, ", availability: 99.9%", ""))
	require.Nil(t, bare.Part)
	require.Equal(t, []string{"regions[].availability"}, bare.Missing)
}

// The contract is the product of the agreements that it names, and the two regions of medium,
// each of which carries all, fail together only.
func TestContractIsTheProductOfAgreements(t *testing.T) {
	c := testCatalog(t)
	f := facts(t, c)
	a, err := Assess(planned(t, c, "../../profiles/medium.yaml"), f, Options{})
	require.NoError(t, err)
	seen := 0
	for _, v := range a.Availability {
		if v.Figure != Contract {
			continue
		}
		seen++
		require.Empty(t, v.Missing)
		var regions []float64
		whole := 1.0
		for _, b := range v.Basis {
			product := 1.0
			for _, of := range b.Of {
				service, scope, ok := strings.Cut(of, " ")
				require.True(t, ok, of)
				x, ok := f.SLA(service, scope)
				require.True(t, ok, of)
				product *= float64(x.Uptime)
			}
			require.InDelta(t, product, b.Part, 1e-12)
			if b.Region == "" {
				whole = b.Part
			} else {
				regions = append(regions, b.Part)
			}
		}
		require.Len(t, regions, 2)
		require.InDelta(t, whole*parallel(regions...), *v.Part, 1e-12)
	}
	require.Equal(t, 4, seen, "reads and writes of two classes")
}

// History counts outages of whole regions, over the years of the list.
func TestHistoryIsTheListOfOutages(t *testing.T) {
	c := testCatalog(t)
	f := facts(t, c)
	h, ok := pastOf(f, "us-east-1")
	require.True(t, ok)
	events, known, hours := 0, 0, 0.0
	for _, o := range f.Outages("us-east-1") {
		if o.Scope != "region" {
			continue
		}
		events++
		if o.Low.OK && o.High.OK {
			known++
			hours += (o.Low.V + o.High.V) / 7200
		}
	}
	require.Equal(t, events, h.events)
	require.InDelta(t, hours/float64(known), h.meanHours, 1e-12)
	_, ok = pastOf(f, "us-west-2")
	require.False(t, ok, "the list does not cover it")
	_, ok = pastOf(f, "aachen")
	require.False(t, ok)
}

// parallel is how much of the time any of some things is there that fail by themselves.
func parallel(a ...float64) float64 {
	down := 1.0
	for _, x := range a {
		down = float64(down * (1 - x))
	}
	return 1 - down
}
