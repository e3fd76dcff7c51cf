package plan

import (
	"headroom/pkg/catalog"
	"headroom/pkg/workload"
)

// nextUsers is the step of the marginal cost.
const nextUsers = 1000

// others are plans of the same system under other conditions, made only when
// asked for.
type others struct {
	users    func(n float64) (*Estimate, error) // for so many users more
	onDemand func() (*Estimate, error)          // with everything on demand
}

// others makes them; none for a lean plan, and none with more users for an
// environment, whose users are a part of the profile's.
func (o Options) others(p *workload.Profile, cat *catalog.Catalog) others {
	if o.Lean {
		return others{}
	}
	o.Lean, o.Exhaustive = true, false
	build := func(p *workload.Profile, o Options) (*Estimate, error) {
		r, err := Build(p, cat, o)
		if err != nil {
			return nil, err
		}
		return r.Estimate, nil
	}
	out := others{onDemand: func() (*Estimate, error) {
		o := o
		o.Purchase, o.Commit = onDemand, nil
		return build(p, o)
	}}
	if o.Environment == "" || o.Environment == workload.Production {
		out.users = func(n float64) (*Estimate, error) {
			q := *p
			q.Peak.Users.V += unitCount(n)
			return build(&q, o)
		}
	}
	return out
}

// marginal is what each of the next users costs a month, planned anew: types
// and structure may change. ok is false where nothing carries them.
func (r *Result) marginal(e *Estimate) (each float64, ok bool) {
	if r.more == nil {
		return 0, false
	}
	next, err := r.more(nextUsers)
	if err != nil {
		return 0, false
	}
	return next.Total.Expected.Minus(e.Total.Expected).Float64() / nextUsers, true
}
