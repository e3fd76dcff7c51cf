package solutions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
	"headroom/pkg/workload"
)

// Failure is a kind of failure with the worst that comes of it in each solution.
type Failure struct {
	// What fails: failure.node, failure.region with where first or other, failure.then of one
	// after the other.
	What     remark.Remark `json:"what"`
	Outcomes []*Outcome    `json:"outcomes"` // by solution; nil where there is nothing of the kind
	Differs  bool          `json:"differs"`  // whether the solutions do
}

// Outcome is the worst that comes of a kind of failure in one solution.
type Outcome struct {
	Scenario string            `json:"scenario"` // the solution's own
	Outcome  string            `json:"outcome"`  // unaffected, slower, degraded, read-only, down
	Now      resilience.Served `json:"at_once"`
	Auto     resilience.Served `json:"by_itself"`
	Hand     resilience.Served `json:"by_people"`
	By       string            `json:"by"` // nobody, itself, person, repair
	Down     resilience.Time   `json:"down_for"`
	Loss     *resilience.Loss  `json:"loss"` // the largest; nil where nothing is lost
	// TwoLeaders says that two primaries take writes at once.
	TwoLeaders bool `json:"two_primaries"`
}

// Where a failure is: in the region with the primary, or in another one.
const (
	First = "first"
	Other = "other"
)

// class is a kind of failure with what orders kinds: small ones first.
type class struct {
	key  string
	what remark.Remark
}

// kinds of events from small to large, as scenarios are told.
func kinds() []outage.Kind {
	return []outage.Kind{outage.Process, outage.Node, outage.Host, outage.DisksLost, outage.Storage, outage.Zone,
		outage.RegionLost, outage.Split, outage.Launch, outage.Standby, outage.Cold, outage.Schema, outage.Deploy,
		outage.Spot, outage.Retries, outage.Corruption, outage.Failback}
}

// classOf is the kind of failure that a scenario is of, in a system of these regions.
func classOf(x outage.Scenario, regions []string) class {
	if x.Name != "" {
		return class{"~" + x.Name, remark.New("failure.own", "name", x.Name)}
	}
	keys, steps := make([]string, len(x.Steps)), make([]remark.Remark, len(x.Steps))
	for i, step := range x.Steps {
		events := make([]remark.Remark, len(step))
		for k, e := range step {
			one := classOfEvent(e, regions)
			keys[i], events[k] = keys[i]+one.key, one.what
		}
		steps[i] = grouped("failure.together", events)
	}
	return class{fmt.Sprint(len(x.Steps), strings.Join(keys, ",")), grouped("failure.then", steps)}
}

// grouped is a remark of several, or the only one.
func grouped(key string, list []remark.Remark) remark.Remark {
	if len(list) == 1 {
		return list[0]
	}
	return remark.New(key, "of", list)
}

// classOfEvent is the kind of one event. Which component it strikes does not matter.
func classOfEvent(e outage.Event, regions []string) class {
	what := remark.New("failure." + string(e.Kind))
	where := ""
	if e.Region != "" && e.Kind != outage.Node {
		where = Other
		if len(regions) > 0 && e.Region == regions[0] {
			where = First
		}
		what = what.With("where", where)
	}
	if e.Number > 1 || e.Kind == outage.DisksLost {
		what = what.With("number", e.Number)
	}
	if e.After > 0 {
		what = what.With("after", e.After)
	}
	return class{fmt.Sprintf("%02d %s %02d %012.3f", slices.Index(kinds(), e.Kind), where, e.Number, e.After), what}
}

// failuresOf are the kinds of failures that any solution can have.
func failuresOf(inputs []Input) []Failure {
	var classes []class
	for i := range inputs {
		if a := inputs[i].Assessment; a != nil {
			for k := range a.Rows {
				classes = append(classes, classOf(a.Rows[k].Of, a.Regions))
			}
		}
	}
	slices.SortStableFunc(classes, func(a, b class) int { return cmp.Compare(a.key, b.key) })
	classes = slices.CompactFunc(classes, func(a, b class) bool { return a.key == b.key })
	out := make([]Failure, len(classes))
	for i, c := range classes {
		out[i] = Failure{What: c.what, Outcomes: make([]*Outcome, len(inputs))}
		for k := range inputs {
			out[i].Outcomes[k] = worstOf(inputs[k].Assessment, c)
			out[i].Differs = out[i].Differs || !sameOutcome(out[i].Outcomes[k], out[i].Outcomes[0])
		}
	}
	return out
}

// worstOf is the worst outcome of a kind in one solution. In a region of one zone its loss is
// that of the region; nil where there is nothing of the kind.
func worstOf(a *resilience.Assessment, c class) *Outcome {
	if a == nil {
		return nil
	}
	worst := worstRow(a, c.key)
	if worst == nil && c.what.Key == "failure.zone" {
		for i := range a.Regions {
			region := classOf(outage.Of(outage.Event{Kind: outage.RegionLost, Region: a.Regions[i]}), a.Regions)
			if region.what.Text("where") != c.what.Text("where") {
				continue
			}
			if worst = worstRow(a, region.key); worst != nil {
				break
			}
		}
	}
	if worst == nil {
		return nil
	}
	return outcomeOf(worst)
}

func worstRow(a *resilience.Assessment, key string) *resilience.Row {
	var worst *resilience.Row
	for i := range a.Rows {
		r := &a.Rows[i]
		if classOf(r.Of, a.Regions).key == key && (worst == nil || graver(r, worst)) {
			worst = r
		}
	}
	return worst
}

func outcomeOf(r *resilience.Row) *Outcome {
	return &Outcome{Scenario: r.Scenario, Outcome: r.Outcome, Now: r.Now, Auto: r.Auto, Hand: r.Hand, By: r.By,
		Down: r.Down, Loss: largest(r.Losses), TwoLeaders: r.TwoLeaders}
}

// largest is the largest loss of a row: all before a time, an unknown time before a known one.
func largest(list []resilience.Loss) *resilience.Loss {
	var most *resilience.Loss
	for i := range list {
		if l := &list[i]; most == nil || compareLoss(l, most) > 0 {
			most = l
		}
	}
	return most
}

// compareLoss orders losses for showing the largest.
func compareLoss(a, b *resilience.Loss) int {
	return cmp.Or(compareBool(a.All, b.All), compareTime(a.Time, b.Time))
}

// compareTime orders times for showing the longest: of equal ones that which is known less.
func compareTime(a, b resilience.Time) int {
	return cmp.Or(compareBool(!a.Known(), !b.Known()), cmp.Compare(a.Seconds, b.Seconds))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// graver orders rows for showing the worst: by what users have at last, and before people
// act, then who has to act, what is lost, and how long it takes.
func graver(a, b *resilience.Row) bool {
	x, y := outcomeOf(a), outcomeOf(b)
	loss := func(l *resilience.Loss) *resilience.Loss {
		if l == nil {
			return &resilience.Loss{}
		}
		return l
	}
	return cmp.Or(cmp.Compare(rank(outcomes(), x.Outcome), rank(outcomes(), y.Outcome)),
		cmp.Compare(y.Hand.Least(), x.Hand.Least()), cmp.Compare(y.Auto.Least(), x.Auto.Least()),
		compareBool(x.TwoLeaders, y.TwoLeaders), cmp.Compare(rank(actors(), x.By), rank(actors(), y.By)),
		compareLoss(loss(x.Loss), loss(y.Loss)), compareTime(x.Down, y.Down)) > 0
}

// inScope tells whether a row is one of the losses that a profile's aims name, or else its
// policy.
func inScope(p *workload.Profile, r *resilience.Row) bool {
	return slices.Contains(resilience.Asked(p), r.Loss())
}
