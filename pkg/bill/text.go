package bill

import (
	"fmt"
)

// Counted is "1 month" or "2 months".
func Counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
