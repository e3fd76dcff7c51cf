package report

import (
	"fmt"
	"strings"

	"headroom/pkg/budget"
	"headroom/pkg/money"
)

// StepOutputs are the verdict as the outputs of a step of GitHub Actions, a name=value
// line each: total and difference in dollars a month, over all systems that were checked;
// breached, true or false; outcome. What is not known is empty: the difference unless
// every system has a baseline, all amounts where the input has problems. No value is a
// text of a file, so none can be another line.
func StepOutputs(v *budget.Verdict) string {
	total, difference := "", ""
	if len(v.Systems) > 0 && v.Outcome != budget.Invalid && v.Outcome != budget.Infeasible {
		var sum, before money.Amount
		compared := true
		for i := range v.Systems {
			s := &v.Systems[i]
			sum = sum.Plus(s.Total.Expected)
			if s.Baseline == nil {
				compared = false
				continue
			}
			before = before.Plus(s.Baseline.Total.Expected)
		}
		total = sum.String()
		if compared {
			difference = sum.Minus(before).String()
		}
	}
	var b strings.Builder
	for _, line := range [][2]string{{"total", total}, {"difference", difference},
		{"breached", fmt.Sprint(v.Outcome == budget.Fail)}, {"outcome", v.Outcome}} {
		fmt.Fprintf(&b, "%s=%s\n", line[0], line[1])
	}
	return b.String()
}
