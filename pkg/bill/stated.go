package bill

import (
	"fmt"

	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
)

// FixedCategory is the category, the service and the term of what the profile states a
// price for and no table has one: licences, staff, machines of one's own, and parts of the
// bill. No commitment changes it, and other price tables do not.
const FixedCategory = "fixed"

// statedBy are the costs that a part of the bill states. A share of the bill is known when
// all else is.
type statedBy struct {
	part *Part
	of   []sizing.Stated
}

// state appends the lines of what profiles state prices for, and then those of shares of
// the bill, which are of all that tables have prices for.
func (e *Estimate) state(list []statedBy) error {
	if len(list) == 0 {
		return nil
	}
	base := e.billedByTables()
	for _, by := range list {
		for i := range by.of {
			s := &by.of[i]
			line := Line{Region: e.Regions[s.Region], Component: by.part.Name, System: by.part.System,
				Kind: by.part.Kind, Category: FixedCategory, Service: FixedCategory, Term: FixedCategory,
				PriceNote: s.Note, Notes: by.part.Notes}
			if s.Share != nil {
				if err := e.share(line, s.Share, base); err != nil {
					return fmt.Errorf("%s: %w", by.part.Name, err)
				}
				continue
			}
			n, err := money.Float(s.Number)
			if err != nil {
				return fmt.Errorf("%s: %w", by.part.Name, err)
			}
			line.Item, line.Unit, line.Price = s.Item, s.Unit, money.RateOf(s.Price)
			if s.Host != "" {
				if s.Unit == "hour" {
					n = n.Times(e.Hours)
				}
				e.idle(line, s.Host, s.Price.Times(n).Cents())
				continue
			}
			line.Min, line.Quantity, line.Max = n, n, n
			line.Cost = line.costAt(line.Price)
			e.Lines = append(e.Lines, line)
		}
	}
	return nil
}

// idle appends the line of what hosts cost that nothing runs on: what is paid for all of them,
// less what the lines of their nodes are, so that both together are that to the cent.
func (e *Estimate) idle(line Line, host string, all money.Amount) {
	var used Cost
	for i := range e.Lines {
		if l := &e.Lines[i]; l.IsNodes() && l.Region == line.Region && l.Item == host {
			used = used.Plus(l.Cost)
		}
	}
	line.Service, line.Unit, line.Price = market.OwnService, adjustmentUnit, money.RateOf(money.MustAmount("1"))
	var rest [3]money.Quantity
	for k, cost := range [3]money.Amount{used.Expected, used.Min, used.Max} {
		rest[k] = money.QuantityOf(all.Minus(cost))
	}
	e.shareLine(line, rest)
}

// billedByTables is the cost of all lines so far that tables have prices for: expected, least
// and most. Machines of one's own are nobody's bill, but what is rented in their place is.
func (e *Estimate) billedByTables() [3]money.Amount {
	var c Cost
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Service != market.OwnService || l.AsOf != "" {
			c = c.Plus(l.Cost)
		}
	}
	return [3]money.Amount{c.Expected, c.Min, c.Max}
}

// share appends a line for each step of a share that the bill reaches, and one for what
// they lack of the least.
func (e *Estimate) share(line Line, s *sizing.BillShare, base [3]money.Amount) error {
	line.Unit = adjustmentUnit
	var from money.Amount
	var sum Cost
	for i := range s.Steps {
		step := &s.Steps[i]
		var within [3]money.Quantity
		for k, b := range base {
			if step.To != nil && b.Cmp(step.To.V.Amount) > 0 {
				b = step.To.V.Amount
			}
			if b.Cmp(from) > 0 {
				within[k] = money.QuantityOf(b.Minus(from))
			}
		}
		part, err := money.Float(float64(step.Part.V))
		if err != nil {
			return err
		}
		line.Item, line.Price = "part of the bill", money.RateOf(money.MustAmount("1").Times(part))
		sum = sum.Plus(e.shareLine(line, within))
		if step.To != nil {
			from = step.To.V.Amount
		}
	}
	var lacking [3]money.Quantity
	for k, have := range [3]money.Amount{sum.Expected, sum.Min, sum.Max} {
		if have.Cmp(s.Least) < 0 {
			lacking[k] = money.QuantityOf(s.Least.Minus(have))
		}
	}
	line.Item, line.Price = "up to the least", money.RateOf(money.MustAmount("1"))
	e.shareLine(line, lacking)
	return nil
}

// shareLine appends the line of so many dollars, expected, least and most; none of nothing.
// The least is of the bill, and may be the most of the line: where a bill is smaller, more lacks.
func (e *Estimate) shareLine(l Line, dollars [3]money.Quantity) Cost {
	l.Quantity, l.Min, l.Max = dollars[0], dollars[1], dollars[2]
	l.Cost = l.costAt(l.Price)
	if !l.Quantity.IsZero() || !l.Min.IsZero() || !l.Max.IsZero() {
		e.Lines = append(e.Lines, l)
	}
	return l.Cost
}
