package report

import (
	"math"
	"strings"
)

// Bar is a length beside others: a part of the longest bar of its column.
type Bar struct {
	Part    float64 // from 0 to 1, more where it is beyond the ceiling
	Ceiling float64 // the part that is allowed; 0 where there is no ceiling
}

// eighths are the blocks that fill one to eight eighths of a place.
const eighths = "▏▎▍▌▋▊▉█"

// draw is the bar in so many places.
func (b *Bar) draw(width int) string {
	if b.Ceiling > 0 {
		return drawUnder(b.Part, b.Ceiling, width)
	}
	return drawBar(b.Part, width)
}

// barCell draws a bar of at most width places. What is not nothing is at least an
// eighth of a place.
func barCell(part float64, width int) Cell {
	c := Cell{Text: drawBar(part, width), Tone: Measure}
	if c.Text != "" {
		c.Bar = &Bar{Part: part}
	}
	return c
}

func drawBar(part float64, width int) string {
	if !(part > 0) || width < 1 {
		return ""
	}
	blocks := []rune(eighths)
	n := max(int(math.Round(min(part, 1)*float64(width*len(blocks)))), 1)
	s := strings.Repeat(string(blocks[len(blocks)-1]), n/len(blocks))
	if rest := n % len(blocks); rest > 0 {
		s += string(blocks[rest-1])
	}
	return s
}
