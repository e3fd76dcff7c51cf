package plan

import (
	"math"
	"slices"

	"github.com/stretchr/testify/require"

	"headroom/pkg/workload"
)

// recount derives what arrives at every component anew, from MODEL section 1
// and for one hour and one state at a time: with numbers, not with multipliers
// of a peak, so that it shares nothing with the flow of pkg/workload.
type recount struct {
	p     *workload.Profile
	share []float64
	own   [][]float64           // users by region and hour, in the normal state
	found map[[2]string]float64 // part of the reads that caches answer, by caller and called
}

// hits is the part of its reads for another that a component answers itself.
func (x *recount) hits(c *workload.Component, to string) float64 {
	key := [2]string{c.Name, to}
	h, ok := x.found[key]
	if !ok {
		h = x.hitsOf(c, to)
		x.found[key] = h
	}
	return h
}

// calls are what arrives at a component in one region, per second.
type calls struct {
	reads, writes, pages float64
	in, out              float64 // bytes of these calls and their answers
	asked, answered      float64 // bytes of the calls that it makes, and of their answers
}

func (c calls) requests() float64 { return c.reads + c.writes + c.pages }

func newRecount(t require.TestingT, p *workload.Profile, grown float64) *recount {
	curve := p.Demand().Curve // the shape itself is data
	x := &recount{p: p, found: map[[2]string]float64{}}
	n := float64(len(p.Regions))
	top := 0.0
	total := make([]float64, len(curve))
	for i := range p.Regions {
		r := &p.Regions[i]
		share := 1 / n
		switch {
		case r.Share.Set:
			share = float64(r.Share.V)
		case p.Failover == "active-passive" && i == 0:
			share = 1
		case p.Failover == "active-passive":
			share = 0
		}
		x.share = append(x.share, share)
		users := make([]float64, len(curve))
		for h := range users {
			// the hour on the region's clocks
			local := (h + int(math.Round(float64(r.TZ.V))) + 2*len(curve)) % len(curve)
			users[h] = share * curve[local]
			total[h] += users[h]
			top = math.Max(top, total[h])
		}
		x.own = append(x.own, users)
	}
	// The sum of all regions was not complete while the first were added.
	top = slices.Max(total)
	require.Positive(t, top)
	for i := range x.own {
		for h := range x.own[i] {
			x.own[i][h] *= float64(p.Peak.Users.V) * grown / top
		}
	}
	return x
}

// none is the state in which no region is lost.
const none = -1

// users are the users of every region in an hour, with a region lost: its
// users go to the others, by their shares.
func (x *recount) users(hour, lost int) []float64 {
	out := make([]float64, len(x.own))
	for i := range out {
		if i != lost {
			out[i] = x.own[i][hour]
		}
	}
	if lost == none || x.p.Failover == "independent" {
		return out
	}
	rest := 1 - x.share[lost]
	for i := range out {
		if i == lost {
			continue
		}
		part := 1 / float64(len(out)-1)
		if rest > 1e-12 {
			part = x.share[i] / rest
		}
		out[i] += part * x.own[lost][hour]
	}
	return out
}

// enter is what so many users send to an entry.
func (x *recount) enter(users float64) calls {
	k := &x.p.Peak
	r := users * float64(k.RequestsPerUser.V)
	w := r * float64(k.WriteRatio.V)
	if k.WritesPerUser != nil {
		w = users * float64(k.WritesPerUser.V)
	}
	pages := users / float64(k.Session.V)
	return calls{reads: r - w, writes: w, pages: pages, in: r * float64(k.Request.V),
		out: r*float64(k.Response.V) + pages*float64(k.FirstPage.V)}
}

// at is what arrives at each component in each region. Every component of scope
// all processes every write in every region that is left, and answers the reads
// of its own; where all meet at a primary, that is the first region, or the
// next where it is lost.
func (x *recount) at(hour, lost int) map[string][]calls {
	users := x.users(hour, lost)
	out := map[string][]calls{}
	var visit func(name string)
	at := func(name string) []calls {
		if _, ok := out[name]; !ok {
			out[name] = make([]calls, len(users))
		}
		return out[name]
	}
	done := map[string]bool{}
	visit = func(name string) {
		if done[name] {
			return
		}
		done[name] = true
		c, _ := x.p.Component(name)
		here := at(name)
		if c.Entry {
			for i, u := range users {
				here[i] = x.enter(u)
			}
		}
		for _, caller := range x.p.Components {
			if _, ok := caller.V.Calls.Get(name); ok {
				visit(caller.Key)
				x.pass(at(caller.Key), here, caller.V, c, lost)
			}
		}
	}
	for _, e := range x.p.Components {
		visit(e.Key)
	}
	return out
}

// sizesOf are the bytes of a call and of its answer: what the profile does not say is
// a user's request and its answer, of which there is none where nobody waits.
func sizesOf(p *workload.Profile, call *workload.Call) (request, response float64) {
	request, response = float64(p.Peak.Request.V), float64(p.Peak.Response.V)
	if call.Mode == "async" {
		response = 0
	}
	if call.Request != nil {
		request = float64(call.Request.V)
	}
	if call.Response != nil {
		response = float64(call.Response.V)
	}
	return request, response
}

// pass sends a caller's calls, by region, to what it calls.
func (x *recount) pass(from, here []calls, caller, called *workload.Component, lost int) {
	first := 0
	if lost == 0 {
		first = 1
	}
	call, _ := caller.Calls.Get(called.Name)
	share, missed := x.classShare(call.Classes), 1-x.hits(caller, called.Name)
	size := func(n float64) calls {
		request, response := sizesOf(x.p, &call)
		return calls{in: n * request, out: n * response}
	}
	for i := range from {
		if i == lost {
			continue
		}
		reads := share * (from[i].reads*float64(call.PerRead.V) + from[i].writes*float64(call.ReadsPerWrite.V)) * missed
		writes := share * from[i].writes * float64(call.PerWrite.V)
		sent := size(reads + writes)
		from[i].asked += sent.in
		from[i].answered += sent.out
		switch scopeOf(called) {
		case workload.ScopeShare:
			here[i] = add(here[i], reads, writes, sent)
		case workload.ScopePrimary:
			here[first] = add(here[first], reads, writes, sent)
		default:
			here[i] = add(here[i], reads, 0, size(reads))
			for to := range here {
				// What runs everywhere writes in its own region only.
				if to != lost && (scopeOf(caller) != workload.ScopeAll || to == i) {
					here[to] = add(here[to], 0, writes, size(writes))
				}
			}
		}
	}
}

func add(c calls, reads, writes float64, size calls) calls {
	c.reads, c.writes, c.in, c.out = c.reads+reads, c.writes+writes, c.in+size.in, c.out+size.out
	return c
}

// classShare is the part of all requests that request classes have. All classes
// of the profiles here have the same write ratio and enter at one place.
func (x *recount) classShare(names []string) float64 {
	if len(names) == 0 {
		return 1
	}
	t := 0.0
	for _, name := range names {
		c, _ := x.p.Classes.Get(name)
		t += float64(c.Share.V)
	}
	return t
}

// scopeOf is where a component's load meets (MODEL section 1, "Scope").
func scopeOf(c *workload.Component) string {
	if c.Scope != "" {
		return c.Scope
	}
	switch c.Kind {
	case "database", "objects", "fixed":
		return workload.ScopePrimary
	case "log", "worker", "search", "quorum", "cluster", "multi-primary", "boot", "transfer", "site":
		return workload.ScopeAll
	}
	return workload.ScopeShare
}
