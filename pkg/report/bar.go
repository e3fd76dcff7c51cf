package report

import (
	"math"
	"strings"
	"unicode/utf8"
)

// Bar is a length beside others: a part of the longest bar of its column.
type Bar struct {
	Part    float64 // from 0 to 1, more where it is beyond the ceiling
	Ceiling float64 // the part that is allowed; 0 where there is no ceiling
}

// eighths are the blocks that fill one to eight eighths of a place.
const eighths = "▏▎▍▌▋▊▉█"

// draw is the bar in so many places. A ceiling is a mark in it, which a bar passes as soon
// as it is beyond, and what is beyond the end has another.
func (b *Bar) draw(width int) string {
	const marks = 2
	if b.Ceiling <= 0 || width <= marks {
		return drawBar(b.Part, width)
	}
	width -= marks
	at := int(math.Round(b.Ceiling * float64(width)))
	bar := drawBar(b.Part, width)
	if n := utf8.RuneCountInString(bar); b.Part > b.Ceiling && n <= at {
		bar = strings.Repeat("█", at) + "▏"
	}
	places := []rune(bar + strings.Repeat(" ", max(width-utf8.RuneCountInString(bar), 0)))
	text := string(places[:at]) + "│" + string(places[at:])
	if b.Part > 1 {
		text += "▸"
	}
	return strings.TrimRight(text, " ")
}

// ceilingCell draws a bar with its ceiling: it is yellow within a tenth of that, and red
// beyond.
func ceilingCell(part, ceiling float64, width int) Cell {
	b := &Bar{Part: part, Ceiling: ceiling}
	c := Cell{Bar: b, Text: b.draw(width), Tone: Measure}
	switch {
	case part > ceiling:
		c.Tone = Breach
	case part > nearFull*ceiling:
		c.Tone = Caution
	}
	return c
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
