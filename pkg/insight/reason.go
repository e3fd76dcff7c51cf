package insight

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// reasoning is what the explanation of one component is made from.
type reasoning struct {
	r      *bill.Result
	s      *plan.Surveyed
	inputs []workload.Input
}

func (w *reasoning) component(part *bill.Part) ComponentReasoning {
	c := w.s.Choice
	x := ComponentReasoning{Part: *part, Load: w.load(), Steps: derived(c.Derivation()), Limits: w.limits(),
		Why: w.why(), Alternatives: w.alternatives(), Rejected: refusals(w.s.Rejected), Purchase: w.offers(),
		Mix: []bill.PoolBuying{}, Lines: []bill.Line{}, Grows: c.Layout.Grows, Inputs: w.inputUses()}
	for _, line := range w.r.Estimate.Lines {
		if line.Component == part.Name {
			x.Lines = append(x.Lines, line)
		}
	}
	if b := w.r.Estimate.Buying; b != nil {
		for _, p := range b.Pools {
			if p.Component == part.Name {
				x.Mix = append(x.Mix, p)
			}
		}
	}
	return x
}

func (w *reasoning) limits() []LimitCheck {
	out := []LimitCheck{}
	for _, l := range w.s.Choice.Layout.Limits {
		out = append(out, LimitCheck{Resource: l.Of.Name, State: l.State.String(),
			Region: w.r.Plan.Profile.Regions[l.Region].Name, Role: l.Role, Need: l.Need, Have: l.Have, Unit: l.Of.Unit,
			Utilisation: l.Utilisation(), Target: l.Target, Slack: l.Slack(), Nodes: l.Nodes, Binding: l.Binding,
			Why: l.Why, NeedText: sizing.Quantity(l.Need, l.Of.Unit), HaveText: sizing.Quantity(l.Have, l.Of.Unit)})
	}
	return out
}

func (w *reasoning) alternatives() []OtherMachine {
	out := []OtherMachine{}
	for _, a := range w.s.Alternatives {
		out = append(out, OtherMachine{Machine: a.Layout.Type.Name, Storage: a.Layout.Storage.String(),
			Nodes: poolText(a.Layout.Pools), Month: a.Cost.Cents().String(), Binds: bill.Binds(a.Layout),
			Difference: "+" + a.Cost.Minus(w.s.Choice.Cost).Cents().String()})
	}
	return out
}

// inputUses are the inputs of the component with their provenance.
func (w *reasoning) inputUses() []InputUse {
	out := []InputUse{}
	prefix := "components." + w.s.Choice.Component.Name + "."
	for _, in := range w.inputs {
		if path, ok := strings.CutPrefix(in.Path, prefix); ok {
			out = append(out, InputUse{Path: path, Value: in.Value, Source: in.Source, Assumed: in.Assumed,
				Default: !in.Set, Line: in.Pos.Line})
		}
	}
	return out
}

// poolText lists pools as "3+3" or "2–5+2–5".
func poolText(pools []sizing.Pool) string {
	var parts []string
	for _, p := range pools {
		s := fmt.Sprint(p.Min)
		if p.Max != p.Min {
			s = fmt.Sprintf("%d–%d", p.Min, p.Max)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "+")
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
		result := fmt.Sprintf("%s reads, %s writes", sizing.Quantity(own[0], "/s"), sizing.Quantity(own[1], "/s"))
		if lost != own {
			result += fmt.Sprintf("; %s and %s with a region lost", sizing.Quantity(lost[0], "/s"),
				sizing.Quantity(lost[1], "/s"))
		}
		from := "users"
		if len(l.Callers) > 0 {
			from = strings.Join(l.Callers, ", ")
		}
		out = append(out, Derived{What: "peak in " + f.Demand.Regions[i].Name,
			Formula: "from " + from + ", scope " + l.Scope, Result: result})
	}
	return out
}

// why says why the component has this machine.
func (w *reasoning) why() string {
	c := w.s.Choice
	switch {
	case c.Pinned:
		return "pinned by the profile: checked, not chosen"
	case c.Layout.Type == nil:
		return "runs on no nodes of its own"
	}
	s := fmt.Sprintf("cheapest of %d layouts that carry the load, at $%s a month; %d do not",
		w.s.Feasible, c.Cost.Cents(), len(w.s.Rejected))
	if b, ok := plan.Binding(c.Layout); ok {
		s += fmt.Sprintf("; sized by %s (%s)", b.Of.Name, b.State)
	}
	return s
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
		if rej.Type != nil {
			out[i].Nearest = strings.TrimSpace(rej.Type.Name+" "+rej.Storage.String()) + ": "
		}
		out[i].Nearest += rej.Error()
	}
	slices.SortStableFunc(out, func(a, b Refusal) int { return b.Layouts - a.Layouts })
	return out
}
