package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

// The figures of a limit stand beside each other in a table; what has none shows none.
func TestLimitValues(t *testing.T) {
	moved := []any{"was", 1043.78, "is", 1979.22, "change", 935.44}
	for _, x := range []struct {
		key           string
		found         []any
		actual, limit string
	}{
		{"monthly", []any{"actual", 1979.22, "allowed", 1500}, "1,979.22", "1,500.00"},
		{"monthly_max", []any{"actual", -0.125, "allowed", 5}, "−0.125", "5.00"},
		{"increase", append(moved, "allowed", 0.1), "+89.6 %", "+10 %"},
		{"increase", []any{"was", 0, "is", 5, "change", 5, "allowed", 0.1}, "new", "+10 %"},
		{"increase_by", append(moved, "allowed", 100), "+935.44", "+100.00"},
		{"decrease", append(moved, "allowed", 0.5), "+89.6 %", "−50 %"},
		{"decrease_by", []any{"change", -20, "allowed", 10}, "−20.00", "−10.00"},
		{"per_user", []any{"actual", 1.25, "allowed", 1.2499}, "1.2500", "1.2499"},
		{"headroom", []any{"actual", 0.2, "allowed", 0.125}, "20 %", "≥ 12.5 %"},
		{"price_age", []any{"actual", 365, "allowed", 400}, "365", "400"},
		{"new", []any{"cost", 5}, "", ""},
	} {
		actual, limit := LimitValues(remark.New("budget."+x.key, x.found...))
		require.Equal(t, []string{x.actual, x.limit}, []string{actual, limit}, x.key)
	}
}
