package resilience

import (
	"slices"

	"headroom/pkg/money"
	"headroom/pkg/outage"
	"headroom/pkg/workload"
)

// Verdict says whether an aim is met.
type Verdict string

// The verdicts. What is not evaluated lacks an input, which the aim names.
const (
	Met          Verdict = "met"
	Missed       Verdict = "missed"
	NotEvaluated Verdict = "not evaluated"
)

// Aim is a promise of the profile, held against the plan.
type Aim struct {
	Key     string  `json:"key"`            // aims.outage
	Loss    string  `json:"loss,omitempty"` // of aims.survive: which
	Verdict Verdict `json:"verdict"`
	Unit    string  `json:"unit"` // s, part, disks; "" for what is or is not
	Want    float64 `json:"want"`
	Worst
	Remedy *Remedy `json:"remedy,omitempty"` // nil where it is met, was not asked for, or where none was found
}

// Worst is the worst of some scenarios.
type Worst struct {
	// Got is what the plan reaches; nil where it ends only with a repair, where everything is
	// lost, or where it is no number.
	Got *float64 `json:"got"`
	// Least says that Got is known to be as much at least.
	Least     bool     `json:"at_least"`
	Scenario  string   `json:"scenario,omitempty"`  // that decides
	Component string   `json:"component,omitempty"` // that decides
	Missing   []string `json:"missing,omitempty"`   // inputs without which it cannot be said
}

// Remedy is the cheapest change that meets an aim.
type Remedy struct {
	Set   []string     `json:"set"`              // as --set takes them
	Month money.Amount `json:"difference_month"` // USD more a month; below 0 for less
}

// trial is a scenario of one of the losses that aims speak of, with what came of it.
type trial struct {
	loss    string // node, zone, region, split, corruption
	x       outage.Scenario
	outcome *outage.Outcome
}

// lossOf is the loss that a scenario of a single step and event is; "" for none of them.
func lossOf(x outage.Scenario) string {
	if len(x.Steps) != 1 || len(x.Steps[0]) != 1 {
		return ""
	}
	e := x.Steps[0][0]
	switch e.Kind {
	case outage.Process, outage.Node, outage.Host:
		return "node"
	case outage.Zone:
		if e.Number > 1 {
			return ""
		}
		return "zone"
	case outage.RegionLost:
		return "region"
	case outage.Split:
		return "split"
	case outage.Corruption:
		return "corruption"
	}
	return ""
}

// Asked are the losses that the aims are about: those that they name, or else those that the
// policy says are survived.
func Asked(p *workload.Profile) []string {
	if len(p.Aims.Survive) > 0 {
		return p.Aims.Survive
	}
	return p.Policy.Survive
}

// evaluate holds the aims of a profile against trials.
func (a *assessor) evaluate() ([]Aim, error) {
	w := &a.profile.Aims
	var out []Aim
	if x := w.Availability; x != nil {
		out = append(out, a.availabilityAim(float64(x.V)))
	}
	trials, err := a.trials()
	if err != nil {
		return nil, err
	}
	inScope := a.inScope(trials)
	if x := w.Outage; x != nil {
		out = append(out, longestOutage(inScope).within("aims.outage", float64(x.V)))
	}
	if x := w.DataLoss; x != nil {
		out = append(out, longestLoss(inScope).within("aims.data_loss", float64(x.V)))
	}
	if x := w.Disks; x != nil {
		aim, err := a.disksAim(int(x.V))
		if err != nil {
			return nil, err
		}
		out = append(out, aim)
	}
	for _, loss := range w.Survive {
		out = append(out, a.surviveAim(loss, trials))
	}
	if x := w.Unattended; x != nil && x.V {
		out = append(out, unattendedAim(inScope))
	}
	if x := w.PointInTime; x != nil && x.V {
		out = append(out, a.pointInTimeAim())
	}
	return out, nil
}

// inScope are the trials that aims without a loss of their own are about.
func (a *assessor) inScope(trials []trial) []trial {
	losses := Asked(a.profile)
	return slices.DeleteFunc(slices.Clone(trials), func(t trial) bool { return !slices.Contains(losses, t.loss) })
}

// trials are the standard scenarios that are one of the losses of aims.
func (a *assessor) trials() ([]trial, error) {
	var out []trial
	for _, x := range append(slices.Clip(a.standard), a.onlyZones()...) {
		loss := lossOf(x)
		if loss == "" {
			continue
		}
		o, err := a.run(x)
		if err != nil {
			return nil, err
		}
		out = append(out, trial{loss, x, o})
	}
	return out, nil
}

// onlyZones are the losses of zones that a region has only one of, which are no standard
// scenario of their own: they take the whole region.
func (a *assessor) onlyZones() (out []outage.Scenario) {
	for i := range a.system.Regions {
		if r := &a.system.Regions[i]; r.Zones == 1 {
			out = append(out, outage.Of(outage.Event{Kind: outage.Zone, Region: r.Name, Number: 1}))
		}
	}
	return out
}

// yesNo is an aim about what is or is not.
func yesNo(key string, met bool) Aim {
	if met {
		return Aim{Key: key, Verdict: Met, Want: 1}
	}
	return Aim{Key: key, Verdict: Missed, Want: 1}
}

// longest is the longest of some times: endless where only a repair ends one.
type longest struct {
	Worst
	endless bool
}

// least takes a time into account that came of a scenario.
func (l *longest) least(t outage.Span, endless bool, x outage.Scenario, component string) {
	if l.endless {
		return
	}
	for _, key := range t.Missing {
		if !endless && !slices.Contains(l.Missing, key) {
			l.Missing = append(l.Missing, key)
		}
	}
	if !endless && l.Got != nil && (t.Seconds < *l.Got || t.Seconds == *l.Got && (t.Known() || l.Least)) {
		return
	}
	got := t.Seconds
	l.Got, l.Least, l.endless = &got, !t.Known(), endless
	if endless {
		l.Got, l.Least, l.Missing = nil, false, nil
	}
	l.Scenario, l.Component = x.String(), component
}

// worst is the longest time of all: what is not known of some may make it more.
func (l *longest) worst() *longest {
	l.Least = l.Got != nil && len(l.Missing) > 0
	return l
}

// within holds the longest time against what is wanted. What is not known in full may be more:
// it is missed where what is known is too much already.
func (l *longest) within(key string, want float64) Aim {
	a := Aim{Key: key, Unit: "s", Want: want, Verdict: Met, Worst: l.Worst}
	switch {
	case l.endless || a.Got != nil && *a.Got > want:
		a.Verdict, a.Missing = Missed, nil
	case len(a.Missing) > 0:
		a.Verdict = NotEvaluated
	}
	return a
}

// longestOutage is the longest outage of some trials.
func longestOutage(trials []trial) *longest {
	l := &longest{}
	for i := range trials {
		t := &trials[i]
		l.least(t.outcome.Down, t.outcome.Hand.Served() < 1, t.x, "")
	}
	return l.worst()
}

// longestLoss is the longest time of which some trials lose writes.
func longestLoss(trials []trial) *longest {
	zero := 0.0
	l := &longest{Worst: Worst{Got: &zero}}
	for i := range trials {
		for k := range trials[i].outcome.Losses {
			x := &trials[i].outcome.Losses[k]
			l.least(x.Time, x.All, trials[i].x, x.Part)
		}
	}
	return l.worst()
}

// disksAim is how many disks of a node may fail at once without a loss.
func (a *assessor) disksAim(want int) (Aim, error) {
	aim := Aim{Key: "aims.disk_failures", Unit: "disks", Want: float64(want), Verdict: Met}
	got := float64(want)
	for i := range a.system.Regions {
		if !keepsAt(a.system, i, func(d outage.Disks) bool { return !d.Memory }) {
			continue
		}
		for n := 1; n <= want; n++ {
			x := outage.Of(outage.Event{Kind: outage.DisksLost, Region: a.system.Regions[i].Name, Number: n})
			o, err := a.run(x)
			if err != nil {
				return aim, err
			}
			if len(o.Losses) > 0 && float64(n-1) < got {
				got, aim.Verdict, aim.Scenario = float64(n-1), Missed, x.String()
				aim.Component = o.Losses[0].Part
			}
		}
	}
	aim.Got = &got
	return aim, nil
}

// surviveAim is whether a loss is survived: users are served as before, within the aims for
// outages and losses where there are any, and nothing is lost for good.
func (a *assessor) surviveAim(loss string, trials []trial) Aim {
	out := yesNo("aims.survive", true)
	out.Loss = loss
	w := &a.profile.Aims
	for i := range trials {
		t := &trials[i]
		if t.loss != loss {
			continue
		}
		one := []trial{*t}
		worst := yesNo("aims.survive", t.outcome.Hand.Served() == 1 && !t.outcome.Split && !lostAll(t.outcome))
		if w.Outage != nil && worst.Verdict == Met {
			worst.Verdict, worst.Missing = merged(worst, longestOutage(one).within("", float64(w.Outage.V)))
		}
		if w.DataLoss != nil && worst.Verdict != Missed {
			worst.Verdict, worst.Missing = merged(worst, longestLoss(one).within("", float64(w.DataLoss.V)))
		}
		if rank(worst.Verdict) > rank(out.Verdict) {
			out.Verdict, out.Missing, out.Scenario = worst.Verdict, worst.Missing, t.x.String()
		}
	}
	return out
}

// merged is the worse of two verdicts, with what is missing for both.
func merged(a, b Aim) (Verdict, []string) {
	if rank(b.Verdict) > rank(a.Verdict) {
		return b.Verdict, b.Missing
	}
	return a.Verdict, a.Missing
}

func rank(v Verdict) int { return slices.Index([]Verdict{Met, NotEvaluated, Missed}, v) }

// lostAll tells whether a store lost everything.
func lostAll(o *outage.Outcome) bool {
	return slices.ContainsFunc(o.Losses, func(l outage.Loss) bool { return l.All })
}

// unattendedAim is whether nobody has to act.
func unattendedAim(trials []trial) Aim {
	out := yesNo("aims.unattended", true)
	for i := range trials {
		by := trials[i].outcome.By
		if by == outage.Repair || by == outage.Person && out.Verdict == Met {
			out.Verdict, out.Scenario = Missed, trials[i].x.String()
		}
		if by == outage.Repair {
			break // nothing is worse
		}
	}
	return out
}

// pointInTimeAim is whether each store can be restored to any moment.
func (a *assessor) pointInTimeAim() Aim {
	out := yesNo("aims.point_in_time", true)
	for i := range a.system.Parts {
		p := &a.system.Parts[i]
		if p.Keeps && !slices.ContainsFunc(a.system.Copies, func(c outage.Copy) bool {
			return c.Log && slices.Contains(c.Of, p.Name)
		}) {
			out.Verdict, out.Component = Missed, p.Name
			break
		}
	}
	return out
}
