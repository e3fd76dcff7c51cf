package sizing

import (
	"slices"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// This file is what a site sends at its peak, over its uplink: to users, and to each other
// region, calls and copies.

// sending is what leaves a region at its peak, bytes/s.
type sending struct {
	lost  int // region that is lost then; nothing where none is
	users float64
	to    []sent // other regions to which anything goes, in the order of the profile
}

// sent is what goes to one other region, bytes/s: calls with their answers, and copies.
type sent struct {
	region        int
	calls, copies float64
	streams       float64 // of which the copies consist
}

// sendings are what leaves a region with nothing lost, and with that other region lost with
// which the most leaves; nil where the loss of none has to be outlived. Of each loss all is
// counted anew: users come here, and calls go to where a primary moves.
func sendings(c *Task, region int) (own sending, lost *sending) {
	own = sendingOf(c, region, nothing)
	d := c.Flow.Demand
	if !c.Policy.Region || d.Situation.Lost != "" {
		return own, nil
	}
	for r := range d.Regions {
		if r == region {
			continue
		}
		if s := sendingOf(c, region, r); lost == nil || s.all() > lost.all() {
			lost = &s
		}
	}
	return own, lost
}

// sendingOf adds up what leaves a region while one is lost, or nothing. The peaks of what
// follows different curves are added, whenever they are: it is never less than what leaves
// at one time.
func sendingOf(c *Task, region, lost int) sending {
	b := &transferBill{c: c, spec: &Transfer{}, n: newNodeless(c), peaks: true, lost: lost}
	b.addUp()
	s := sending{lost: lost}
	for i := range b.moves {
		m := &b.moves[i]
		switch {
		case m.from != region || m.to == region:
		case m.to == internet:
			s.users += m.peak
		case m.copies > 0:
			to := s.toRegion(m.to)
			to.copies += m.peak
			to.streams += m.copies
		default:
			s.toRegion(m.to).calls += m.peak
		}
	}
	slices.SortFunc(s.to, func(a, b sent) int { return a.region - b.region })
	return s
}

func (s *sending) toRegion(region int) *sent {
	for i := range s.to {
		if s.to[i].region == region {
			return &s.to[i]
		}
	}
	s.to = append(s.to, sent{region: region})
	return &s.to[len(s.to)-1]
}

// calls are those to a region, bytes/s.
func (s *sending) calls(region int) float64 {
	for i := range s.to {
		if s.to[i].region == region {
			return s.to[i].calls
		}
	}
	return 0
}

// all is everything.
func (s *sending) all() float64 {
	sum := s.users
	for i := range s.to {
		sum += s.to[i].calls + s.to[i].copies
	}
	return sum
}

// megabits are bytes/s in the unit of uplinks, Mbit/s.
func megabits(bytes float64) float64 { return float64(bytes * 8 / 1e6) }

// parts are what goes where.
func (s *site) parts() []remark.Remark {
	own, lost := &s.own, s.lost
	with := func(r remark.Remark, now, then float64) remark.Remark {
		if then > now {
			return r.With("lost", megabits(then))
		}
		return r
	}
	users := remark.New("site.to_users", "rate", megabits(own.users))
	if lost != nil {
		users = with(users, own.users, lost.users)
	}
	out := []remark.Remark{users}
	for i := range own.to {
		x := &own.to[i]
		name := s.c.Flow.Demand.Regions[x.region].Name
		if x.calls > 0 {
			calls := remark.New("site.calls", "rate", megabits(x.calls), "to", name)
			if lost != nil {
				calls = with(calls, x.calls, lost.calls(x.region))
			}
			out = append(out, calls)
		}
		if x.copies > 0 {
			out = append(out, remark.New("site.copies", "rate", megabits(x.copies), "to", name,
				"streams", x.streams, "each", megabits(x.copies/x.streams)))
		}
	}
	return out
}

// steps derive them, with nothing lost and with the region lost of which the most leaves.
func (s *site) steps() []remark.Step {
	own, regions := &s.own, s.c.Flow.Demand.Regions
	var out []remark.Step
	out = append(out, remark.Derive("sent to users at the peak", siteModel, sentFigure(own.users), ""))
	for i := range own.to {
		x := &own.to[i]
		name := regions[x.region].Name
		if x.calls > 0 {
			out = append(out, remark.Derive("calls and answers to {region}", siteModel, sentFigure(x.calls), "").
				Naming("region", name))
		}
		if x.copies > 0 {
			out = append(out, remark.Derive("copies to {region}", siteModel, sentFigure(x.copies),
				"streams × each = {streams} × {each}", "streams", unit.Rough(x.streams, 4),
				"each", sentFigure(x.copies/x.streams)).Naming("region", name))
		}
	}
	terms, values := own.terms(regions)
	out = append(out, remark.Derive("sent at the peak in all", siteModel, sentFigure(own.all()), terms, values...))
	if lost := s.lost; lost != nil && lost.all() > own.all() {
		terms, values := lost.terms(regions)
		out = append(out, remark.Derive("sent with {region} lost", siteModel, sentFigure(lost.all()), terms, values...).
			Naming("region", regions[lost.lost].Name))
	}
	return append(out, s.uplinkSteps()...)
}

const siteModel = "MODEL section 5, site"

// sentFigure is a rate in a derivation.
func sentFigure(bytes float64) unit.Figure { return unit.Rough(megabits(bytes), 5).In("Mbit/s") }

// terms are what all of it consists of.
func (s *sending) terms(regions []workload.RegionDemand) (string, []any) {
	terms, values := []string{"{users}"}, []any{"users", sentFigure(s.users)}
	add := func(what string, rate float64) {
		if rate > 0 {
			terms, values = append(terms, "{"+what+"}"), append(values, what, sentFigure(rate))
		}
	}
	for i := range s.to {
		add("calls to "+regions[s.to[i].region].Name, s.to[i].calls)
		add("copies to "+regions[s.to[i].region].Name, s.to[i].copies)
	}
	return strings.Join(terms, " + "), values
}
