package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/money"
)

// verify checks what an estimate promises: lines are quantity × price, totals
// are sums, and the names that decide how it is shown are known. The path is
// that of the estimate, "" or ending with a dot.
func (d *jsonReader) verify(path string, e *bill.Estimate) {
	d.oneOf(path+"headline", e.Headline, "expected", maximum)
	d.oneOf(path+"scope", e.Scope, "all", "compute")
	d.dated(path+"prices.oldest_used", e.Prices.OldestUsed)
	d.dated(path+"prices.newest_used", e.Prices.NewestUsed)
	for i, l := range e.Lines {
		d.dated(fmt.Sprintf("%slines.%d.price_as_of", path, i), l.AsOf)
		d.oneOf(fmt.Sprintf("%slines.%d.unit", path, i), l.Unit, bill.Units()...)
		at := fmt.Sprintf("%slines.%d.cost", path, i)
		d.same(at+".expected", l.Cost.Expected, money.NewLine(l.Quantity, l.Price).Total, "quantity × unit_price")
		d.same(at+".min", l.Cost.Min, money.NewLine(l.Min, l.Price).Total, "quantity_min × unit_price")
		d.same(at+".max", l.Cost.Max, money.NewLine(l.Max, l.Price).Total, "quantity_max × unit_price")
	}
	for i := range e.Unpriced {
		if unit := e.Unpriced[i].Unit; unit != "" { // which no table says where it has no price
			d.oneOf(fmt.Sprintf("%sunpriced.%d.unit", path, i), unit, bill.Units()...)
		}
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
	d.madeFrom(path, e)
	if t := e.Together; t != nil {
		costs := make([]bill.Cost, len(t.Systems))
		for i := range t.Systems {
			costs[i] = t.Systems[i].Cost
		}
		d.sameCost(path+"together.total", t.Total, sumCost(costs...), "the environments add up to")
	}
	d.sameCost(path+"total", e.Total, sumCost(regions...), "the regions add up to")
}

// costs checks that each component has its part of the lines, and nothing is left over.
func (d *jsonReader) costs(path string, e *bill.Estimate) {
	want := bill.WithCosts(e)
	check := func(at string, have, want *bill.PartCost) {
		switch {
		case have == nil:
			d.addAt(path+at, madeAgain, "is missing")
		case !have.Equal(want):
			d.addAt(path+at, "the file was edited or damaged; "+madeAgain, "is not what the lines come to")
		}
	}
	for i := range e.Parts {
		check(fmt.Sprintf("components.%d.cost", i), e.Parts[i].Cost, want.Parts[i].Cost)
	}
	check("unassigned", e.Unassigned, want.Unassigned)
}

// madeFrom checks that the profile that an estimate keeps is the one that it was made
// from.
func (d *jsonReader) madeFrom(path string, e *bill.Estimate) {
	if e.From == nil {
		return
	}
	if len(e.From.Files) == 0 {
		d.addAt(path+"made_from.files", madeAgain, "has no profile")
		return
	}
	sum := sha256.Sum256([]byte(e.From.Files[0].Text))
	if hex.EncodeToString(sum[:]) != e.Profile.Digest {
		d.addAt(path+"made_from.files.0.text", "the file was edited or damaged; "+madeAgain,
			"is not the profile that the digest is of")
	}
}

// oneOf checks a name that decides how the estimate is read.
func (d *jsonReader) oneOf(path, have string, known ...string) {
	if slices.Contains(known, have) {
		return
	}
	hint := "write " + strings.Join(known, " or ")
	if near := diag.Suggest(have, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	d.addAt(path, hint, "is %.60q", have)
}

// dated checks the date of a price, which may be blank or a month or year.
func (d *jsonReader) dated(path, date string) {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if _, err := time.Parse(layout, date); err == nil {
			return
		}
	}
	if date != "" {
		d.addAt(path, "write a day of the calendar, YYYY-MM-DD", "is %.60q, which is not a date", date)
	}
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
