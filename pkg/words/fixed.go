package words

import (
	"fmt"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayFixed has the words for fixed costs.
func sayFixed(r remark.Remark) string {
	switch r.Key {
	case "fixed.price":
		return fixedPrice(r)
	case "fixed.share":
		return "part of the bill"
	case "fixed.share_anew":
		return "of this environment's own bill, whose steps begin anew"
	case "fixed.production":
		return "nothing here: production pays for it"
	case "fixed.grows":
		return "nothing: it is what the profile says"
	}
	return ""
}

// fixedPrice says what is paid, and which part of it the month bears.
func fixedPrice(r remark.Remark) string {
	text := "$" + unit.Fixed(r.Number("dollars"), 2)
	if cents := r.Number("dollars"); cents == float64(int64(cents)) {
		text = "$" + unit.Whole(cents)
	}
	if n := r.Number("count"); n != 1 {
		text = unit.Count(n).Human() + " × " + text
	}
	month := r.Int("month")
	switch every := r.Text("every"); {
	case every != "once":
		text += " " + map[string]string{"hour": "an hour", "month": "a month", "year": "a year"}[every]
		if every == "year" && month >= 0 {
			text += fmt.Sprintf(", month %d of 12", month%12+1)
		}
	case r.Has("spread"):
		text += fmt.Sprintf(" once, over %s", Counted(r.Int("spread"), "month"))
	default:
		text += " once"
	}
	if month < 0 {
		text += fmt.Sprintf(", in %s", Counted(-month, "month"))
	}
	return text
}
