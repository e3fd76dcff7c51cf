package words

import (
	"fmt"

	"headroom/pkg/unit"
)

// Span is a time for people: seconds up to two minutes, then two units: "90 s",
// "2 min 30 s", "4 h 23 min", "7 d".
func Span(seconds float64) string {
	switch {
	case seconds > 0 && seconds < 1:
		return unit.Duration(seconds).Human()
	case seconds < 2*60:
		return unit.Count(seconds).Human() + " s"
	}
	for _, u := range [...]struct {
		size, less   int64
		name, lesser string
	}{{24 * 3600, 3600, "d", "h"}, {3600, 60, "h", "min"}, {60, 1, "min", "s"}} {
		if seconds < float64(u.size) {
			continue
		}
		n := int64(seconds/float64(u.less) + 0.5)
		if rounded := float64(n * u.less); rounded != seconds {
			return Span(rounded) // which may be of a larger unit
		}
		of := u.size / u.less
		text := unit.Whole(float64(n/of)) + " " + u.name
		if rest := n % of; rest > 0 {
			text += fmt.Sprintf(" %d %s", rest, u.lesser)
		}
		return text
	}
	return ""
}

// Availability is a part of a year with as many digits as it takes to tell it from all of it:
// 99.25 %, 99.995 %.
func Availability(part float64) string {
	const digits = 3 // of what is missing
	missing := unit.Rounded(float64(100*(1-part)), digits)
	return unit.Plain(unit.Rounded(100-missing, 12)) + " %"
}
