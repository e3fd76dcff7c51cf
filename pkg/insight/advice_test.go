package insight

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// balancers explains the platform's balancers in one region, with a text of the profile
// replaced, and its bill.
func balancers(t *testing.T, old, is string) ([]remark.Remark, *bill.Estimate) {
	t.Helper()
	src := profileSource(t, "platform")
	require.Contains(t, src, old)
	r := bill.Request{}
	r.Regions = []string{"us-east-1"}
	b, err := bill.Make(parseProfile(t, strings.Replace(src, old, is, 1)), testCatalog(t), r)
	require.NoError(t, err)
	x, err := Explain(b, "lb")
	require.NoError(t, err)
	return x.Components[0].Advice, b.Estimate
}

// costs are those of the balancers by the item that is billed.
func costs(e *bill.Estimate) map[string]money.Amount {
	out := map[string]money.Amount{}
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Component == "lb" {
			out[l.Item] = out[l.Item].Plus(l.Cost.Expected)
		}
	}
	return out
}

const manyBalancers = "count: {value: 35, source: 'the talk: 35 load balancers'}"

// The talk's 35 balancers in a region of three zones: a single one saves 34 × 730 h × $0.0225
// and 34 × 3 × 730 h × $0.005, which is what the bill of a single one has less.
func TestOneBalancerInsteadOfMany(t *testing.T) {
	list, many := balancers(t, manyBalancers, manyBalancers)
	require.Len(t, list, 1)
	require.Equal(t, "one ALB a region in the place of 35: $558.45 of hours and $372.30 of public addresses less a "+
		"month; "+
		"it evaluates the rules of all, of which 10 are counted: state them as rules (35, one for each, cost $0.00 "+
		"more of capacity units)", words.Say(list[0]))
	require.Equal(t, "Advice", words.Label(list[0]))

	none, one := balancers(t, manyBalancers, "count: 1")
	require.Empty(t, none, "a single one is shared already")
	was, is := costs(many), costs(one)
	require.Equal(t, "574.88", was["ALB hour"].String())
	require.Equal(t, "558.45", was["ALB hour"].Minus(is["ALB hour"]).String())
	address := "public IPv4 address hour"
	require.Equal(t, "372.30", was[address].Minus(is[address]).String())
	require.True(t, was["ALB LCU-hour"].Equal(is["ALB LCU-hour"]), "the same passes one as 35")
}

// Where rules decide the units, what they cost more is what the bill of one balancer with as
// many rules has more.
func TestOneBalancerHasTheRulesOfAll(t *testing.T) {
	many := strings.Replace(manyBalancers, "35,", "800,", 1)
	list, e := balancers(t, manyBalancers, many)
	require.Len(t, list, 1)
	require.InDelta(t, 800, list[0].Number("rules"), 0)
	_, one := balancers(t, manyBalancers, "count: 1\n    rules: 800")
	more := costs(one)["ALB LCU-hour"].Minus(costs(e)["ALB LCU-hour"])
	require.Equal(t, 1, more.Cmp(money.MustAmount("100")))
	require.InDelta(t, more.Float64(), list[0].Number("units"), 1e-9)
}

// Network balancers have no rules; without public addresses there are none to save.
func TestOtherBalancersHaveNoRules(t *testing.T) {
	list, _ := balancers(t, manyBalancers, "count: 2\n    type: nlb\n    public: false")
	require.Len(t, list, 1)
	require.Equal(t, "one NLB a region in the place of 2: $16.42 of hours less a month", words.Say(list[0]))
}
