package report

import (
	"bytes"
	"fmt"
	"strings"

	"headroom/pkg/budget"
)

// maxComment is below the 65,536 characters that GitHub takes as the body of a
// comment (https://docs.github.com/rest/issues/comments answers "body is too long").
// Bytes are counted, which are never fewer.
const maxComment = 65_536 - 1

// CommentMarker is the first line of the Markdown of a verdict on a budget. It is
// hidden where Markdown is shown, and finds the comment that is to be updated: each
// budget has one of its own. A name cannot end it, nor get out of a quoted text.
func CommentMarker(file string) string {
	var b strings.Builder
	for i := range len(file) {
		c := file[i]
		plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			c == '.' || c == '/' || c == '_' || c == '-' && i > 0 && file[i-1] != '-'
		if plain {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return "<!-- headroom-check: " + b.String() + " -->"
}

// writeComment writes a verdict as the comment of a pull request: the outcome
// and what is not kept in sight, all else in a part that unfolds.
func writeComment(b *bytes.Buffer, v *budget.Verdict, o Output) error {
	doc := verdictDocument(v)
	first := doc.Sections[0]
	var open []budget.Finding
	for _, r := range bySeverity(v.Results) {
		if r.Status != budget.Pass {
			open = append(open, r)
		}
	}
	head := Section{Title: first.Title, Lead: first.Lead, Facts: first.Facts}
	if len(open) > 0 {
		head.Grids = []Grid{resultGrid(open)}
	}
	var shown, hidden bytes.Buffer
	if err := writeMarkdown(&shown, Document{Sections: []Section{head}}, o); err != nil {
		return err
	}
	rest := append([]Section{{Title: "All limits", Grids: first.Grids}}, doc.Sections[1:]...)
	if err := writeMarkdown(&hidden, Document{Sections: rest}, o); err != nil {
		return err
	}
	// GitHub and GitLab read Markdown inside of HTML after an empty line.
	const begin, end = "\n<details>\n<summary>All limits and changes</summary>\n\n", "\n</details>\n"
	b.WriteString(CommentMarker(v.Budget.File) + "\n\n")
	b.WriteString(cutLines(shown.String(), maxComment-b.Len()))
	if room := maxComment - b.Len() - len(begin) - len(end); room > len(cutNote(0)) {
		b.WriteString(begin + cutLines(hidden.String(), room) + end)
	}
	return nil
}

// cutLines is as much of a text as has room, in whole lines and with a note of what
// is cut.
func cutLines(text string, room int) string {
	if len(text) <= room {
		return text
	}
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	room -= len(cutNote(len(lines)))
	size, n := 0, 0
	for n < len(lines) && size+len(lines[n]) <= room {
		size += len(lines[n])
		n++
	}
	return strings.Join(lines[:n], "") + cutNote(len(lines)-n)
}

// cutNote says how many lines are not there.
func cutNote(lines int) string {
	return fmt.Sprintf("\n**Cut:** %d more lines have no room in a comment; the other reports have all of it.\n", lines)
}
