package report

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// writeMarkdown writes GitHub flavoured Markdown
// (https://github.github.com/gfm, section 4.10 for tables), in which a text calls nobody
// and leads nowhere, as it may become the comment of a pull request: an empty HTML
// comment, which nobody sees, parts what GitHub and GitLab would make a mention, an
// address, a bare URL (section 6.9) or the number of an issue. A backslash does not:
// they look in the text that is shown.
func writeMarkdown(b *bytes.Buffer, doc Document, _ Output) error {
	disarmed(b, func(m markdown) {
		if doc.Title != "" {
			m.block("# " + escape(doc.Title))
		}
		for _, s := range doc.Sections {
			m.section(s)
		}
	})
	b.WriteString(diagramBlock(estimatesOf(doc))) // in which nothing is live: see diagramText
	return nil
}

// disarmed writes Markdown in which nothing calls or leads elsewhere.
func disarmed(b *bytes.Buffer, write func(markdown)) {
	var armed bytes.Buffer
	write(markdown{&armed})
	b.Write(regexp.MustCompile(`(?i)@|://|www\.|#[0-9]`).ReplaceAllFunc(armed.Bytes(), func(s []byte) []byte {
		return slices.Concat(s[:1], []byte("<!-- -->"), s[1:])
	}))
}

type markdown struct{ b *bytes.Buffer }

// block writes a paragraph or a heading, apart from what is before it.
func (m markdown) block(s string) {
	if m.b.Len() > 0 {
		m.b.WriteByte('\n')
	}
	m.b.WriteString(s)
	m.b.WriteByte('\n')
}

func (m markdown) section(s Section) {
	name, title := s.heading()
	if head := strings.Join(distinct(escape(name), escape(title)), " — "); head != "" {
		m.block("## " + head)
	}
	for _, l := range s.Lead {
		m.block(paragraph(l))
	}
	for _, g := range s.Grids {
		m.grid(g)
	}
	if len(s.Facts) > 0 {
		var lines []string
		for _, f := range s.Facts {
			if f.Label == "" {
				lines = append(lines, "- "+paragraph(f.Text))
				continue
			}
			lines = append(lines, "- **"+escape(f.Label)+":** "+escape(f.Text))
		}
		m.block(strings.Join(lines, "\n"))
	}
	for _, n := range s.Notes {
		m.block(paragraph(n))
	}
}

func (m markdown) grid(g Grid) {
	if len(g.Columns) == 0 {
		return
	}
	if g.Title != "" {
		m.block("### " + escape(g.Title))
	}
	head := make([]string, len(g.Columns))
	rule := make([]string, len(g.Columns))
	for i, c := range g.Columns {
		head[i] = escape(c.Header)
		rule[i] = "---"
		if c.Align != Left {
			rule[i] = "---:"
		}
	}
	lines := []string{pipes(head), pipes(rule)}
	for _, r := range g.Rows {
		cells := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			cells[i] = escape(c.Text)
			if r.Role != Body && cells[i] != "" {
				cells[i] = "**" + cells[i] + "**"
			}
		}
		lines = append(lines, pipes(cells))
	}
	m.block(strings.Join(lines, "\n"))
}

func pipes(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }

// escape writes a text so that GitHub shows exactly it, on one line: what
// could start markup, HTML, an entity, a table cell or a formula ($ on GitHub)
// is escaped, line breaks become <br>. White space at the ends would break
// emphasis and is removed.
func escape(s string) string {
	var b strings.Builder
	s = strings.ReplaceAll(strings.TrimSpace(s), "\r\n", "\n")
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r':
			b.WriteString("<br>")
		case strings.ContainsRune("\\`*_[]<>#|~$&", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteString(visible(r))
		}
	}
	return b.String()
}

// paragraph is escape for a text that begins a line, where "1." and "-" would
// begin a list and "=" would underline a heading.
func paragraph(s string) string {
	t := escape(s)
	digits := len(t) - len(strings.TrimLeft(t, "0123456789"))
	switch {
	case digits < len(t) && digits > 0 && (t[digits] == '.' || t[digits] == ')'):
		return t[:digits] + "\\" + t[digits:]
	case t != "" && strings.IndexByte("-+=:", t[0]) >= 0: // :: is a command to GitHub's runner
		return "\\" + t
	}
	return t
}
