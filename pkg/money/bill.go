package money

// Charge is one row of a bill: quantity × rate, rounded once to the cent.
type Charge struct {
	Quantity Quantity
	Rate     Rate
	Total    Amount // Rate × Quantity, in cents
}

// NewLine multiplies and rounds half away from zero to the cent.
func NewLine(q Quantity, r Rate) Charge {
	return Charge{Quantity: q, Rate: r, Total: r.Times(q).Cents()}
}

// Tier is one step of a graduated price: Rate applies to the units from From
// up to To. A nil To is open.
type Tier struct {
	From Quantity
	To   *Quantity
	Rate Rate
}

// Tiered splits a quantity over the tiers and gives one line per tier that is
// used, in order. Tiers must be ascending and gapless, as the catalog checks;
// what lies above a closed last tier is returned as rest and is not priced.
func Tiered(q Quantity, tiers []Tier) (lines []Charge, rest Quantity) {
	for _, t := range tiers {
		if q.Cmp(t.From) <= 0 {
			return lines, Quantity{}
		}
		top := q
		if t.To != nil && q.Cmp(*t.To) > 0 {
			top = *t.To
		}
		lines = append(lines, NewLine(top.Minus(t.From), t.Rate))
		if t.To == nil {
			return lines, Quantity{}
		}
	}
	if n := len(tiers); n > 0 && tiers[n-1].To != nil && q.Cmp(*tiers[n-1].To) > 0 {
		return lines, q.Minus(*tiers[n-1].To)
	}
	if len(tiers) == 0 {
		return nil, q
	}
	return lines, Quantity{}
}

// Range is a cost with its expected value and its extremes, all in dollars.
type Range struct {
	Min, Expected, Max Amount
}

// Plus adds component by component.
func (r Range) Plus(o Range) Range {
	return Range{r.Min.Plus(o.Min), r.Expected.Plus(o.Expected), r.Max.Plus(o.Max)}
}

// IsPoint tells whether the extremes are equal.
func (r Range) IsPoint() bool { return r.Min.Equal(r.Max) }

// String prints "a" or "a–b" (the extremes, as the 2016 tables do).
func (r Range) String() string {
	if r.IsPoint() {
		return r.Min.String()
	}
	return r.Min.String() + "–" + r.Max.String()
}
