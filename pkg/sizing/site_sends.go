package sizing

import (
	"math"
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
	users float64
	// takenOver is users with those of a lost region; 0 where no region is to be lost.
	takenOver float64
	others    int    // how many other regions there are
	to        []sent // of them those to which anything goes, in the order of the profile
}

// sent is what goes to one other region, bytes/s: calls with their answers, and copies.
type sent struct {
	region        int
	calls, copies float64
	streams       float64 // of which the copies consist
}

// sending adds up what leaves a region. The peaks of what follows different curves are
// added, whenever they are: it is never less than what leaves at one time.
func (b *transferBill) sending(region int, lost bool) sending {
	s := sending{others: len(b.c.Flow.Demand.Regions) - 1}
	for i := range b.moves {
		m := &b.moves[i]
		switch {
		case m.from != region || m.to == region:
		case m.to == internet:
			s.users += m.peak
			if lost {
				s.takenOver += m.lost
			}
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

// all is everything while nothing is lost, and survivors what goes to users and to those
// regions that are left when the one is lost to which the least goes.
func (s *sending) all() (all, survivors float64) {
	sum, least := 0.0, math.Inf(1)
	for i := range s.to {
		x := s.to[i].calls + s.to[i].copies
		sum, least = sum+x, math.Min(least, x)
	}
	if len(s.to) < s.others || len(s.to) == 0 {
		least = 0
	}
	return s.users + sum, s.takenOver + sum - least
}

// most is the most that leaves.
func (s *sending) most() float64 { return math.Max(s.all()) }

// megabits are bytes/s in the unit of uplinks, Mbit/s.
func megabits(bytes float64) float64 { return float64(bytes * 8 / 1e6) }

// why says what the uplink of a site is to carry.
func (s *sending) why(region string) remark.Remark {
	all, survivors := s.all()
	return remark.New("site.uplink", "rate", megabits(s.most()), "from", region, "lost", survivors > all)
}

// parts are what goes where.
func (s *sending) parts(regions []workload.RegionDemand) []remark.Remark {
	out := []remark.Remark{remark.New("site.to_users", "rate", megabits(s.users))}
	if s.takenOver > s.users {
		out[0] = out[0].With("lost", megabits(s.takenOver))
	}
	for i := range s.to {
		x := &s.to[i]
		name := regions[x.region].Name
		if x.calls > 0 {
			out = append(out, remark.New("site.calls", "rate", megabits(x.calls), "to", name))
		}
		if x.copies > 0 {
			out = append(out, remark.New("site.copies", "rate", megabits(x.copies), "to", name,
				"streams", x.streams, "each", megabits(x.copies/x.streams)))
		}
	}
	return out
}

// steps derive them.
func (s *sending) steps(regions []workload.RegionDemand) []remark.Step {
	const model = "MODEL section 5, site"
	figure := func(bytes float64) unit.Figure { return unit.Rough(megabits(bytes), 5).In("Mbit/s") }
	terms, values := []string{"{users}"}, []any{"users", figure(s.users)}
	out := []remark.Step{remark.Derive("sent to users at the peak", model, figure(s.users), "")}
	for i := range s.to {
		x := &s.to[i]
		name := regions[x.region].Name
		if x.calls > 0 {
			terms, values = append(terms, "{calls to "+name+"}"), append(values, "calls to "+name, figure(x.calls))
			out = append(out, remark.Derive("calls and answers to {region}", model, figure(x.calls), "").
				Naming("region", name))
		}
		if x.copies > 0 {
			terms, values = append(terms, "{copies to "+name+"}"), append(values, "copies to "+name, figure(x.copies))
			out = append(out, remark.Derive("copies to {region}", model, figure(x.copies),
				"streams × each = {streams} × {each}", "streams", unit.Rough(x.streams, 4),
				"each", figure(x.copies/x.streams)).Naming("region", name))
		}
	}
	all, survivors := s.all()
	out = append(out, remark.Derive("sent at the peak in all", model, figure(all), strings.Join(terms, " + "),
		values...))
	if survivors > all {
		out = append(out, remark.Derive("sent with another region lost", model, figure(survivors), ""))
	}
	return out
}
