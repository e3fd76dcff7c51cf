package budget

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
)

// Two profiles of 250.00, one with an environment beside it; one is new.
func several() []Subject {
	return []Subject{
		{Name: "shop", Estimate: estimate(), Baseline: estimate(), Label: "base"},
		{Name: "shop", Environment: "dev", Estimate: estimate(), Baseline: estimate(), Label: "base"},
		{Name: "blog", Estimate: estimate(), New: "base", Known: []string{"shop", "shop/dev"}},
	}
}

// A rule adds up what all: says, and names the systems that its figures cover.
func TestRulesOverSeveralSystems(t *testing.T) {
	for _, x := range []struct {
		rule   string
		actual []string
		covers []int
	}{
		{"monthly: 1", []string{"250.00", "250.00"}, []int{1, 1}},
		{"environment: dev, monthly: 1", []string{"250.00"}, []int{1}},
		{"all: [environments], monthly: 1", []string{"500.00", "250.00"}, []int{2, 1}},
		{"all: [profiles], monthly: 1", []string{"500.00"}, []int{2}},
		{"all: [profiles, environments], monthly: 1", []string{"750.00"}, []int{3}},
		{"all: [profiles], component: db, monthly: 1", []string{"100.00"}, []int{2}},
		{"all: [environments], profile: shop, monthly: 1", []string{"500.00"}, []int{2}},
		// The copy beside production has no users of its own.
		{"all: [environments], profile: shop, per_user: $1", []string{"2.5000"}, []int{2}},
		{"environment: dev, per_user: $1", []string{"1.2500"}, []int{1}},
	} {
		v, err := check(t, "  rule: {"+x.rule+"}\n", several()...)
		require.NoError(t, err, x.rule)
		require.Equal(t, "new", v.Results[0].Rule, "found before all rules")
		v.Results = v.Results[1:]
		require.Len(t, v.Results, len(x.actual), x.rule)
		for i, r := range v.Results {
			require.Equal(t, x.actual[i], r.Actual.String(), x.rule)
			require.Len(t, r.Covers, x.covers[i], x.rule)
			require.Equal(t, x.covers[i] > 1, r.Environment == "", "one name is not that of several")
		}
	}
}

// What is new has nothing that it could have grown from: it is a finding of its own,
// and in no comparison.
func TestNewSystems(t *testing.T) {
	for policy, want := range map[string]string{"": Warn, "new: allow\n": Warn, "new: fail\n": Fail} {
		b, err := Parse("budget.yaml", []byte("apiVersion: headroom/v1\n"+policy+
			"rules: {growth: {increase: 0%}, sum: {all: [profiles], increase: 0%}}\n"))
		require.NoError(t, err)
		v, err := b.Check(several(), today, bill.Program{})
		require.NoError(t, err)
		require.Equal(t, want, v.Outcome)
		require.Equal(t, []string{"new", "growth", "sum"},
			[]string{v.Results[0].Rule, v.Results[1].Rule, v.Results[2].Rule})
		require.Len(t, v.Results, 3)
		require.Equal(t, 250.0, v.Results[2].Found.Number("is"), "the new one is in neither figure")
		require.Equal(t, []string{"blog"}, v.Results[2].Found.List("apart"))
	}
	// All of it is new: no comparison, and no error either.
	v, err := check(t, "  growth: {increase: 0%}\n", several()[2])
	require.NoError(t, err)
	require.Len(t, v.Results, 1)
}

// Given nodes that are too few are a breach that no limit of money shows.
func TestUndersized(t *testing.T) {
	e := estimate()
	e.Parts[1].Warnings = []remark.Remark{
		remark.New("pin.undersized", "region", "us-east-1", "missing", 2, "needed", 5), remark.New("database.other")}
	e.Parts[0].Warnings = []remark.Remark{
		remark.New("pin.overwhelmed", "resource", "memory", "need", 9.0, "have", 8.0, "unit", "B")}
	for policy, want := range map[string]string{"": Fail, "undersized: fail\n": Fail, "undersized: allow\n": Warn} {
		b, err := Parse("budget.yaml", []byte("apiVersion: headroom/v1\n"+policy+"rules: {t: {monthly: 999}}\n"))
		require.NoError(t, err)
		v, err := b.Check([]Subject{{Name: "shop", Estimate: e}}, today, bill.Program{})
		require.NoError(t, err)
		require.Equal(t, want, v.Outcome)
		require.Len(t, v.Results, 3)
		require.Equal(t, []string{"8", "9", "B"}, []string{string(v.Results[0].Allowed), string(v.Results[0].Actual),
			v.Results[0].Unit})
		require.Equal(t, []string{"3", "5", "nodes"}, []string{string(v.Results[1].Allowed),
			string(v.Results[1].Actual), v.Results[1].Unit})
		require.Equal(t, Selection{Component: "db", Region: "us-east-1"}, v.Results[1].Of)
	}
}
