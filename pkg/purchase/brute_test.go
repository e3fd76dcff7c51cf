package purchase

import (
	"math"
)

// system is a small pool as brute force sees it. It shares no code with the mix.
type system struct {
	p       *Lot
	opts    []Option
	c       *Constraints
	rate    float64
	horizon int
	// moves says that a commitment serves whichever node needs it most, so that only
	// their number counts; without it each stays with its node.
	moves bool
	last  []float64          // what a node without commitment costs more in the last month
	use   map[[2]int]float64 // what is known of months
}

// begun is a commitment of a node, by option, that begins in a month.
type begun struct{ option, month int }

func (s *system) discount(m int) float64 { return math.Pow(1+s.rate, -float64(m)/12) }

func (s *system) duty(k, m int) float64 {
	if k >= len(s.p.Slots) {
		return 0
	}
	d := s.p.Slots[k].Duty
	return d[min(m, len(d)-1)]
}

func (s *system) allowed(o *Option) bool {
	for _, w := range s.c.Allow {
		if covers(w, o.Name) {
			return o.Kind != Spot || s.p.Interruptible
		}
	}
	return o.Kind == OnDemand
}

// even is the even monthly payment with the present value of a commitment.
func (s *system) even(o *Option) float64 {
	pv, weight := o.Fee.Float64(), 0.0
	for m := range 12 * o.Years {
		pv += o.Hourly.Float64() * 730 * s.discount(m+1)
		weight += s.discount(m + 1)
	}
	return pv / weight
}

// term is what a commitment of a node counts for, month by month.
func (s *system) term(k int, b begun) float64 {
	o, v := &s.opts[b.option], 0.0
	even := s.even(o)
	for m := b.month; m < b.month+12*o.Years; m++ {
		if m < s.horizon {
			v += even * s.discount(m+1)
		} else {
			v += math.Max(0, even-s.last[k]) * s.discount(m+1)
		}
	}
	return v
}

// courses are all sequences of commitments that a node may have.
func (s *system) courses(from int) [][]begun {
	out := [][]begun{nil}
	for m := from; m < s.horizon; m++ {
		for i := range s.opts {
			if s.opts[i].Years == 0 || !s.allowed(&s.opts[i]) {
				continue
			}
			for _, rest := range s.courses(m + 12*s.opts[i].Years) {
				out = append(out, append([]begun{{i, m}}, rest...))
			}
		}
	}
	return out
}

// byUse is the least that nodes without a commitment cost in a month: all ways to
// put some of them on spot are tried. types as given: 0 leaves it out.
func (s *system) byUse(class []int, m, types int) float64 {
	n := len(s.p.Slots)
	spot := -1
	for i := range s.opts {
		if s.opts[i].Kind == Spot && s.allowed(&s.opts[i]) {
			spot = i
		}
	}
	cheapest := math.Inf(1)
	for i := range s.opts {
		if s.opts[i].Years > 0 && s.allowed(&s.opts[i]) {
			cheapest = math.Min(cheapest, s.even(&s.opts[i]))
		}
	}
	best := math.Inf(1)
	for set := range 1 << n {
		cost, tried, ok := 0.0, append([]int(nil), class...), true
		for k := range n {
			u := s.duty(k, m)
			price := s.opts[0].Hourly.Float64() * 730 * u
			if set>>k&1 == 1 {
				if spot < 0 || class[k] != byDemand || u == 0 {
					ok = false
					break
				}
				without := math.Min(price, cheapest)
				price = s.opts[spot].Effective() * 730 * u
				ok = ok && price <= without*(1-float64(s.c.MinSpotSaving))*(1+1e-9)
				tried[k] = bySpot
			}
			if class[k] == byDemand {
				cost += price
			}
		}
		c := *s.c
		if c.SpotTypes = types; ok && cost < best && keepsSpot(tried, s.p, m, &c) {
			best = cost
		}
	}
	return best
}

// shares are the peak of a month, and the numbers of its nodes under commitment and
// on spot.
func shares(class []int, p *Lot, m int) (n, commits, spot int) {
	for k := range p.Slots {
		if p.Slots[k].Duty[min(m, len(p.Slots[k].Duty)-1)] > 0 {
			n = k + 1
		}
	}
	for _, x := range class[:n] {
		switch x {
		case committed:
			commits++
		case bySpot:
			spot++
		}
	}
	return n, commits, spot
}

// keepsSpot tells whether a month keeps the bounds of spot.
func keepsSpot(class []int, p *Lot, m int, c *Constraints) bool {
	n, _, spot := shares(class, p, m)
	if spot == 0 {
		return true
	}
	return p.Interruptible && spot >= c.SpotTypes && spot <= p.MaxSpot[min(m, len(p.MaxSpot)-1)] &&
		float64(spot) <= math.Floor(float64(c.MaxSpot)*float64(n)+1e-9)
}

// keeps tells whether a month keeps all bounds.
func keeps(class []int, p *Lot, m int, c *Constraints) bool {
	n, commits, _ := shares(class, p, m)
	hi := math.Floor(float64(c.MaxCommitted)*float64(n) + 1e-9)
	lo := math.Min(hi, math.Ceil(float64(c.MinCommitted)*float64(n)-1e-9))
	return float64(commits) >= lo && float64(commits) <= hi && keepsSpot(class, p, m, c)
}

// best tries all courses of all nodes and gives the least value, +Inf where none
// keeps the bounds.
func (s *system) best() float64 {
	n := len(s.p.Slots)
	s.setLast()
	s.use = map[[2]int]float64{}
	var list [][]priced
	for k := range n {
		list = append(list, s.priced(k))
	}
	best := math.Inf(1)
	chosen := make([]uint64, n)
	var walk func(k int, cost float64)
	walk = func(k int, cost float64) {
		if cost >= best {
			return
		}
		if k < n {
			for _, x := range list[k] {
				chosen[k] = x.active
				walk(k+1, cost+x.cost)
			}
			return
		}
		for m := 0; m < s.horizon && cost < best; m++ {
			bits, count := 0, 0
			for k, a := range chosen {
				if a>>m&1 == 1 {
					bits |= 1 << k
					count++
				}
			}
			if s.moves {
				bits = 1<<count - 1
			}
			cost += s.month(m, bits)
		}
		best = math.Min(best, cost)
	}
	walk(0, 0)
	return best
}

// setLast works out what the nodes cost without commitment in the last month.
func (s *system) setLast() {
	class := make([]int, len(s.p.Slots))
	types := 1
	if s.mostSpot(s.horizon-1) < s.c.SpotTypes {
		types = len(class) + 1 // no spot
	}
	s.last = nil
	for k := range class {
		before := s.byUse(class, s.horizon-1, types)
		class[k] = committed
		s.last = append(s.last, before-s.byUse(class, s.horizon-1, types))
	}
}

// month is what a month costs beside commitments, with committed nodes as bits.
func (s *system) month(m, bits int) float64 {
	key := [2]int{m, bits}
	if v, ok := s.use[key]; ok {
		return v
	}
	class := make([]int, len(s.p.Slots))
	for k := range class {
		if bits>>k&1 == 1 {
			class[k] = committed
		}
	}
	v := math.Inf(1)
	if keeps(class, s.p, m, s.c) {
		v = s.byUse(class, m, s.c.SpotTypes) * s.discount(m+1)
	}
	s.use[key] = v
	return v
}

// priced is a course of a node: what its commitments count for, and the months in
// which they run, as bits.
type priced struct {
	cost   float64
	active uint64
}

// priced are all courses of a node.
func (s *system) priced(k int) (out []priced) {
	for _, seq := range s.courses(0) {
		x := priced{}
		for _, b := range seq {
			x.cost += s.term(k, b)
			for m := b.month; m < min(s.horizon, b.month+12*s.opts[b.option].Years); m++ {
				x.active |= 1 << m
			}
		}
		out = append(out, x)
	}
	return out
}

// mostSpot is the most nodes that a month may have on spot.
func (s *system) mostSpot(m int) int {
	if !s.p.Interruptible {
		return 0
	}
	n, _, _ := shares(make([]int, len(s.p.Slots)), s.p, m)
	return min(s.p.MaxSpot[min(m, len(s.p.MaxSpot)-1)], int(math.Floor(float64(s.c.MaxSpot)*float64(n)+1e-9)))
}
