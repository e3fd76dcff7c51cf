package words

import (
	"strings"

	"headroom/pkg/remark"
)

// sayAdjustment has the words for discounts, credits, mark-ups and taxes.
func sayAdjustment(r remark.Remark) string {
	on := "on everything"
	if services := r.List("on"); len(services) > 0 {
		on = "on " + strings.Join(services, ", ")
	}
	switch r.Key {
	case "adjustment.credit":
		return "credit up to $" + r.Text("amount") + " " + on
	case "adjustment.part":
		return r.Text("kind") + " of " + r.Text("part") + " " + on
	}
	return ""
}
