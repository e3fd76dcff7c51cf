package report

import (
	"strings"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// pad fills a line with blanks.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-twwidth.Width(s), 0))
}

// wrap breaks a text at blanks into lines of at most the width, and words that
// are longer than that wherever the width ends. An empty text is one line.
func wrap(s string, width int) []string {
	width = max(width, 1)
	var lines []string
	for _, part := range strings.Split(s, "\n") {
		if twwidth.Width(part) <= width {
			lines = append(lines, part) // keeps double blanks
			continue
		}
		line := ""
		for _, word := range atBlanks(part) {
			if line != "" && twwidth.Width(line)+1+twwidth.Width(word) > width {
				lines = append(lines, line)
				line = ""
			}
			if line != "" {
				line += " "
			}
			line += word
			for twwidth.Width(line) > width {
				head, rest := cut(line, width)
				if rest == "" {
					break
				}
				lines = append(lines, head)
				line = rest
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// atBlanks splits a text at blanks, except before a percent sign.
func atBlanks(s string) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		if n := len(out); n > 0 && strings.HasPrefix(w, "%") {
			out[n-1] += " " + w
			continue
		}
		out = append(out, w)
	}
	return out
}

// cut takes as many characters, at least one, as fit the width.
func cut(s string, width int) (head, rest string) {
	end := len(s)
	for i := range s {
		if i == 0 {
			continue
		}
		if twwidth.Width(s[:i]) > width {
			break
		}
		end = i
	}
	if end == len(s) { // not even the first character fits
		_, end = utf8.DecodeRuneInString(s)
	}
	return s[:end], s[end:]
}
