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
		s.Month += m
		d, err := p.Profile.In(s)
		if err != nil {
			return nil, err
		}
		p.month(m, p.System.Again(d), of)
	}
	return out, nil
}

// FullCourses are the courses with every region at its full size. One that is kept warm
// grows to it when another is lost, and what is not there then cannot be ordered in
// time. Where a machine does not carry that, they are as planned.
func (p *Plan) FullCourses(months int) ([]Course, error) {
	q := *p.Profile
	q.Regions = slices.Clone(q.Regions)
	warm := false
	for i := range q.Regions {
		warm = warm || q.Regions[i].WarmFraction != nil
		q.Regions[i].WarmFraction = nil
	}
	if !warm || p.System == nil {
		return p.Courses(months)
	}
	d, err := q.In(p.Demand.Situation)
	if err != nil {
		return nil, err
	}
	r := p.Refit(d)
	if r.Failed != nil {
		return p.Courses(months)
	}
	return p.Keep(r).Courses(months)
}

// month adds a month to the courses of the choices, in the order of Order.
func (p *Plan) month(m int, sys *sizing.System, of []*Course) {
	for i, c := range p.Order {
		if c.Layout.Type == nil && c.Component.Colocate == "" {
			continue // no nodes, and nobody's size depends on it
		}
		last := of[i].Months[m-1]
		l := last
		if !c.Pinned && of[i].Outgrown == 0 {
			if l, _ = c.again(sys); l == nil {
				l, of[i].Outgrown = last, m
			}
		}
		of[i].Months = append(of[i].Months, l)
		sys.Sized[c.Component.Name] = l
	}
}
