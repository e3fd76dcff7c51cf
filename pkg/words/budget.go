package words

import (
	"fmt"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayBudget says what a limit of a budget found.
func sayBudget(r remark.Remark) string {
	switch r.Key {
	case "budget.new":
		return sayNew(r)
	case "budget.monthly":
		return sayMost(r, "a month")
	case "budget.monthly_max":
		return sayMost(r, "a month at most")
	case "budget.increase":
		return sayMoved(r, "+"+unit.ShortPercent(r.Number("allowed")))
	case "budget.increase_by":
		return sayMoved(r, "+"+exactDollars(r.Number("allowed")))
	case "budget.decrease":
		return sayMoved(r, "−"+unit.ShortPercent(r.Number("allowed")))
	case "budget.decrease_by":
		return sayMoved(r, "−"+exactDollars(r.Number("allowed")))
	case "budget.per_user":
		return sayPer(r, "a user a month")
	case "budget.per_million_requests":
		return sayPer(r, "a million requests")
	case "budget.headroom":
		return sayLeastHeadroom(r)
	case "budget.commitment":
		return fmt.Sprintf("%s of the cost of nodes is committed, %s %s", unit.ShortPercent(r.Number("actual")),
			whether(r, "below the least of", "least"), unit.ShortPercent(r.Number("allowed")))
	case "budget.price_age":
		return fmt.Sprintf("the oldest price (%s, %s) is %s days old, %s %s", r.Text("item"), r.Text("as_of"),
			unit.Decimals(r.Number("actual"), 0), whether(r, "above the limit of", "at most"),
			unit.Decimals(r.Number("allowed"), 0))
	}
	return ""
}

// whether chooses words by whether the limit is breached.
func whether(r remark.Remark, breached, kept string) string {
	if r.Is("breached") {
		return breached
	}
	return kept
}

func sayMost(r remark.Remark, what string) string {
	actual, allowed := exactDollars(r.Number("actual")), exactDollars(r.Number("allowed"))
	if r.Is("breached") {
		return fmt.Sprintf("%s %s is %s above the limit of %s", actual, what, exactDollars(r.Number("above")), allowed)
	}
	return fmt.Sprintf("%s %s, limit %s", actual, what, allowed)
}

func sayPer(r remark.Remark, each string) string {
	return fmt.Sprintf("$%s for %s, %s %s", unit.Decimals(r.Number("actual"), 4), each,
		whether(r, "above the limit of", "limit"), exactDollars(r.Number("allowed")))
}

// sayMoved is "$5,564.95 → $6,211.10 a month (+$646.15, +11.6 %), limit +10 %".
func sayMoved(r remark.Remark, limit string) string {
	was, is, change := r.Number("was"), r.Number("is"), r.Number("change")
	by := exactDollars(change)
	if change >= 0 {
		by = "+" + by
	}
	switch {
	case was != 0:
		by += ", " + unit.SignedPercent(change, was, 1)
	case is != 0:
		by += ", new"
	}
	text := fmt.Sprintf("%s → %s a month (%s), %s %s", exactDollars(was), exactDollars(is), by,
		whether(r, "beyond the limit of", "limit"), limit)
	if apart := r.List("apart"); len(apart) > 0 {
		text += "; without " + strings.Join(apart, ", ") + ", which the baseline does not have"
	}
	return text
}

// sayNew is about a system that is not in the baseline.
func sayNew(r remark.Remark) string {
	text := fmt.Sprintf("%s a month is new: the baseline %s has no estimate of it", exactDollars(r.Number("cost")),
		r.Text("baseline"))
	if has := r.List("has"); len(has) > 0 {
		text += ", only of " + strings.Join(has, ", ")
	}
	return text
}

func sayLeastHeadroom(r remark.Remark) string {
	actual, least := unit.ShortPercent(r.Number("actual")), unit.ShortPercent(r.Number("allowed"))
	if !r.Is("breached") {
		return fmt.Sprintf("headroom of %s, least %s", actual, least)
	}
	text := fmt.Sprintf("headroom of %s is below the least of %s", actual, least)
	if c := r.Text("component"); c != "" {
		text += fmt.Sprintf("; then %s needs more (%s)", c, joined(", ", r.Text("resource"), r.Text("state")))
	}
	return text
}

// exactDollars prints all decimals of an amount, two at least: $5,564.95, −$0.125.
func exactDollars(x float64) string {
	if x < 0 {
		return "−" + exactDollars(-x)
	}
	return "$" + unit.Grouped(unit.Exact(x))
}
