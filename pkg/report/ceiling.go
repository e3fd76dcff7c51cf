package report

import (
	"math"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// A bar with a ceiling is as long as what is used, with a mark at what is allowed of it:
// the whole width is all that there is.
const (
	ceilingMark = "│"
	beyondMark  = "▸" // more is used than there is
)

// ceilingCell draws a part of what there is beside the part that is allowed, in its tone.
func ceilingCell(part, ceiling float64, width int) Cell {
	return Cell{Text: drawUnder(part, ceiling, width), Tone: fullTone(part, ceiling),
		Bar: &Bar{Part: part, Ceiling: ceiling}}
}

// fullTone is the tone of what is used of what is allowed.
func fullTone(part, ceiling float64) Tone {
	switch full := part / ceiling; {
	case full > 1+1e-9:
		return Breach
	case full >= nearFull:
		return Caution
	}
	return Measure
}

// drawUnder draws a bar with the mark of its ceiling behind it, or in it where more is used
// than is allowed, in at most so many places.
func drawUnder(part, ceiling float64, width int) string {
	room := max(width-1, 1) // beside the mark
	at := int(math.Round(min(ceiling, 1) * float64(room)))
	bar := drawBar(part, room)
	if part > 1+1e-9 {
		bar = drawBar(1, room-1) + beyondMark
	}
	if part > ceiling*(1+1e-9) && twwidth.Width(bar) <= at { // by less than is seen
		bar = drawBar(1, at) + string([]rune(eighths)[0])
	}
	if n := twwidth.Width(bar); n <= at {
		return bar + strings.Repeat(" ", at-n) + ceilingMark
	}
	runes := []rune(bar)
	if part <= ceiling { // the last eighths reach to the mark
		return string(runes[:at]) + ceilingMark
	}
	return string(runes[:at]) + ceilingMark + string(runes[at:])
}
