package whatif

import (
	"context"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/outage"
	"headroom/pkg/plan"
	"headroom/pkg/resilience"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// Withstand is what becomes of the system when something fails, with what its protections
// cost a month and, for each aim that is not met, the cheapest change that meets it. Nil
// scenarios are the standard ones and those of the profile.
func (s *Model) Withstand(ctx context.Context, scenarios []outage.Scenario) (*resilience.Assessment, error) {
	base, err := s.Plan(nil)
	if err != nil {
		return nil, err
	}
	if base.Plan.System == nil {
		p := base.Plan.Profile
		return nil, diag.Problem{Pos: diag.Pos{File: p.File}, Hint: "give peak: and calls:, or a profile that has them",
			Summary: "the profile " + p.Name + " has machines but no workload: nobody can be said to be served"}
	}
	facts, err := base.Plan.Tables.Vintage.Catalog().Facts()
	if err != nil {
		return nil, err
	}
	a, err := resilience.Assess(base.Plan, facts, resilience.Options{Scenarios: scenarios})
	if err != nil {
		return nil, err
	}
	if h := insight.Room(base.Plan); h != nil {
		a.Success, a.Full = h.Users, h.Component
	}
	w := withstanding{s: s, ctx: ctx, facts: facts, base: base}
	if err := w.protections(a); err != nil {
		return nil, err
	}
	return a, w.remedies(a)
}

// withstanding plans the system in other ways.
type withstanding struct {
	s     *Model
	ctx   context.Context
	facts *catalog.Facts
	base  *bill.Result
}

// tried is what came of a change; nil results where nothing can be planned so.
type tried struct {
	sets   []Assignment
	result *bill.Result
	aims   []resilience.Aim
}

// try plans changes beside each other, and holds their aims where that is asked for. What
// cannot be planned, or is no valid profile, has no result.
func (w *withstanding) try(changes [][]Assignment, aims bool) ([]tried, error) {
	out := make([]tried, len(changes))
	_, err := each(w.ctx, len(changes), runtime.GOMAXPROCS(0), nil, func(i int, u *plan.Reuse) error {
		out[i].sets = changes[i]
		r, err := w.s.PlanReusing(changes[i], u)
		if err != nil {
			return nil //nolint:nilerr // a change that cannot be is none that helps
		}
		if aims {
			sum, err := resilience.Summarize(r.Plan, w.facts)
			if err != nil {
				return err
			}
			out[i].aims = sum.Aims
		}
		out[i].result = r
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, w.ctx.Err()
}

// protections fills in, for the losses that the policy says are survived, what the bill
// would be less without that.
func (w *withstanding) protections(a *resilience.Assessment) error {
	losses := slices.DeleteFunc(slices.Clone(w.base.Plan.Profile.Policy.Survive), func(loss string) bool {
		return !slices.ContainsFunc(a.Rows, func(r resilience.Row) bool { return r.Loss() == loss })
	})
	var changes [][]Assignment
	for _, loss := range losses {
		changes = append(changes, w.without(loss))
	}
	found, err := w.try(changes, false)
	if err != nil {
		return err
	}
	total := w.base.Estimate.Total.Expected
	for i, loss := range losses {
		if found[i].result == nil {
			continue
		}
		p := &resilience.Protection{Without: "policy.survive: " + loss,
			Month: total.Minus(found[i].result.Estimate.Total.Expected)}
		for k := range a.Rows {
			if a.Rows[k].Loss() == loss {
				a.Rows[k].Protection = p
			}
		}
	}
	w.copies(a)
	return nil
}

// without is the profile with one loss less that must be survived, everywhere.
func (w *withstanding) without(loss string) []Assignment {
	p := w.base.Plan.Profile
	left := func(from []string) string {
		rest := slices.DeleteFunc(slices.Clone(from), func(l string) bool { return l == loss })
		return "[" + strings.Join(rest, ", ") + "]"
	}
	out := []Assignment{assign("policy.survive", left(p.Policy.Survive))}
	for _, e := range p.Components {
		if c := e.V.Survive; c != nil && slices.Contains(*c, loss) {
			out = append(out, assign("components."+e.Key+".survive", left(*c)))
		}
	}
	return out
}

func assign(path, text string) Assignment {
	return Assignment{Path: path, Text: text, Pos: strict.SetPos(path, text)}
}

// copies says what protects from corruption: the components that keep copies, at their price.
func (w *withstanding) copies(a *resilience.Assessment) {
	names := a.Keepers
	if len(names) == 0 {
		return
	}
	var month money.Amount
	for _, line := range w.base.Estimate.Lines {
		if slices.Contains(names, line.Component) {
			month = month.Plus(line.Cost.Expected)
		}
	}
	p := &resilience.Protection{Without: "components." + strings.Join(names, ", components."), Month: month}
	for i := range a.Rows {
		if a.Rows[i].Kind == string(outage.Corruption) {
			a.Rows[i].Protection = p
		}
	}
}

// remedies fills in the cheapest change that meets each aim that is not met: one change, or
// else two that each help.
func (w *withstanding) remedies(a *resilience.Assessment) error {
	if !slices.ContainsFunc(a.Aims, unmet) {
		return nil
	}
	singles, err := w.try(w.changes(a.Stores), true)
	if err != nil {
		return err
	}
	found := singles
	if slices.ContainsFunc(a.Aims, func(x resilience.Aim) bool { return unmet(x) && cheapest(singles, x) == nil }) {
		pairs, err := w.try(pairsOf(singles, a.Aims), true)
		if err != nil {
			return err
		}
		found = append(found, pairs...)
	}
	total := w.base.Estimate.Total.Expected
	for i := range a.Aims {
		if !unmet(a.Aims[i]) {
			continue
		}
		best := cheapest(found, a.Aims[i])
		if best == nil {
			continue
		}
		r := &resilience.Remedy{Month: best.result.Estimate.Total.Expected.Minus(total)}
		for _, set := range best.sets {
			r.Set = append(r.Set, set.Path+"="+set.Text)
		}
		a.Aims[i].Remedy = r
	}
	return nil
}

func unmet(a resilience.Aim) bool { return a.Verdict != resilience.Met }

// matching is the same aim after a change; nil where the change was none.
func (t *tried) matching(a resilience.Aim) *resilience.Aim {
	for i := range t.aims {
		if x := &t.aims[i]; x.Key == a.Key && x.Loss == a.Loss {
			return x
		}
	}
	return nil
}

// cheapest is what meets an aim at the least bill, with the fewest changes, the first of
// several; nil for none.
func cheapest(found []tried, a resilience.Aim) *tried {
	var best *tried
	for i := range found {
		t := &found[i]
		x := t.matching(a)
		if x == nil || x.Verdict != resilience.Met {
			continue
		}
		if best == nil || t.result.Estimate.Total.Expected.Cmp(best.result.Estimate.Total.Expected) < 0 {
			best = t
		}
	}
	return best
}

// pairsOf are pairs of changes that each bring some aim nearer that is not met.
func pairsOf(singles []tried, aims []resilience.Aim) [][]Assignment {
	var helpful []*tried
	for i := range singles {
		for _, a := range aims {
			if x := singles[i].matching(a); x != nil && unmet(a) && nearer(x, &a) {
				helpful = append(helpful, &singles[i])
				break
			}
		}
	}
	var out [][]Assignment
	for i, x := range helpful {
		for _, y := range helpful[i+1:] {
			if x.sets[0].Path != y.sets[0].Path {
				out = append(out, slices.Concat(x.sets, y.sets))
			}
		}
	}
	return out
}

// nearer tells whether an aim is nearer to being met than it was.
func nearer(x, was *resilience.Aim) bool {
	switch {
	case x.Verdict != was.Verdict:
		return x.Verdict == resilience.Met || was.Verdict == resilience.Missed
	case x.Got != nil && was.Got == nil:
		return true
	case x.Got == nil || was.Got == nil:
		return x.Scenario != was.Scenario
	case x.Unit == "s":
		return *x.Got < *was.Got
	}
	return *x.Got > *was.Got
}

// changes are single changes of the profile that protect from something. What a component
// does not have is no valid change, and left out when it is tried.
func (w *withstanding) changes(stores []string) [][]Assignment {
	p := w.base.Plan.Profile
	out := [][]Assignment{
		{assign("dns.retry", "true")}, {assign("dns.health_check", "{interval: 10s}")},
	}
	for _, losses := range [][]string{{"node"}, {"node", "zone"}, {"node", "zone", "region"}} {
		if !slices.Equal(losses, p.Policy.Survive) {
			out = append(out, []Assignment{assign("policy.survive", "["+strings.Join(losses, ", ")+"]")})
		}
	}
	for _, e := range p.Components {
		at := "components." + e.Key + "."
		if !slices.Contains(stores, e.Key) {
			continue
		}
		for _, set := range ofStores() {
			var sets []Assignment
			for _, x := range set {
				sets = append(sets, assign(at+x[0], x[1]))
			}
			out = append(out, sets)
		}
		for i := range e.V.Members {
			if e.V.Members[i].Priority.V == 0 && e.V.Members[i].Role.V != workload.RoleArbiter {
				out = append(out, []Assignment{assign(at+"members."+strconv.Itoa(i)+".priority", "1")})
			}
		}
	}
	if len(stores) > 0 {
		out = append(out, []Assignment{assign("copies.log", "{of: ["+strings.Join(stores, ", ")+
			"], on: objects, log: true}")})
	}
	return out
}

// ofStores are changes of one store, each of one key or of two that only go together.
func ofStores() [][][2]string {
	return [][][2]string{
		{{"promotion", "auto"}}, {{"promotion_elsewhere", "auto"}},
		{{"replication", "sync"}, {"on_loss", "degrade"}}, {{"replication", "sync"}, {"on_loss", "block"}},
		{{"failover", "zone"}}, {{"failover", "region"}}, {{"failover", "both"}},
		{{"raid", "['10']"}}, {{"raid", "['6']"}},
	}
}
