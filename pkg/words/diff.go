package words

import (
	"fmt"

	"headroom/pkg/remark"
)

// sayDiff says what could not be told apart in the difference of two estimates.
func sayDiff(r remark.Remark) string {
	later := "part of " + r.Text("part_of")
	switch r.Key {
	case "diff.needs_together":
		return "without the two profiles, effects of the workload and of the model cannot be told apart"
	case "diff.purchase_with_machines":
		return "where both the machines and their purchase changed, both are counted as instance choice"
	case "diff.at_head_prices":
		return "what the base's bill does not price is counted at the head's prices"
	case "diff.prices_of_head":
		return "prices that the base's tables lack are taken from the head's"
	case "diff.unpriced_step":
		return fmt.Sprintf("%s: the base's tables cannot price it; its effect is %s", r.Text("cause"), later)
	case "diff.failed_step":
		return fmt.Sprintf("%s: %s; its effect is %s", r.Text("cause"), r.Text("error"), later)
	case "diff.other_machine":
		return fmt.Sprintf("%s: %s cannot be %s there; the change of its machine is %s", r.Text("component"),
			r.Text("component"), r.Text("machine"), later)
	}
	return ""
}
