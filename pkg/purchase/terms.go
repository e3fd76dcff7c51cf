package purchase

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/market"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// Given is a price that the user states for one type and region; it replaces
// what the tables have.
type Given struct {
	Name   string       // as Option.Name
	Fee    money.Amount // once a term
	Hourly money.Rate   // per hour of the term; of use for on-demand and spot
	Source string       // where the user has it from
}

// GivenNote is the note on a price that the user states.
const GivenNote = "rate given by the user"

// GivenFor are the prices that a profile states for options of a type.
func GivenFor(s *workload.Purchase, typ string) []Given {
	var out []Given
	for i := range s.Rates {
		r := &s.Rates[i]
		if r.Type != "" && r.Type != typ {
			continue
		}
		g := Given{Name: r.Option, Hourly: r.Hourly.V.Rate, Source: r.Source}
		if r.Fee != nil {
			g.Fee = r.Fee.V.Amount
		}
		out = append(out, g)
	}
	return out
}

// Lacking lists the options that are not among those that have a price: a kind,
// or a term of it, by its own name where all of it lacks one.
func Lacking(have []string) []string {
	var out []string
	for _, mode := range workload.PurchaseModes() {
		all, none := false, true
		for _, name := range workload.PurchaseOptions() {
			if covers(mode, name) {
				all = true
				none = none && !slices.Contains(have, name)
			}
		}
		if all && none && !slices.ContainsFunc(out, func(o string) bool { return covers(o, mode) }) {
			out = append(out, mode)
		}
	}
	return out
}

// named is the option of a name without a price.
func named(name string) Option {
	o := Option{Name: name, Kind: name, Rework: 1}
	for _, kind := range workload.Commitments() {
		if rest, ok := strings.CutPrefix(name, kind+"-"); ok {
			years, upfront, _ := strings.Cut(rest, "y-")
			o.Kind, o.Years, o.Upfront = kind, int(years[0]-'0'), upfront
		}
	}
	return o
}

// Options lists every known option for a machine in a region of the profile: with its
// price, or with the reason why it has none. Spot is spread over at least spotTypes of
// the types; the first of types is the one that the pool is planned with, the
// rest can take its place node for node.
func Options(region int, types []market.Machine, spotTypes int, given []Given) ([]Option, error) {
	return optionsOf(region, types, spotTypes, given, func(*Option) bool { return true })
}

// Allowed lists those of Options that the constraints allow, and on demand.
func (c *Constraints) Allowed(region int, types []market.Machine, given []Given,
	interruptible bool) ([]Option, error) {
	p := Lot{Interruptible: interruptible}
	return optionsOf(region, types, c.SpotTypes, given, func(o *Option) bool { return c.allows(&p, o) })
}

func optionsOf(region int, types []market.Machine, spotTypes int, given []Given,
	wanted func(*Option) bool) ([]Option, error) {
	if len(types) == 0 {
		return nil, fmt.Errorf("options need an instance type")
	}
	typ := types[0]
	terms := typ.Terms(region)
	var out []Option
	for _, name := range workload.PurchaseOptions() {
		o := named(name)
		if !wanted(&o) {
			continue
		}
		switch at := slices.IndexFunc(terms, func(t catalog.TermPrice) bool { return t.Term == name }); {
		case name == OnDemand:
			if p, ok := typ.Price(region); ok {
				o.Hourly, o.AsOf, o.Source, o.Note = p.Rate, p.AsOf, p.Source, p.Note
			} else {
				o.Missing = noPrice(typ, region, "unpriced.term")
			}
		case name == Spot:
			if err := o.spread(region, types, spotTypes); err != nil {
				return nil, err
			}
		case at >= 0:
			if err := o.take(terms[at]); err != nil {
				return nil, err
			}
		default:
			o.Missing = noPrice(typ, region, "unpriced.term")
		}
		out = append(out, o)
	}
	for _, g := range given {
		if !slices.Contains(workload.PurchaseOptions(), g.Name) {
			return nil, unknownOption(g.Name)
		}
		i := slices.IndexFunc(out, func(o Option) bool { return o.Name == g.Name })
		if i < 0 {
			continue
		}
		o := named(g.Name)
		o.Fee, o.Hourly, o.Source, o.Note = g.Fee, g.Hourly, g.Source, GivenNote
		if !o.Committed() && !o.Fee.IsZero() {
			return nil, fmt.Errorf("%s has no term, so it can have no upfront fee", g.Name)
		}
		if o.Kind == Spot {
			if err := o.interrupted(region, typ, out[i]); err != nil {
				return nil, err
			}
		}
		out[i] = o
	}
	return out, typ.Err(region)
}

// take fills in the price of a term. Where only an effective rate of a partial
// upfront term is known, it is split in halves, exactly (docs/model.md section 7).
func (o *Option) take(t catalog.TermPrice) error {
	o.Fee, o.Hourly = t.Commitment()
	o.AsOf, o.Source, o.Note = t.AsOf, t.Source, t.Note
	if t.Basis == catalog.Effective && t.Option == "partial" {
		q, err := money.Float(0.5)
		if err != nil {
			return err
		}
		o.Hourly = t.Rate.Scale(q)
		o.Fee = o.Hourly.Times(money.Int(int64(t.Years * catalog.HoursPerYear)))
		o.Assumed = remark.New("assumed.half_upfront")
	}
	return nil
}

// noPrice says that a term has no price here.
func noPrice(m market.Machine, region int, key string) remark.Remark {
	lack := m.Missing(region, "")
	return remark.New(key, "vintage", lack.Vintage, "region", lack.Region, "machine", lack.Item)
}

func unknownOption(name string) error {
	hint := "options are " + strings.Join(workload.PurchaseOptions(), ", ")
	if s := diag.Suggest(name, workload.PurchaseOptions()); s != "" {
		hint = fmt.Sprintf("did you mean %s? %s", s, hint)
	}
	return diag.Problem{Summary: fmt.Sprintf("purchase option %.60q is not known", name), Hint: hint}
}
