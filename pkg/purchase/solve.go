package purchase

import (
	"math"
	"slices"
)

// buy is a commitment that begins in a month. One that is owned already has
// fewer months left than its term, and its fee is paid.
type buy struct {
	option, month, months int
	owned                 bool
}

// run is consecutive nodes that are bought alike.
type run struct {
	from, to int // slots[from:to]
	buys     []buy
	by       []int // option of every month of the horizon; free where none is fixed
}

// free marks a month in which a node takes what is cheapest by use.
const free = -1

// solver finds the cheapest purchases within the limits of the months.
type solver struct {
	nodeCosts
	even   []float64 // by option: the even monthly payment of a commitment
	hourly []float64 // by option: a month of its hourly charges
	pool   *Lot
	limits []limits // by month of the horizon
	// Of the nodes at hand:
	cost []float64 // of a month without commitment, times what it is worth
	last float64   // of the last month without commitment, undiscounted
	stop []int     // by month, the first from it on in which none may be committed
	// what is least to be paid from a month on, and the term that begins then, free for none
	least []float64
	take  []int
}

// solve finds for every node the cheapest course over the horizon: in which
// months it is bought by use, and which commitments begin when, by dynamic
// programming from the last month back. ok is false where some node must be
// committed and cannot.
//
// Nodes do not compete: in every month commitments serve the most needed ones, and
// spot those behind them (see uncommitted), so bounds on shares are bounds on
// node numbers. While what a node costs uncommitted never falls, a commitment is
// never freed for another node, and the sum of the nodes' optima is the optimum of
// the pool.
func (s *solver) solve() (runs []run, ok bool) {
	h := s.horizon
	s.cost, s.stop = make([]float64, h), make([]int, h)
	s.least, s.take = make([]float64, h+1), make([]int, h)
	cuts := s.cuts()
	runs, by := make([]run, 0, len(cuts)), make([]int, h*len(cuts))
	for i := 1; i < len(cuts); i++ {
		r := run{from: cuts[i-1], to: cuts[i]}
		s.look(r.from)
		if !s.course(r.from) {
			return nil, false
		}
		r.by, by = by[:h:h], by[h:]
		for m := 0; m < h; {
			if s.take[m] == free {
				r.by[m] = free
				m++
				continue
			}
			t := &s.terms[s.take[m]]
			r.buys = append(r.buys, buy{option: t.option, month: m, months: t.months})
			for end := min(m+t.months, h); m < end; m++ {
				r.by[m] = t.option
			}
		}
		runs = append(runs, r)
	}
	return runs, true
}

// cuts are where nodes begin for which costs or limits are others than for the one
// before in some month, and the end.
func (s *solver) cuts() []int {
	n := len(s.pool.Slots)
	at := make([]int, 0, 16)
	at = append(at, 0, n)
	for k := 1; k < n; k++ {
		if !slices.Equal(s.pool.Slots[k-1].Duty, s.pool.Slots[k].Duty) {
			at = append(at, k)
		}
	}
	alike := len(at)
	var spots []int
	for m, l := range s.limits {
		if m > 0 && l == s.limits[m-1] {
			continue
		}
		at = append(at, l.nodes, l.least, l.most, min(l.begin, n))
		if l.spot > 0 && !slices.Contains(spots, l.spot) {
			spots = append(spots, l.spot)
		}
	}
	for _, spot := range spots {
		for _, b := range at[1:alike] {
			at = append(at, max(0, b-spot))
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// look notes what a node costs and in which months it may be committed.
func (s *solver) look(k int) {
	stop := s.horizon
	for m := s.horizon - 1; m >= 0; m-- {
		l := &s.limits[m]
		w := s.uncommitted(s.pool, k, m, l.spot)
		if m == s.horizon-1 {
			s.last = w
		}
		s.cost[m] = float64(w * s.between(m, m+1))
		if k >= l.most && k < l.nodes {
			stop = m
		}
		s.stop[m] = stop
	}
}

// course finds what a node takes in every month.
func (s *solver) course(k int) bool {
	h := s.horizon
	for m := h - 1; m >= 0; m-- {
		l := &s.limits[m]
		best, take := math.Inf(1), free
		if k >= l.least {
			best = s.cost[m] + s.least[m+1]
		}
		for i := range s.terms {
			t := &s.terms[i]
			end := min(m+t.months, h)
			if k >= l.begin || s.stop[m] < end {
				continue
			}
			if v := s.term(t, m, s.last) + s.least[end]; math.IsInf(best, 1) || v < best-float64(tie*math.Abs(best)) {
				best, take = v, i
			}
		}
		s.least[m], s.take[m] = best, take
	}
	return !math.IsInf(s.least[0], 1)
}

// spots is how many nodes are on spot in a month: the most needed of those without
// a commitment that may be.
func (s *solver) spots(runs []run, m int) int {
	most := s.limits[m].spot
	if most == 0 {
		return 0
	}
	n := 0
	for i := range runs {
		if r := &runs[i]; r.by[m] == free && s.onSpot(s.pool.Slots[r.from].month(m)) {
			n += r.to - r.from
		}
	}
	if n = min(n, most); n < s.types {
		return 0
	}
	return n
}

// grows tells whether no node ever gets less needed, nor bounds narrower: then the
// nodes' own optima are the pool's.
func (s *solver) grows(runs []run) bool {
	for m := 1; m < s.horizon; m++ {
		a, b := &s.limits[m-1], &s.limits[m]
		if b.least < a.least || b.most < a.most || b.begin < a.begin {
			return false
		}
		for i := range runs {
			k := runs[i].from
			before, after := s.uncommitted(s.pool, k, m-1, a.spot), s.uncommitted(s.pool, k, m, b.spot)
			if after < before*(1-tie) {
				return false
			}
		}
	}
	return true
}

// credited tells whether every commitment has full use for its months after the
// horizon. One that has not, as a bound forces it on a node that is seldom needed,
// might better serve another node then.
func (s *solver) credited(runs []run) bool {
	h := s.horizon
	for i := range runs {
		last := s.uncommitted(s.pool, runs[i].from, h-1, s.limits[h-1].spot)
		for _, b := range runs[i].buys {
			if b.month+b.months > h && s.even[b.option] > last*(1+tie) {
				return false
			}
		}
	}
	return true
}

// best is solve, and where spot would be on fewer nodes than it is spread over,
// the cheapest of: without it in those months, without it up to some month and on
// enough nodes from then on. exact tells whether there is no cheaper way.
func (s *solver) best() (runs []run, exact, ok bool) {
	if runs, ok = s.solve(); !ok {
		return nil, false, false
	}
	if !s.few(runs) {
		return runs, len(s.terms) == 0 || s.grows(runs) && s.credited(runs), true
	}
	least := s.value(runs)
	was := s.limits
	defer func() { s.limits = was }()
	found := runs
	for first := s.horizon; first >= 0; first-- {
		s.limits = slices.Clone(was)
		for m := range s.limits {
			l := &s.limits[m]
			if m < first {
				l.spot = 0
				continue
			}
			l.most = min(l.most, max(0, l.nodes-s.types))
		}
		if slices.ContainsFunc(s.limits, func(l limits) bool { return l.least > l.most }) {
			continue
		}
		other, ok := s.solve()
		if !ok {
			continue
		}
		s.limits = was // what it costs is another question than how it was found
		if v := s.value(other); v < least*(1-tie) {
			least, found = v, other
		}
	}
	return found, false, true
}

// few tells whether in some month spot is left out as there are fewer nodes for it
// than types.
func (s *solver) few(runs []run) bool {
	if s.types < 2 {
		return false
	}
	for m := range s.limits {
		if s.limits[m].spot > 0 && s.spots(runs, m) == 0 && slices.ContainsFunc(runs, func(r run) bool {
			return r.by[m] == free && s.onSpot(s.pool.Slots[r.from].month(m))
		}) {
			return true
		}
	}
	return false
}

// value is the present value of runs in USD.
func (s *solver) value(runs []run) float64 {
	v := 0.0
	for i := range runs {
		v += float64(float64(runs[i].to-runs[i].from) * s.paid(&runs[i]))
	}
	for m := range s.limits {
		s.byUse(runs, m, func(from, to, option int) {
			price := s.demand
			if option == s.spotOption {
				price = s.spot
			}
			v += float64(float64(to-from) * s.pool.Slots[from].month(m) * price * s.between(m, m+1))
		})
	}
	return v
}

// paid is what the commitments of one node of a run count for. Of those that are
// owned the fee is past.
func (s *solver) paid(r *run) float64 {
	h := s.horizon
	last := s.uncommitted(s.pool, r.from, h-1, s.limits[h-1].spot)
	v := 0.0
	for _, b := range r.buys {
		t := evenTerm{option: b.option, months: b.months, even: s.even[b.option]}
		if b.owned {
			t.even = s.hourly[b.option]
		}
		v += s.term(&t, b.month, last)
	}
	return v
}

// byUse tells what nodes without a commitment take in a month in which they are
// needed: spot, where they are to or as far as there is, else on demand.
func (s *solver) byUse(runs []run, m int, tell func(from, to, option int)) {
	left := s.spots(runs, m)
	for i := range runs {
		r := &runs[i]
		u := s.pool.Slots[r.from].month(m)
		switch {
		case u == 0:
		case r.by[m] == s.spotOption:
			tell(r.from, r.to, s.spotOption)
		case r.by[m] == free:
			at := r.from
			if left > 0 && s.onSpot(u) {
				at = min(r.to, r.from+left)
				left -= at - r.from
				tell(r.from, at, s.spotOption)
			}
			if at < r.to {
				tell(at, r.to, onDemandFirst)
			}
		}
	}
}
