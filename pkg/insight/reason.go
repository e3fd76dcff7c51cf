package insight

import (
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// reasoning is what the explanation of one component is made from.
type reasoning struct {
	r      *bill.Result
	s      *plan.Surveyed
	inputs []workload.Input
	price  money.Amount // of the component, a month
}

func (w *reasoning) component(part *bill.Part) (ComponentReasoning, error) {
	c := w.s.Choice
	paths, err := w.paths()
	if err != nil {
		return ComponentReasoning{}, err
	}
	x := ComponentReasoning{Part: *part, Load: w.load(), Steps: append(derived(c.Derivation()), paths...),
		Limits: bill.LimitsOf(c.Layout, w.r.Plan.Profile), Why: w.why(), Weighed: w.weighed(),
		Transfer:     w.s.Transfer.Cents(),
		Alternatives: w.alternatives(),
		Rejected:     refusals(w.s.Rejected), Purchase: w.offers(), Mix: []bill.PoolBuying{}, Lines: []bill.Line{},
		Grows: c.Layout.Grows, Apart: w.apart(), Inputs: w.inputUses()}
	x.Part.Limits = nil // those of the survey are beside it
	for _, line := range w.r.Estimate.Lines {
		if line.Component == part.Name {
			x.Lines = append(x.Lines, line)
		}
	}
	x.Advice = w.sharing(x.Lines)
	if b := w.r.Estimate.Buying; b != nil {
		for _, p := range b.Pools {
			if p.Component == part.Name {
				x.Mix = append(x.Mix, p)
			}
		}
	}
	return x, nil
}

func (w *reasoning) alternatives() []OtherMachine {
	out := []OtherMachine{}
	for i := range w.s.Alternatives {
		out = append(out, w.other(&w.s.Alternatives[i]))
	}
	return out
}

func (w *reasoning) nodes(pools []sizing.Pool) []NodeCount {
	out := make([]NodeCount, len(pools))
	for i, p := range pools {
		out[i] = NodeCount{w.r.Plan.Profile.Regions[p.Region].Name, p.Role, p.Min, p.Max}
	}
	return out
}

// inputUses are the inputs of the component with their provenance.
func (w *reasoning) inputUses() []InputUse {
	out := []InputUse{}
	prefix := "components." + w.s.Choice.Component.Name + "."
	for _, in := range w.inputs {
		if path, ok := strings.CutPrefix(in.Path, prefix); ok {
			out = append(out, InputUse{Path: path, Value: in.Value, Number: in.Number(), Unit: in.Unit,
				Source: in.Source, Assumed: in.Assumed, Default: !in.Set, Line: in.Pos.Line})
		}
	}
	return out
}

// loadOf is what arrives at a component at its greatest.
func (w *reasoning) load() []Derived {
	out := []Derived{}
	sys := w.r.Plan.System
	if sys == nil {
		return out
	}
	f := sys.Flow
	l := f.Of(w.s.Choice.Component.Name)
	for _, i := range l.Regions {
		var own, lost [2]float64
		for h := range workload.Hours {
			a, b := f.Rate(l, i, h, false)
			if float64(a)+float64(b) > own[0]+own[1] {
				own = [2]float64{float64(a), float64(b)}
			}
			a, b = f.Rate(l, i, h, true)
			if float64(a)+float64(b) > lost[0]+lost[1] {
				lost = [2]float64{float64(a), float64(b)}
			}
		}
		region := f.Demand.Regions[i].Name
		rates := remark.Notate("{reads} reads, {writes} writes", "reads", unit.EventRate(own[0]),
			"writes", unit.EventRate(own[1]))
		step := remark.Derive("peak in {region}", "", rates, "").Naming("region", region).
			Noting("step.from", "callers", l.Callers, "scope", l.Scope)
		if lost != own {
			step = step.Adding("step.region_lost", "reads", lost[0], "writes", lost[1])
		}
		out = append(out, Derived{Step: step, Region: region, Rate: max(own[0]+own[1], lost[0]+lost[1])})
	}
	return out
}

// why says why the component has this machine.
func (w *reasoning) why() remark.Remark {
	c := w.s.Choice
	switch {
	case c.Pinned:
		return remark.New("why.pinned")
	case c.Layout.Type == nil:
		return remark.New("why.no_nodes")
	}
	r := remark.New("why.cheapest", "layouts", w.s.Feasible, "month", w.price.Float64(),
		"rejected", len(w.s.Rejected))
	if x := runningCost(w.onBill(), c.Running()); !x.Total.Equal(x.Bill) {
		r = r.With("nodes", x.Nodes.Float64(), "shards", x.Shards.Float64(), "family", x.Family.Float64())
	}
	if b, ok := plan.Binding(c.Layout); ok {
		r = r.With("resource", b.Of.Name, "state", b.State.String())
	}
	if x := w.s.Transfer.Cents(); !x.IsZero() {
		r = r.With("elsewhere", x.Float64())
	}
	return r
}

// refusals groups rejections by what they fail on, the most frequent first,
// each with its nearest miss.
func refusals(list []*sizing.Rejection) []Refusal {
	out := []Refusal{}
	nearest := map[string]*sizing.Rejection{}
	for _, rej := range list {
		i := slices.IndexFunc(out, func(x Refusal) bool { return x.Resource == rej.Resource })
		if i < 0 {
			out = append(out, Refusal{Resource: rej.Resource})
			i = len(out) - 1
			nearest[rej.Resource] = rej
		}
		out[i].Layouts++
		if rej.Miss() < nearest[rej.Resource].Miss() {
			nearest[rej.Resource] = rej
		}
	}
	for i := range out {
		rej := nearest[out[i].Resource]
		miss := NearMiss{Why: rej.Remark("rejection.short")}
		if rej.Type != nil {
			miss.Machine, miss.Storage = rej.Type.Name, rej.Storage.String()
		}
		out[i].Nearest = miss
	}
	slices.SortStableFunc(out, func(a, b Refusal) int { return b.Layouts - a.Layouts })
	return out
}
