package diag

import (
	"strings"
	"unicode/utf8"
)

// Wrap breaks the lines of a text at blanks, so that they have at most so many terminal
// columns; what goes on is indented by that of its line and the indent given. Words are
// never broken: one that is longer has a line of its own, so that a path or a command can
// still be copied. A width of 0 leaves the text as it is.
func Wrap(text string, width int, indent string) string {
	if width <= 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = wrapLine(l, width, indent)
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string, width int, indent string) string {
	if Width(line) <= width {
		return line
	}
	own := line[:len(line)-len(strings.TrimLeft(line, " "))]
	var b strings.Builder
	b.WriteString(own)
	at, first := len(own), true
	for _, word := range strings.Fields(line) {
		w := Width(word)
		switch {
		case first:
		case at+1+w > width:
			b.WriteString("\n" + own + indent)
			at = len(own) + len(indent)
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at, first = at+w, false
	}
	return b.String()
}

// Width is how many terminal columns a text takes.
func Width(s string) int {
	n := 0
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		_, columns := cell(r, s[:size])
		n, s = n+columns, s[size:]
	}
	return n
}
