package bill

import (
	"fmt"
	"math"
)

// Percent prints a part of 1 in whole percent; a dash for what is no number.
func Percent(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*x)
}

// Counted is "1 month" or "2 months".
func Counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
