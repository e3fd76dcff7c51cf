package insight

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
)

// A quota is said once for a plan, with its number in each region: the same figures
// as the estimate's fields, and as the explanation's.
func TestQuotasAreSaidOnce(t *testing.T) {
	c := testCatalog(t)
	src := profileSource(t, "medium") + "\nenvironments: {dev: {scale: 10%, regions: [us-east-1]}}\n"
	alone, err := remarked(parseProfile(t, profileSource(t, "medium")), c, bill.Request{})
	require.NoError(t, err)
	r, err := remarked(parseProfile(t, src), c, bill.Request{})
	require.NoError(t, err)
	e := r.Estimate
	require.Equal(t, alone.Estimate.Total, e.Total, "the bill is production's")

	said := slices.DeleteFunc(slices.Clone(e.Facts),
		func(f remark.Remark) bool { return !strings.HasPrefix(f.Key, "quota.") })
	require.Len(t, said, 2)
	require.Equal(t, "quota."+bill.QuotaVCPU, said[0].Key)
	require.Equal(t, "quota."+bill.QuotaAddresses, said[1].Key, "three gateways of each environment")
	require.Equal(t, []float64{6}, said[1].Numbers("needs"))
	require.Equal(t, "2023-04-06", said[1].Text("as_of"))
	require.Equal(t, []string{"us-east-1", "us-west-2"}, said[0].List("regions"))
	require.Equal(t, []string{"production", "dev"}, said[0].List("environments"))
	require.True(t, said[0].Is("weak"))
	require.False(t, said[0].Has("as_of"), "undated")
	require.Equal(t, []string{bill.QuotaVCPU, bill.QuotaAddresses, bill.QuotaVCPU},
		[]string{e.Quotas[0].Of, e.Quotas[1].Of, e.Quotas[2].Of}, "region by region")
	require.Equal(t, []float64{float64(e.Quotas[0].Need), float64(e.Quotas[2].Need)}, said[0].Numbers("needs"))
	require.Greater(t, e.Quotas[0].Need, alone.Estimate.Quotas[0].Need, "dev runs in us-east-1")
	require.Equal(t, alone.Estimate.Quotas[1].Need, e.Quotas[2].Need, "and only there")

	x, err := Explain(r, "")
	require.NoError(t, err)
	require.Equal(t, e.Quotas, x.Quotas)
	x, err = Explain(r, "db")
	require.NoError(t, err)
	require.Empty(t, x.Quotas, "of the whole plan")
}
