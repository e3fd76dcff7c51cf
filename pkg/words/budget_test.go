package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
)

func TestWhatLimitsFound(t *testing.T) {
	for _, x := range []struct {
		key   string
		found []any
		want  string
	}{
		{"monthly", []any{"breached", true, "actual", 5564.95, "allowed", 5000, "above", 564.95},
			"$5,564.95 a month is $564.95 above the limit of $5,000.00"},
		{"monthly_max", []any{"breached", false, "actual", -0.125, "allowed", 5},
			"−$0.125 a month at most, limit $5.00"},
		{"increase", []any{"breached", false, "allowed", 0.25, "was", 200, "is", 250, "change", 50},
			"$200.00 → $250.00 a month (+$50.00, +25.0 %), limit +25 %"},
		{"increase_by", []any{"breached", true, "allowed", 49.99, "was", 0, "is", 250, "change", 250},
			"$0.00 → $250.00 a month (+$250.00, new), beyond the limit of +$49.99"},
		{"decrease", []any{"breached", true, "allowed", 0.199, "was", 250, "is", 200, "change", -50},
			"$250.00 → $200.00 a month (−$50.00, −20.0 %), beyond the limit of −19.9 %"},
		{"decrease_by", []any{"breached", false, "allowed", 1000, "was", 0, "is", 0, "change", 0},
			"$0.00 → $0.00 a month (+$0.00), limit −$1,000.00"},
		{"per_user", []any{"breached", true, "actual", 1.25, "allowed", 1.2499},
			"$1.2500 for a user a month, above the limit of $1.2499"},
		{"per_million_requests", []any{"breached", false, "actual", 62.5, "allowed", 70},
			"$62.5000 for a million requests, limit $70.00"},
		{"headroom", []any{"breached", false, "actual", 0.2, "allowed", 0.125}, "headroom of 20 %, least 12.5 %"},
		{"headroom", []any{"breached", true, "actual", 0.2, "allowed", 0.3, "component", "db", "resource", "memory",
			"state", "zone loss"},
			"headroom of 20 % is below the least of 30 %; then db needs more (memory, zone loss)"},
		{"commitment", []any{"breached", true, "actual", 0.2, "allowed", 0.3},
			"20 % of the cost of nodes is committed, below the least of 30 %"},
		{"price_age", []any{"breached", false, "actual", 365, "allowed", 400, "item", "m7g.large",
			"as_of", "2025-06-01"},
			"the oldest price (m7g.large, 2025-06-01) is 365 days old, at most 400"},
		// As many digits as it takes to see what is beyond the limit.
		{"increase", []any{"breached", true, "allowed", 0.1, "was", 1000, "is", 1100.4, "change", 100.4},
			"$1,000.00 → $1,100.40 a month (+$100.40, +10.04 %), beyond the limit of +10 %"},
		{"increase", []any{"breached", true, "allowed", 0.1004, "was", 1e6, "is", 1100400.01, "change", 100400.01},
			"$1,000,000.00 → $1,100,400.01 a month (+$100,400.01, +10.040001 %), beyond the limit of +10.04 %"},
		{"increase", []any{"breached", false, "allowed", 0.1, "was", 1000, "is", 1100, "change", 100},
			"$1,000.00 → $1,100.00 a month (+$100.00, +10.0 %), limit +10 %"},
		{"decrease", []any{"breached", true, "allowed", 0.2, "was", 1000, "is", 799.9, "change", -200.1},
			"$1,000.00 → $799.90 a month (−$200.10, −20.01 %), beyond the limit of −20 %"},
		{"per_user", []any{"breached", true, "actual", 1.00001, "allowed", 1},
			"$1.00001 for a user a month, above the limit of $1.00"},
		{"per_user", []any{"breached", false, "actual", 0.0000123, "allowed", 1},
			"$0.0000123 for a user a month, limit $1.00"},
		{"headroom", []any{"breached", true, "actual", 0.1199, "allowed", 0.12},
			"headroom of 11.99 % is below the least of 12 %"},
		{"price_age", []any{"breached", true, "actual", 400.3, "allowed", 400, "item", "m7g.large",
			"as_of", "2025-06-01"},
			"the oldest price (m7g.large, 2025-06-01) is 400.3 days old, above the limit of 400"},
	} {
		require.Equal(t, x.want, Say(remark.New("budget."+x.key, x.found...)))
	}
}
