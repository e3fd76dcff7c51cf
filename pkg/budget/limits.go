package budget

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// limit is one limit of a rule.
type limit struct {
	key   string
	at    diag.Pos
	judge func(x *scope, today string) (judgement, error)
}

// judgement is what a limit finds.
type judgement struct {
	breached        bool
	allowed, actual json.Number
	unit            string
	found           []any // names and values of what the finding says
}

// limits lists the rule's limits in the order of the format.
func (r *Rule) limits() []limit {
	var out []limit
	amount := func(key string, v *strict.Value[workload.Dollars],
		judge func(money.Amount) func(*scope, string) (judgement, error)) {
		if v != nil {
			out = append(out, limit{key, v.Pos, judge(v.V.Amount)})
		}
	}
	share := func(key string, v *strict.Value[unit.Fraction],
		judge func(float64) func(*scope, string) (judgement, error)) {
		if v != nil {
			out = append(out, limit{key, v.Pos, judge(float64(v.V))})
		}
	}
	amount("monthly", r.Monthly, monthly)
	amount("monthly_max", r.MonthlyMax, monthlyMax)
	share("increase", r.Increase, increase)
	amount("increase_by", r.IncreaseBy, increaseBy)
	share("decrease", r.Decrease, decrease)
	amount("decrease_by", r.DecreaseBy, decreaseBy)
	amount("per_user", r.PerUser, perUser)
	amount("per_million_requests", r.PerMillion, perMillion)
	share("headroom", r.Headroom, headroom)
	out = append(out, r.failures()...)
	share("commitment", r.Commitment, commitment)
	if r.PriceAge != nil {
		out = append(out, limit{"price_age", r.PriceAge.Pos, priceAge(float64(r.PriceAge.V))})
	}
	return out
}

// judge applies all limits of a rule to a part of a system.
func (r *Rule) judge(x *scope, today string, ps *diag.Problems) []Finding {
	var out []Finding
	for _, l := range r.limits() {
		j, err := l.judge(x, today)
		switch {
		case errors.Is(err, errAllNew): // which is a finding of its own
		case err != nil:
			ps.Addf(l.at, "", "the rule %s: %s: %s", r.Name, l.key, err)
		default:
			out = append(out, r.result(&l, x, j, today))
		}
	}
	return out
}

func (r *Rule) result(l *limit, x *scope, j judgement, today string) Finding {
	res := Finding{Rule: r.Name, Of: x.of, Limit: l.key, Scope: x.systems[0].Estimate.Scope,
		Allowed: j.allowed, Actual: j.actual, Unit: j.unit, Status: Pass,
		Found: remark.New("budget."+l.key, append([]any{"breached", j.breached}, j.found...)...), Reason: r.Reason,
		At: placeOf(l.at), Budget: placeOf(l.at)}
	for _, s := range x.systems {
		res.Covers = append(res.Covers, s.is())
	}
	one := res.Covers[0]
	if !slices.ContainsFunc(res.Covers, func(s System) bool { return s.Profile != one.Profile }) {
		res.Profile = one.Profile
	}
	if len(res.Covers) == 1 {
		res.Environment = one.Environment
	}
	component := r.Component
	if component == "" && !r.whole() && len(x.components) == 1 {
		component = x.components[0]
	}
	if at, ok := x.systems[0].place(component); ok && component != "" && len(x.systems) == 1 {
		res.At = placeOf(at)
	}
	if j.breached {
		r.breach(&res, today)
	}
	return res
}

// breach says what a limit that is not kept does.
func (r *Rule) breach(res *Finding, today string) {
	res.Status = Fail
	if r.Level == levelWarn {
		res.Status = Warn
	}
	if e := r.Exception; e != nil {
		// Days in this form sort as texts do.
		a := Allowance{Until: e.Until.V.String(), Reason: e.Reason, ApprovedBy: e.ApprovedBy,
			Expired: today > e.Until.V.String()}
		res.Exception = &a
		if !a.Expired {
			res.Status = Excepted
		}
	}
}

const dollarsAMonth = "USD/month"

// most compares an amount with the most allowed.
func most(actual, allowed money.Amount) judgement {
	return judgement{breached: actual.Cmp(allowed) > 0, allowed: number(allowed), actual: number(actual),
		unit: dollarsAMonth, found: []any{"actual", actual.Float64(), "allowed", allowed.Float64(),
			"above", actual.Minus(allowed).Float64()}}
}

func monthly(allowed money.Amount) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) { return most(x.cost.Expected, allowed), nil }
}

func monthlyMax(allowed money.Amount) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) { return most(x.cost.Max, allowed), nil }
}

// divisor is what a cost is divided by.
type divisor struct {
	n    float64
	unit string
	what string // in errors: users
}

// per is a cost divided by how many; compared by multiplying, exactly, and
// divided to be shown only.
func per(x *scope, allowed money.Amount, by divisor) (judgement, error) {
	q, err := money.Float(by.n)
	if err != nil || q.IsZero() {
		return judgement{}, fmt.Errorf("%s has no %s to divide by", x.name(), by.what)
	}
	actual := x.cost.Expected.Float64() / by.n
	j := judgement{breached: x.cost.Expected.Cmp(allowed.Times(q)) > 0, allowed: number(allowed),
		actual: json.Number(unit.Decimals(actual, unit.BesideLimit(actual, allowed.Float64(), 4))), unit: by.unit,
		found: []any{"actual", actual, "allowed", allowed.Float64()}}
	return j, nil
}

func perUser(allowed money.Amount) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) {
		return per(x, allowed, divisor{demandOf(x).Users, "USD/user/month", "users"})
	}
}

func perMillion(allowed money.Amount) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) {
		return per(x, allowed, divisor{demandOf(x).MonthlyReqs / 1e6, "USD/million requests", "requests"})
	}
}

// demandOf is the demand of the systems that are added up. Copies beside production
// have no users of their own, unless there is nothing else.
func demandOf(x *scope) bill.DemandSummary {
	var all bill.DemandSummary
	alone := !slices.ContainsFunc(x.systems, (*Subject).production)
	for _, s := range x.systems {
		if d := s.Estimate.Demand; d != nil && (alone || s.production()) {
			all.Users += d.Users
			all.MonthlyReqs += d.MonthlyReqs
		}
	}
	return all
}

// headroom wants that many users more on the same machines.
func headroom(least float64) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) {
		h := x.systems[0].Estimate.Headroom
		if h == nil {
			return judgement{}, fmt.Errorf("%s has no workload, so that its headroom is not known", x.name())
		}
		// The share is found by bisection to a thousandth.
		j := judgement{breached: h.Share < least*(1-1e-9), allowed: decimal(least), actual: beside(h.Share, least),
			unit: "share of the users"}
		if j.found = []any{"actual", h.Share, "allowed", least}; h.Component != "" {
			j.found = append(j.found, "component", h.Component, "resource", h.Resource, "state", h.State)
		}
		return j, nil
	}
}

// commitment is the part of the cost of nodes bought for a term.
func commitment(least float64) func(*scope, string) (judgement, error) {
	return func(x *scope, _ string) (judgement, error) {
		var all, bound money.Amount
		for _, l := range x.lines {
			if l.Category != "compute" {
				continue
			}
			all = all.Plus(l.Cost.Expected)
			if l.Term != "on-demand" && l.Term != "spot" {
				bound = bound.Plus(l.Cost.Expected)
			}
		}
		if all.IsZero() {
			return judgement{}, fmt.Errorf("%s has no nodes there", x.name())
		}
		q, err := money.Float(least)
		if err != nil {
			return judgement{}, err
		}
		actual := bound.Float64() / all.Float64()
		j := judgement{breached: bound.Cmp(all.Times(q)) < 0, allowed: decimal(least), actual: beside(actual, least),
			unit: "share of the cost of nodes", found: []any{"actual", actual, "allowed", least}}
		return j, nil
	}
}

// priceAge bounds the age in days of the oldest price of the lines.
func priceAge(seconds float64) func(*scope, string) (judgement, error) {
	return func(x *scope, today string) (judgement, error) {
		now, err := ParseDate(today)
		if err != nil {
			return judgement{}, err
		}
		oldest, item := "", ""
		for _, l := range x.lines {
			if l.AsOf != "" && (oldest == "" || l.AsOf < oldest) {
				oldest, item = l.AsOf, l.Name()
			}
		}
		if oldest == "" {
			return judgement{}, fmt.Errorf("no price there has a date")
		}
		day, err := time.Parse(time.DateOnly, (oldest + "-01-01")[:10])
		if err != nil {
			return judgement{}, fmt.Errorf("the date %q of the price of %s cannot be read", oldest, item)
		}
		days, allowed := now.Sub(day).Hours()/24, seconds/86400
		j := judgement{breached: days > allowed, allowed: decimal(allowed), actual: beside(days, allowed), unit: "days",
			found: []any{"actual", days, "allowed", allowed, "item", item, "as_of", oldest}}
		return j, nil
	}
}
