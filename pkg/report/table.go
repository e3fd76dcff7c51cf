package report

import (
	"bytes"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"headroom/pkg/diag"
)

// gap is how many blanks are between two columns.
const gap = 2

// writeTable writes for a terminal. The widths are the same in all grids of a
// section, so that their figures stand below each other.
func writeTable(b *bytes.Buffer, doc Document, opts Output) error {
	// Otherwise the width of "–" and "×" would depend on the locale, and with
	// it the output.
	twwidth.SetOptions(twwidth.Options{})
	t := terminal{b: b, width: opts.Width, color: opts.Color}
	if t.width <= 0 {
		t.width = DefaultWidth
	}
	if doc.Title != "" {
		t.paragraph(doc.Title, t.bold)
	}
	sections := doc.Sections
	if doc.Brief != nil && !opts.Full {
		sections = doc.Brief
	}
	for _, s := range sections {
		if err := t.section(s); err != nil {
			return err
		}
	}
	return nil
}

type terminal struct {
	b     *bytes.Buffer
	width int
	color bool
}

func (t terminal) bold(s string) string { return t.styled(s, "1") }

// toned gives a text its colour, and what is bold is both.
func (t terminal) toned(s string, tone Tone, bold bool) string {
	codes := tone.sgr()
	if bold {
		codes = strings.TrimSuffix("1;"+codes, ";")
	}
	return t.styled(s, codes)
}

// styled wraps what is not blank in codes. Blanks at the end stay outside, so that they
// can be cut off.
func (t terminal) styled(s, codes string) string {
	bare := strings.TrimRight(s, " ")
	if !t.color || codes == "" || bare == "" {
		return s
	}
	return "\x1b[" + codes + "m" + bare + "\x1b[0m" + s[len(bare):]
}

func (t terminal) line(s string) { t.b.WriteString(diag.Harmless(strings.TrimRight(s, " ")) + "\n") }

func (t terminal) paragraph(s string, style func(string) string) {
	for _, l := range wrap(clean(s), t.width) {
		t.line(style(l))
	}
}

func (terminal) plain(s string) string { return s }

func (t terminal) section(s Section) error {
	if t.b.Len() > 0 {
		t.line("")
	}
	name, title := s.heading()
	if head := strings.TrimSpace(strings.ToUpper(name) + "  " + title); head != "" {
		t.paragraph(head, t.bold)
	}
	for _, l := range s.Lead {
		t.paragraph(l, t.plain)
	}
	for i, g := range layOut(s.Grids, t.width) {
		title := s.Grids[i].Title
		if i > 0 || title != "" {
			t.line("")
		}
		if title != "" {
			t.paragraph(title, t.bold)
		}
		if err := t.grid(g); err != nil {
			return err
		}
	}
	if len(s.Grids) > 0 && len(s.Facts)+len(s.Notes) > 0 {
		t.line("")
	}
	t.facts(s.Facts)
	for _, n := range s.Notes {
		t.paragraph(n, t.plain)
	}
	return nil
}

// grid hands laid out lines to tablewriter, which only puts them side by side:
// it wraps words in headers, trims blanks that align, and has no alignment on
// the decimal point, so all of that is done before (layOut) and switched off.
func (t terminal) grid(g laidOut) error {
	var out bytes.Buffer
	w := tablewriter.NewTable(&out,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbols(tw.StyleNone),
			Settings: tw.Settings{
				Separators: tw.SeparatorsNone,
				Lines:      tw.LinesNone,
			},
		})),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithRowAutoFormat(tw.Off),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithPadding(tw.Padding{Left: tw.Empty, Right: strings.Repeat(" ", gap), Overwrite: true}),
	)
	for _, r := range g.rows {
		cells := make([]string, len(r.cells))
		for i, lines := range r.cells {
			styled := make([]string, len(lines))
			for j, l := range lines {
				styled[j] = t.toned(l, r.tones[i], r.bold)
			}
			cells[i] = strings.Join(styled, "\n")
		}
		if err := w.Append(cells); err != nil {
			return err
		}
	}
	if err := w.Render(); err != nil {
		return err
	}
	for _, l := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n") {
		t.line(l)
	}
	return nil
}

// facts writes labels in a column of their own, and texts beside them.
func (t terminal) facts(facts []Fact) {
	label := 0
	for _, f := range facts {
		label = max(label, twwidth.Width(clean(f.Label)))
	}
	label = min(label, t.width/3)
	for _, f := range facts {
		left := wrap(clean(f.Label), label)
		right := wrap(clean(f.Text), max(t.width-label-gap, 1))
		for i := range max(len(left), len(right)) {
			l, r := "", ""
			if i < len(left) {
				l = left[i]
			}
			if i < len(right) {
				r = right[i]
			}
			if label > 0 {
				l = t.toned(pad(l, label+gap), f.Tone, false)
			}
			t.line(l + r)
		}
	}
}

// clean is a text as it may be sent to a terminal. Commands to a CI system are escaped
// before widths are measured, so that columns stay where they are.
func clean(s string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		if r == '\n' {
			b.WriteRune(r)
			continue
		}
		b.WriteString(visible(r))
	}
	return diag.Harmless(b.String())
}
