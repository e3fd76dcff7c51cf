package serve_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/resilience"
	"headroom/pkg/serve"
)

// What fails follows the values; what protections cost comes only where it is asked for.
func TestFailures(t *testing.T) {
	o := options(t, shipped(t, "campus-a"))
	p := pageOf(t, o)
	require.Empty(t, answer(t, p, "").Failures)
	a := answer(t, p, serve.WantFailures)
	require.Empty(t, a.More)
	require.Empty(t, a.Remedies)
	is, err := o.Model.Withstand(t.Context(), nil)
	require.NoError(t, err)
	require.NotEmpty(t, is.Aims)
	for i := range is.Aims {
		if is.Aims[i].Verdict == resilience.Missed && is.Aims[i].Scenario != "" {
			require.Contains(t, a.Failures, is.Aims[i].Scenario)
		}
	}
	require.NotContains(t, a.Failures, "--full", "the page has no flags")
	require.Contains(t, a.Failures, "recovery.on_call")
	known := answer(t, p, serve.WantFailures, "recovery.on_call", "10min")
	require.NotContains(t, known.Failures, "recovery.on_call")

	full := answer(t, p, serve.WantRemedies)
	require.Empty(t, full.Failures)
	for i := range is.Rows {
		require.Contains(t, full.Remedies, is.Rows[i].Scenario)
	}
	require.Contains(t, full.Remedies, "--set")
}
