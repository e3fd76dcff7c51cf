package purchase

import (
	"fmt"
	"slices"

	"headroom/pkg/money"
	"headroom/pkg/unit"
)

// Charge is a line of a bill as the layers of adjustments see it.
type Charge struct {
	Name     string       `json:"name"`
	Service  string       `json:"service"`  // ec2, ebs, s3 …
	Category string       `json:"category"` // compute, storage, transfer …
	Amount   money.Amount `json:"amount"`   // USD, in cents
}

// Kinds of layers.
const (
	Discount = "discount" // takes a part off
	Credit   = "credit"   // takes off up to an amount
	MarkUp   = "mark-up"  // adds a part
	Tax      = "tax"      // adds a part
)

// Layer is one adjustment of prices. Layers apply in their order, each to what
// the ones before it have left.
type Layer struct {
	Name string // for its line
	Kind string
	// On names the services or categories concerned; empty for all lines.
	On     []string
	Part   unit.Fraction // of discount, mark-up and tax
	Amount money.Amount  // of credit
}

func (l *Layer) check() error {
	switch l.Kind {
	case Credit:
		if l.Amount.Cmp(money.Amount{}) < 0 {
			return fmt.Errorf("adjustment %q: a credit of %s is negative; use a mark-up to add", l.Name, l.Amount)
		}
	case Discount:
		if !(l.Part >= 0 && l.Part <= 1) {
			return fmt.Errorf("adjustment %q: a discount of %g is not between 0 and 1", l.Name, float64(l.Part))
		}
	case MarkUp, Tax:
		if !(l.Part >= 0 && l.Part <= 10) {
			return fmt.Errorf("adjustment %q: %s of %g is not between 0 and 10", l.Name, l.Kind, float64(l.Part))
		}
	default:
		return fmt.Errorf("adjustment %q is of kind %q; kinds are discount, credit, mark-up, tax", l.Name, l.Kind)
	}
	return nil
}

func (l *Layer) concerns(c *Charge) bool {
	return len(l.On) == 0 || slices.Contains(l.On, c.Service) || slices.Contains(l.On, c.Category)
}

// Adjusted is what a layer came to: a line of its own. Amount is negative
// where it takes off.
type Adjusted struct {
	Name   string       `json:"name"`
	Kind   string       `json:"kind"`
	Base   money.Amount `json:"base"` // what it applied to
	Amount money.Amount `json:"amount"`
}

// Adjust applies the layers in order. It returns a line for each, which add up
// with the charges to the total, and the charges as the layers leave them,
// which add up to the same. A layer of the same name twice is an error: an
// adjustment applies once.
func Adjust(charges []Charge, layers []Layer) (lines []Adjusted, after []Charge, err error) {
	after = slices.Clone(charges)
	lines = []Adjusted{}
	for i := range after {
		after[i].Amount = after[i].Amount.Cents()
	}
	for i := range layers {
		l := &layers[i]
		if err := l.check(); err != nil {
			return nil, nil, err
		}
		if slices.ContainsFunc(layers[:i], func(o Layer) bool { return o.Name == l.Name }) {
			return nil, nil, fmt.Errorf("adjustment %q is there twice; an adjustment applies once", l.Name)
		}
		part, err := money.Float(float64(l.Part))
		if err != nil {
			return nil, nil, fmt.Errorf("adjustment %q: %w", l.Name, err)
		}
		lines = append(lines, l.apply(after, part))
	}
	return lines, after, nil
}

// apply changes the charges by the layer. Parts are rounded cumulatively, so
// that the layer as a whole is rounded once.
func (l *Layer) apply(charges []Charge, part money.Quantity) Adjusted {
	line := Adjusted{Name: l.Name, Kind: l.Kind}
	left := l.Amount.Cents()
	for i := range charges {
		c := &charges[i]
		if !l.concerns(c) {
			continue
		}
		before := line.Amount
		line.Base = line.Base.Plus(c.Amount)
		switch l.Kind {
		case Credit:
			take := c.Amount
			if take.Cmp(left) > 0 {
				take = left
			}
			if take.Cmp(money.Amount{}) < 0 {
				take = money.Amount{}
			}
			left = left.Minus(take)
			line.Amount = line.Amount.Minus(take)
		case Discount:
			line.Amount = line.Base.Times(part).Cents().Neg()
		default:
			line.Amount = line.Base.Times(part).Cents()
		}
		c.Amount = c.Amount.Plus(line.Amount.Minus(before))
	}
	return line
}

// Currency is another currency at the user's rate; nothing here knows rates.
type Currency struct {
	Code   string         // EUR
	Rate   money.Quantity // units of it for one US dollar
	Source string         // where the user has the rate from
}

// Convert is an amount of US dollars in the currency, to its hundredth. A
// column is converted line by line and added up, so that it adds up as printed.
func (c Currency) Convert(a money.Amount) (money.Amount, error) {
	if c.Rate.Cmp(money.Quantity{}) <= 0 {
		return money.Amount{}, fmt.Errorf("an amount in %s needs a rate above 0: units of it for one dollar", c.Code)
	}
	return a.Times(c.Rate).Cents(), nil
}
