package outage

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// maxWays bounds in how many ways the events of a scenario together are tried.
const maxWays = 4096

// Run is what comes of a scenario, in the worst of the ways in which its events can strike:
// each zone, each node of a part. Each store loses what it does in the way that is worst for
// it, which may be another one than is worst for users. An error says what of it the system does not have.
func (s *System) Run(x Scenario) (*Outcome, error) { return s.run(x, newCarriers(s)) }

func (s *System) run(x Scenario, c *carriers) (*Outcome, error) {
	ways, err := s.expand(x)
	if err != nil {
		return nil, err
	}
	var worst *Outcome
	most := make([]Loss, len(s.Parts))
	split := false
	for _, steps := range ways {
		o, _ := s.outcome(x, s.struck(steps), c)
		split = split || o.Split
		for i := range o.Losses {
			if at := s.part(o.Losses[i].Part); o.Losses[i].more(&most[at]) {
				most[at] = o.Losses[i]
			}
		}
		if worst == nil || o.worse(worst) {
			worst = o
		}
	}
	worst.Losses, worst.Split = nil, split
	for i := range most {
		if most[i].matters() {
			worst.Losses = append(worst.Losses, most[i])
		}
	}
	return worst, nil
}

// struck is the damage after events, step by step.
func (s *System) struck(steps [][]way) *damage {
	d := newDamage(s)
	for i, events := range steps {
		if i > 0 {
			s.settle(d)
		}
		for _, strike := range events {
			strike(d)
		}
	}
	return d
}

// Check tells what a scenario names that the system does not have, as an error; nil where Run
// has an outcome.
func (s *System) Check(x Scenario) error {
	_, err := s.expand(x)
	return err
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
				return nil, fmt.Errorf("%s: its events can strike in more than %d ways; "+
					"name roles, regions or fewer events", x, maxWays)
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

// settle is what goes by itself before a further step: who leads by then, which processes run
// again, and where users are. By then callers know which nodes are dead.
func (s *System) settle(d *damage) {
	st := newState(s, d, byItself, nil)
	for i := range s.Parts {
		for g := range s.groups(&s.Parts[i]) {
			d.split = d.split || s.Parts[i].Rule == Led && st.splits(i, g)
		}
	}
	d.leaders, d.moved = st.leaders(), st.moved
	clear(d.back)
	for i := range s.Parts {
		for k := range d.out[i] {
			o := &d.out[i][k]
			if s.Parts[i].Supervised {
				o.crashed = 0
			}
			o.absent = o.lost + o.crashed
		}
	}
}

// worse orders outcomes: by what users get, then by what is lost, then by what they get at
// once, and then by all else, so that the worst of several does not depend on their order.
func (o *Outcome) worse(than *Outcome) bool {
	if c := slices.Compare(o.key(), than.key()); c != 0 {
		return c < 0
	}
	return slices.CompareFunc(o.Parts, than.Parts, func(a, b PartOutcome) int {
		return strings.Compare(a.Why, b.Why)
	}) < 0
}

// key is what outcomes are compared by; less is worse.
func (o *Outcome) key() []float64 {
	key := []float64{o.Hand.Served(), o.Auto.Served(), -o.lost(), o.Now.Served(), o.Hand.Reads, o.Hand.Writes,
		o.Auto.Reads, o.Auto.Writes, o.Now.Reads, o.Now.Writes, -float64(o.By)}
	for _, t := range [...]Span{o.Down, o.Hand.After, o.Auto.After} {
		key = append(key, -float64(len(t.Missing)), -t.Seconds)
	}
	key = append(key, -float64(len(o.Losses)))
	for i := range o.Losses {
		l := &o.Losses[i]
		key = append(key, -l.seconds(), -float64(len(l.Restore.Missing)), -l.Restore.Seconds)
	}
	key = append(key, o.Room)
	for i := range o.Journeys {
		j := &o.Journeys[i]
		key = append(key, j.Hand, j.Auto, j.Now)
	}
	for i := range o.Parts {
		p := &o.Parts[i]
		key = append(key, p.Reads, p.Writes, -p.P99, -float64(p.Leader))
	}
	return key
}

// seconds is a loss as a number: infinite where everything is lost, and the largest that there
// is where it is not known.
func (l *Loss) seconds() float64 {
	switch {
	case l.All:
		return math.Inf(1)
	case !l.Time.Known():
		return math.MaxFloat64
	}
	return l.Time.Seconds
}

// lost is the longest loss.
func (o *Outcome) lost() float64 {
	t := 0.0
	for i := range o.Losses {
		t = max(t, o.Losses[i].seconds())
	}
	return t
}

// stages are the states of the phases: at once, after all that goes by itself, after people.
type stages [3]*state

// outcome is what comes of damage.
func (s *System) outcome(x Scenario, d *damage, c *carriers) (*Outcome, stages) {
	o := &Outcome{Scenario: x, Room: math.Inf(1), Split: d.split}
	for i := range s.Journeys {
		o.Journeys = append(o.Journeys, JourneyOutcome{Journey: s.Journeys[i]})
	}
	now := newState(s, d, atOnce, c)
	o.Now = now.phase(func(j int, x float64) { o.Journeys[j].Now = x })
	plain := newState(s, d, byItself, c)
	auto := plain
	o.Auto = auto.phase(func(j int, x float64) { o.Journeys[j].Auto = x })
	if o.Auto.Served() < 1 {
		if st := newState(s, d, replaced, c); st.better(o.Auto) {
			auto, o.Auto = st, st.phase(func(j int, x float64) { o.Journeys[j].Auto = x })
		}
	}
	later := *d // people come after all that went by itself
	later.leaders = auto.leaders()
	hand := newState(s, &later, byPeople, c)
	o.Hand = hand.phase(func(j int, x float64) { o.Journeys[j].Hand = x })
	o.parts(auto)
	o.Losses = hand.losses()
	o.act(now, plain, auto, hand)
	o.room(hand)
	return o, stages{now, auto, hand}
}

// better tells whether users get more in a state than in a phase.
func (st *state) better(than Phase) bool {
	return more(st.phase(func(int, float64) {}), than)
}

// parts says what becomes of each part.
func (o *Outcome) parts(st *state) {
	for i := range st.s.Parts {
		p := &st.s.Parts[i]
		x := PartOutcome{Reads: 1, Writes: 1, Leader: -1}
		for r := range st.s.Regions {
			for _, writes := range [...]bool{false, true} {
				if st.wants(i, r, writes) {
					x.add(st, i, r, writes)
				}
			}
		}
		for g := range st.s.groups(p) {
			if p.Rule != Led {
				break
			}
			if k := st.leads(i, g); x.Leader < 0 && k >= 0 {
				x.Leader, x.Promoted = k, k != p.first(g)
			}
			o.Split = o.Split || st.splits(i, g)
		}
		o.Parts = append(o.Parts, x)
	}
}

// wants tells whether a region asks a part: what users wait for does, or, of a part for which
// nobody waits, each region that has it.
func (st *state) wants(part, from int, writes bool) bool {
	waits := false
	for r := range st.s.Regions {
		waits = waits || st.asked[st.index(part, r, false)] || st.asked[st.index(part, r, true)]
	}
	if waits {
		return st.asked[st.index(part, from, writes)]
	}
	p := &st.s.Parts[part]
	return !st.moved[from] && (len(p.Pools) == 0 || p.stands(from))
}

// add is what becomes of what a region asks of a part.
func (x *PartOutcome) add(st *state, part, from int, writes bool) {
	y, at, why := st.own(part, from, writes)
	if writes {
		x.Writes = min(x.Writes, y)
	} else {
		x.Reads = min(x.Reads, y)
	}
	if x.Why == "" {
		x.Why = why
	}
	if at < 0 || st.s.Parts[part].Rule == Given {
		return
	}
	c := st.carry(part, at)
	x.Slower = x.Slower || c.Above
	x.Before, x.P99 = max(x.Before, c.Before), max(x.P99, c.P99)
}

// splits tells whether regions see two leaders who both take writes.
func (st *state) splits(part, group int) bool {
	first := -1
	for r := range st.s.Regions {
		if st.d.dark[r] || st.s.Parts[part].group(r) != group {
			continue
		}
		k, _ := st.leader(part, r, true)
		switch {
		case k < 0 || st.blocked(part, k, true):
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
