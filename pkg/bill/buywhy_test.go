package bill

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/purchase"
)

// pinned is two nodes in each of two regions, and nothing else to pay.
const pinned = `apiVersion: headroom/v1
name: pinned
prices: {scope: compute}
regions: [{name: us-east-1}, {name: us-west-2}]
components:
  web: {kind: stateless, pin: {type: m7g.xlarge, count: 2}}
`

func committed(t *testing.T, text string) *Estimate {
	t.Helper()
	commits, err := purchase.ParseCommit(text)
	require.NoError(t, err)
	return buildSource(t, testCatalog(t), pinned, Request{Terms: Terms{Commit: commits}}).Estimate
}

func keys(e *Estimate) (out []string) {
	for _, r := range e.Buying.Risks {
		out = append(out, r.Key)
	}
	return out
}

// Thirty reservations for two nodes are billed and said to be unused; with months left
// they are owned, and nothing is bought.
func TestCommitMoreThanThePlanNeeds(t *testing.T) {
	e := committed(t, "web=30×reserved-1y-none")
	require.Equal(t, []string{"risk.unused", "risk.unused"}, keys(e))
	for _, p := range e.Buying.Pools {
		require.Equal(t, 28, p.Unused)
		require.Equal(t, "30×reserved-1y-none", p.Mix.String())
	}
	require.Len(t, e.Lines, 2)
	require.Equal(t, "30", e.Lines[0].Quantity.String())
	require.InDelta(t, 72.0/(72+28*12), e.Buying.Utilisation, 1e-12) // only what is needed is renewed
	require.Negative(t, *e.Buying.SavingsRate)

	owned := committed(t, "web=30×reserved-1y-none@5mo")
	require.Equal(t, []string{"risk.unused", "risk.unused"}, keys(owned))
	require.Equal(t, e.Total.Expected.String(), owned.Total.Expected.String(), "this month they cost the same")
	require.InDelta(t, 5.0/36, owned.Buying.Coverage, 1e-12)
	require.InDelta(t, 5.0/36, *owned.Buying.CoverageInDollars, 1e-12)
}

// What is asked for and not taken is explained, with the region where it is taken in
// another; and savings plans that have no price are named in every purchase.
func TestNotTakenAndWithoutPrice(t *testing.T) {
	c := testCatalog(t)
	for _, x := range []struct {
		option, key string
		components  []string
	}{
		{"spot", "not_taken.interruptible", []string{"web"}},
		{"sp-ec2", "not_taken.unpriced", []string{"web"}},
		{"sp-compute", "not_taken.unpriced", []string{"web in us-west-2"}},
		{"reserved-1y", "", nil},
	} {
		b := buildSource(t, c, pinned, bought(x.option)).Estimate.Buying
		if x.key == "" {
			require.Empty(t, b.NotTaken, x.option)
		} else {
			require.Len(t, b.NotTaken, 1, x.option)
			require.Equal(t, x.key, b.NotTaken[0].Key)
			require.Equal(t, x.components, b.NotTaken[0].List("components"))
			require.Equal(t, []string{x.option}, b.NotTaken[0].List("asked"))
		}
		require.Equal(t, []PlanGap{{"sp-ec2", "us-east-1", "m7g.xlarge"}, {"sp-ec2", "us-west-2", "m7g.xlarge"},
			{"sp-compute", "us-west-2", "m7g.xlarge"}}, b.Plans, x.option)
	}
}

// With target_coverage every month's node hours are covered, also where growth adds
// nodes.
func TestTargetCoverageOfASystem(t *testing.T) {
	src := profileSource(t, "medium") + "\npurchase: {option: optimal, target_coverage: 60%}\n"
	e := buildSource(t, testCatalog(t), src, Request{}).Estimate
	require.GreaterOrEqual(t, e.Buying.Coverage, 0.6)
	require.GreaterOrEqual(t, *e.Buying.CoverageInDollars, 0.6)
	free := buildSource(t, testCatalog(t), profileSource(t, "medium"), bought("optimal")).Estimate
	require.Less(t, e.Buying.Coverage, free.Buying.Coverage)
	require.Greater(t, e.Buying.PV.Float64(), free.Buying.PV.Float64())
}
