package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// This file holds what a site sends against its uplink, as any network: a part of it with
// nothing lost, a larger one with another region lost. A larger uplink is ordered by people,
// and has to do until the lead month.

// uplink are the limits of the uplink.
func (s *site) uplink() []RegionLimit {
	limit := func(state capacity.State, sends *sending, target float64) RegionLimit {
		return RegionLimit{Region: s.region, Limit: capacity.Limit{Of: capacity.Uplink, State: state,
			Need: megabits(float64(sends.all() * s.c.Lead)), Have: megabits(float64(s.spec.Uplink.V)),
			Target: target, Nodes: 1}}
	}
	out := []RegionLimit{limit(capacity.Own, &s.own, s.c.Policy.Own)}
	if s.lost != nil {
		out = append(out, limit(capacity.RegionLost, s.lost, s.c.Policy.Degraded))
	}
	return out
}

// tightest is the limit that asks for the larger uplink.
func (s *site) tightest() *RegionLimit {
	limits := s.uplink()
	x := &limits[0]
	for i := range limits[1:] {
		if o := &limits[1+i]; o.Need/o.Target > x.Need/x.Target {
			x = o
		}
	}
	return x
}

// uplinkSteps derive the least uplink that would do.
func (s *site) uplinkSteps() []remark.Step {
	if s.spec.Uplink == nil {
		return nil
	}
	x := s.tightest()
	figure := func(rate float64) unit.Figure { return unit.Rough(rate, 5).In("Mbit/s") }
	step := remark.Derive("least uplink that would do", siteModel, figure(x.Need/x.Target),
		"sent × growth / part = {sent} × {growth} / {part}", "sent", figure(x.Need/s.c.Lead),
		"growth", unit.WithDecimals(s.c.Lead, 3), "part", unit.WithDecimals(x.Target, 2))
	return []remark.Step{step}
}

// tooNarrow is the rejection of an uplink that carries less than what the site sends: it
// names the least that would do.
func (s *site) tooNarrow() *Rejection {
	if s.spec.Uplink == nil {
		return nil
	}
	x := s.tightest()
	least := x.Need / x.Target
	if least <= x.Have*(1+1e-9) {
		return nil
	}
	why := remark.New("site.uplink", "rate", x.Need/s.c.Lead, "from", s.provided.Region,
		"lost", x.State == capacity.RegionLost, "part", x.Target)
	if s.c.Lead > 1 {
		why = why.With("growth", s.c.Lead)
	}
	return &Rejection{Resource: x.Of.Name, Need: least, Have: x.Have, Unit: x.Of.Unit, Why: why}
}

// most is the greater of what it sends with nothing lost and with another region lost.
func (s *site) most() *sending {
	if s.lost != nil && s.lost.all() > s.own.all() {
		return s.lost
	}
	return &s.own
}
