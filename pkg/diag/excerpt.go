package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

const (
	// maxWidth is how many terminal columns of a source line are shown: with
	// the line number it fits 100 columns.
	maxWidth = 88
	// leastQuoted is how many are shown on the narrowest terminal.
	leastQuoted = 16
	// tabWidth is what a tab is shown as. Tab stops would depend on what is
	// left of the excerpt.
	tabWidth = 4
)

// cell gives the text that shows a rune and its width in terminal columns.
// raw is the rune's bytes. What is not printable is escaped as Go escapes it,
// including invalid UTF-8, marks that turn the direction of writing, and
// blanks that only look like a space.
func cell(r rune, raw string) (text string, columns int) {
	switch {
	case r == '\t':
		return strings.Repeat(" ", tabWidth), tabWidth
	case r == utf8.RuneError && len(raw) == 1:
		text = fmt.Sprintf(`\x%02x`, raw[0])
		return text, len(text)
	case !unicode.IsPrint(r):
		text = strings.Trim(fmt.Sprintf("%+q", r), "'")
		return text, len(text)
	case unicode.In(r, unicode.Mn, unicode.Me):
		return raw, 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return raw, 2
	}
	return raw, 1
}

// glyph is one rune as it is shown.
type glyph struct {
	text    string
	columns int
}

// excerpt shows a source line around a column (from 1, in runes; 0 if not
// known, and then its beginning) and tells how many terminal columns lie to
// the left of that place. A line that is too long is cut on either side and
// marked with "…". Most is how many columns are shown.
func excerpt(line string, col, most int) (shown string, at int) {
	glyphs, place, cutLeft, cutRight := around(line, max(col-1, 0))
	room := most - 2 // both marks
	from, to, left, right := place, place, 0, 0
	growLeft := func(most int) {
		for from > 0 && left+glyphs[from-1].columns <= most {
			from--
			left += glyphs[from].columns
		}
	}
	growLeft(most * 5 / 11) // of a line that is cut there: less than half, as more comes than came
	for to < len(glyphs) && left+right+glyphs[to].columns <= room {
		right += glyphs[to].columns
		to++
	}
	growLeft(room - right) // near the end there is room for more before it

	var b strings.Builder
	at = left
	if from > 0 || cutLeft {
		b.WriteString("…")
		at++
	}
	for _, g := range glyphs[from:to] {
		b.WriteString(g.text)
	}
	if to < len(glyphs) || cutRight {
		b.WriteString("…")
	}
	return b.String(), at
}

// around gives the glyphs of up to maxWidth runes on either side of the n-th
// (from 0; the end where the line is shorter), its place among them, and
// whether the line goes on to the left and to the right of them.
func around(line string, n int) (glyphs []glyph, place int, cutLeft, cutRight bool) {
	n = min(n, utf8.RuneCountInString(line))
	first := max(n-maxWidth, 0)
	i := 0
	for at := range line {
		if i > n+maxWidth {
			return glyphs, n - first, first > 0, true
		}
		if i >= first {
			r, size := utf8.DecodeRuneInString(line[at:])
			text, columns := cell(r, line[at:at+size])
			glyphs = append(glyphs, glyph{text, columns})
		}
		i++
	}
	return glyphs, n - first, first > 0, false
}
