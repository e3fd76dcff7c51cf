package insight

import (
	"headroom/pkg/bill"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// nextUsers is the step of the marginal cost.
const nextUsers = 1000

// usersPath is the input that the users at the peak are.
const usersPath = "peak.users"

// unitCost is what a user and a million requests cost, and what the next users
// would; false without users.
func unitCost(r *bill.Result) (remark.Remark, bool) {
	users, requests := float64(r.Plan.Demand.Users), r.Estimate.Demand.MonthlyReqs
	if users <= 0 || requests <= 0 {
		return remark.Remark{}, false
	}
	total := r.Estimate.Total.Expected.Float64()
	f := remark.New("fact.unit_cost", "per_user", total/users, "per_million_requests", total/requests*1e6)
	if each, ok := marginal(r); ok {
		f = f.With("next_users", nextUsers, "next_each", each)
	}
	return f, true
}

// marginal is what each of the next users costs a month, planned anew: types
// and structure may change. It is false where nothing carries them, and for an
// environment beside production, whose users are a part of the profile's.
func marginal(r *bill.Result) (each float64, ok bool) {
	if r.Plan.Profile.Copy {
		return 0, false
	}
	more := workload.Override{Path: usersPath, Value: float64(r.Plan.Profile.Peak.Users.V) + nextUsers}
	d, err := with(r.Plan, more)
	if err != nil {
		return 0, false
	}
	next, err := r.Request.Total(d, r.Catalog)
	if err != nil {
		return 0, false
	}
	return next.Minus(r.Estimate.Total.Expected).Float64() / nextUsers, true
}
