package plan

import (
	"slices"

	"headroom/pkg/sizing"
)

// Course is how the nodes of a choice grow: the same machine sized for every
// month of the horizon of purchases (docs/model.md section 7: a commitment
// starts in the first month in which its node is needed).
type Course struct {
	Months []*sizing.Layout
	// Outgrown is the first month, counted from 0, in which the machine no longer
	// carries its component at any number of nodes; 0 where it always does. From
	// then on the nodes of the month before are kept: a larger machine takes
	// their place.
	Outgrown int
}

// Still is a course without growth.
func Still(c *Choice) Course { return Course{Months: []*sizing.Layout{c.Layout}} }

// Courses sizes the system for every month from its own on; in the order of
// Choices. Given machines, and systems without a workload, stay as they are.
func (p *Plan) Courses(months int) ([]Course, error) {
	out := make([]Course, len(p.Choices))
	for i, c := range p.Choices {
		out[i] = Still(c)
	}
	if p.System == nil {
		return out, nil
	}
	of := make([]*Course, len(p.Order))
	for i, c := range p.Order {
		of[i] = &out[slices.Index(p.Choices, c)]
	}
	for m := 1; m < months; m++ {
		s := p.Demand.Situation
		s.Month, s.Week = s.Month+m, nil
		d, err := p.Demand.In(s)
		if err != nil {
			return nil, err
		}
		p.month(m, p.System.Again(d), of)
	}
	return out, nil
}

// Until is the course of the first so many months.
func (c Course) Until(months int) Course {
	c.Months = c.Months[:min(months, len(c.Months))]
	if c.Outgrown >= months {
		c.Outgrown = 0
	}
	return c
}

// Full is the plan with every region at its full size: itself where no region is kept
// warm. A warm one grows when another is lost, and what is not there then cannot be
// ordered in time. Where a machine does not carry that, it is the plan as it is.
func (p *Plan) Full() (*Plan, error) {
	q := *p.Profile
	q.Regions = slices.Clone(q.Regions)
	warm := false
	for i := range q.Regions {
		warm = warm || q.Regions[i].WarmFraction != nil
		q.Regions[i].WarmFraction = nil
	}
	if !warm || p.System == nil {
		return p, nil
	}
	d, err := q.In(p.Demand.Situation)
	if err != nil {
		return nil, err
	}
	r := p.Refit(d)
	if r.Failed != nil {
		return p, nil
	}
	return p.Keep(r), nil
}

// month adds a month to the courses of the choices, in the order of Order.
func (p *Plan) month(m int, sys *sizing.System, of []*Course) {
	now, outgrown := make([]*sizing.Layout, len(p.Order)), make([]bool, len(p.Order))
	_ = sys.Settle(func() error { // which only fails where this does
		for i, c := range p.Order {
			if c.Layout.Type == nil && c.Component.Colocate == "" {
				continue // no nodes, and nobody's size depends on it
			}
			now[i] = of[i].Months[m-1]
			if !c.Pinned && of[i].Outgrown == 0 {
				l, _ := c.again(sys)
				if outgrown[i] = l == nil; l != nil {
					now[i] = l
				}
			}
			sys.Sized[c.Component.Name] = now[i]
		}
		return nil
	})
	for i, l := range now {
		if l == nil {
			continue
		}
		of[i].Months = append(of[i].Months, l)
		if outgrown[i] {
			of[i].Outgrown = m
		}
	}
}
