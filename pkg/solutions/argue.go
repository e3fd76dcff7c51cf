package solutions

import (
	"headroom/pkg/money"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
)

// argue derives what speaks for and against each solution: that in which it stands out from
// all others, by figures only.
func (c *Comparison) argue() {
	if len(c.Solutions) < 2 {
		return
	}
	for i := range c.Solutions {
		c.argueCost(i)
		c.argueFailures(i)
		c.argueAims(i)
		c.argueRoom(i)
		c.argueAvailability(i)
		c.argueDependence(i)
	}
}

func (c *Comparison) pro(i int, key string, pairs ...any) {
	c.Solutions[i].Pros = append(c.Solutions[i].Pros, remark.New("solution."+key, pairs...))
}

func (c *Comparison) con(i int, key string, pairs ...any) {
	c.Solutions[i].Cons = append(c.Solutions[i].Cons, remark.New("solution."+key, pairs...))
}

// standsOut tells whether one solution is better than each other one, or worse than each.
func (c *Comparison) standsOut(i int, by func(a, b int) order) order {
	out := equal
	for k := range c.Solutions {
		if k == i {
			continue
		}
		o := by(i, k)
		if o != better && o != worse || out != equal && o != out {
			return equal
		}
		out = o
	}
	return out
}

// argueCost says which is cheapest and which dearest, and by how much beside the next one.
func (c *Comparison) argueCost(i int) {
	credits := false
	for k := range c.Solutions {
		s := &c.Solutions[k]
		if s.Unpriced > 0 {
			return
		}
		credits = credits || !s.Full.Equal(s.Month)
	}
	for _, x := range []struct {
		suffix string
		of     func(*Solution) money.Amount
	}{{"", func(s *Solution) money.Amount { return s.Month }},
		{"_without_credits", func(s *Solution) money.Amount { return s.Full }}} {
		if x.suffix != "" && !credits {
			return
		}
		of := func(k int) money.Amount { return x.of(&c.Solutions[k]) }
		o := c.standsOut(i, func(a, b int) order { return ordered(of(a).Cmp(of(b))) })
		if o == equal {
			continue
		}
		var by *money.Amount
		for k := range c.Solutions {
			if d := of(i).Minus(of(k)).Abs(); k != i && (by == nil || d.Cmp(*by) < 0) {
				by = &d
			}
		}
		if o == better {
			c.pro(i, "cheapest"+x.suffix, "by", by.Float64())
		} else {
			c.con(i, "dearest"+x.suffix, "by", by.Float64())
		}
	}
}

// stands tells whether users are served as before, with one primary, and nothing is lost for
// good.
func stands(o *Outcome) bool {
	return o == nil || rank(outcomes(), o.Outcome) <= rank(outcomes(), resilience.Slower) && !o.TwoLeaders &&
		(o.Loss == nil || !o.Loss.All)
}

// nobodyServed tells whether no user is served until a repair.
func nobodyServed(o *Outcome) bool { return o != nil && o.Outcome == resilience.Down }

// unaided tells whether nobody has to act.
func unaided(o *Outcome) bool { return o == nil || rank(actors(), o.By) <= rank(actors(), "itself") }

// alone tells whether a property is one solution's, and none of the others'.
func alone(list []*Outcome, i int, has func(*Outcome) bool) bool {
	for k, o := range list {
		if has(o) != (k == i) {
			return false
		}
	}
	return true
}

func not(has func(*Outcome) bool) func(*Outcome) bool {
	return func(o *Outcome) bool { return !has(o) }
}

// argueFailures says what only one solution withstands, or does not; what only one recovers
// from by itself; and who loses least and most data.
func (c *Comparison) argueFailures(i int) {
	if c.unassessed() {
		return
	}
	var survives, fails, down, itself, people, least, most []remark.Remark
	for k := range c.Failures {
		f := &c.Failures[k]
		has := f.Outcomes[i] != nil // what cannot happen is no merit
		switch {
		case has && alone(f.Outcomes, i, stands):
			survives = append(survives, f.What)
		case alone(f.Outcomes, i, nobodyServed):
			down = append(down, f.What)
		case alone(f.Outcomes, i, not(stands)):
			fails = append(fails, f.What)
		case has && alone(f.Outcomes, i, unaided):
			itself = append(itself, f.What)
		case alone(f.Outcomes, i, not(unaided)):
			people = append(people, f.What)
		}
		switch c.standsOut(i, func(a, b int) order { return less(lossIn(f.Outcomes[a]), lossIn(f.Outcomes[b])) }) {
		case better:
			if has {
				least = append(least, f.What)
			}
		case worse:
			most = append(most, f.What)
		}
	}
	for _, x := range []struct {
		say  func(int, string, ...any)
		key  string
		list []remark.Remark
	}{{c.pro, "only_survives", survives}, {c.pro, "only_itself", itself}, {c.pro, "loses_least", least},
		{c.con, "only_fails", fails}, {c.con, "only_down", down}, {c.con, "only_people", people},
		{c.con, "loses_most", most}} {
		if len(x.list) > 0 {
			x.say(i, x.key, "failures", x.list)
		}
	}
}

func lossIn(o *Outcome) *resilience.Loss {
	if o == nil {
		return nil
	}
	return o.Loss
}

// unassessed tells whether of some solution it is not known what failures do.
func (c *Comparison) unassessed() bool {
	for i := range c.Solutions {
		if c.Solutions[i].Points == nil {
			return true
		}
	}
	return false
}

func (c *Comparison) argueAims(i int) {
	var meets, misses []remark.Remark
	for k := range c.Aims {
		a := &c.Aims[k]
		// One region cannot be cut off: what cannot happen is no merit.
		vain := a.Loss == string(outage.Split) && len(c.Solutions[i].Regions) == 1
		if !vain && a.onlyOne(i, resilience.Met, resilience.Missed) {
			meets = append(meets, a.What())
		}
		if a.onlyOne(i, resilience.Missed, resilience.Met) {
			misses = append(misses, a.What())
		}
	}
	if len(meets) > 0 {
		c.pro(i, "only_meets", "aims", meets)
	}
	if len(misses) > 0 {
		c.con(i, "only_misses", "aims", misses)
	}
}

// argueRoom is about users that can still come, and about what must not fail alone.
func (c *Comparison) argueRoom(i int) {
	s := &c.Solutions[i]
	if s.Success != nil {
		switch c.standsOut(i, func(a, b int) order {
			return moreKnown(c.Solutions[a].Success, c.Solutions[b].Success)
		}) {
		case better:
			c.pro(i, "most_room", "users", *s.Success)
		case worse:
			c.con(i, "least_room", "users", *s.Success)
		}
	}
	if s.Failure != nil && c.standsOut(i, func(a, b int) order {
		return moreKnown(c.Solutions[a].Failure, c.Solutions[b].Failure)
	}) == better {
		c.pro(i, "most_room_failing", "users", *s.Failure)
	}
	if c.unassessed() {
		return
	}
	switch c.standsOut(i, func(a, b int) order {
		return ordered(*c.Solutions[a].Points - *c.Solutions[b].Points)
	}) {
	case better:
		c.pro(i, "fewest_points", "points", *s.Points)
	case worse:
		c.con(i, "most_points", "points", *s.Points)
	}
}

// argueAvailability uses the first figure that is known of all.
func (c *Comparison) argueAvailability(i int) {
	for k := range c.Solutions[i].Availability {
		figure, known := c.Solutions[i].Availability[k].Figure, true
		for n := range c.Solutions {
			known = known && c.down(n, figure) != nil
		}
		if !known {
			continue
		}
		down := *c.down(i, figure)
		switch c.standsOut(i, func(a, b int) order { return fewer(*c.down(a, figure), *c.down(b, figure)) }) {
		case better:
			c.pro(i, "most_available", "figure", figure, "down", down)
		case worse:
			c.con(i, "least_available", "figure", figure, "down", down)
		}
		return
	}
}

// down is how long a solution does not answer in a year, by a figure; nil where not known.
func (c *Comparison) down(i int, figure string) *float64 {
	for k := range c.Solutions[i].Availability {
		if x := &c.Solutions[i].Availability[k]; x.Figure == figure {
			return x.Down
		}
	}
	return nil
}

// argueDependence says what all of a solution depends on, where another one does not: a region,
// or whoever rents out all of its machines.
func (c *Comparison) argueDependence(i int) {
	one := func(k int) bool { return len(c.Solutions[k].Regions) == 1 }
	rented := func(k int) bool {
		for n := range c.Solutions[k].Places {
			if c.Solutions[k].Places[n].Least != nil {
				return false
			}
		}
		return len(c.Solutions[k].Places) > 0
	}
	others := func(has func(int) bool) bool {
		for k := range c.Solutions {
			if k != i && !has(k) {
				return true
			}
		}
		return false
	}
	if one(i) && others(one) {
		c.con(i, "one_region", "region", c.Solutions[i].Regions[0])
	}
	if rented(i) && others(rented) {
		c.con(i, "one_provider")
	}
}
