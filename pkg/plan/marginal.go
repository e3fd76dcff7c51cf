package plan

import (
	"headroom/pkg/catalog"
	"headroom/pkg/workload"
)

// nextUsers is the step of the marginal cost.
const nextUsers = 1000

// moreUsers makes the function that plans the system for further users; nil for
// environments, whose users are a part of the profile's.
func (o Options) moreUsers(p *workload.Profile, cat *catalog.Catalog) func(n float64) (*Estimate, error) {
	if o.Lean || o.Environment != "" && o.Environment != workload.Production {
		return nil
	}
	o.Lean, o.Exhaustive = true, false
	return func(n float64) (*Estimate, error) {
		q := *p
		q.Peak.Users.V += unitCount(n)
		r, err := Build(&q, cat, o)
		if err != nil {
			return nil, err
		}
		return r.Estimate, nil
	}
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
