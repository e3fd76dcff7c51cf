package outage

import (
	"fmt"
	"math"
	"slices"
)

// maxWays bounds in how many ways the events of a scenario together are tried.
const maxWays = 4096

// Run is what comes of a scenario, in the worst of the ways in which its events can strike:
// each zone, each node of a part. An error says what of it the system does not have.
func (s *System) Run(x Scenario) (*Outcome, error) { return s.run(x, newCarriers(s)) }

func (s *System) run(x Scenario, c *carriers) (*Outcome, error) {
	ways, err := s.expand(x)
	if err != nil {
		return nil, err
	}
	var worst *Outcome
	for _, steps := range ways {
		d := newDamage(s)
		for i, events := range steps {
			if i > 0 {
				s.settle(d)
			}
			for _, strike := range events {
				strike(d)
			}
		}
		o := s.outcome(x, d, c)
		if worst == nil || o.worse(worst) {
			worst = o
		}
	}
	return worst, nil
}

// expand are all ways in which the events of a scenario can strike, step by step.
func (s *System) expand(x Scenario) ([][][]way, error) {
	all := [][][]way{{}}
	for _, events := range x.Steps {
		for i := range all {
			all[i] = append(all[i], nil)
		}
		for _, e := range events {
			ways, err := s.ways(e)
			if err != nil {
				return nil, err
			}
			if len(ways)*len(all) > maxWays {
				return nil, fmt.Errorf("%s: its events can strike in more than %d ways; name roles, regions or fewer events",
					x, maxWays)
			}
			var more [][][]way
			for _, before := range all {
				for _, w := range ways {
					next := slices.Clone(before)
					last := len(next) - 1
					next[last] = append(slices.Clone(next[last]), w)
					more = append(more, next)
				}
			}
			all = more
		}
	}
	return all, nil
}

// settle is what goes by itself before a further step: who leads by then.
func (s *System) settle(d *damage) {
	st := newState(s, d, byItself, nil)
	leaders := slices.Clone(d.leaders)
	for i := range s.Parts {
		if s.Parts[i].Rule != Led {
			continue
		}
		was := d.leaders[i]
		now := st.leads(i)
		if now >= 0 && now != was.pool {
			leaders[i] = leader{pool: now, promoted: true}
		}
	}
	d.leaders = leaders
}

// leads is the pool that leads a part, as the first region sees it that has one; -1 for none.
func (st *state) leads(part int) int {
	for r := range st.s.Regions {
		if k, _ := st.leader(part, r, true); k >= 0 {
			return k
		}
	}
	return -1
}

// worse orders outcomes: by what users get, then by what is lost, then by what they get at once.
func (o *Outcome) worse(than *Outcome) bool {
	for _, x := range [...][2]float64{
		{o.Hand.Served(), than.Hand.Served()}, {o.Auto.Served(), than.Auto.Served()},
		{-o.lost(), -than.lost()}, {o.Now.Served(), than.Now.Served()}, {o.Hand.Reads, than.Hand.Reads},
		{o.Auto.Reads, than.Auto.Reads}, {o.Now.Reads, than.Now.Reads}, {-o.Down.Seconds, -than.Down.Seconds},
	} {
		if x[0] != x[1] {
			return x[0] < x[1]
		}
	}
	return false
}

// lost is the longest loss in seconds, infinite where everything is lost or that is not known.
func (o *Outcome) lost() float64 {
	t := 0.0
	for i := range o.Losses {
		if l := &o.Losses[i]; l.All || !l.Time.Known() {
			return math.Inf(1)
		} else if l.Time.Seconds > t {
			t = l.Time.Seconds
		}
	}
	return t
}

// outcome is what comes of damage.
func (s *System) outcome(x Scenario, d *damage, c *carriers) *Outcome {
	o := &Outcome{Scenario: x, Room: math.Inf(1)}
	for i := range s.Journeys {
		o.Journeys = append(o.Journeys, JourneyOutcome{Journey: s.Journeys[i]})
	}
	now := newState(s, d, atOnce, c)
	o.Now = now.phase(func(j int, x float64) { o.Journeys[j].Now = x })
	auto := newState(s, d, byItself, c)
	o.Auto = auto.phase(func(j int, x float64) { o.Journeys[j].Auto = x })
	if o.Auto.Served() < 1 {
		if st := newState(s, d, replaced, c); st.better(o.Auto) {
			auto, o.Auto = st, st.phase(func(j int, x float64) { o.Journeys[j].Auto = x })
		}
	}
	hand := newState(s, d, byPeople, c)
	o.Hand = hand.phase(func(j int, x float64) { o.Journeys[j].Hand = x })
	o.parts(auto)
	o.Losses = hand.losses()
	o.act(now, auto, hand)
	o.room(hand)
	return o
}

// better tells whether users get more in a state than in a phase.
func (st *state) better(than Phase) bool {
	ph := st.phase(func(int, float64) {})
	return ph.Reads > than.Reads || ph.Writes > than.Writes
}

// parts says what becomes of each part.
func (o *Outcome) parts(st *state) {
	for i := range st.s.Parts {
		p := &st.s.Parts[i]
		x := PartOutcome{Reads: 1, Writes: 1, Leader: -1}
		for r := range st.s.Regions {
			if st.gone[r] && (!p.stands(r) || st.moved[r]) || len(p.Pools) > 0 && !p.stands(r) {
				continue
			}
			reads, at, why := st.own(i, r, false)
			writes, _, whyWrites := st.own(i, r, true)
			x.Reads, x.Writes = min(x.Reads, reads), min(x.Writes, writes)
			if why == "" {
				why = whyWrites
			}
			if x.Why == "" {
				x.Why = why
			}
			if at >= 0 && p.Rule != Given {
				c := st.carry(i, at)
				x.Slower = x.Slower || c.Above
				x.Before, x.P99 = max(x.Before, c.Before), max(x.P99, c.P99)
			}
		}
		if p.Rule == Led {
			x.Leader = st.leads(i)
			x.Promoted = x.Leader >= 0 && x.Leader != p.first()
			o.Split = o.Split || st.splits(i)
		}
		o.Parts = append(o.Parts, x)
	}
}

// splits tells whether two regions see different leaders of a part.
func (st *state) splits(part int) bool {
	first := -1
	for r := range st.s.Regions {
		if st.d.dark[r] {
			continue
		}
		k, _ := st.leader(part, r, true)
		switch {
		case k < 0:
		case first < 0:
			first = k
		case first != k:
			return true
		}
	}
	return false
}

// room is how many times the users would be carried once everybody has done what they can.
func (o *Outcome) room(st *state) {
	if o.Hand.Served() < 1 {
		o.Room = 0
		return
	}
	for i := range st.s.Parts {
		p := &st.s.Parts[i]
		for r := range st.s.Regions {
			if p.Rule == Given || st.nodes(i, r) == 0 {
				continue
			}
			if c := st.carry(i, r); c.Room < o.Room {
				o.Room, o.Full = c.Room, p.Name
			}
		}
	}
}
