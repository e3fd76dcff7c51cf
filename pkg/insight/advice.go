package insight

import (
	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
)

// sharing says what a component would save with a single one where it has several, in all
// regions: on each line of the bill that has as much for each, what all but one of them cost.
// These have one price whatever their number, so that it is what the bill would lose.
func (w *reasoning) sharing(lines []bill.Line) []remark.Remark {
	layout := w.s.Choice.Layout
	layout.Detail()
	var hours, addresses, units money.Amount
	priced := true
	for i := range layout.Shared {
		s := &layout.Shared[i]
		var unit *bill.Line
		for k := range lines {
			l := &lines[k]
			m, ok := catalog.MeterOf(l.Service, l.Item)
			if !ok || l.Region != w.r.Plan.Profile.Regions[s.Region].Name {
				continue
			}
			switch m {
			case s.Unit:
				unit = l
			case catalog.AddressHours():
				addresses = addresses.Plus(allButOne(l, s))
			case s.Hours:
				hours = hours.Plus(allButOne(l, s))
			}
		}
		more, ok := furtherUnits(unit, s)
		units, priced = units.Plus(more), priced && ok
	}
	if hours.IsZero() && addresses.IsZero() {
		return nil
	}
	s := &layout.Shared[0]
	r := remark.New("advice.share", "type", s.Type, "number", s.Number, "hours", hours.Float64(),
		"addresses", addresses.Float64())
	if s.Rules > 0 {
		r = r.With("rules", s.Rules, "stated", s.Stated)
	}
	if s.Rules > 0 && priced {
		r = r.With("units", units.Float64())
	}
	return []remark.Remark{r}
}

// allButOne is what a line costs less with one instead of several.
func allButOne(l *bill.Line, s *sizing.Sharing) money.Amount {
	return l.Cost.Expected.Minus(l.Price.Times(l.Quantity).Part(1, int64(s.Number)).Cents())
}

// furtherUnits is what the rules of one cost more, at the price of the units that there are;
// false where that is not known.
func furtherUnits(l *bill.Line, s *sizing.Sharing) (more money.Amount, ok bool) {
	q, err := money.Float(s.Units)
	if err != nil || l == nil {
		return more, s.Units == 0
	}
	return money.NewLine(l.Quantity.Plus(q), l.Price).Total.Minus(l.Cost.Expected), true
}
