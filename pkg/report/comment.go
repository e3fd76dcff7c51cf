package report

import (
	"bytes"
	"regexp"

	"headroom/pkg/budget"
)

// CommentMarker is the first line of the Markdown of a verdict. It is hidden
// where Markdown is shown, and finds the comment that is to be updated.
const CommentMarker = "<!-- headroom-check -->"

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
	b.WriteString(CommentMarker + "\n")
	shown := Section{Title: first.Title, Lead: first.Lead, Facts: first.Facts}
	if len(open) > 0 {
		shown.Grids = []Grid{resultGrid(open)}
	}
	if err := writeDisarmed(b, Document{Sections: []Section{shown}}, o); err != nil {
		return err
	}
	hidden := Document{Sections: append([]Section{{Title: "All limits", Grids: first.Grids}}, doc.Sections[1:]...)}
	// GitHub and GitLab read Markdown inside of HTML after an empty line.
	b.WriteString("\n<details>\n<summary>All limits and changes</summary>\n")
	if err := writeDisarmed(b, hidden, o); err != nil {
		return err
	}
	b.WriteString("\n</details>\n")
	return nil
}

// writeDisarmed writes Markdown in which a text calls nobody and leads nowhere: an
// empty HTML comment, which nobody sees, parts what GitHub and GitLab would make a
// mention, an address, a bare URL (GitHub Flavored Markdown, section 6.9) or the
// number of an issue. A backslash does not: they look in the text that is shown.
func writeDisarmed(b *bytes.Buffer, doc Document, o Output) error {
	start := b.Len()
	if err := writeMarkdown(b, doc, o); err != nil {
		return err
	}
	text := string(b.Bytes()[start:])
	b.Truncate(start)
	b.WriteString(regexp.MustCompile(`(?i)@|://|www\.|#[0-9]`).ReplaceAllStringFunc(text, func(s string) string {
		return s[:1] + "<!-- -->" + s[1:]
	}))
	return nil
}
