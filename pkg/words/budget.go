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
	case "budget.edited":
		return sayEdited(r)
	case "budget.monthly":
		return sayMost(r, "a month")
	case "budget.monthly_max":
		return sayMost(r, "a month at most")
	case "budget.increase":
		return sayMoved(r, "+"+limitPercent(r))
	case "budget.increase_by":
		return sayMoved(r, "+"+exactDollars(r.Number("allowed")))
	case "budget.decrease":
		return sayMoved(r, "−"+limitPercent(r))
	case "budget.decrease_by":
		return sayMoved(r, "−"+exactDollars(r.Number("allowed")))
	case "budget.per_user":
		return sayPer(r, "a user a month")
	case "budget.per_million_requests":
		return sayPer(r, "a million requests")
	case "budget.headroom":
		return sayLeastHeadroom(r)
	case "budget.aims":
		return sayAimsLimit(r)
	case "budget.outage", "budget.data_loss":
		return saySpanLimit(r)
	case "budget.failure_buffer":
		return sayBufferLimit(r)
	case "budget.commitment":
		return fmt.Sprintf("%s of the cost of nodes is committed, %s %s", actualPercent(r),
			whether(r, "below the least of", "least"), limitPercent(r))
	case "budget.price_age":
		return fmt.Sprintf("the oldest price (%s, %s) is %s days old, %s %s", r.Text("item"), r.Text("as_of"),
			beside(r, 0), whether(r, "above the limit of", "at most"), unit.Plain(unit.Rounded(r.Number("allowed"),
				12)))
	}
	return ""
}

// beside prints what was found with n decimals, or as many as it takes to see on
// which side of the limit it is.
func beside(r remark.Remark, n int) string {
	actual := r.Number("actual")
	return unit.Fixed(actual, unit.BesideLimit(actual, r.Number("allowed"), n))
}

// inPercent is a part in percent, without the noise of the product.
func inPercent(part float64) float64 { return unit.Rounded(float64(100*part), 12) }

// limitPercent is the limit, a part, with all its digits.
func limitPercent(r remark.Remark) string { return unit.Plain(inPercent(r.Number("allowed"))) + " %" }

// actualPercent is the part that was found, with as many decimals as it takes beside
// the limit, and none where it is whole.
func actualPercent(r remark.Remark) string {
	actual, allowed := inPercent(r.Number("actual")), inPercent(r.Number("allowed"))
	if n := unit.BesideLimit(actual, allowed, 1); n > 1 {
		return unit.Decimals(actual, n) + " %"
	}
	return unit.ShortPercent(r.Number("actual"))
}

// movedPercent is a change in percent of what was, with as many decimals as it takes
// beside the limit of a change in that direction.
func movedPercent(r remark.Remark) string {
	change, was, limit := r.Number("change"), r.Number("was"), inPercent(r.Number("allowed"))
	n := 1
	switch r.Key {
	case "budget.increase":
		n = unit.BesideLimit(100*change/was, limit, n)
	case "budget.decrease":
		n = unit.BesideLimit(100*change/was, -limit, n)
	}
	return unit.SignedPercent(change, was, n)
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
	actual := r.Number("actual")
	_, decimals, _ := strings.Cut(unit.PriceOfOne(actual), ".")
	return fmt.Sprintf("$%s for %s, %s %s", beside(r, max(len(decimals), 4)), each,
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
		by += ", " + movedPercent(r)
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

// sayEdited is about a saved estimate that was edited, which was accepted.
func sayEdited(r remark.Remark) string {
	what := "the estimate that is checked"
	if base := r.Text("baseline"); base != "" {
		what = "the baseline " + base
	}
	return what + " was edited after it was saved, which was accepted (--allow-edited)"
}

func sayLeastHeadroom(r remark.Remark) string {
	actual, least := actualPercent(r), limitPercent(r)
	if !r.Is("breached") {
		return fmt.Sprintf("headroom of %s, least %s", actual, least)
	}
	text := fmt.Sprintf("headroom of %s is below the least of %s", actual, least)
	if c := r.Text("component"); c != "" {
		text += fmt.Sprintf("; then %s needs more (%s)", c, joined(", ", r.Text("resource"), r.Text("state")))
	}
	return text
}

// movedPart is a change in percent; of what was not there before there is none.
func movedPart(r remark.Remark) string {
	switch {
	case r.Number("was") != 0:
		return movedPercent(r)
	case r.Number("is") != 0:
		return "new"
	}
	return "+0 %"
}

// exact prints all decimals of an amount, two at least, without a currency.
func exact(x float64) string {
	if x < 0 {
		return "−" + exact(-x)
	}
	return unit.Grouped(unit.Exact(x))
}

// signedExact is exact with the sign of a change.
func signedExact(x float64) string {
	if x < 0 {
		return exact(x)
	}
	return "+" + exact(x)
}

// exactDollars prints all decimals of an amount, two at least: $5,564.95, −$0.125.
func exactDollars(x float64) string {
	if x < 0 {
		return "−" + exactDollars(-x)
	}
	return "$" + exact(x)
}

// LimitValues is what a limit of a budget found, and the limit itself, as figures in a
// table: "1,979.22" and "1,500.00", "+89.6 %" and "+10 %". What is not a limit's figure,
// such as that a system is new, has none.
func LimitValues(r remark.Remark) (actual, limit string) {
	allowed := exact(r.Number("allowed"))
	switch r.Key {
	case "budget.monthly", "budget.monthly_max":
		return exact(r.Number("actual")), allowed
	case "budget.increase":
		return movedPart(r), "+" + limitPercent(r)
	case "budget.decrease":
		return movedPart(r), "−" + limitPercent(r)
	case "budget.increase_by":
		return signedExact(r.Number("change")), "+" + allowed
	case "budget.decrease_by":
		return signedExact(r.Number("change")), "−" + allowed
	case "budget.per_user", "budget.per_million_requests":
		_, digits, _ := strings.Cut(unit.PriceOfOne(r.Number("actual")), ".")
		return beside(r, max(len(digits), 4)), allowed
	case "budget.headroom", "budget.commitment":
		return actualPercent(r), "≥ " + limitPercent(r)
	case "budget.price_age":
		return beside(r, 0), unit.Plain(unit.Rounded(r.Number("allowed"), 12))
	}
	return "", ""
}
