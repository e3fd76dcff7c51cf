package bill

import (
	"cmp"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/plan"
	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Quota is something of which an AWS account has less in a region than the system
// needs, unless more was asked for.
type Quota struct {
	Region string `json:"region"`
	Of     string `json:"of"`   // QuotaVCPU, …
	Need   int    `json:"need"` // the number to ask for: the most of any month up to the horizon
	// AtLeast says that more than Need will be needed, which the plan does not count.
	AtLeast bool `json:"at_least,omitempty"`
	Default int  `json:"default"`                // what a new account has
	Zone    int  `json:"default_zone,omitempty"` // of reservations: what it has for each zone on top
	Month   int  `json:"month"`                  // the first, from the start, in which Default is not enough
	// Environments share the account: Need is that of all of them together. Nil where
	// the system has no others.
	Environments []string `json:"environments,omitempty"`
	// NotCounted are environments that cannot be planned.
	NotCounted []string `json:"not_counted,omitempty"`
	AsOf       string   `json:"as_of"` // of Default; "" where the tables have no date
	Source     string   `json:"source"`
	Note       string   `json:"note"`
	Weak       bool     `json:"weak,omitempty"` // Default is weak, as Note says
}

// What there are quotas of.
const (
	QuotaVCPU         = "standard_vcpus" // vCPUs of standard families on demand
	QuotaAddresses    = sizing.HeldAddresses
	QuotaGateways     = sizing.HeldGateways
	QuotaReservations = "reservations" // bought in a month for a region
)

// Quotas are those of the result's regions that the system needs more of, with what
// the profile's other environments need: they run in the same account. Each of them
// is planned for that.
func (r *Result) Quotas() ([]Quota, error) {
	limits, err := r.Catalog.Limits()
	if err != nil {
		return nil, err
	}
	a := account{needs: map[quotaKey][]int{}, more: map[string]bool{}}
	all, failed := r.together()
	var names []string
	for _, x := range all {
		if err := a.add(x); err != nil {
			return nil, err
		}
		names = append(names, x.environment())
	}
	if len(names) == 1 {
		names = nil
	}
	var out []Quota
	for _, region := range r.Estimate.Regions {
		for _, of := range []struct {
			what  string
			quota *catalog.Quota
		}{
			{QuotaVCPU, &limits.Quotas.StandardVCPU},
			{QuotaGateways, &limits.Quotas.Gateways},
			{QuotaAddresses, &limits.Quotas.Addresses},
			{QuotaReservations, &limits.Quotas.RegionReservations},
		} {
			q := of.quota
			x := Quota{Region: region, Of: of.what, AtLeast: of.what == QuotaVCPU && a.more[region],
				Default: int(q.Most), Environments: names, NotCounted: failed,
				AsOf: q.AsOf, Source: q.Source, Note: q.Note, Weak: q.Weak()}
			needs := a.needs[quotaKey{region, of.what}]
			first := slices.IndexFunc(needs, func(n int) bool { return n > x.Default })
			if first < 0 {
				continue
			}
			if of.what == QuotaReservations {
				x.Zone = int(limits.Quotas.ZoneReservations.Most)
			}
			x.Need, x.Month = slices.Max(needs), r.Plan.Demand.Month+first
			out = append(out, x)
		}
	}
	return out, nil
}

// environment is the name of the one that the result is of.
func (r *Result) environment() string { return cmp.Or(r.Request.Environment, workload.Production) }

// together are the results of all environments of the profile in their order, and the
// names of those that cannot be planned. The account is one, as it is for what is
// free in it and for credits.
func (r *Result) together() (all []*Result, failed []string) {
	if r.whole == nil {
		return []*Result{r}, nil
	}
	if r.beside != nil {
		return r.beside.all, r.beside.failed
	}
	defer func() { r.beside = &beside{all, failed} }()
	for _, name := range append([]string{workload.Production}, r.whole.Environments.Keys()...) {
		if name == r.environment() {
			all = append(all, r)
			continue
		}
		q := r.Request
		q.Environment, q.ShowUnpriced = name, true
		q.Keep, q.Force, q.Reuse, q.Commit = nil, nil, nil, nil // of this one alone
		x, err := Make(r.whole, r.Catalog, q)
		if err != nil {
			failed = append(failed, name)
			continue
		}
		all = append(all, x)
	}
	return all, failed
}

// quotaKey names a quota of a region.
type quotaKey struct{ region, of string }

// account adds up what systems need of an account, month by month from the month at
// hand.
type account struct {
	needs map[quotaKey][]int
	more  map[string]bool // regions that need vCPUs which nobody counts
}

// plus adds a need in a month.
func (a *account) plus(region, of string, month, n int) {
	key := quotaKey{region, of}
	for len(a.needs[key]) <= month {
		a.needs[key] = append(a.needs[key], 0)
	}
	a.needs[key][month] += n
}

// add adds what a result needs.
func (a *account) add(r *Result) error {
	p := r.Plan
	months := max(0, int(p.Demand.Months)-p.Demand.Month) + 1
	courses, err := r.fullCourses(months)
	if err != nil {
		return err
	}
	for i := range courses {
		a.course(r.Estimate.Regions, &courses[i], months)
	}
	for _, region := range r.Estimate.Regions {
		if p.System != nil && len(p.Profile.Growth.Events) > 0 {
			a.more[region] = true // nodes of events are not in the plan
		}
		if r.bought == nil {
			continue
		}
		for m, x := range r.bought.months[region].Months {
			a.plus(region, QuotaReservations, m, x.Reservations)
		}
		if spot := r.bought.spot[region]; len(spot) > 0 { // which has a quota of its own
			for m := range months {
				a.plus(region, QuotaVCPU, m, -spot[min(m, len(spot)-1)])
			}
		}
	}
	return nil
}

// fullCourses are how the nodes grow in so many months, with every region at its full
// size. What was bought has looked at the months already.
func (r *Result) fullCourses(months int) ([]plan.Course, error) {
	p, err := r.Plan.Full()
	if err != nil {
		return nil, err
	}
	if p != r.Plan || r.bought == nil || months > purchase.DefaultHorizon {
		return p.Courses(months)
	}
	out := make([]plan.Course, len(r.bought.courses))
	for i, c := range r.bought.courses {
		out[i] = c.Until(months)
	}
	return out, nil
}

// course adds what a component needs in each month: the vCPUs of its pools with their
// most nodes, and what it holds beside them.
func (a *account) course(regions []string, c *plan.Course, months int) {
	for m := range months {
		l := c.Months[min(m, len(c.Months)-1)]
		for i := range l.Pools {
			pool := &l.Pools[i]
			region := regions[pool.Region]
			if t := l.TypeOf(pool); t != nil && t.Standard() {
				a.plus(region, QuotaVCPU, m, pool.Max*t.VCPU)
				a.more[region] = a.more[region] || c.Outgrown > 0
			}
		}
		for _, h := range l.Holds {
			a.plus(regions[h.Region], h.Of, m, h.Number)
		}
	}
}
