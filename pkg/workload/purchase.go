package workload

import (
	"slices"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/money"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Purchase says how nodes may be bought (docs/model.md section 7).
type Purchase struct {
	strict.At
	// What is wanted; on demand without it. A beginning means any of its terms.
	Option string `yaml:"option"`
	// Options from which an optimal mix may be made.
	Allow []string `yaml:"allow"`
	// Least part of the nodes under commitment.
	MinCommitment *strict.Value[unit.Fraction] `yaml:"min_commitment" min:"0" max:"1"`
	// Greatest part of the nodes under commitment.
	MaxCommitment *strict.Value[unit.Fraction] `yaml:"max_commitment" min:"0" max:"1"`
	// Greatest part of the nodes on spot.
	MaxSpotShare *strict.Value[unit.Fraction] `yaml:"max_spot_share" min:"0" max:"1"`
	// Types over which spot is spread at least.
	SpotTypes *strict.Value[unit.Count] `yaml:"spot_types" min:"1"`
	// Least saving over the committed price for which spot is taken.
	MinSpotSaving *strict.Value[unit.Fraction] `yaml:"min_spot_saving" min:"0" max:"1"`
	// Part of every month's node hours that commitments are to cover, instead of what is cheapest;
	// it is then the same part of their price on demand.
	TargetCoverage *strict.Value[unit.Fraction] `yaml:"target_coverage" min:"0" max:"1"`
	// Discount rate a year for present values.
	DiscountRate *strict.Value[unit.Fraction] `yaml:"discount_rate" min:"0" max:"1"`
	// Prices of options that the tables lack, or of your own contract.
	Rates []GivenRate `yaml:"rates"`
	// Whether nodes may be reclaimed at any time (component only).
	Interruptible *strict.Value[bool] `yaml:"interruptible"`
}

// KeyEnum lists the options that there are.
func (*Purchase) KeyEnum(key string) []string {
	switch key {
	case "option":
		return PurchaseModes()
	case "allow":
		return slices.DeleteFunc(PurchaseModes(), func(mode string) bool { return mode == Optimal })
	}
	return nil
}

// With is the purchase of a component: its own words, and the profile's for
// what it leaves out. Rates of both hold; its own come last, as later ones
// replace earlier.
func (p Purchase) With(own *Purchase) Purchase {
	if own == nil {
		return p
	}
	s := *own
	if s.Option == "" {
		s.Option = p.Option
	}
	if len(s.Allow) == 0 {
		s.Allow = p.Allow
	}
	inherit(&s.MinCommitment, p.MinCommitment)
	inherit(&s.MaxCommitment, p.MaxCommitment)
	inherit(&s.MaxSpotShare, p.MaxSpotShare)
	inherit(&s.SpotTypes, p.SpotTypes)
	inherit(&s.MinSpotSaving, p.MinSpotSaving)
	inherit(&s.TargetCoverage, p.TargetCoverage)
	inherit(&s.DiscountRate, p.DiscountRate)
	s.Rates = slices.Concat(p.Rates, s.Rates)
	return s
}

// PurchaseOf is how a component's nodes may be bought: its own words, and the
// profile's for what it leaves out. An option, such as that of the command line,
// replaces theirs and keeps their limits; "" is none.
func (p *Profile) PurchaseOf(c *Component, option string) Purchase {
	s := p.Purchase.With(c.Purchase)
	if option != "" {
		s.Option = option
	}
	return s
}

// MayBeReclaimed tells whether the nodes may be taken away at any time, as spot
// may be.
func (p *Purchase) MayBeReclaimed() bool { return p.Interruptible != nil && p.Interruptible.V }

func inherit[T any](own **T, from *T) {
	if *own == nil {
		*own = from
	}
}

// Adjustment is a layer on top of list prices: a line of its own in the bill.
type Adjustment struct {
	strict.At
	// Name of its line.
	Name string `yaml:"name" required:"true"`
	// discount and credit take off, mark-up and tax add.
	Kind string `yaml:"kind" required:"true" enum:"discount|credit|mark-up|tax"`
	// Categories (compute, storage, network, fixed) or services concerned; without any, all lines.
	On []string `yaml:"on"`
	// Part of the lines concerned: of discount, mark-up and tax.
	Part *strict.Value[unit.Fraction] `yaml:"part" min:"0" max:"10"`
	// US dollars a month, at most: of credit.
	Amount *strict.Value[Dollars] `yaml:"amount"`
}

// KeyEnum lists the categories of lines and the services that bill them.
func (*Adjustment) KeyEnum(key string) []string {
	if key != "on" {
		return nil
	}
	return []string{"compute", "storage", "network", "fixed",
		"ec2", "ebs", "s3", "elb", "nat-gateway", "vpc", "eks", "data-transfer", "route53", "cloudfront", "own"}
}

// Check holds a layer's fields against its kind.
func (a *Adjustment) Check(c *strict.Checker) {
	switch {
	case a.Kind == "credit" && (a.Amount == nil || a.Part != nil):
		c.Errorf(c.At("kind"), "write amount: $500", "credit %q is an amount, not a part", a.Name)
	case a.Kind == "credit" && a.Amount.V.Cmp(money.Amount{}) < 0:
		c.Errorf(c.At("amount"), "use a mark-up to add", "credit %q is negative", a.Name)
	case a.Kind != "credit" && (a.Part == nil || a.Amount != nil):
		c.Errorf(c.At("kind"), "write part: 10%", "%s %q is a part, not an amount", a.Kind, a.Name)
	case a.Kind == "discount" && a.Part.V > 1:
		c.Errorf(c.At("part"), "a discount is at most 100%", "discount %q takes off more than everything", a.Name)
	}
}

// CheckLayers refuses layers of one name: their lines could not be told apart, and
// a layer that was copied by mistake would count twice.
func CheckLayers(layers []Adjustment) (ps diag.Problems) {
	for i := range layers {
		a := &layers[i]
		if slices.ContainsFunc(layers[:i], func(o Adjustment) bool { return o.Name == a.Name }) {
			ps.Addf(a.Pos, "remove it, or give it a name of its own", "a second adjustment is called %q", a.Name)
		}
	}
	return ps
}

// Check refuses what would be left out silently.
func (p *Purchase) Check(c *strict.Checker) {
	if p.Option != "" && p.Option != "optimal" && len(p.Allow) > 0 {
		c.Errorf(c.At("allow"), "write option: optimal, or leave allow out",
			"allow is for option: optimal; %s is the only one then", p.Option)
	}
	if lo, hi := p.MinCommitment, p.MaxCommitment; lo != nil && hi != nil && lo.V > hi.V {
		c.Errorf(lo.Pos, "lower it or raise max_commitment", "min_commitment %s is above max_commitment %s",
			lo.V.Human(), hi.V.Human())
	}
	for i := range p.Rates {
		r := &p.Rates[i]
		if slices.ContainsFunc(p.Rates[:i], func(o GivenRate) bool {
			return o.Option == r.Option && o.Type == r.Type
		}) {
			c.Errorf(r.Pos, "keep one of them", "%s has two rates", strings.TrimSpace(r.Option+" "+r.Type))
		}
	}
}

// Check holds a rate's fields against each other.
func (r *GivenRate) Check(c *strict.Checker) {
	switch {
	case r.Hourly.V.Cmp(money.Rate{}) < 0:
		c.Errorf(c.At("hourly"), "write what an hour costs", "the rate of %s is negative", r.Option)
	case r.Fee != nil && r.Fee.V.Cmp(money.Amount{}) < 0:
		c.Errorf(c.At("fee"), "write what is paid upfront", "the fee of %s is negative", r.Option)
	case r.Fee != nil && (r.Option == Spot || r.Option == OnDemand):
		c.Errorf(c.At("fee"), "remove the fee", "%s has no term, so it can have no upfront fee", r.Option)
	case strings.TrimSpace(r.Source) == "":
		c.Errorf(c.At("source"), "say where the price is from", "the rate of %s has no source", r.Option)
	}
}

// Check refuses a rate that would make everything free.
func (x *Currency) Check(c *strict.Checker) {
	if x.Rate.V.Cmp(money.Rate{}) <= 0 {
		c.Errorf(c.At("rate"), "write how many units one US dollar is worth", "the rate of %s is not above 0", x.Code)
	}
	if strings.TrimSpace(x.Source) == "" {
		c.Errorf(c.At("source"), "say where the rate is from, with its date", "the rate of %s has no source", x.Code)
	}
}

// Currency is another currency, at a rate that the user gives.
type Currency struct {
	strict.At
	// ISO 4217 code, such as EUR.
	Code string `yaml:"code" required:"true" pattern:"^[A-Z]{3}$" says:"three capital letters such as EUR"`
	// Units of it for one US dollar.
	Rate strict.Value[GivenPrice] `yaml:"rate" required:"true"`
	// Where the rate is from, with its date.
	Source string `yaml:"source" required:"true"`
}

// GivenRate is a price for a purchase option that the user knows.
type GivenRate struct {
	strict.At
	// Option, such as reserved-1y-partial or sp-ec2-1y-none.
	Option string `yaml:"option" required:"true"`
	// Instance type; without it, whatever type is chosen.
	Type string `yaml:"type" offer:"types"`
	// US dollars per hour of the term.
	Hourly strict.Value[GivenPrice] `yaml:"hourly" required:"true"`
	// US dollars upfront, once a term.
	Fee *strict.Value[Dollars] `yaml:"fee"`
	// Where the price is from.
	Source string `yaml:"source" required:"true"`
}

// KeyEnum lists the options that there are.
func (*GivenRate) KeyEnum(key string) []string {
	if key == "option" {
		return PurchaseOptions()
	}
	return nil
}
