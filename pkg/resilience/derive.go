package resilience

import (
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/outage"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

const (
	modelSection = "MODEL section 9"
	digits       = 8 // of a part of the year: less would hide what nines are about
)

// Derived is one step to a figure of an assessment.
type Derived struct {
	Scenario  string // text of the scenario; "" of what is of none
	Component string // that the step is about; "" of the system
	remark.Step
}

// deriver derives the figures of an assessment.
type deriver struct {
	*assessor
	of    *Assessment
	bill  money.Amount
	row   *Row // of which the next steps are; nil of none
	trace *outage.Trace
	out   []Derived
}

// Derive says how figures of an assessment of a plan came about: those of the named
// scenarios, of all aims with what decides them, of the buffers, and of availability. The bill
// is that of the plan, USD a month.
func (a *Assessment) Derive(p *plan.Plan, facts *catalog.Facts, bill money.Amount, scenarios []string) ([]Derived,
	error) {
	x, err := newAssessor(p, facts)
	if err != nil {
		return nil, err
	}
	d := &deriver{assessor: x, of: a, bill: bill}
	wanted := slices.Clone(scenarios)
	for i := range a.Aims {
		wanted = append(wanted, a.Aims[i].Scenario)
	}
	for i, name := range wanted {
		at := slices.IndexFunc(a.Rows, func(r Row) bool { return r.Scenario == name })
		if at < 0 || slices.Contains(wanted[:i], name) {
			continue
		}
		if err := d.scenario(&a.Rows[at]); err != nil {
			return nil, err
		}
	}
	d.row, d.trace = nil, nil
	d.aims()
	d.success()
	return d.out, d.figures()
}

// add adds a step of the system, or of a component of it.
func (d *deriver) add(component string, s remark.Step) {
	x := Derived{Component: component, Step: s}
	if d.row != nil {
		x.Scenario = d.row.Scenario
	}
	d.out = append(d.out, x)
}

// scenario derives what comes of one scenario.
func (d *deriver) scenario(r *Row) error {
	x, err := Parse(r.Scenario)
	if err != nil {
		return err
	}
	if d.trace, err = d.runner.Trace(x); err != nil {
		return err
	}
	d.row = r
	d.served()
	for i := range d.trace.Parts {
		d.part(i)
	}
	d.times()
	for i := range d.trace.Losses {
		d.loss(&d.trace.Losses[i])
	}
	d.latency()
	d.buffer()
	if len(r.Unprotected) > 0 {
		d.add("", span("unprotected for", d.until(x)).Adding("step.unprotected", "from", r.Unprotected))
	}
	if p := r.Protection; p != nil {
		d.add("", bills("what the protection costs a month", d.bill, d.bill.Minus(p.Month)).
			Noting("step.without", "what", p.Without))
	}
	return nil
}

// bills is a step to the difference of two bills, USD a month.
func bills(what string, bill, less money.Amount) remark.Step {
	dollars := func(x money.Amount) unit.Figure { return unit.WithDecimals(x.Float64(), 2) }
	return remark.Derive(what, modelSection, remark.Notate("${}", "", dollars(bill.Minus(less))), "${bill} − ${less}",
		"bill", dollars(bill), "less", dollars(less))
}

// aims derives what each aim is held against, and what its remedy costs.
func (d *deriver) aims() {
	for i := range d.of.Aims {
		x := &d.of.Aims[i]
		s := remark.Derive(x.Key, modelSection, nil, "")
		s.Note = x.Remark()
		if x.Got != nil {
			s.Result = remark.Notate("{}", "", figureIn(x.Unit, *x.Got))
		}
		d.add(x.Component, s.Adding("step.verdict", "verdict", string(x.Verdict)))
		if x.Remedy != nil {
			d.add("", bills("{aim}: more a month", d.bill.Plus(x.Remedy.Month), d.bill).
				Naming("aim", x.Key).
				Noting("step.with", "sets", x.Remedy.Set))
		}
	}
}

// figureIn is a figure in the unit of an aim.
func figureIn(of string, x float64) any {
	switch of {
	case "s":
		return unit.Duration(x)
	case "part":
		return unit.RoughPart(x, digits)
	}
	return unit.Count(x)
}

// success says how many users are carried while nothing is lost: what is found by holding
// ever more of them against the limits of the same machines.
func (d *deriver) success() {
	if d.of.Success > 0 {
		d.add(d.of.Full, remark.Derive("users carried while nothing is lost", "MODEL section 6",
			unit.Count(d.of.Success), "").Noting("step.searched", "component", d.of.Full, "now", d.of.Users))
	}
}

// buffer derives how many users are carried in the state of a scenario.
func (d *deriver) buffer() {
	if d.row.Buffer != nil {
		d.room("users carried", *d.row.Buffer)
	}
}

// room derives users that are carried: those of the peak, times the room of the part that has
// least.
func (d *deriver) room(what string, users float64) {
	s := remark.Derive(what, modelSection, unit.Count(users), "{users} × {room}", "users", unit.Count(d.of.Users),
		"room", d.trace.Room)
	for i := range d.trace.Stages[2].Remains {
		x := &d.trace.Stages[2].Remains[i]
		if x.Left > 0 && x.Of != "" && x.Room == d.trace.Room {
			s = s.Noting("step.first_full", "component", d.nameOf(x), "region", d.system.Regions[x.Region].Name,
				"resource", x.Of)
			break
		}
	}
	d.add(d.trace.Full, s)
}

func (d *deriver) nameOf(x *outage.Remains) string { return d.system.Parts[x.Part].Name }
