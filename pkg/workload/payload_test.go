package workload

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/drawn"
)

// flowOf is the flow of a profile whose components have the scopes that they name.
func flowOf(t testing.TB, src string) *Flow {
	t.Helper()
	p := parse(t, src)
	return p.Flow(p.Demand(), func(*Component) Nature { return Nature{Scope: ScopeShare} })
}

const diamond = `
apiVersion: headroom/v1
name: diamond
regions: [{name: us-east-1}]
peak: {users: 1000, requests_per_user: 6/min, write_ratio: 100%, request: 1KB, response: 2KB, stored_per_write: 1KB}
components:
  api:
    kind: service
    entry: true
    calls:
      db: {per_write: DIRECT}
      queue: {per_write: 1, mode: async}
  queue: {kind: service, scope: all, calls: {worker: {per_write: 1, mode: async}}}
  worker: {kind: service, scope: all, calls: {db: {per_write: LATER, request: 1B}}}
  db: {kind: service, scope: primary}
`

// 100 writes a second of 1 KB each are 100 KB/s of new data, by however many ways
// they come; and a call for one write in a hundred carries a hundredth of it.
func TestNewDataIsCountedOnce(t *testing.T) {
	for _, x := range []struct {
		direct, later string
		want          float64
	}{
		{"1", "0", 100e3}, {"1", "0.001", 100e3}, {"1", "1", 100e3}, {"0", "3", 100e3}, {"0.01", "0", 1e3},
		{"0.25", "0.5", 75e3}, {"0.75", "0.5", 100e3}, {"0", "0", 0},
	} {
		src := strings.NewReplacer("DIRECT", x.direct, "LATER", x.later).Replace(diamond)
		require.InDelta(t, x.want, flowOf(t, src).Of("db").Global.Data(), 1e-6, "%s and %s", x.direct, x.later)
		// Workers run in each region and process the same writes there.
		src = strings.Replace(src, "{name: us-east-1}", "{name: us-east-1}, {name: us-west-2}", 1)
		require.InDelta(t, x.want, flowOf(t, src).Of("db").Global.Data(), 1e-6, "%s and %s, two regions", x.direct,
			x.later)
	}
}

// A forgotten size is the class's own; nothing is sent only where the profile says
// so, and no answer where nobody waits for it.
func TestForgottenSizesAreThoseOfTheClass(t *testing.T) {
	const src = `
apiVersion: headroom/v1
name: sizes
regions: [{name: us-east-1}]
peak: {users: 60, requests_per_user: 100/min, write_ratio: 50%, request: 1KB, response: 2KB}
classes:
  pages: {share: 60%}
  photos: {share: 40%, request: 5MB, response: 100B, write_ratio: 100%}
components:
  api: {kind: service, entry: true, calls: {it: {per_read: 1, per_write: 2, SIZES}}}
  it: {kind: service}
`
	// 100 requests/s: 30 reads and 30 writes of pages, 40 writes of photos.
	for sizes, want := range map[string][4]float64{ // in, out, of writes in and out
		"":                          {30e3 + 60e3 + 80*5e6, 60e3 + 120e3 + 80*100, 60e3 + 80*5e6, 120e3 + 80*100},
		"mode: async":               {30e3 + 60e3 + 80*5e6, 0, 60e3 + 80*5e6, 0},
		"request: 0B, response: 0B": {0, 0, 0, 0},
		"request: 10B":              {1700, 60e3 + 120e3 + 80*100, 1400, 120e3 + 80*100},
		"mode: async, response: 1B": {30e3 + 60e3 + 80*5e6, 170, 60e3 + 80*5e6, 140},
		"classes: [pages]":          {30e3 + 60e3, 60e3 + 120e3, 60e3, 120e3},
	} {
		f := flowOf(t, strings.Replace(src, ", SIZES", strings.TrimSuffix(", "+sizes, ", "), 1))
		e, l := &f.Of("api").Edges[0].Local, &f.Of("it").Local
		require.InDelta(t, want[0], e.Request, 1e-3, sizes)
		require.InDelta(t, want[1], e.Response, 1e-3, sizes)
		require.InDelta(t, want[2], e.Written, 1e-3, sizes)
		require.InDelta(t, want[3], e.Answered, 1e-3, sizes)
		require.InDelta(t, want[0], l.In, 1e-3, sizes)
		require.InDelta(t, want[1], l.Out, 1e-3, sizes)
		require.InDelta(t, want[2], l.Written(), 1e-3, sizes)
	}
}

// drawnGraph is a random system: every component may call those after it.
func drawnGraph(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("apiVersion: headroom/v1\nname: graph\nregions: [{name: us-east-1}, {name: us-west-2}, " +
		"{name: eu-west-1}]\ncurve: {preset: consumer}\n")
	fmt.Fprintf(&b, "peak: {users: %d, requests_per_user: 30/min, write_ratio: 40%%, request: 700B, response: 3KB, "+
		"stored_per_write: 300B}\n", rapid.IntRange(1, 5000).Draw(t, "users"))
	b.WriteString("classes:\n  pages: {share: 70%}\n  photos: {share: 30%, request: 2MB, stored_per_write: 50B}\n" +
		"components:\n")
	n := rapid.IntRange(2, 7).Draw(t, "components")
	scopes := rapid.SampledFrom([]string{ScopeShare, ScopeAll, ScopePrimary})
	times := rapid.SampledFrom([]string{"0", "0.01", "0.25", "0.5", "1", "2"})
	more := rapid.SampledFrom([]string{"", "", ", classes: [photos]", ", mode: async", ", request: 10KB",
		", fan_out: 0.5", ", fan_out: 20"})
	for i := range n {
		fmt.Fprintf(&b, "  c%d:\n    kind: service\n    scope: %s\n    entry: %v\n", i, scopes.Draw(t, "scope"), i == 0)
		var calls []string
		for k := i + 1; k < n; k++ {
			if rapid.Bool().Draw(t, "calls") {
				calls = append(calls, fmt.Sprintf("c%d: {per_read: %s, per_write: %s%s}", k, times.Draw(t, "reads"),
					times.Draw(t, "writes"), more.Draw(t, "more")))
			}
		}
		fmt.Fprintf(&b, "    calls: {%s}\n", strings.Join(calls, ", "))
	}
	return b.String()
}

// reach is which part of the writes of each region's users has come to a component
// in each region.
type reach [3][3]float64 // here, from

// in is what reaches the component in a region of what one caller has in each:
// everything that it has, which only a share keeps apart by region.
func (r *reach) in(scope, from string, region, origin int) float64 {
	if scope == ScopeShare && from != ScopePrimary {
		return r[region][origin]
	}
	most := 0.0
	for i := range r {
		most = math.Max(most, r[i][origin])
	}
	return most
}

// reaches follows one class's writes through the graph as sets: by itself, not as
// the flow does.
func reaches(p *Profile, class string) map[string]*reach {
	out := map[string]*reach{}
	for n, e := range p.Components { // callers stand first
		here := &reach{}
		out[e.Key] = here
		for i := range here {
			for from := range here[i] {
				if e.V.Scope == ScopePrimary && i > 0 {
					continue
				}
				if n == 0 && (i == from || e.V.Scope != ScopeShare) {
					here[i][from] = 1
				}
				for _, caller := range p.Components[:n] {
					call, ok := caller.V.Calls.Get(e.Key)
					if !ok || !call.Takes(class) {
						continue
					}
					part := math.Min(1, float64(call.PerWrite.V))
					if call.FanOut.Set {
						part *= math.Min(1, call.FanOut.V.Times)
					}
					here[i][from] += part * out[caller.Key].in(e.V.Scope, caller.V.Scope, i, from)
				}
				here[i][from] = math.Min(1, here[i][from]) // the same data
			}
		}
	}
	return out
}

// In any system each component has of each class's new data what reaches it, once;
// and all bytes that callers send arrive.
func TestBytesAreConserved(t *testing.T) {
	drawn.Check(t, func(rt *rapid.T) {
		f := flowOf(t, drawnGraph(rt))
		d := f.Demand
		for k := range d.Classes {
			class := &d.Classes[k]
			all := reaches(d.Profile, class.Name)
			for _, l := range f.Loads {
				for i := range d.Regions {
					h := rapid.IntRange(0, Hours-1).Draw(rt, "hour")
					own, total := f.Multipliers(l, i, h, false)
					want := 0.0
					for from := range d.Regions {
						want += all[l.Component.Name][i][from] * d.Regions[from].Own[h]
					}
					want *= float64(class.Writes) * float64(class.Stored)
					got := l.Local.Stored[k]*own + l.Global.Stored[k]*total
					require.InDelta(rt, want, got, 1e-9*(1+want), "%s of %s in %s", class.Name, l.Component.Name,
						d.Regions[i].Name)
				}
			}
		}
		f.requireArrival(rt)
	})
}

// requireArrival holds what arrives at each component against what its callers send.
func (f *Flow) requireArrival(t *rapid.T) {
	in := map[string]*EdgeVec{}
	for _, l := range f.Loads {
		in[l.Component.Name] = &EdgeVec{}
	}
	for _, l := range f.Loads {
		for i := range l.Edges {
			e, k := &l.Edges[i], 1.0
			if l.Scope == ScopeAll && f.Of(e.To).Scope == ScopePrimary {
				k = float64(len(l.Regions)) // a copy in each region calls it
			}
			to := in[e.To]
			to.Request += e.Local.Request + e.Global.Request*k
			to.Response += e.Local.Response + e.Global.Response*k
			to.Written += e.Local.Written + e.Global.Written*k
		}
	}
	for _, l := range f.Loads {
		if l.Component.Entry {
			continue // users' requests arrive there too
		}
		want := in[l.Component.Name]
		require.InEpsilon(t, 1+want.Request, 1+l.Local.In+l.Global.In, 1e-9, l.Component.Name)
		require.InEpsilon(t, 1+want.Response, 1+l.Local.Out+l.Global.Out, 1e-9, l.Component.Name)
		require.InEpsilon(t, 1+want.Written, 1+l.Local.Written()+l.Global.Written(), 1e-9, l.Component.Name)
	}
}
