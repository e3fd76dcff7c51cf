package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

func unitCount(k float64) unit.Count { return unit.Count(k) }

// demandFacts are the closing lines of a system that was sized from a
// workload.
func (r *Result) demandFacts(e *Estimate, o Options) {
	d := r.System.Flow.Demand
	r.demand(e)
	requests := e.Demand.MonthlyReqs
	e.Steps = r.Profile.DemandSteps(d)
	inputs := r.Profile.Inputs()
	r.assumed(e, inputs)
	if d.Users > 0 && requests > 0 {
		total := e.Total.Expected.Float64()
		text := fmt.Sprintf("$%.2f/user, $%.2f/M requests", total/float64(d.Users), total/requests*1e6)
		if each, ok := r.marginal(e); ok {
			text += fmt.Sprintf("; the next %s users $%.2f each", thousandsOf(nextUsers), each)
		}
		e.Facts = append(e.Facts, Fact{"Unit cost", text})
	}
	if h, ok := r.room(); ok {
		e.Headroom = h.export(float64(d.Users))
		e.Facts = append(e.Facts, Fact{"Headroom", h.text(float64(d.Users))})
	}
	for i := range d.Regions {
		if text := r.lost(i); text != "" {
			e.Facts = append(e.Facts, Fact{d.Regions[i].Name + " lost", text})
		}
	}
	e.Facts = append(e.Facts, Fact{"Assumed", r.assumedText(e, inputs, o)})
	var warnings []string
	for _, c := range r.Choices {
		for _, w := range c.Layout.Warnings {
			warnings = append(warnings, c.Component.Name+": "+w)
		}
	}
	for _, w := range warnings {
		e.Facts = append(e.Facts, Fact{"Warning", w})
	}
	if !r.System.NetworkKnown {
		e.Facts = append(e.Facts, Fact{"Not checked", "network: the hardware tables have no baseline for most types of this vintage"})
	}
}

// demand fills in the demand of a system that was sized from a workload.
func (r *Result) demand(e *Estimate) {
	if r.System == nil {
		return
	}
	d := r.System.Flow.Demand
	e.Demand = &DemandSummary{Users: float64(d.Users), Requests: float64(d.Requests), Writes: float64(d.Writes),
		Egress: float64(d.Egress), Ingress: float64(d.Ingress), MonthlyReqs: d.Monthly(float64(d.Requests), d.MeanTotal)}
}

func (h headroom) text(users float64) string {
	if h.factor == 0 {
		return fmt.Sprintf("none: %s is too small as it is", h.first.Component.Label())
	}
	if h.first == nil {
		return fmt.Sprintf("more than %s users on the same machines", unit.Count(math.Floor(users*h.factor)).Human())
	}
	s := fmt.Sprintf("%s users (+%.0f %%), then %s", thousandsOf(math.Floor(users*h.factor)), math.Floor((h.factor-1)*100), h.first.Component.Label())
	if h.limit != "" {
		s += " (" + h.limit + ")"
	}
	return s
}

// thousandsOf prints a whole number with thousands separators.
func thousandsOf(x float64) string {
	s := fmt.Sprintf("%.0f", x)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// lost says what becomes of the users when a region is lost: who carries them
// and how busy the busiest component then is.
func (r *Result) lost(region int) string {
	if r.System.Flow.Demand.Regions[region].Share == 0 {
		return "it serves no users; what is kept for a failover is gone"
	}
	to := r.takers(region)
	if len(to) == 0 {
		return "its users are not served: no other region takes them over"
	}
	worst, busiest, target := 0.0, "", 1.0
	var unsafe, unsized []string
	for _, c := range r.Choices {
		if c.Layout.Type == nil {
			continue
		}
		if !r.System.Case(c.Component).Policy.Region && runsElsewhere(c, region) {
			unsized = append(unsized, c.Component.Label())
			continue
		}
		covered := false
		for _, l := range c.Layout.Limits {
			if l.State != capacity.RegionLost || l.Region == region {
				continue
			}
			covered = true
			if u := l.Utilisation(); u > worst {
				worst, busiest, target = u, c.Component.Label()+" "+l.Of.Name, l.Target
			}
		}
		if !covered && len(c.Layout.Pools) > 0 && !runsElsewhere(c, region) {
			unsafe = append(unsafe, c.Component.Label())
		}
	}
	plural := len(to) > 1
	verb := func(one, many string) string {
		if plural {
			return many
		}
		return one
	}
	s := strings.Join(to, " and ")
	switch {
	case busiest == "" && len(unsized) > 0:
		s += " " + verb("takes", "take") + " its users"
	case worst > 1+1e-9 && r.warm(to):
		s += " cannot carry all before " + verb("it has", "they have") + " grown from warm to full size"
	case worst > 1+1e-9:
		s += " cannot carry all"
	case worst > target*(1+1e-9):
		s += " " + verb("carries", "carry") + " all, above the target of " + percent(target)
	default:
		s += " " + verb("carries", "carry") + " all"
	}
	if busiest != "" {
		s += fmt.Sprintf("; busiest %s at %s", busiest, percent(worst))
	}
	if len(unsized) > 0 {
		s += "; not sized for it: " + strings.Join(unsized, ", ")
	}
	if len(unsafe) > 0 {
		s += "; gone with it: " + strings.Join(unsafe, ", ")
	}
	return s
}

// takers names the regions to which a lost region's users go: those that have
// users of their own, or all others where none has.
func (r *Result) takers(lost int) []string {
	if r.Profile.Failover == "independent" {
		return nil
	}
	var with, all []string
	for i, d := range r.System.Flow.Demand.Regions {
		if i == lost {
			continue
		}
		all = append(all, d.Name)
		if d.Share > 0 {
			with = append(with, d.Name)
		}
	}
	if len(with) == 0 {
		return all
	}
	return with
}

// warm tells whether one of the regions is not kept at its full size.
func (r *Result) warm(names []string) bool {
	return slices.ContainsFunc(r.System.Flow.Demand.Regions, func(d workload.RegionDemand) bool {
		return d.Warm < 1 && slices.Contains(names, d.Name)
	})
}

func runsElsewhere(c *Choice, region int) bool {
	return slices.ContainsFunc(c.Layout.Pools, func(p sizing.Pool) bool { return p.Region != region && p.Max > 0 })
}

// assumed lists the inputs that nobody measured or sourced: those that the
// profile gives and the defaults that it leaves. Inputs counts the profile's
// own.
func (r *Result) assumed(e *Estimate, inputs []workload.Input) {
	for _, in := range inputs {
		if in.Set {
			e.Inputs++
		}
		if in.Assumed != "" {
			e.Assumed = append(e.Assumed, Assumption{Path: in.Path, Value: in.Value, Reason: in.Assumed,
				File: in.Pos.File, Line: in.Pos.Line, Default: !in.Set})
		}
	}
}

func (r *Result) assumedText(e *Estimate, inputs []workload.Input, o Options) string {
	defaults := 0
	for _, a := range e.Assumed {
		if a.Default {
			defaults++
		}
	}
	s := fmt.Sprintf("%d of %d inputs, and %d defaults", len(e.Assumed)-defaults, e.Inputs, defaults)
	if w, ok := r.widest(r.sizer, inputs); ok {
		w = r.billedSwing(e, w, o)
		s += fmt.Sprintf("; %s %s ±50 %% → %s/%s", w.input.Path, w.input.Value, signed(w.down), signed(w.up))
	}
	return s
}

func signed(x float64) string {
	a := money.MustAmount(fmt.Sprintf("%.0f", math.Abs(x)))
	sign := "+"
	if x < 0 {
		sign = "−"
	}
	return sign + "$" + strings.TrimSuffix(a.String(), ".00")
}
