package insight

import (
	"fmt"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/purchase"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
)

// ExplanationSchema identifies the JSON form of an Explanation.
const ExplanationSchema = "headroom.explanation/v3"

// Explanation is how an estimate came about: what the search really did, not a
// second story about it.
type Explanation struct {
	Schema     string               `json:"schema"`
	Profile    bill.Source          `json:"profile"`
	Prices     bill.PricesUsed      `json:"prices"`
	Title      string               `json:"title"`
	Regions    []string             `json:"regions"`
	Total      bill.Cost            `json:"total"` // of the whole estimate, a month
	Demand     []Derived            `json:"demand"`
	Components []ComponentReasoning `json:"components"`
	// Aims says how many aims of the profile are met; zero where it has none.
	Aims remark.Remark `json:"aims,omitzero"`
	// Failures are the steps to the figures of what becomes of the system when something
	// fails, where Failing was asked for them: of all, or of the component that is explained.
	Failures []resilience.Derived `json:"failures,omitempty"`
	// Where all components are explained:
	Buying *bill.Buying `json:"buying,omitempty"`
	Quotas []bill.Quota `json:"quotas,omitempty"`
	// Together is what all environments cost; nil where there is production only.
	Together *bill.Together `json:"together,omitempty"`
}

// Derived is one step of a derivation. JSON has it with the texts that package report
// makes of it.
type Derived struct {
	remark.Step
	// Region and Rate, of reads and writes per second at the most, are of what arrives at
	// a component.
	Region string
	Rate   float64
}

// ComponentReasoning is why a component is what it is.
type ComponentReasoning struct {
	Part    bill.Part     `json:"component"` // with its cost; its limits are those below
	Load    []Derived     `json:"load"`
	Steps   []Derived     `json:"steps"`
	Limits  []LimitCheck  `json:"limits"`
	Why     remark.Remark `json:"why"`
	Weighed *Weighed      `json:"weighed,omitempty"` // nil where no machine is rented for it alone
	// Transfer is what its nodes send each other between zones and regions, in USD a month:
	// a part of the price of data transfer, by which machines are chosen, too.
	Transfer     money.Amount      `json:"transfer"`
	Alternatives []OtherMachine    `json:"alternatives"`
	Rejected     []Refusal         `json:"rejected"`
	Purchase     []Offer           `json:"purchase"`
	Mix          []bill.PoolBuying `json:"mix"`
	Lines        []bill.Line       `json:"lines"`
	Grows        remark.Remark     `json:"grows"`
	// Apart says what functional partitions would cost apart that are on one primary; zero
	// where there are none such.
	Apart  remark.Remark   `json:"apart,omitzero"`
	Advice []remark.Remark `json:"advice,omitempty"` // what would cost less
	Inputs []InputUse      `json:"inputs"`
}

// LimitCheck is one constraint with its slack, as estimates have it.
type LimitCheck = bill.Limit

// OtherMachine is what another machine would cost.
type OtherMachine struct {
	Machine string       `json:"machine"`
	Storage string       `json:"storage"`
	Pools   []NodeCount  `json:"pools"`
	Month   money.Amount `json:"month"` // USD: the price of the component with this machine
	// Transfer is what its nodes would send each other, as ComponentReasoning has it.
	Transfer money.Amount `json:"transfer"`
	// Difference is USD a month more on the bill, transfer with it, than what was chosen;
	// below 0 where it is less.
	Difference money.Amount `json:"difference"`
	Binds      *bill.Bind   `json:"binds,omitempty"`
	Running    RunningCost  `json:"running"`
}

// NodeCount is how many nodes a pool has.
type NodeCount struct {
	Region string `json:"region"`
	Role   string `json:"role"`
	Min    int    `json:"min"`
	Max    int    `json:"max"`
}

// Refusal groups the types that fail on the same resource.
type Refusal struct {
	Resource string   `json:"resource"`
	Layouts  int      `json:"layouts"`
	Nearest  NearMiss `json:"nearest"`
}

// NearMiss is the type that misses a need by least.
type NearMiss struct {
	Machine string        `json:"machine"`
	Storage string        `json:"storage"`
	Why     remark.Remark `json:"why"` // resource, need, have, unit
}

// Offer is one way to buy the machine, in the component's first region.
type Offer struct {
	Option    string  `json:"option"`
	Kind      string  `json:"kind"`    // on-demand, spot, reserved, convertible, sp-ec2, sp-compute
	Years     int     `json:"years"`   // of the term; 0 without commitment
	Upfront   string  `json:"upfront"` // none, partial, all; "" without commitment
	Region    string  `json:"region"`
	Effective float64 `json:"effective_per_hour"` // USD, fees spread over the term; 0 without a price
	// Month is USD for a month of a machine that is paid by the month: then there is no other offer.
	Month float64 `json:"per_month,omitempty"`
	// BreakEven is the part of the hours from which on a commitment costs no
	// more than on demand.
	BreakEven float64 `json:"break_even"`
	// SpotBelow is the part of the hours below which spot costs less than the best
	// commitment; 0 for other options.
	SpotBelow float64      `json:"spot_below"`
	Fee       money.Amount `json:"fee"` // USD once a term
	AsOf      string       `json:"as_of"`
	Source    string       `json:"source"`
	Note      string       `json:"note"` // what the tables say of the price
	// Missing says why there is no price, and Assumed what about it is assumed.
	Missing remark.Remark        `json:"missing,omitzero"`
	Assumed remark.Remark        `json:"assumed,omitzero"`
	Spot    []purchase.SpotQuote `json:"spot,omitempty"` // of each type that spot is spread over
}

// InputUse is an input of the component with its provenance.
type InputUse struct {
	Path  string `json:"path"`
	Value string `json:"value"` // as a profile has it
	// Number is the value in its base unit; nil of what is no number of its own.
	Number  *float64 `json:"number,omitempty"`
	Unit    string   `json:"unit,omitempty"` // of the number: B, B/s, s, /s; "" for counts and parts of 1
	Source  string   `json:"source"`
	Assumed string   `json:"assumed"`
	Default bool     `json:"default"`
	Line    int      `json:"line"`
}

// Explain surveys a billed plan and says how it came about: one component of it,
// or all where component is "". An unknown component is an error that names the
// known ones.
func Explain(r *bill.Result, component string) (*Explanation, error) {
	e := r.Estimate
	x := &Explanation{Schema: ExplanationSchema, Profile: e.Profile, Prices: e.Prices, Title: e.Title,
		Regions: e.Regions, Total: e.Total,
		Demand: []Derived{}}
	if r.Plan.System != nil {
		x.Demand = derived(r.Plan.Profile.DemandSteps(r.Plan.Demand))
	}
	survey, err := r.Plan.Survey()
	if err != nil {
		return nil, err
	}
	var names []string
	inputs, parts := r.Plan.Profile.Inputs(), bill.WithCosts(e).Parts
	for i := range survey {
		name := survey[i].Choice.Component.Name
		names = append(names, name)
		if component != "" && component != name {
			continue
		}
		why := reasoning{r, &survey[i], inputs, parts[i].Cost.Total.Expected}
		c, err := why.component(&parts[i])
		if err != nil {
			return nil, err
		}
		x.Components = append(x.Components, c)
	}
	if component == "" && r.Plan.Profile.Aims.Any() {
		if err := Withstand(r); err != nil {
			return nil, err
		}
		if facts := aimsFacts(e.Resilience); len(facts) > 0 {
			x.Aims = facts[0]
		}
	}
	if component == "" {
		x.Buying, x.Together = e.Buying, r.Together()
		if x.Quotas, err = r.Quotas(); err != nil {
			return nil, err
		}
	}
	if len(x.Components) == 0 {
		return nil, &UnknownComponent{Name: component, Known: names}
	}
	return x, nil
}

func derived(steps []remark.Step) []Derived {
	out := make([]Derived, len(steps))
	for i := range steps {
		out[i] = Derived{Step: steps[i]}
	}
	return out
}

// UnknownComponent is a component that a profile does not have.
type UnknownComponent struct {
	Name  string
	Known []string
}

func (e *UnknownComponent) Error() string {
	return fmt.Sprintf("no component is called %q; the profile has %s", e.Name, strings.Join(e.Known, ", "))
}
