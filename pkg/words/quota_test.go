package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

// A quota is one line for all regions, with its number in each; how far the default
// is to be trusted stands beside it.
func TestWordsOfQuotas(t *testing.T) {
	regions := []any{"regions", []string{"a", "b"}, "needs", []float64{1200, 71}, "months", []float64{0, 4}}
	vcpus := remark.New("quota.standard_vcpus", regions...).With("default", 5)
	for _, x := range []struct {
		r    remark.Remark
		text string
	}{
		{vcpus.With("weak", true),
			"ask for 1,200 vCPUs of Standard on demand in a, 71 in b (from month 4) (default 5, weak, undated)"},
		{vcpus.With("as_of", "2026-01-02", "at_least", []string{"a"}),
			"ask for at least 1,200 vCPUs of Standard on demand in a, 71 in b (from month 4) " +
				"(default 5, of 2026-01-02)"},
		{remark.New("quota.addresses", "regions", []string{"a"}, "needs", []float64{6}, "months", []float64{0},
			"default", 5, "as_of", "2023-04-06", "environments", []string{"production", "dev"}, "not_counted",
			[]string{"qa"}),
			"ask for 6 Elastic IP addresses in a (default 5, of 2023-04-06); for production, dev together; " +
				"without qa, which cannot be planned"},
		{remark.New("quota.nat_gateways", "regions", []string{"a"}, "needs", []float64{8}, "months", []float64{0},
			"default", 5, "as_of", "2023-04-06"),
			"ask for 8 NAT gateways a zone in a (default 5, of 2023-04-06)"},
		{remark.New("quota.reservations", "regions", []string{"a"}, "needs", []float64{30}, "months", []float64{0},
			"default", 20, "zone", 20, "as_of", "2023-05-11"),
			"ask for 30 new reservations a month in a (default 20 for a region, 20 more for each zone, " +
				"of 2023-05-11), or spread them over months"},
		{remark.New("quota.of_tomorrow", "need", 3), "of tomorrow: need 3"},
	} {
		require.Equal(t, "Quota", Label(x.r))
		require.Equal(t, x.text, Say(x.r))
	}
	require.NotEmpty(t, Say(remark.New("quota.addresses")), "whatever its values are")
}
