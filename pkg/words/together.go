package words

import (
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// TogetherLabel is the label of what all environments cost.
const TogetherLabel = "All"

// sayTogether says what production and its environments cost, one by one and together.
func sayTogether(r remark.Remark) string {
	var parts []string
	costs := r.Numbers("costs")
	for i, name := range r.List("environments") {
		if i < len(costs) {
			parts = append(parts, name+" "+unit.Fixed(costs[i], 2))
		}
	}
	total := dollars(r.Number("total"))
	if r.Is("at_least") {
		total = "≥ " + total
	}
	over := "a month"
	if r.Has("periods") {
		over = "in " + Counted(r.Int("periods"), r.Text("period"))
	}
	text := total + " " + over + " with all environments: " + strings.Join(parts, " + ")
	if list := r.List("not_counted"); len(list) > 0 {
		text += "; without " + strings.Join(list, ", ") + ", which cannot be planned"
	}
	return text
}
