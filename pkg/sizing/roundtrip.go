package sizing

import (
	"fmt"

	"headroom/pkg/workload"
)

// This file is what the way between regions costs: each call that another region
// answers waits for a round trip.

// RoundTrip is the time from one of the demand's regions to another and back, in
// seconds: the median of a year (catalog.RoundTrip). Within a region it is 0, as
// it is part of what the call takes there. ok is false where the tables do not
// have the pair; the error is that of tables that cannot be read.
func (s *System) RoundTrip(from, to int) (seconds float64, ok bool, err error) {
	d := s.Flow.Demand.Regions
	return s.between(d[from].Name, d[to].Name)
}

// between is RoundTrip by the regions' names.
func (s *System) between(from, to string) (seconds float64, ok bool, err error) {
	if from == to {
		return 0, true, nil
	}
	rtt, err := s.Catalog.RoundTrip(from, to)
	return rtt.V, rtt.OK, err
}

// nothing is the index of no region: nothing is lost.
const nothing = -1

// AnsweredIn is the region that answers what is called from a region: the same
// where the component works there, else the component's first.
func (s *System) AnsweredIn(to *workload.Load, region int, write bool) int {
	return s.answeredIn(to, region, write, nothing)
}

// answeredIn is AnsweredIn while another region is lost: what worked in it alone
// has moved to the component's next.
func (s *System) answeredIn(to *workload.Load, region int, write bool, lost int) int {
	switch {
	case to.Scope != workload.ScopePrimary && runs(to, region):
		return region
	case !write && s.readsIn(to, region):
		return region
	}
	for _, r := range to.Regions {
		if r != lost {
			return r
		}
	}
	return region
}

// away is the region that answers, and how long the way there and back is, in
// seconds; 0 where the tables do not have it.
func (s *System) away(to *workload.Load, region int, write bool, lost int) (at int, seconds float64, err error) {
	at = s.answeredIn(to, region, write, lost)
	seconds, _, err = s.RoundTrip(region, at)
	return at, seconds, err
}

// readsIn tells whether a component answers a region's reads there while its
// primary is elsewhere.
func (s *System) readsIn(to *workload.Load, region int) bool {
	in := traitsIn(to).ReadsIn
	return in != nil && in(s.askOf(to.Component), region)
}

// roundTrip is the time from one region to another and back, in seconds. That the
// tables do not have the pair is an error.
func (c *Task) roundTrip(from, to string) (float64, error) {
	seconds, ok, err := c.system.between(from, to)
	if err == nil && !ok {
		err = fmt.Errorf("the round trip between %s and %s is not in the tables", from, to)
	}
	return seconds, err
}

// commitTrip is the round trip of a synchronous commit to the failover candidate
// in the second region, in seconds: what the profile gives, else the tables'.
func (s *Replicated) commitTrip(c *Task) (float64, error) {
	if s.RoundTrip != nil {
		return float64(s.RoundTrip.V), nil
	}
	seconds, err := c.roundTrip(c.Regions[0].Name, c.Regions[1].Name)
	if err != nil {
		return 0, c.problem("replication is sync and "+err.Error(), "measure it and write it, such as round_trip: 62ms")
	}
	return seconds, nil
}
