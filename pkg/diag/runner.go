package diag

import (
	"strings"
	"unicode/utf8"
)

// Harmless is a text of which no line is a command to the runner of a CI system that
// reads the output. GitHub's takes lines that begin, after blanks, with :: for one, and
// ##[ anywhere (actions/runner, ActionCommand.cs).
func Harmless(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "##[", `#\#[`), "\n")
	for i, l := range lines {
		if rest := strings.TrimLeft(l, " \t"); strings.HasPrefix(rest, "::") {
			lines[i] = l[:len(l)-len(rest)] + `\` + rest
		}
	}
	return strings.Join(lines, "\n")
}

// Lines is a text for several lines of a terminal: what is not printable is escaped, but
// for tabs and the ends of lines.
func Lines(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		shown := text[:size]
		if r != '\n' && r != '\t' {
			shown, _ = cell(r, shown)
		}
		b.WriteString(shown)
		text = text[size:]
	}
	return Harmless(b.String())
}

// Clean is a text for a line of a terminal: what is not printable is escaped.
func Clean(text string) string { return Harmless(clean(text, "")) }
