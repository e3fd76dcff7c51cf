package insight

import (
	"math"

	"headroom/pkg/unit"
)

// signed prints a change of the bill in whole dollars: "+$120", "−$35".
func signed(x float64) string {
	if x < 0 {
		return "−$" + unit.Decimals(math.Abs(x), 0)
	}
	return "+$" + unit.Decimals(x, 0)
}
