package report

import (
	"bytes"
	"fmt"
	"strings"

	"headroom/pkg/budget"
	"headroom/pkg/money"
	"headroom/pkg/words"
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

// writeComment writes a verdict as the comment of a pull request: what the change costs and
// why, the limits that are not kept and what grew in sight, all else in a part that unfolds.
func writeComment(b *bytes.Buffer, v *budget.Verdict, o Output) error {
	var shown, hidden, foot bytes.Buffer
	commentHead(&shown, v)
	full := verdictDocument(v)
	rest := []Section{{Title: "All limits", Grids: full.Sections[0].Grids, Facts: full.Sections[0].Facts}}
	if err := writeMarkdown(&hidden, Document{Sections: append(rest, full.Sections[1:]...)}, o); err != nil {
		return err
	}
	disarmed(&foot, func(m markdown) { m.block("<sub>" + commentFoot(v) + "</sub>") })
	// GitHub and GitLab read Markdown inside of HTML after an empty line.
	begin := "\n<details><summary>" + escape(hiddenTitle(v)) + "</summary>\n\n"
	const end = "\n</details>\n"
	b.WriteString(CommentMarker(v.Budget.File) + "\n\n")
	b.WriteString(cutLines(shown.String(), maxComment-b.Len()))
	if room := maxComment - b.Len() - len(begin) - len(end) - foot.Len() - 1; room > len(cutNote(0)) {
		b.WriteString(begin + cutLines(hidden.String(), room) + end)
	}
	if b.Len()+foot.Len() < maxComment {
		b.WriteByte('\n') // which ends the HTML
		b.Write(foot.Bytes())
	}
	return nil
}

// commentHead is what a comment has in sight.
func commentHead(b *bytes.Buffer, v *budget.Verdict) {
	disarmed(b, func(m markdown) {
		m.block("### " + commentTitle(v))
		for _, line := range checkLead(v) {
			if strings.HasPrefix(line, "because ") {
				line = words.Capital(line)
			}
			m.block(paragraph(line))
		}
		m.limits(notKept(v), mainSystem(v))
		if y := mostChanged(v); y != nil {
			m.moved(y, y != &v.Systems[0])
		}
	})
}

// commentTitle is "📈 shop: **+$935.44** a month (+90 %), now $1,979.22 · ❌ 4 of 10 limits
// breached".
func commentTitle(v *budget.Verdict) string {
	if len(v.Systems) == 0 {
		return emoji(v.Outcome) + " " + escape(headline(v))
	}
	outcome := emoji(v.Outcome) + " " + limitCount(v)
	if v.Count(budget.Fail) == 0 {
		outcome = emoji(v.Outcome) + " " + escape(headline(v))
	}
	if manyProfiles(v) {
		return outcome
	}
	y := &v.Systems[0]
	name, now := escape(mainSystem(v).Profile), escape(y.Total.Expected.Dollars())
	if y.Baseline == nil {
		return fmt.Sprintf("%s: %s a month · %s", name, now, outcome)
	}
	change := y.Total.Expected.Minus(y.Baseline.Total.Expected)
	way := "📈 "
	switch change.Cmp(money.Amount{}) {
	case 0:
		return fmt.Sprintf("%s: %s a month, unchanged · %s", name, now, outcome)
	case -1:
		way = "📉 "
	}
	return fmt.Sprintf("%s%s: **%s** a month%s, now %s · %s", way, name, escape(signedDollars(change, false)),
		inBrackets(shortPercent(y.Baseline.Total.Expected, change)), now, outcome)
}

// emoji says how a limit came out, where colours are not to be had.
func emoji(status string) string {
	switch status {
	case budget.Pass:
		return "✅"
	case budget.Warn, budget.Excepted:
		return "⚠️"
	}
	return "❌"
}

// limits is the table of the limits that are not kept.
func (m markdown) limits(open []budget.Finding, about budget.System) {
	if len(open) == 0 {
		return
	}
	lines := []string{"| | Limit | Actual | Allowed | |", "|---|---|---:|---:|---|"}
	for i := range open {
		r := &open[i]
		place := ""
		if r.Budget.Line > 0 {
			place = ", " + code(fmt.Sprintf("%s:%d", r.Budget.File, r.Budget.Line))
		}
		actual, limit := words.LimitValues(r.Found)
		note := []string{ratioText(ofLimit(r)), limitNote(r, about)}
		if !hasFigures(r) {
			actual, limit, note = "", "", []string{message(r)}
		} else if r.Reason != "" {
			note = append(note, r.Reason)
		}
		if e := r.Exception; e != nil && hasFigures(r) {
			note = append(note, strings.TrimSuffix(e.Reason+" ("+e.ApprovedBy+")", " ()"))
		}
		lines = append(lines, pipes([]string{emoji(r.Status), escape(r.Rule) + place, escape(actual), escape(limit),
			escape(strings.Join(distinct(note...), " · "))}))
	}
	m.block(strings.Join(lines, "\n"))
}

// moved is the table of the components that a change moves; the system is named where it is
// not the one in the heading.
func (m markdown) moved(y *budget.CheckedEstimate, elsewhere bool) {
	g := diffRows(y.Diff).grid(false)
	if len(g.Rows) == 0 {
		return
	}
	heading := moveTitle(y.Diff.Change)
	if elsewhere {
		heading += " in " + y.Profile.Name
	}
	lines := []string{"| " + escape(heading) + " | Before | After | Δ | |",
		"|---|---:|---:|---:|---|"}
	for _, r := range g.Rows {
		bar := ""
		if text := r.Cells[4].Text; text != "" {
			bar = "`" + text + "` "
		}
		lines = append(lines, pipes([]string{escape(r.Cells[0].Text), escape(r.Cells[1].Text), escape(r.Cells[2].Text),
			escape(r.Cells[3].Text), strings.TrimSpace(bar + escape(r.Cells[5].Text))}))
	}
	m.block(strings.Join(lines, "\n"))
}

// hiddenTitle says what unfolds.
func hiddenTitle(v *budget.Verdict) string {
	title := fmt.Sprintf("All limits (%d kept)", v.Count(budget.Pass))
	if mostChanged(v) != nil {
		title += ", all changes and their causes"
	}
	return title
}

// commentFoot says what made the comment.
func commentFoot(v *budget.Verdict) string {
	parts := []string{strings.TrimSpace("headroom " + v.Program.Version)}
	for _, y := range v.Systems {
		parts = append(parts, "prices of "+y.Prices)
	}
	return escape(strings.Join(distinct(append(parts, "judged on "+v.Today)...), " · "))
}

// code shows a name as code where nothing in it could end that or be more than a name.
func code(s string) string {
	if strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789._/-:") != "" ||
		strings.Contains(s, "://") || strings.Contains(strings.ToLower(s), "www.") {
		return escape(s)
	}
	return "`" + s + "`"
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
