package bill

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/drawn"
	"headroom/pkg/money"
	"headroom/pkg/sizing"
)

// A credit takes off what the lines say and no more, whatever came before it: then
// nothing is left, to the cent.
func TestCreditLeavesNothing(t *testing.T) {
	c := testCatalog(t)
	r := buildSource(t, c, profileSource(t, "small"), Request{})
	drawn.Check(t, func(rt *rapid.T) {
		src := "adjustments:\n"
		for i := range rapid.IntRange(0, 4).Draw(rt, "layers") {
			kind := rapid.SampledFrom([]string{"discount", "tax", "mark-up"}).Draw(rt, "kind")
			on := rapid.SampledFrom([]string{"", ", on: [compute]", ", on: [ec2, network]"}).Draw(rt, "on")
			src += fmt.Sprintf("  - {name: l%d, kind: %s, part: %d.%02d%%%s}\n", i, kind,
				rapid.IntRange(0, 60).Draw(rt, "percent"), rapid.IntRange(0, 99).Draw(rt, "hundredth"), on)
		}
		src += "  - {name: all, kind: credit, amount: $10000000}\n"
		p := parseProfile(t, profileSource(t, "small")+src)
		e := *r.Estimate
		e.Lines = e.Lines[:len(e.Lines):len(e.Lines)]
		require.NoError(rt, e.adjust(p.Adjustments))
		var total Cost
		for _, l := range e.Lines {
			total = total.Plus(l.Cost)
		}
		for _, x := range []money.Amount{total.Expected, total.Min, total.Max} {
			require.True(rt, x.Equal(money.Amount{}), "%s", x)
		}
	})
}

// A quantity that no bill can have is a problem of the component, with its place.
func TestAbsurdQuantities(t *testing.T) {
	p := parseProfile(t, profileSource(t, "small"))
	pr := &pricer{profile: p}
	name := p.Components[0].Key
	for _, part := range []string{name, "transfer"} {
		_, err := money.Float(1e19)
		var ps diag.Problems
		u := &sizing.Usage{Meter: catalog.BalancerHours(catalog.ALB)}
		require.ErrorAs(t, pr.absurd(&Part{Name: part}, u, err), &ps)
		require.Positive(t, ps[0].Pos.Line)
		require.Contains(t, ps[0].Summary, part)
	}
}
