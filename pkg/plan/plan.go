package plan

import (
	"headroom/pkg/catalog"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Options are what the search reads beside the demand and its profile. The zero
// value leaves everything to the profile.
type Options struct {
	Overlays []Overlay
	// Purchase is an option for all nodes instead of the profile's: on-demand,
	// optimal, reserved-1y, reserved-3y, spot. Machines rank at what they cost
	// so.
	Purchase string
	// Force names the machines of components that are then sized but not
	// chosen, for comparing systems with the machines of another plan.
	Force map[string]Machine
	// Keep is what runs of each component: its machine is held while it carries the
	// component and may be chosen for it. Whether it is held or not, data are divided into
	// no fewer parts than there are already, unless the profile states how many.
	Keep map[string]Runs
	// Leave is the part of a component's running cost for which a kept machine is left,
	// too: another one saves more than that. 0 leaves none that does.
	Leave float64
	Reuse *Reuse // nil for a single search
	// Sellers have machines beside EC2's. Their regions are those of the profile.
	Sellers []market.Seller
}

// Machine is a node type with a storage layout, by their names.
type Machine struct{ Type, Storage string }

// Runs is what runs of a component.
type Runs struct {
	Machine
	Divided sizing.Divided // how its data is divided; nil where it is not, or that is not known
}

// Plan is a system with its machines.
type Plan struct {
	// Profile is the system in its situation, with the parts that every bill
	// has, such as data transfer.
	Profile  *workload.Profile
	Demand   *workload.Demand
	System   *sizing.System // nil where every machine is given and there is no workload
	Tables   *Tables
	Purchase string    // of the options
	Choices  []*Choice // in the order of the profile
	// Order has the same choices as they were sized: callers before what they
	// call. It is empty where System is nil.
	Order []*Choice

	search *search
}

// Choice is the machine chosen, or given, for one component.
type Choice struct {
	Component *workload.Component
	Layout    *sizing.Layout
	Pinned    bool  // given by the profile: checked, not chosen
	Structure int   // which of the component's structures it has, see sizing.Structured
	Kept      *Kept // what became of the machine that Options.Keep names; nil where it names none
	more      int   // shards of each partition beyond the least, see sizing.Splitter
	cost      func() exactCost
	weights   *weights
}

// Cost is what the choice costs a month on the bill at the wanted purchase,
// unrounded.
func (c *Choice) Cost() money.Amount { return c.Running().Bill }

// Running is the running cost of the choice at the wanted purchase, unrounded; zero
// where it has no nodes of its own. It is worked out when asked for: a search has
// compared costs already.
func (c *Choice) Running() RunningCost {
	if c.cost == nil {
		return RunningCost{}
	}
	return c.weights.on(c.Layout, c.cost())
}

// Machine is the choice's machine; the zero Machine where it has no nodes.
func (c *Choice) Machine() Machine {
	if c.Layout.Type == nil {
		return Machine{}
	}
	return machineOf(c.Layout)
}

func machineOf(l *sizing.Layout) Machine { return Machine{l.Type.Name, l.Storage.String()} }

// Search finds the machines with the lowest running cost that carry a demand. Invalid input comes as
// diag.Problem or diag.Problems; a system that nothing can carry as *Infeasible.
func Search(d *workload.Demand, cat *catalog.Catalog, o Options) (*Plan, error) {
	own, err := sitesOf(d, cat)
	if err != nil {
		return nil, err
	}
	names, err := market.New(market.EC2(cat, nil), o.sellers(own, nil, nil)...)
	if err != nil {
		return nil, err
	}
	if err := checkPurchases(d.Profile, names); err != nil {
		return nil, err
	}
	if err := checkAllowed(d.Profile, names); err != nil {
		return nil, err
	}
	tables, err := o.tables(cat, d.Profile, own)
	if err != nil {
		return nil, err
	}
	p := &Plan{Profile: d.Profile, Demand: d, Tables: tables, Purchase: o.Purchase}
	if p.Profile.Pinned() && p.Profile.Peak.Users.V == 0 {
		p.Choices, err = given(p.Profile, tables.Market)
	} else {
		err = p.find(&o, own)
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// find chooses or checks every component.
func (p *Plan) find(o *Options, own *sites) error {
	all := p.Profile.Prices.Scope != scopeCompute
	if all {
		p.Profile = withImplicit(p.Profile)
		d := *p.Demand
		d.Profile = p.Profile
		p.Demand = &d
	}
	sys, err := sizing.NewSystem(p.Demand, p.Tables.Vintage)
	if err != nil {
		return err
	}
	o.Reuse.share(sys)
	types := newNodeTypes(p.Tables, sys.Speeds)
	whole, err := money.Float(float64(p.Profile.CommittedHours()))
	if err != nil {
		return err
	}
	sys.Divided = divided(p.Profile, o.Keep)
	p.System = sys
	p.search = &search{sys: sys, tables: p.Tables, hours: p.Tables.Hours.Float64(), whole: whole.Float64(),
		nodeTypes: types, storage: all, priceCache: o.cache(p.Tables.Vintage, p.Profile,
			own), own: own, force: o.Force, keep: o.Keep, leave: o.Leave, purchase: o.Purchase}
	p.search.each = p.search.perNode()
	if p.search.weights, err = newWeights(p.Profile, types.generations); err != nil {
		return err
	}
	sys.Ranking = ranking{p.search}
	return p.readHome(p.walk())
}

// Describe fills in the limits and the structure of all layouts, where that is not done: a
// search looks at neither.
func (p *Plan) Describe() {
	for _, c := range p.Choices {
		c.Layout.Detail()
	}
}

// Outline is Describe for less, where many plans are made of which no report of its own is:
// of the limits it keeps only those that Binding and Fullest find, and no roles.
func (p *Plan) Outline() {
	if p.System == nil {
		p.Describe() // given machines, of which there is little to say
		return
	}
	layouts := make([]*sizing.Layout, len(p.Choices))
	for i, c := range p.Choices {
		layouts[i] = c.Layout
	}
	p.System.Outline(layouts, deciding)
}

// Derivation is how the numbers of the choice came about.
func (c *Choice) Derivation() []remark.Step { return c.Layout.Derive() }
