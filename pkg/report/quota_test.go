package report

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
)

// The table of quotas has the marks of its source, and whom the numbers are for.
func TestQuotasOfAnExplanation(t *testing.T) {
	x := &insight.Explanation{Title: "Shop", Quotas: []bill.Quota{
		{Region: "us-east-1", Of: bill.QuotaVCPU, Need: 96, AtLeast: true, Default: 5, Source: "QX", Weak: true,
			Note: "weak: seen", Environments: []string{"production", "dev"}, NotCounted: []string{"qa"}},
		{Region: "us-east-1", Of: bill.QuotaReservations, Need: 30, Default: 20, Zone: 20, Month: 7, AsOf: "2023-05-11",
			Source: "EC223"},
	}}
	var b bytes.Buffer
	require.NoError(t, Write(&b, "markdown", Explanation(x), Output{}))
	require.Contains(t, b.String(), "Quotas to ask for")
	for _, row := range []string{
		"| us-east-1 | vCPUs of Standard on demand | ≥ 96 | 5 | 0 | undated | QX | weak: seen; for production, dev " +
			"together; without qa, which cannot be planned |",
		"| us-east-1 | new reservations a month | 30 | 20 | 7 | 2023-05-11 | EC223 | and 20 for each zone |",
	} {
		require.Contains(t, b.String(), row)
	}
	x.Quotas = nil
	b.Reset()
	require.NoError(t, Write(&b, "markdown", Explanation(x), Output{}))
	require.NotContains(t, b.String(), "Quotas")
}
