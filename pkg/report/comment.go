package report

import (
	"bytes"

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
	if err := writeMarkdown(b, Document{Sections: []Section{shown}}, o); err != nil {
		return err
	}
	hidden := Document{Sections: append([]Section{{Title: "All limits", Grids: first.Grids}}, doc.Sections[1:]...)}
	// GitHub and GitLab read Markdown inside of HTML after an empty line.
	b.WriteString("\n<details>\n<summary>All limits and changes</summary>\n")
	if err := writeMarkdown(b, hidden, o); err != nil {
		return err
	}
	b.WriteString("\n</details>\n")
	return nil
}
