package sizing

import (
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// FixedCost is what the profile says that something costs, whatever the load: licences,
// staff, a machine at a price of its own, or a part of the bill, as support plans ask.
// No table has it, and no commitment or spot price changes it.
type FixedCost struct {
	strict.At
	// Price of one in US dollars: a licence, an hour of staff, a machine.
	Price *strict.Value[workload.Dollars] `yaml:"price" min:"0"`
	// What the price is of: an hour or a month; a year, of which every month bears a twelfth and twelve
	// months add up to the cent; or once.
	Every *strict.Value[string] `yaml:"every" enum:"hour|month|year|once"`
	// How many there are, such as licences; of hours those of a month, which must be given.
	Count strict.Value[unit.Count] `yaml:"count" min:"0" max:"1000000"`
	// First month that is paid for, counted from 0.
	From strict.Value[unit.Count] `yaml:"from" min:"0" max:"120" whole:"true"`
	// Months that bear a price paid once in equal parts; without it the first bears all.
	Spread *strict.Value[unit.Count] `yaml:"spread" min:"1" max:"120" whole:"true"`
	// Parts of a month's bill instead of a price: of the dollars up to the first bound, of those above it
	// up to the next, and of the rest. The bill is what tables have prices for, in production and in each
	// environment by itself: there the steps begin anew.
	Share []BillStep `yaml:"share"`
	// Least that a share comes to in a month, US dollars.
	Least *strict.Value[workload.Dollars] `yaml:"least" min:"0"`
}

// BillStep is a part of a step of the bill.
type BillStep struct {
	strict.At
	// Dollars of the bill up to which the part holds; without it of all that is left.
	To *strict.Value[workload.Dollars] `yaml:"to" above:"0"`
	// Part of these dollars.
	Part strict.Value[unit.Fraction] `yaml:"part" required:"true" min:"0" max:"1"`
}

// How often a price is paid.
const (
	everyHour  = "hour"
	everyMonth = "month"
	everyYear  = "year"
	everyOnce  = "once"
)

// monthsOfYear bear a price of a year.
const monthsOfYear = 12

// Stated is a cost of a month that the profile states and no table has.
type Stated struct {
	Region int
	Item   string // what is paid for, such as "a month's part of a year"
	Unit   string // hour or month
	// Number of Price, each of whole cents where it is a part of something longer.
	Number float64
	Price  money.Amount
	Note   string // where the price is from, as the profile says
	// Host is the machine of one's own of which Number are paid for, used or not: what nodes
	// of it cost in the region is taken off. "" where nothing is.
	Host string
	// Share is the part of the bill that it is instead; nil for a price.
	Share *BillShare
}

// BillShare is a part of a month's bill, step by step.
type BillShare struct {
	Steps []BillStep
	Least money.Amount
}

type fixedCostKind struct{}

func (fixedCostKind) Word() string { return "fixed" }

func (fixedCostKind) Traits(any) Traits {
	return Traits{Scope: workload.ScopePrimary, Fails: nothingFails}
}

func (fixedCostKind) Spec() any {
	return &FixedCost{
		Count: judged(unit.Count(1), "one, unless the profile says how many"),
		From:  judged(unit.Count(0), "paid from the first month on"),
	}
}

// Check holds the keys against each other.
func (s *FixedCost) Check(c *strict.Checker) {
	switch {
	case s.Price == nil && len(s.Share) == 0:
		c.Errorf(s.Pos, "write price: $50000 with every: year, or share: [{part: 10%}]",
			"a fixed cost has neither price nor share")
		return
	case s.Price != nil && len(s.Share) > 0:
		c.Errorf(c.At("share"), "make two components of them", "a fixed cost has a price and a share")
		return
	case s.Price != nil && s.Every == nil:
		c.Errorf(c.At("price"), "write every: month, year, once or hour; where it is not known, "+
			"every: {value: year, assumed: why}",
			"the price %s is not said to be of a month, a year or once", s.Price.V)
	case s.Every != nil && s.Every.V == everyHour && s.Price != nil && !s.Count.Set:
		c.Errorf(c.At("every"), "write count: with the hours of a month, 730 for what runs always",
			"the price %s is of an hour, and there is no count of hours", s.Price.V)
	case s.Price == nil && s.Every != nil:
		c.Errorf(c.At("every"), "remove it", "every is of a price: a share is of every month's bill")
	case s.Price == nil && s.Count.Set:
		c.Errorf(c.At("count"), "remove it", "count is of a price, and there is a share")
	}
	if s.Spread != nil && (s.Every == nil || s.Every.V != everyOnce) {
		c.Errorf(c.At("spread"), "remove it, or write every: once", "only a price that is paid once can be spread")
	}
	if s.Least != nil && len(s.Share) == 0 {
		c.Errorf(c.At("least"), "remove it", "least is of a share, and there is none")
	}
	for i := range s.Share {
		to, last := s.Share[i].To, i == len(s.Share)-1
		switch {
		case last && to != nil:
			c.Errorf(to.Pos, "add a step without to", "nothing says which part of the bill above %s is paid", to.V)
		case !last && to == nil:
			c.Errorf(s.Share[i].Pos, "write to: with its upper bound, or make it the last",
				"a step without a bound has others behind it")
		case i > 0 && to != nil && s.Share[i-1].To != nil && to.V.Cmp(s.Share[i-1].To.V.Amount) <= 0:
			c.Errorf(to.Pos, "write the steps from the lowest bound to the highest", "the bound %s is not above %s",
				to.V, s.Share[i-1].To.V)
		}
	}
}

// fixedCost is a component of the kind in the month at hand.
type fixedCost struct {
	c     *Task
	spec  *FixedCost
	month int // since the first that is paid for; below 0 before it
	paid  money.Amount
}

func (fixedCostKind) Prepare(c *Task) (Sizer, error) {
	if err := c.noNodes(); err != nil {
		return nil, err
	}
	x := c.Component
	if err := c.unread("gets no requests", []givenKey{{"entry", x.Entry}, {"generates", x.Generates != nil},
		{"survive", x.Survive != nil}, {"calls", len(x.Calls) > 0}}); err != nil {
		return nil, err
	}
	f := fixedCost{c: c, spec: x.Spec.(*FixedCost)}
	f.month = c.Flow.Demand.Month - int(f.spec.From.V)
	n := newNodeless(c)
	n.describe = f.describe
	f.paid = f.ofMonth()
	for i := range c.Regions {
		if r := &c.Regions[i]; r.carries(c.Load) {
			n.stated = append(n.stated, f.stated(r.Index)...)
		}
	}
	return n, nil
}

// stated is what is paid in one region; nothing in an environment beside production, which
// needs no licences and hosts of its own, but for a share of its bill.
func (f *fixedCost) stated(region int) []Stated {
	s := Stated{Region: region, Unit: "month", Number: float64(f.spec.Count.V), Price: f.paid}
	switch {
	case f.month < 0:
		return nil
	case len(f.spec.Share) > 0:
		s.Share = &BillShare{Steps: f.spec.Share}
		if f.spec.Least != nil && !f.c.Profile.Copy { // of an account, which environments share
			s.Share.Least = f.spec.Least.V.Amount
		}
		return []Stated{s}
	case f.c.Profile.Copy || f.paid.IsZero() || s.Number == 0:
		return nil
	}
	s.Item, s.Note = "price of a month", f.spec.Price.Source
	switch f.every() {
	case everyHour:
		s.Item, s.Unit = "price of an hour", "hour"
	case everyYear:
		s.Item = "twelfth of a year's price"
	case everyOnce:
		s.Item = "price paid once"
		if f.spec.Spread != nil {
			s.Item = "month's part of a price paid once"
		}
	}
	return []Stated{s}
}

// every is how often the price is paid.
func (f *fixedCost) every() string {
	if f.spec.Every == nil {
		return ""
	}
	return f.spec.Every.V
}

// ofMonth is what the month at hand bears of the price of one.
func (f *fixedCost) ofMonth() money.Amount {
	if f.spec.Price == nil || f.month < 0 {
		return money.Amount{}
	}
	price := f.spec.Price.V.Amount
	switch months := int(stated(f.spec.Spread, 1)); {
	case f.every() == everyYear:
		return price.Instalment(f.month%monthsOfYear, monthsOfYear)
	case f.every() != everyOnce:
		return price
	case f.month < months:
		return price.Instalment(f.month, months)
	}
	return money.Amount{}
}

func (f *fixedCost) describe(l *Layout) {
	l.Grows = remark.New("fixed.grows")
	if f.spec.Price != nil && f.c.Profile.Copy {
		l.Grows = remark.New("fixed.production")
		return
	}
	if len(f.spec.Share) > 0 {
		l.Brief = remark.New("fixed.share")
		l.Structure = []remark.Remark{l.Brief}
		if f.c.Profile.Copy {
			l.Structure = append(l.Structure, remark.New("fixed.share_anew"))
		}
		return
	}
	l.Brief = remark.New("fixed.price", "count", f.spec.Count.V, "dollars", f.spec.Price.V.Float64(),
		"every", f.every(), "month", f.month)
	if f.spec.Spread != nil {
		l.Brief = l.Brief.With("spread", f.spec.Spread.V)
	}
	l.Structure = []remark.Remark{l.Brief}
	l.derive = f.steps
}

// steps say what the month at hand bears of a price that is paid for longer.
func (f *fixedCost) steps() []remark.Step {
	months := 0.0
	switch {
	case f.month < 0 || f.c.Profile.Copy:
	case f.every() == everyYear:
		months = monthsOfYear
	case f.every() == everyOnce && f.spec.Spread != nil:
		months = float64(f.spec.Spread.V)
	}
	if months == 0 {
		return nil
	}
	return []remark.Step{remark.Derive("a month's part of the price", "inputs price, every",
		dollars(f.paid.Float64()), "").
		Noting("step.instalment", "price", f.spec.Price.V.Float64(), "months", months, "month", f.month%int(months)+1)}
}

// dollars is an amount in a derivation.
func dollars(x float64) unit.Figure { return unit.WithDecimals(x, 2).In("$") }
