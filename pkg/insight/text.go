package insight

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/money"
)

// signed prints a change of the bill in whole dollars: "+$120", "−$35".
func signed(x float64) string {
	a := money.MustAmount(fmt.Sprintf("%.0f", math.Abs(x)))
	sign := "+"
	if x < 0 {
		sign = "−"
	}
	return sign + "$" + strings.TrimSuffix(a.String(), ".00")
}

// signedPercent prints a change: "−12.3 %".
func signedPercent(x float64) string {
	return strings.Replace(fmt.Sprintf("%+.1f %%", 100*x), "-", "−", 1)
}

// amount prints dollars with thousands separators.
func amount(a money.Amount) string {
	whole, cents, _ := strings.Cut(a.String(), ".")
	return "$" + grouped(whole) + "." + cents
}

// thousands prints a whole number with thousands separators.
func thousands(x float64) string { return grouped(fmt.Sprintf("%.0f", x)) }

func grouped(whole string) string {
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole
}
