package timeline

import (
	"cmp"
	"context"
	"errors"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// Schema identifies the JSON form of a Timeline.
const Schema = "headroom.timeline/v1"

// What a period is.
const (
	Month = "month"
	Week  = "week"
)

// Timeline is one system over time, or several side by side, such as the environments of a
// profile.
type Timeline struct {
	Schema  string       `json:"schema"`
	Program bill.Program `json:"program"`
	Period  string       `json:"period"`  // month or week
	Periods int          `json:"periods"` // how many there are to be
	Partial bool         `json:"partial"` // stopped before all were planned
	Systems []System     `json:"systems"`
	Total   Sums         `json:"total"`
	// Together is what the only system costs with the environments beside it; nil where there
	// is none, or where they are among the systems.
	Together *Together `json:"together,omitempty"`
}

// System is one system over all periods.
type System struct {
	Profile  bill.Source     `json:"profile"`
	Title    string          `json:"title"`
	Prices   bill.PricesUsed `json:"prices"` // of the last period
	Regions  []string        `json:"regions"`
	Purchase string          `json:"purchase"`
	Scope    string          `json:"scope"`
	Lead     int             `json:"lead"`    // months ahead for which stores are sized
	Horizon  int             `json:"horizon"` // months from the start for which partitions and shards are
	// Leave is the part of a component's running cost for which kept machines are left; 0
	// where each period is planned by itself.
	Leave   float64  `json:"leave"`
	Periods []Period `json:"periods"`
	Total   Sums     `json:"total"`
	// Failure says why the period after the last has no plan; "" where there is none
	// missing.
	Failure string `json:"failure,omitempty"`
	// Inexact are the components of which there may be a cheaper way to buy.
	Inexact []string `json:"inexact,omitempty"`
}

// Sums are the costs of a period, or of all of them, in dollars.
type Sums struct {
	Bill    money.Amount `json:"bill"`    // with fees spread over their terms, and with events
	Rented  money.Amount `json:"rented"`  // of it, what events rent
	Fees    money.Amount `json:"fees"`    // of it, shares of what was paid upfront
	Upfront money.Amount `json:"upfront"` // fees that are paid in the period
	Cash    money.Amount `json:"cash"`    // Bill − Fees + Upfront
}

// Plus adds.
func (s Sums) Plus(o Sums) Sums {
	return Sums{s.Bill.Plus(o.Bill), s.Rented.Plus(o.Rented), s.Fees.Plus(o.Fees), s.Upfront.Plus(o.Upfront),
		s.Cash.Plus(o.Cash)}
}

// Period is a month or a week.
type Period struct {
	Number int      `json:"number"` // from 0
	Month  int      `json:"month"`  // in which it begins, from 0
	Growth float64  `json:"growth"` // demand as a multiple of what the profile states
	Users  float64  `json:"users"`
	Phases []string `json:"phases,omitempty"` // and stages that begin
	Sums
	NodesMin   int         `json:"nodes_min"`
	NodesMax   int         `json:"nodes_max"`
	Components []Component `json:"components"`
	Events     []Event     `json:"events,omitempty"`
	Changes    []Change    `json:"changes,omitempty"` // from the period before
	Unpriced   int         `json:"unpriced"`          // needs without a price: the bill is a lower bound
	// Coverage is the part of the node hours, without spot and events, that commitments
	// cover; nil where nothing but on demand is wanted.
	Coverage *float64    `json:"coverage,omitempty"`
	Held     []bill.Held `json:"commitments,omitempty"`
}

// Component is a component, or an adjustment of the bill, in one period.
type Component struct {
	bill.Owner
	System  string          `json:"system"`
	Machine string          `json:"machine"`
	Pools   []bill.NodePool `json:"pools"` // none where its nodes are another's
	Cost    money.Amount    `json:"cost"`
	Fees    money.Amount    `json:"fees"`    // of it
	Upfront money.Amount    `json:"upfront"` // paid in the period
}

// Of finds a component of the period, or an adjustment; nil where its stage does not have it.
func (p *Period) Of(o bill.Owner) *Component {
	for i := range p.Components {
		if p.Components[i].Owner == o {
			return &p.Components[i]
		}
	}
	return nil
}

// Owners are the components and adjustments of all periods, as they come, each as it is when
// it first is there.
func (s *System) Owners() []*Component {
	var out []*Component
	seen := map[bill.Owner]bool{}
	for i := range s.Periods {
		for k := range s.Periods[i].Components {
			if c := &s.Periods[i].Components[k]; !seen[c.Owner] {
				seen[c.Owner], out = true, append(out, c)
			}
		}
	}
	return out
}

// Cash is what is paid for the component in the period.
func (c *Component) Cash() money.Amount { return c.Cost.Minus(c.Fees).Plus(c.Upfront) }

// Event is what an event rents in one period.
type Event struct {
	Name       string            `json:"name"`
	Hours      float64           `json:"hours"` // within the period
	Multiplier float64           `json:"multiplier"`
	Components []string          `json:"components,omitempty"` // that it concerns; none for all
	Nodes      []bill.SurgeNodes `json:"nodes"`
	Cost       money.Amount      `json:"cost"`
	Failure    string            `json:"failure,omitempty"` // why nothing carries it
}

// Planner plans a profile, as bill.Search does; that of the command line adds overlays. A
// system that nothing carries is a *plan.Infeasible, wrapped or not.
type Planner func(*workload.Profile, bill.Request) (*bill.Planned, error)

// Options are what a timeline reads beside the profile and the request.
type Options struct {
	Periods int
	Weekly  bool
	Anew    bool    // each period is planned by itself, as if nothing ran yet
	Leave   float64 // see System; 0 is plan.WorthMoving
	Plan    Planner
	// Beside are the requests of environments that are only summed up, with the only system.
	Beside []bill.Request
	// Progress is told after each period how many of how many are planned; nil for nobody.
	Progress func(done, of int)
}

// Name is what a period is called.
func (o *Options) Name() string {
	if o.Weekly {
		return Week
	}
	return Month
}

// Run plans the systems of requests, which are those of environments of one profile. When the
// context is cancelled it returns what is there, marked as partial.
func Run(ctx context.Context, p *workload.Profile, requests []bill.Request, o Options) (*Timeline, error) {
	t := &Timeline{Schema: Schema, Period: o.Name(), Periods: o.Periods}
	systems := len(requests) + len(o.Beside)
	for i, r := range requests {
		t.Program = r.Program
		if ctx.Err() != nil {
			t.Partial = true
			break
		}
		one := o
		if o.Progress != nil {
			one.Progress = func(done, of int) { o.Progress(i*of+done, systems*of) }
		}
		s, err := run(ctx, p, r, &one)
		if err != nil {
			return nil, err
		}
		if s == nil {
			t.Partial = true
			break
		}
		t.Partial = t.Partial || s.Failure == "" && len(s.Periods) < o.Periods
		t.Systems, t.Total = append(t.Systems, *s), t.Total.Plus(s.Total)
	}
	return t, t.beside(ctx, p, &o)
}

// run plans one system; nil where not even its first period was planned in time.
func run(ctx context.Context, p *workload.Profile, r bill.Request, o *Options) (*System, error) {
	w := &walk{profile: p, request: r, o: o, reuse: &plan.Reuse{}}
	for n := 0; n < o.Periods && ctx.Err() == nil && w.failure == ""; n++ {
		if err := w.next(n); err != nil {
			return nil, err
		}
		if o.Progress != nil {
			o.Progress(n+1, o.Periods)
		}
	}
	if len(w.periods.List) == 0 {
		return nil, nil
	}
	bills, err := w.periods.Bills()
	if err != nil {
		return nil, err
	}
	return w.system(bills), nil
}

// walk is a timeline under way.
type walk struct {
	profile *workload.Profile
	request bill.Request
	o       *Options
	reuse   *plan.Reuse
	periods bill.Periods
	events  [][]Event // by period
	failure string
}

// at is the situation of the n-th period.
func (w *walk) at(n int) workload.Situation {
	s := w.request.Situation
	s.Month = n
	if w.o.Weekly {
		s.Month, s.Week = workload.MonthOfWeek(n), &n
	}
	return s
}

// next plans the n-th period.
func (w *walk) next(n int) error {
	r := w.request
	r.Situation, r.Reuse = w.at(n), w.reuse
	if n > 0 {
		r.Keep, r.Leave = nil, 0
		if !w.o.Anew {
			r.Keep, r.Leave = w.periods.List[n-1].Plan.Runs(), cmp.Or(w.o.Leave, plan.WorthMoving)
		}
	}
	x, err := w.o.Plan(w.profile, r)
	var none *plan.Infeasible
	if n > 0 && errors.As(err, &none) {
		w.failure = none.Error()
		return nil
	}
	if err != nil {
		return err
	}
	w.periods.Weekly = w.o.Weekly
	w.periods.List = append(w.periods.List, bill.Period{Planned: x, Month: r.Month})
	return w.surges(n)
}

// surges sizes what the events of the n-th period ask for.
func (w *walk) surges(n int) error {
	now := &w.periods.List[n]
	w.events = append(w.events, nil)
	if now.Plan.System == nil {
		return nil
	}
	profile := now.Plan.Profile
	length, hours := 1.0, float64(profile.CommittedHours())
	from, to := float64(n), float64(n+1)
	if w.o.Weekly {
		const months, weeks float64 = workload.MonthsAYear, workload.WeeksAYear
		length, from, to = months/weeks, float64(n)*months/weeks, float64(n+1)*months/weeks
	}
	for i := range profile.Growth.Events {
		e := &profile.Growth.Events[i]
		lasts := e.Hours(from, to, hours)
		if lasts <= 0 || e.Multiplier.V <= 1 {
			continue
		}
		out := Event{Name: cmp.Or(e.Name, "event"), Hours: lasts, Multiplier: float64(e.Multiplier.V),
			Components: e.Components}
		layouts, failure, err := w.surge(now, e)
		if err != nil {
			return err
		}
		if out.Failure = failure; failure == "" {
			part := lasts / (hours * length)
			now.Surges = append(now.Surges, bill.Surge{Name: out.Name, Part: part, Layouts: layouts})
		}
		w.events[n] = append(w.events[n], out)
	}
	return nil
}

// surge sizes the components that an event concerns: on the machines of the period, or where
// these do not carry them on others; failure says why nothing does.
func (w *walk) surge(now *bill.Period, e *workload.Event) (_ map[string]*sizing.Layout, failure string, _ error) {
	s := now.Plan.Demand.Situation
	s.Surge = float64(e.Multiplier.V)
	concerned := concerns(e)
	d, err := now.Plan.Demand.In(s)
	if err != nil {
		return nil, "", err
	}
	out := map[string]*sizing.Layout{}
	if fit := now.Plan.Surge(d, concerned); fit.Failed == nil {
		for i, c := range now.Plan.Order {
			if concerned(c) {
				out[c.Component.Name] = fit.Layouts[i]
			}
		}
		return out, "", nil
	}
	r := now.Request
	r.Surge, r.Keep, r.Leave = s.Surge, now.Plan.Runs(), 0
	x, err := w.o.Plan(w.profile, r)
	var none *plan.Infeasible
	if errors.As(err, &none) {
		return nil, none.Error(), nil
	}
	if err != nil {
		return nil, "", err
	}
	for _, c := range x.Plan.Choices {
		if concerned(c) {
			out[c.Component.Name] = c.Layout
		}
	}
	return out, "", nil
}
