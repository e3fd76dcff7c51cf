package plan

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/money"
	"headroom/pkg/workload"
)

// facts fills in the closing lines, what is assumed and what is left out.
func (r *Result) facts(e *Estimate, pr *pricer, o Options) {
	if r.System != nil {
		r.demandFacts(e, o)
	}
	e.buyingFacts()
	if e.Buying != nil {
		r.buyingContext(e, o)
	} else if f, ok := r.reservable(e, pr, o); ok {
		e.Facts = append(e.Facts, f)
	}
	if c := r.Profile.Currency; c != nil {
		in := c.Rate.V.Times(money.QuantityOf(e.Total.Expected)).Cents()
		e.Facts = append(e.Facts, Fact{"In " + c.Code, fmt.Sprintf("%s %s at %s for one US dollar (%s)", c.Code, in, c.Rate.V, c.Source)})
	}
	r.excluded(e)
	text := fmt.Sprintf("tables of %s", e.Prices.Vintage)
	if e.Prices.OldestUsed != "" {
		text += fmt.Sprintf("; oldest used %s", e.Prices.OldestUsed)
	}
	text += fmt.Sprintf("; %d single-source; %d missing", e.Prices.SingleSource, len(e.Unpriced))
	if len(e.Prices.Overlays) > 0 {
		text += "; overlays " + strings.Join(e.Prices.Overlays, ", ")
	}
	e.Facts = append(e.Facts, Fact{"Prices", text})
	e.Facts = append(e.Facts, Fact{"Next", r.next()})
}

// excluded says what the total does not contain.
func (r *Result) excluded(e *Estimate) {
	if e.Scope == "compute" {
		why := "scope is compute"
		if !strings.Contains(strings.Join(e.Excluded, ""), "storage") {
			e.Excluded = append(e.Excluded, "storage volumes, snapshots and backups, load balancers, NAT gateways and data transfer ("+why+")")
		}
	}
	if len(r.Profile.Environments) > 0 {
		var names []string
		for _, env := range r.Profile.Environments {
			names = append(names, env.Key)
		}
		e.Excluded = append(e.Excluded, "the environments "+strings.Join(names, ", ")+" (this is production alone)")
	}
	if len(r.Profile.Growth.Events) > 0 && r.System != nil {
		e.Excluded = append(e.Excluded, "nodes rented for the hours of growth.events (the data that they add is counted)")
	}
	rest := []string{}
	for _, x := range [][2]string{{"tax", "taxes"}, {"credit", "credits"}, {"discount", "negotiated discounts"}} {
		if !slices.ContainsFunc(e.Lines, func(l Line) bool { return l.Term == AdjustmentTerm && l.Item == x[0] }) {
			rest = append(rest, x[1])
		}
	}
	e.Excluded = append(e.Excluded, strings.Join(append(rest, "support plans"), ", "))
}

func (r *Result) next() string {
	name := r.Profile.Ref
	if name == "" {
		name = r.Profile.Name
	}
	if r.Profile.Printed != nil {
		return fmt.Sprintf("headroom estimate --reconcile %s", name)
	}
	first := ""
	for _, c := range r.Choices {
		if c.Layout.Type != nil {
			first = " " + c.Component.Name
			break
		}
	}
	env := ""
	if r.environment != "" && r.environment != workload.Production {
		env = " --environment " + r.environment
	}
	return fmt.Sprintf("headroom explain %s%s%s", name, first, env)
}
