package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/purchase"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// ExplanationSchema identifies the JSON form of an Explanation.
const ExplanationSchema = "headroom.explanation/v1"

// Explanation is how an estimate came about: what the search really did, not a
// second story about it.
type Explanation struct {
	Schema     string               `json:"schema"`
	Profile    Source               `json:"profile"`
	Prices     Prices               `json:"prices"`
	Title      string               `json:"title"`
	Demand     []Derived            `json:"demand"`
	Components []ComponentReasoning `json:"components"`
	Buying     *Buying              `json:"buying,omitempty"` // where all components are explained
}

// Derived is one step of a derivation.
type Derived struct {
	What    string `json:"what"`
	Formula string `json:"formula"`
	Result  string `json:"result"`
	Source  string `json:"source"`
}

// ComponentReasoning is why a component is what it is.
type ComponentReasoning struct {
	Part         Part           `json:"component"`
	Load         []Derived      `json:"load"`
	Steps        []Derived      `json:"steps"`
	Limits       []LimitCheck   `json:"limits"`
	Why          string         `json:"why"`
	Alternatives []OtherMachine `json:"alternatives"`
	Rejected     []Refusal      `json:"rejected"`
	Purchase     []Offer        `json:"purchase"`
	Mix          []PoolBuying   `json:"mix"`
	Lines        []Line         `json:"lines"`
	Grows        string         `json:"grows"`
	Inputs       []InputUse     `json:"inputs"`
}

// LimitCheck is one constraint with its slack.
type LimitCheck struct {
	Resource    string  `json:"resource"`
	State       string  `json:"state"`
	Region      string  `json:"region"`
	Role        string  `json:"role"`
	Need        float64 `json:"need"`
	Have        float64 `json:"have"`
	Unit        string  `json:"unit"`
	Utilisation float64 `json:"utilisation"`
	Target      float64 `json:"target"`
	Slack       float64 `json:"slack"`
	Nodes       int     `json:"least_nodes"`
	Binding     bool    `json:"binding"`
	Why         string  `json:"why"`
	NeedText    string  `json:"-"`
	HaveText    string  `json:"-"`
}

// OtherMachine is what another family would cost.
type OtherMachine struct {
	Machine    string `json:"machine"`
	Storage    string `json:"storage"`
	Nodes      string `json:"nodes"`
	Month      string `json:"month"`
	Difference string `json:"difference"`
	Binds      string `json:"binds"`
}

// Refusal groups the types that fail on the same resource.
type Refusal struct {
	Resource string `json:"resource"`
	Layouts  int    `json:"layouts"`
	Nearest  string `json:"nearest"` // the type that misses it by least, with need and have
}

// Offer is one way to buy the machine, in the component's first region.
type Offer struct {
	Option    string  `json:"option"`
	Region    string  `json:"region"`
	Effective float64 `json:"effective_per_hour"` // USD, fees spread over the term; 0 without a price
	// BreakEven is the part of the hours from which on a commitment costs no
	// more than on demand.
	BreakEven float64 `json:"break_even"`
	Fee       string  `json:"fee"` // USD once a term
	AsOf      string  `json:"as_of"`
	Source    string  `json:"source"`
	Remark    string  `json:"remark"` // why there is no price, or what about it is assumed
}

// InputUse is an input of the component with its provenance.
type InputUse struct {
	Path    string `json:"path"`
	Value   string `json:"value"`
	Source  string `json:"source"`
	Assumed string `json:"assumed"`
	Default bool   `json:"default"`
	Line    int    `json:"line"`
}

// Explain turns an exhaustive result into an explanation of one component, or
// of all where component is "". An unknown component is an error that names
// the known ones.
func Explain(r *Result, component string) (*Explanation, error) {
	e := r.Estimate
	x := &Explanation{Schema: ExplanationSchema, Profile: e.Profile, Prices: e.Prices, Title: e.Title, Demand: derived(e.Steps)}
	var names []string
	inputs := r.Profile.Inputs()
	for i, c := range r.Choices {
		names = append(names, c.Component.Name)
		if component != "" && component != c.Component.Name {
			continue
		}
		x.Components = append(x.Components, r.reason(c, &e.Parts[i], inputs))
	}
	if component == "" {
		x.Buying = e.Buying
	}
	if len(x.Components) == 0 {
		return nil, unknownComponent(component, names)
	}
	return x, nil
}

func derived(steps []workload.Step) []Derived {
	out := make([]Derived, len(steps))
	for i, s := range steps {
		out[i] = Derived(s)
	}
	return out
}

// steps are how the numbers of a choice came about.
func (c *Choice) steps() []workload.Step {
	steps := c.Layout.Derive()
	if c.whole != nil {
		steps = append(steps, workload.Step{What: "split", Formula: c.whole.Error(), Result: "split until something does", Source: "MODEL section 5"})
	}
	return steps
}

func (r *Result) reason(c *Choice, part *Part, inputs []workload.Input) ComponentReasoning {
	l := c.Layout
	x := ComponentReasoning{Part: *part, Load: r.loadOf(c), Steps: derived(c.steps()), Limits: []LimitCheck{}, Why: r.why(c),
		Alternatives: []OtherMachine{}, Rejected: refusals(c.Rejected), Lines: []Line{}, Grows: l.Grows, Inputs: []InputUse{}}
	for _, lim := range l.Limits {
		x.Limits = append(x.Limits, LimitCheck{Resource: lim.Of.Name, State: lim.State.String(), Region: r.Profile.Regions[lim.Region].Name,
			Role: lim.Role, Need: lim.Need, Have: lim.Have, Unit: lim.Of.Unit, Utilisation: lim.Utilisation(), Target: lim.Target,
			Slack: lim.Slack(), Nodes: lim.Nodes, Binding: lim.Binding, Why: lim.Why,
			NeedText: sizing.Quantity(lim.Need, lim.Of.Unit), HaveText: sizing.Quantity(lim.Have, lim.Of.Unit)})
	}
	for _, a := range c.Alternatives {
		other := &Choice{Component: c.Component, Layout: a.Layout}
		x.Alternatives = append(x.Alternatives, OtherMachine{Machine: a.Layout.Type.Name, Storage: a.Layout.Storage.String(),
			Nodes: poolText(a.Layout.Pools), Month: a.Cost.Cents().String(), Difference: "+" + a.Cost.Minus(c.Cost).Cents().String(), Binds: other.binds()})
	}
	for _, line := range r.Estimate.Lines {
		if line.Component == c.Component.Name {
			x.Lines = append(x.Lines, line)
		}
	}
	x.Purchase, x.Mix = r.offers(c), []PoolBuying{}
	if b := r.Estimate.Buying; b != nil {
		for _, p := range b.Pools {
			if p.Component == c.Component.Name {
				x.Mix = append(x.Mix, p)
			}
		}
	}
	prefix := "components." + c.Component.Name + "."
	for _, in := range inputs {
		if path, ok := strings.CutPrefix(in.Path, prefix); ok {
			x.Inputs = append(x.Inputs, InputUse{Path: path, Value: in.Value, Source: in.Source, Assumed: in.Assumed, Default: !in.Set, Line: in.Pos.Line})
		}
	}
	return x
}

// offers lists every way to buy a component's machine, also those without a
// price: a term that is missing is named.
func (r *Result) offers(c *Choice) []Offer {
	out := []Offer{}
	if c.Layout.Type == nil || len(c.Layout.Pools) == 0 {
		return out
	}
	spec, all := purchaseOf(r.Profile, c.Component, ""), purchase.Unbounded() // every way, wanted or not
	reg := r.pricer.regions[c.Layout.Pools[0].Region]
	types, spotTypes := []string{c.Layout.Type.Name}, 1
	if limits, _, err := purchase.FromProfile(&spec); err == nil && r.sizer != nil {
		types, spotTypes = r.sizer.spread(c.Layout.Type, c.Component.Allow, limits.SpotTypes), limits.SpotTypes
	}
	options, err := purchase.Options(reg, types, spotTypes, rates(&spec, c.Layout.Type.Name))
	if err != nil {
		return out
	}
	for i := range options {
		o := &options[i]
		offer := Offer{Option: o.Name, Region: reg.Name(), AsOf: o.AsOf, Source: o.Source, Remark: o.Assumed}
		if o.Missing != "" {
			offer.Remark = o.Missing
		} else {
			offer.Effective, offer.Fee = o.Effective(), o.Fee.Cents().String()
			if options[0].Missing == "" && o.Committed() {
				offer.BreakEven = o.BreakEven(&options[0])
			}
			if len(o.Spot) > 0 {
				offer.Remark = spotRemark(o)
				if c, ok := all.Committed(options); ok && o.Effective() > 0 {
					offer.Remark += fmt.Sprintf("; cheaper than the best commitment below %.0f %% of hours", min(100, 100*c/o.Effective()))
				}
			}
		}
		out = append(out, offer)
	}
	return out
}

// spotRemark is what is known of the spot prices of an option's types.
func spotRemark(o *purchase.Option) string {
	var parts []string
	for _, q := range o.Spot {
		s := fmt.Sprintf("list %s; advisor %s; interruptions %s", known(q.HasPrice, q.Price.String(), q.PriceAsOf),
			known(q.HasAdvisor, q.Advisor.String(), q.AdvisorAsOf), cmp.Or(q.Band, "not known"))
		if len(o.Spot) > 1 {
			s = q.Type + ": " + s
		}
		parts = append(parts, s)
	}
	if o.Note != "" {
		parts = append(parts, o.Note)
	}
	return strings.Join(parts, " | ")
}

func known(ok bool, text, asOf string) string {
	if !ok {
		return "not known"
	}
	return text + " of " + asOf
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
func (r *Result) loadOf(c *Choice) []Derived {
	out := []Derived{}
	if r.System == nil {
		return out
	}
	f := r.System.Flow
	l := f.Of(c.Component.Name)
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
			result += fmt.Sprintf("; %s and %s with a region lost", sizing.Quantity(lost[0], "/s"), sizing.Quantity(lost[1], "/s"))
		}
		from := "users"
		if len(l.Callers) > 0 {
			from = strings.Join(l.Callers, ", ")
		}
		out = append(out, Derived{What: "peak in " + f.Demand.Regions[i].Name, Formula: "from " + from + ", scope " + l.Scope, Result: result})
	}
	return out
}

func (r *Result) why(c *Choice) string {
	switch {
	case c.Pinned:
		return "pinned by the profile: checked, not chosen"
	case c.Layout.Type == nil:
		return "runs on no nodes of its own"
	}
	s := fmt.Sprintf("cheapest of %d layouts that carry the load, at $%s a month; %d do not", c.Sized, c.Cost.Cents(), len(c.Rejected))
	if b, ok := c.binding(); ok {
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

func unknownComponent(name string, known []string) error {
	return &UnknownComponent{Name: name, Known: known}
}

// UnknownComponent is a component that a profile does not have.
type UnknownComponent struct {
	Name  string
	Known []string
}

func (e *UnknownComponent) Error() string {
	return fmt.Sprintf("no component is called %q; the profile has %s", e.Name, strings.Join(e.Known, ", "))
}
