package words

import (
	"fmt"

	"headroom/pkg/remark"
)

// sayAdvice has the words for what would cost less.
func sayAdvice(r remark.Remark) string {
	if r.Key != "advice.share" {
		return ""
	}
	saves := dollars(r.Number("hours")) + " of hours"
	if x := r.Number("addresses"); x != 0 {
		saves += " and " + dollars(x) + " of public addresses"
	}
	text := fmt.Sprintf("one %s a region in the place of %d: %s less a month", r.Text("type"), r.Int("number"), saves)
	if !r.Has("rules") {
		return text
	}
	text += fmt.Sprintf("; it evaluates the rules of all, of which %d are counted: state them as rules",
		r.Int("stated"))
	if r.Has("units") {
		text += fmt.Sprintf(" (%d, one for each, cost %s more of capacity units)", r.Int("rules"),
			dollars(r.Number("units")))
	}
	return text
}
