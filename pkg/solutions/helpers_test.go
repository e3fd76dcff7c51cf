package solutions_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/insight"
	"headroom/pkg/resilience"
	"headroom/pkg/sizing"
	"headroom/pkg/solutions"
	"headroom/pkg/workload"
)

// profileOf reads a shipped profile.
func profileOf(t *testing.T, name string) *workload.Profile {
	t.Helper()
	src, err := os.ReadFile("../../profiles/" + name + ".yaml")
	require.NoError(t, err)
	p, err := workload.Parse(name+".yaml", src, sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	return p
}

// inputsOf plans, bills and assesses shipped profiles.
func inputsOf(t *testing.T, names ...string) []solutions.Input {
	t.Helper()
	cat, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	facts, err := cat.Facts()
	require.NoError(t, err)
	out := make([]solutions.Input, len(names))
	for i, name := range names {
		r, err := bill.Make(profileOf(t, name), cat, bill.Request{})
		require.NoError(t, err)
		require.NoError(t, insight.Remark(r))
		a, err := resilience.Assess(r.Plan, facts, resilience.Options{})
		require.NoError(t, err)
		out[i] = solutions.Input{Label: name, Profile: r.Plan.Profile, Estimate: r.Estimate, Assessment: a}
	}
	return out
}
