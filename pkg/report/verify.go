package report

import (
	"fmt"
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// verify checks what an estimate promises: lines are quantity × price, totals
// are sums, and the names that decide how it is shown are known. The path is
// that of the estimate, "" or ending with a dot.
func (d *jsonReader) verify(path string, e *bill.Estimate) {
	d.named(path, e.Schema, bill.SchemaName)
	if e.Headline != maximum && e.Headline != "expected" {
		d.addAt(path+"headline", "write expected or maximum", "is %.60q", e.Headline)
	}
	for i, l := range e.Lines {
		at := fmt.Sprintf("%slines.%d.cost", path, i)
		d.same(at+".expected", l.Cost.Expected, money.NewLine(l.Quantity, l.Price).Total, "quantity × unit_price")
		d.same(at+".min", l.Cost.Min, money.NewLine(l.Min, l.Price).Total, "quantity_min × unit_price")
		d.same(at+".max", l.Cost.Max, money.NewLine(l.Max, l.Price).Total, "quantity_max × unit_price")
	}
	regions := make([]bill.Cost, 0, len(e.PerRegion))
	names := make([]string, 0, len(e.PerRegion))
	for i, r := range e.PerRegion {
		at := fmt.Sprintf("%sregion_totals.%d", path, i)
		names = append(names, r.Region)
		var sum bill.Cost
		for _, l := range e.Lines {
			if l.Region == r.Region {
				sum = sum.Plus(l.Cost)
			}
		}
		d.sameCost(at+".cost", r.Cost, sum, "the lines of "+r.Region+" add up to")
		regions = append(regions, r.Cost)
	}
	if !slices.Equal(names, e.Regions) || len(distinct(names...)) != len(names) {
		d.addAt(path+"region_totals", madeAgain, "must be one of each of the regions, in their order")
	}
	for i, l := range e.Lines {
		if !slices.Contains(names, l.Region) {
			d.addAt(fmt.Sprintf("%slines.%d.region", path, i), madeAgain, "is %q, which has no region total", l.Region)
		}
	}
	d.sameCost(path+"total", e.Total, sumCost(regions...), "the regions add up to")
}

// named checks the name of the schema of an estimate.
func (d *jsonReader) named(path, have, want string) {
	if have != want {
		d.addAt(path+"schema", madeAgain, "is %.60q, not %q", have, want)
	}
}

func (d *jsonReader) sameCost(path string, have, want bill.Cost, what string) {
	d.sum(path+".expected", have.Expected, want.Expected, what)
	d.sum(path+".min", have.Min, want.Min, what)
	d.sum(path+".max", have.Max, want.Max, what)
}

func (d *jsonReader) sum(path string, have, want money.Amount, what string) {
	if !have.Equal(want) {
		d.addAt(path, "the file was edited or damaged; "+madeAgain, "is %s, but %s %s", have, what, want)
	}
}

func (d *jsonReader) same(path string, have, want money.Amount, what string) {
	d.sum(path, have, want, what+" is")
}
