package bill

import (
	"fmt"

	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// Reconciliation compares an estimate with the figures that a source document
// prints for the same system.
type Reconciliation struct {
	Profile  string
	Source   string // the document
	Checks   []Check
	Readings []Reading
}

// Check is one printed figure beside the computed one.
type Check struct {
	System   string
	Figure   string // machine, count, 1× price, total/month, …
	Printed  string
	Computed string
	Matches  bool
	Remark   remark.Remark // why it may differ
}

// Reading is one way to resolve a machine and a price that contradict each
// other, with what the totals then are.
type Reading struct {
	System     string
	Says       remark.Remark
	Total      money.Range
	AllRegions money.Range
}

// Differences counts the checks that do not match.
func (r *Reconciliation) Differences() int {
	n := 0
	for _, c := range r.Checks {
		if !c.Matches {
			n++
		}
	}
	return n
}

// Reconcile compares every printed figure of a profile with its estimate. The
// rows are compared with the first region, as the document prints one region;
// the total of all regions with each region priced from its own table.
func Reconcile(res *Result) (*Reconciliation, error) {
	p, e := res.Plan.Profile, res.Estimate
	if p.Printed == nil {
		return nil, diag.Problem{Pos: p.Pos,
			Summary: fmt.Sprintf("profile %s has no printed figures to compare with", p.Name),
			Hint:    "add printed: to the profile and to its components, as the reference profiles do"}
	}
	r := &Reconciliation{Profile: p.Name, Source: p.Printed.Source}
	var sum money.Range
	for _, c := range res.Plan.Choices {
		row := c.Component.PrintedRow
		if row == nil {
			r.add(c.Component.Label(), "row", "(none)", "in the estimate", remark.New("reconcile.no_row"))
			continue
		}
		sum = sum.Plus(money.Range{Min: row.Total.V.Min, Max: row.Total.V.Max})
		if err := r.row(res, c, row); err != nil {
			return nil, err
		}
	}
	var why remark.Remark
	printed := p.Printed.Total.V
	if !same(sum, printed) {
		why = remark.New("reconcile.rows", "total", sum.String())
	}
	r.add("total", "one region", printed.String(), e.PerRegion[0].Cost.Range().String(), why)
	why = remark.Remark{}
	if two := printed.Min.Plus(printed.Min); !two.Equal(p.Printed.TwoRegions.V.Min) ||
		!printed.Max.Plus(printed.Max).Equal(p.Printed.TwoRegions.V.Max) {
		twice := workload.AmountRange{Min: two, Max: printed.Max.Plus(printed.Max)}
		why = remark.New("reconcile.twice", "total", twice.String())
	}
	r.add("total", fmt.Sprintf("%d regions", len(e.Regions)),
		p.Printed.TwoRegions.V.String(), e.Total.Range().String(), why)
	return r, nil
}

func same(a money.Range, b workload.AmountRange) bool {
	return a.Min.Equal(b.Min) && a.Max.Equal(b.Max)
}

func (r *Reconciliation) add(system, figure, printed, computed string, why remark.Remark) {
	c := Check{System: system, Figure: figure, Printed: printed, Computed: computed, Matches: printed == computed}
	if !c.Matches {
		c.Remark = why
	}
	r.Checks = append(r.Checks, c)
}

// row compares one row of the document's table.
func (r *Reconciliation) row(res *Result, c *plan.Choice, row *workload.PrintedRow) error {
	comp := c.Component
	line, ok := firstLine(res.Estimate, comp.Name)
	if !ok {
		return fmt.Errorf("component %s has no line in %s", comp.Name, res.Estimate.Regions[0])
	}
	name, none := comp.Label(), remark.Remark{}
	r.add(name, "system", row.System, name, none)
	r.add(name, "machine", row.Machine, line.Item, none)
	count := workload.CountRange{Min: int(line.Min.Float64()), Max: int(line.Max.Float64())}
	r.add(name, "count", row.Count.V.String(), count.String(), none)
	price, computed := row.Price.V.String(), line.Price.String()
	total := row.Total.V.String()
	why := none
	meant := typesAt(res, row.Price.V.Amount)
	if price != computed && len(meant) > 0 {
		why = remark.New("reconcile.price_of", "price", price, "machines", meant)
	}
	r.add(name, "1× price", price, computed, why)
	why = none
	lo := row.Price.V.Times(money.Int(int64(row.Count.V.Min)))
	hi := row.Price.V.Times(money.Int(int64(row.Count.V.Max)))
	if !lo.Equal(row.Total.V.Min) || !hi.Equal(row.Total.V.Max) {
		why = remark.New("reconcile.count", "total", workload.AmountRange{Min: lo, Max: hi}.String())
	}
	r.add(name, "total/month", total, line.Cost.Range().String(), why)
	r.add(name, "notes", row.Notes, comp.Notes, none)
	if price != computed {
		r.readings(res, comp, line, row, meant)
	}
	return nil
}

// readings gives both ways out of a machine and a price that do not belong
// together: the price is wrong, or another machine was meant.
func (r *Reconciliation) readings(res *Result, comp *workload.Component, line Line, row *workload.PrintedRow,
	meant []string) {
	e := res.Estimate
	r.Readings = append(r.Readings, Reading{System: comp.Label(),
		Says:  remark.New("reconcile.price_wrong", "machine", line.Item, "price", line.Price.String()),
		Total: e.PerRegion[0].Cost.Range(), AllRegions: e.Total.Range()})
	for _, t := range meant {
		one, all := e.PerRegion[0].Cost, e.Total
		ok := true
		for i, region := range e.Regions {
			old, found := lineIn(e, comp.Name, region)
			price, priced := res.priceOf(t, i)
			if !found || !priced {
				ok = false
				break
			}
			swap := func(c Cost) Cost {
				return Cost{
					Expected: c.Expected.Minus(old.Cost.Expected).Plus(money.NewLine(old.Quantity, price).Total),
					Min:      c.Min.Minus(old.Cost.Min).Plus(money.NewLine(old.Min, price).Total),
					Max:      c.Max.Minus(old.Cost.Max).Plus(money.NewLine(old.Max, price).Total),
				}
			}
			all = swap(all)
			if i == 0 {
				one = swap(one)
			}
		}
		if ok {
			r.Readings = append(r.Readings, Reading{System: comp.Label(),
				Says:  remark.New("reconcile.machine_wrong", "machine", t, "price", row.Price.V.String()),
				Total: one.Range(), AllRegions: all.Range()})
		}
	}
}

func firstLine(e *Estimate, component string) (Line, bool) {
	return lineIn(e, component, e.Regions[0])
}

func lineIn(e *Estimate, component, region string) (Line, bool) {
	for _, l := range e.Lines {
		if l.Component == component && l.Region == region && l.Category == "compute" {
			return l, true
		}
	}
	return Line{}, false
}

// typesAt lists the types of the first region whose month costs exactly so
// much: what the document may have meant.
func typesAt(res *Result, month money.Amount) []string {
	var out []string
	reg := res.Plan.Tables.Regions[0]
	for _, t := range reg.Types() {
		if p, ok := reg.OnDemand(t); ok && p.Rate.Times(res.Plan.Tables.Hours).Equal(month) {
			out = append(out, t)
		}
	}
	return out
}

// priceOf is a month of one node of a type in a region.
func (res *Result) priceOf(t string, region int) (money.Rate, bool) {
	p, ok := res.Plan.Tables.Market.Named(t).Price(region)
	if !ok {
		return money.Rate{}, false
	}
	return p.Month(res.Plan.Tables.Hours), true
}
