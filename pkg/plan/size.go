package plan

import (
	"errors"
	"fmt"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// sizer chooses the machines of a profile with a workload.
type sizer struct {
	sys   *sizing.System
	pr    *pricer
	hours float64
	types []catalog.NodeType
	// generations says whether previous generations are left out.
	generations bool
	storage     bool // whether anything but nodes is priced
	*priceCache
	force map[string]Machine // machines that are not chosen, by component
	each  perNode
	buys  bool    // whether anything but on demand is wanted
	mode  string  // purchase of the command line
	whole float64 // hours of a month under commitment
}

// size chooses or checks every component.
func (r *Result) size(cat *catalog.Catalog, pr *pricer, o Options) error {
	all := r.Profile.Prices.Scope != "compute"
	if all {
		r.Profile = withImplicit(r.Profile)
	}
	sys, err := sizing.NewSystem(r.Profile, pr.v)
	if err != nil {
		return err
	}
	o.Reuse.hours(sys)
	types, err := cat.NodeTypes()
	if err != nil {
		return err
	}
	s := &sizer{sys: sys, pr: pr, hours: pr.hours.Float64(), types: types, generations: pr.v.Name() >= "2018",
		storage: all, priceCache: o.Reuse.cache(pr.v, r.Profile), force: o.Force,
		buys: buys(r.Profile, o), mode: o.Purchase}
	whole, err := wholeMonth(r.Profile)
	if err != nil {
		return err
	}
	s.whole = whole.Float64()
	s.each = s.perNode()
	r.System, r.sizer = sys, s
	byName := map[string]*Choice{}
	var later []*workload.Component
	var visit func(c *workload.Component) error
	visit = func(c *workload.Component) error {
		if byName[c.Name] != nil || slices.Contains(later, c) {
			return nil
		}
		if c.Colocate != "" && byName[c.Colocate] == nil {
			host, _ := r.Profile.Component(c.Colocate)
			if err := visit(host); err != nil {
				return err
			}
		}
		choice, deferred, err := s.component(cat, c, o.Exhaustive, false)
		if deferred {
			later = append(later, c)
			return nil
		}
		if err != nil {
			return err
		}
		byName[c.Name] = choice
		r.order = append(r.order, choice)
		return nil
	}
	var ps diag.Problems
	var collect func(err error) error
	collect = func(err error) error {
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range many.Unwrap() {
				if err := collect(one); err != nil {
					return err
				}
			}
			return nil
		}
		var p *diag.Problem
		if errors.As(err, &p) {
			if !slices.Contains(ps, *p) { // a host is tried again for its guests
				ps.Add(*p)
			}
			return nil
		}
		return err
	}
	for _, l := range sys.Flow.Loads {
		if err := collect(visit(l.Component)); err != nil {
			return err
		}
	}
	if err := ps.Err(); err != nil {
		return err
	}
	// What has no nodes looks at all that has: disks to boot from, bytes to
	// carry.
	slices.SortStableFunc(later, func(a, b *workload.Component) int { return sizing.Rank(a.Kind) - sizing.Rank(b.Kind) })
	for _, c := range later {
		choice, _, err := s.component(cat, c, o.Exhaustive, true)
		if err := collect(err); err != nil {
			return err
		}
		if choice != nil {
			byName[c.Name] = choice
			r.order = append(r.order, choice)
		}
	}
	for _, e := range r.Profile.Components {
		if c := byName[e.Key]; c != nil {
			c.Layout.Detail()
			r.Choices = append(r.Choices, c)
		}
	}
	return ps.Err()
}

// component sizes one component. One without nodes is deferred until all that
// has nodes is sized.
func (s *sizer) component(cat *catalog.Catalog, c *workload.Component, exhaustive, last bool) (_ *Choice, deferred bool, _ error) {
	k, ok := sizing.Find(c.Kind)
	if !ok {
		return nil, false, fmt.Errorf("component %s has the unknown kind %q", c.Name, c.Kind)
	}
	kase := s.sys.Case(c)
	z, err := k.Prepare(kase)
	if err != nil {
		var rej *sizing.Rejection
		if errors.As(err, &rej) {
			return nil, false, &Infeasible{Component: c.Name, Nearest: rej, Failing: 1, Tried: 1}
		}
		return nil, false, err
	}
	needs := z.Needs()
	var choice *Choice
	switch {
	case c.Pin != nil || needs.Nodes:
		choice, err = s.escalate(kase, z, func(z sizing.Sizer) (*Choice, error) {
			if c.Pin != nil {
				return s.pinned(cat, kase, z)
			}
			return s.choose(kase, z, exhaustive)
		})
	case c.Colocate == "" && !last:
		return nil, true, nil
	default:
		l, rej := z.Fit(nil, needs.Storages[0])
		if rej != nil {
			return nil, false, &Infeasible{Component: c.Name, Nearest: rej, Failing: 1, Tried: 1}
		}
		choice = &Choice{Component: c, Layout: l, Sized: 1}
	}
	if err != nil {
		return nil, false, err
	}
	s.sys.Sized[c.Name] = choice.Layout
	return choice, false, nil
}

// escalate sizes a component, and where nothing carries it as it is, splits it
// further until something does (docs/model.md section 5: no feasible single
// primary). Given machines that cannot carry it even so are planned with, and
// warned of.
func (s *sizer) escalate(c *sizing.Case, z sizing.Sizer, try func(sizing.Sizer) (*Choice, error)) (*Choice, error) {
	first := error(nil)
	for splits := 0; ; splits++ {
		choice, err := try(z)
		var none *Infeasible
		if err == nil {
			choice.Splits = splits
			choice.whole = first
			return choice, nil
		}
		if !errors.As(err, &none) {
			return nil, err
		}
		if first == nil {
			first = err
		}
		if e, ok := z.(sizing.Escalator); ok {
			if next := e.Escalate(); next != nil {
				z = next
				continue
			}
		}
		if c.Component.Pin != nil {
			return s.overwhelmed(c, none)
		}
		return nil, err
	}
}

// overwhelmed takes given machines that no number of carries the load.
func (s *sizer) overwhelmed(c *sizing.Case, none *Infeasible) (*Choice, error) {
	n := c.Component.Pin.Count.V
	t, _ := s.sys.Catalog.NodeType(c.Component.Pin.Type.V)
	l := &sizing.Layout{Type: t, Warnings: []string{"cannot carry its load: " + none.Nearest.Error()}}
	for _, r := range c.Regions {
		l.Pools = append(l.Pools, sizing.Pool{Region: r.Index, Min: n.Min, Max: n.Max, Mean: float64(n.Max)})
	}
	return &Choice{Component: c.Component, Layout: l, Pinned: true, Cost: s.exact(l)}, nil
}

// pinned checks given machines against the load.
func (s *sizer) pinned(cat *catalog.Catalog, c *sizing.Case, z sizing.Sizer) (*Choice, error) {
	pin := c.Component.Pin
	t, ok := cat.NodeType(pin.Type.V)
	if !ok {
		return nil, &diag.Problem{Pos: pin.Type.Pos, Summary: fmt.Sprintf("component %q: instance type %q is not known", c.Component.Name, pin.Type.V), Hint: nearestType(cat, pin.Type.V)}
	}
	var best *sizing.Layout
	var missed misses
	storages := z.Needs().Storages
	for _, st := range storages {
		l, rej := z.Fit(t, st)
		if rej != nil {
			missed.add(rej)
			continue
		}
		if best == nil || nodes(l) < nodes(best) {
			best = l
		}
	}
	if best == nil {
		return nil, missed.infeasible(c.Component.Name, len(storages))
	}
	best.Detail()
	checkPin(best, pin.Count.V, s.sys.Flow.Demand.Regions)
	return &Choice{Component: c.Component, Layout: best, Pinned: true, Cost: s.exact(best)}, nil
}

// checkPin replaces the computed pools by the given ones, region by region, and
// says where they are too small.
func checkPin(l *sizing.Layout, n workload.CountRange, regions []workload.RegionDemand) {
	need := map[int]int{}
	var order []int
	for _, p := range l.Pools {
		if _, ok := need[p.Region]; !ok {
			order = append(order, p.Region)
		}
		need[p.Region] += p.Max
	}
	pools := l.Pools
	l.Pools = nil
	for _, region := range order {
		want := need[region]
		p := sizing.Pool{Region: region, Min: min(max(n.Min, 0), n.Max), Max: n.Max, Mean: float64(n.Max)}
		if i := slices.IndexFunc(pools, func(p sizing.Pool) bool { return p.Region == region }); n.Min < n.Max && want <= n.Max {
			// It scales between the given ends as the load asks for.
			p.Mean = min(max(pools[i].Mean, float64(n.Min)), float64(n.Max))
		}
		l.Pools = append(l.Pools, p)
		for i := range l.Limits {
			if lim := &l.Limits[i]; lim.Region == region && want > 0 {
				lim.Have *= float64(n.Max) / float64(want)
			}
		}
		if want > n.Max {
			why := ""
			for _, lim := range l.Limits {
				if lim.Binding && lim.Region == region {
					why = fmt.Sprintf(" (%s, %s, at %.0f %% of what is allowed)", lim.Of.Name, lim.State, 100*(1-lim.Slack()))
				}
			}
			l.Warnings = append(l.Warnings, fmt.Sprintf("%s: undersized by %d of %d nodes%s", regions[region].Name, want-n.Max, want, why))
		}
	}
}

// withImplicit adds the kinds that every bill has, such as data transfer, to a
// profile that does not mention them: leaving them out would make a total that
// looks complete.
func withImplicit(p *workload.Profile) *workload.Profile {
	q := *p
	q.Components = slices.Clone(p.Components)
	for _, k := range sizing.Kinds() {
		i, ok := k.(sizing.Implicit)
		if !ok || slices.ContainsFunc(q.Components, func(e strict.Entry[*workload.Component]) bool { return e.V.Kind == k.Word() }) {
			continue
		}
		c := &workload.Component{Name: k.Word(), Kind: k.Word(), Title: i.ImplicitTitle(), Spec: k.Spec()}
		c.Pos = p.Pos
		q.Components = append(q.Components, strict.Entry[*workload.Component]{Key: c.Name, KeyPos: p.Pos, V: c})
	}
	return &q
}
