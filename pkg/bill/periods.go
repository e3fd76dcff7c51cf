package bill

import (
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Period is a month, or a week, of a system that changes from one to the next, with the plan
// that it then has.
type Period struct {
	*Planned
	Month  int // in which it lies, counted from that of the first period
	Surges []Surge
}

// Surge is what an event asks for a while beside the plan of its period.
type Surge struct {
	Name string
	// Part is that of the period for which it lasts.
	Part float64
	// Layouts are the components concerned, as large as the event asks for.
	Layouts map[string]*sizing.Layout
}

// PeriodBill is the bill of a period.
type PeriodBill struct {
	// Estimate is the bill of a month as the period is, or of a week as a part of it. What
	// surges rent is among its lines.
	Estimate *Estimate
	Surges   []SurgeBill
	Held     []Held // commitments of the period
}

// SurgeBill is what a surge rents.
type SurgeBill struct {
	Nodes []SurgeNodes
	Lines []Line // of the estimate
}

// SurgeNodes are nodes that a surge rents in one region.
type SurgeNodes struct {
	Component string `json:"component"`
	System    string `json:"system"`
	Region    string `json:"region"`
	Role      string `json:"role"`
	Machine   string `json:"machine"`
	Nodes     int    `json:"nodes"` // at its peak
}

// Held is nodes under a commitment in a period.
type Held struct {
	Component string  `json:"component"`
	Region    string  `json:"region"`
	Role      string  `json:"role"`
	Machine   string  `json:"machine"`
	Option    string  `json:"option"`
	Nodes     int     `json:"nodes"`
	Used      float64 `json:"used"`   // of them, in the mean of the period
	Bought    int     `json:"bought"` // of them, when the period begins; renewals among them
	// Upfront is what is paid for these, and Fee the share of all fees that the bill of the
	// period has.
	Upfront money.Amount `json:"upfront"`
	Fee     money.Amount `json:"fee"`
}

// Periods are consecutive periods of a system, the bills of which have one purchase.
type Periods struct {
	List   []Period
	Weekly bool // each is a week, 12 of 52 parts of a month

	lots    []*lot
	inexact []string
}

// Bills are the bills of the periods. What is bought is bought for all of them: each pool
// of nodes of one type is bought at the least cost over the months that are known, and those
// for which the last plan grows on, so that commitments stay when machines do not.
func (x *Periods) Bills() ([]PeriodBill, error) {
	for i := range x.List {
		x.List[i].Plan.Outline()
	}
	if buys(x.List[0].Plan, nil) {
		if err := x.buy(); err != nil {
			return nil, listed(err)
		}
	}
	out := make([]PeriodBill, len(x.List))
	for i := range x.List {
		if err := x.bill(i, &out[i]); err != nil {
			return nil, listed(err)
		}
	}
	return out, nil
}

// Inexact are the components of which there may be a cheaper mix (see purchase.Mix).
func (x *Periods) Inexact() []string { return x.inexact }

// bill makes the bill of a period.
func (x *Periods) bill(i int, out *PeriodBill) error {
	p := &x.List[i]
	pr := &pricer{Tables: p.Plan.Tables, profile: p.Plan.Profile}
	from := lineSources{}
	if len(x.lots) > 0 {
		from.nodes = func(_ int, c *plan.Choice, part *Part) ([]Line, error) {
			return x.nodes(i, c, part, pr, &out.Held)
		}
	}
	ends := make([]int, 0, len(p.Surges)+1)
	out.Surges = make([]SurgeBill, len(p.Surges))
	from.finish = func(e *Estimate) error {
		if len(x.lots) > 0 {
			e.Purchase = wanted(p.Plan)
		}
		ends = append(ends, len(e.Lines))
		for k := range p.Surges {
			if err := e.surge(p.Plan, &p.Surges[k], pr, &out.Surges[k]); err != nil {
				return err
			}
			ends = append(ends, len(e.Lines))
		}
		return nil
	}
	e, err := priced(x.billed(i), p.Request.Terms, pr, from)
	if err != nil {
		return err
	}
	if x.Weekly {
		e.week()
		x.payWeek(i, out.Held)
	}
	out.Estimate = e
	for k := range p.Surges {
		out.Surges[k].Lines = e.Lines[ends[k]:ends[k+1]]
	}
	return nil
}

// week makes the bill of a week of that of a month, line by line.
func (e *Estimate) week() {
	for i := range e.Lines {
		c := &e.Lines[i].Cost
		for _, a := range []*money.Amount{&c.Expected, &c.Min, &c.Max} {
			*a = ofWeek(*a)
		}
	}
	e.total()
}

// ofWeek is a week's part of what is of a month.
func ofWeek(month money.Amount) money.Amount {
	return month.Part(workload.MonthsAYear, workload.WeeksAYear)
}

// payWeek makes of what is held in a month what is held in a week: what is paid upfront is
// paid in the first week of the month.
func (x *Periods) payWeek(i int, list []Held) {
	first := i == 0 || x.List[i-1].Month != x.List[i].Month
	for k := range list {
		h := &list[k]
		h.Fee = ofWeek(h.Fee)
		if !first {
			h.Bought, h.Upfront = 0, money.Amount{}
		}
	}
}

// surge adds what an event rents for its hours: nodes beyond those of the plan, all where it
// asks for another type, and what else it uses more than the plan.
func (e *Estimate) surge(p *plan.Plan, s *Surge, pr *pricer, out *SurgeBill) error {
	for _, c := range p.Choices {
		l := s.Layouts[c.Component.Name]
		if l == nil || c.Pinned {
			continue
		}
		part, err := partOf(&plan.Choice{Component: c.Component, Layout: l}, p.Profile)
		if err != nil {
			return err
		}
		from := len(e.Lines)
		if l.Type != nil {
			if err := e.surgeNodes(c.Layout, l, &part, s.Part, pr); err != nil {
				return err
			}
			out.Nodes = append(out.Nodes, rented(c.Layout, l, &part, e.Regions)...)
		}
		if p.Profile.Prices.Scope != scopeCompute {
			if err := e.surgeUsage(c.Layout, l, &part, s.Part, pr); err != nil {
				return err
			}
		}
		for i := from; i < len(e.Lines); i++ {
			e.Lines[i].Notes = s.Name
		}
	}
	return nil
}

func (e *Estimate) surgeNodes(base, l *sizing.Layout, part *Part, of float64, pr *pricer) error {
	for i := range l.Pools {
		pool := &l.Pools[i]
		more := pool.Mean
		if has := alike(base, l, pool); has != nil {
			more -= has.Mean
		}
		if more <= 0 {
			continue
		}
		mean, err := money.Float(more * of)
		if err != nil {
			return err
		}
		line, ok := pr.nodes(part, &NodePool{Role: pool.Role, Machine: l.TypeOf(pool).Name, Mean: mean}, pool.Region)
		if !ok {
			continue
		}
		line.Min, line.Max = mean, mean
		line.Cost = line.costAt(line.Price)
		e.Lines = append(e.Lines, line)
	}
	return nil
}

// alike is the pool of a layout with the role and the type of a pool of another one; nil
// where there is none such.
func alike(base, l *sizing.Layout, pool *sizing.Pool) *sizing.Pool {
	has := poolKey{pool.Region, pool.Role}.in(base)
	if has == nil || base.TypeOf(has).Name != l.TypeOf(pool).Name {
		return nil
	}
	return has
}

// rented are the nodes at the peak that a layout has beyond another.
func rented(base, l *sizing.Layout, part *Part, regions []string) []SurgeNodes {
	var out []SurgeNodes
	for i := range l.Pools {
		pool := &l.Pools[i]
		more := pool.Max
		if has := alike(base, l, pool); has != nil {
			more -= has.Max
		}
		if more > 0 {
			out = append(out, SurgeNodes{Component: part.Name, System: part.System, Region: regions[pool.Region],
				Role: pool.Role, Machine: l.TypeOf(pool).Name, Nodes: more})
		}
	}
	return out
}

// surgeUsage adds what an event uses more than the plan, in the steps of the price that come
// behind those of the plan.
func (e *Estimate) surgeUsage(base, l *sizing.Layout, part *Part, of float64, pr *pricer) error {
	for i := range l.Usage {
		u := &l.Usage[i]
		if usedBefore(l.Usage[:i], u) > 0 {
			continue // added up with the first of it
		}
		was, is := usedBefore(base.Usage, u), usedBefore(l.Usage, u)
		if is <= was {
			continue
		}
		q, err := money.Float(was)
		if err != nil {
			return pr.absurd(part, u, err)
		}
		more, err := money.Float((is - was) * of)
		if err != nil {
			return pr.absurd(part, u, err)
		}
		before := pr.metered(nil, part, u, q)
		for k, line := range pr.metered(nil, part, u, q.Plus(more)) {
			if k < len(before) {
				line.Quantity = line.Quantity.Minus(before[k].Quantity)
			}
			if line.Quantity.IsZero() {
				continue
			}
			line.Min, line.Max = line.Quantity, line.Quantity
			line.Cost = line.costAt(line.Price)
			e.Lines = append(e.Lines, line)
		}
	}
	return nil
}

// usedBefore is how much of the same there is in a list of usage.
func usedBefore(list []sizing.Usage, u *sizing.Usage) float64 {
	t := 0.0
	for i := range list {
		x := &list[i]
		if x.Region == u.Region && x.Meter == u.Meter && x.Category == u.Category {
			t += float64(x.Quantity)
		}
	}
	return t
}
