package insight

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/workload"
)

// inCurrency is the total in the profile's other currency.
func inCurrency(c *workload.Currency, e *bill.Estimate) bill.Fact {
	total := c.Rate.V.Times(money.QuantityOf(e.Total.Expected)).Cents()
	return bill.Fact{Label: "In " + c.Code,
		Text: fmt.Sprintf("%s %s at %s for one US dollar (%s)", c.Code, total, c.Rate.V, c.Source)}
}

// pricesText names the tables that were used.
func pricesText(e *bill.Estimate) string {
	text := fmt.Sprintf("tables of %s", e.Prices.Vintage)
	if e.Prices.OldestUsed != "" {
		text += fmt.Sprintf("; oldest used %s", e.Prices.OldestUsed)
	}
	text += fmt.Sprintf("; %d single-source; %d missing", e.Prices.SingleSource, len(e.Unpriced))
	if len(e.Prices.Overlays) > 0 {
		text += "; overlays " + strings.Join(e.Prices.Overlays, ", ")
	}
	return text
}

// excluded says what the total does not contain.
func excluded(p *plan.Plan, e *bill.Estimate) []string {
	var out []string
	if e.Scope == "compute" {
		out = append(out, "storage volumes, snapshots and backups, load balancers, NAT gateways and data transfer "+
			"(scope is compute)")
	}
	if len(p.Profile.Environments) > 0 {
		names := strings.Join(p.Profile.Environments.Keys(), ", ")
		out = append(out, "the environments "+names+" (this is production alone)")
	}
	if len(p.Profile.Growth.Events) > 0 && p.System != nil {
		out = append(out, "nodes rented for the hours of growth.events (the data that they add is counted)")
	}
	rest := []string{}
	for _, x := range [][2]string{{"tax", "taxes"}, {"credit", "credits"}, {"discount", "negotiated discounts"}} {
		has := func(l bill.Line) bool { return l.Term == bill.AdjustmentTerm && l.Item == x[0] }
		if !slices.ContainsFunc(e.Lines, has) {
			rest = append(rest, x[1])
		}
	}
	return append(out, strings.Join(append(rest, "support plans"), ", "))
}

// next is the command that leads on from the estimate.
func next(p *plan.Plan) string {
	name := p.Profile.Ref
	if name == "" {
		name = p.Profile.Name
	}
	if p.Profile.Printed != nil {
		return fmt.Sprintf("headroom estimate --reconcile %s", name)
	}
	first := ""
	for _, c := range p.Choices {
		if c.Layout.Type != nil {
			first = " " + c.Component.Name
			break
		}
	}
	env := ""
	if _, of, ok := strings.Cut(p.Profile.Name, "/"); ok { // a profile's own name has no slash
		env = " --environment " + of
	}
	return fmt.Sprintf("headroom explain %s%s%s", name, first, env)
}
