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

// leastWidth is the narrowest that a table is made for: numbers would not fit less.
const leastWidth = 20

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
	t.width = max(t.width, leastWidth)
	sections, short := doc.Sections, doc.Brief != nil && !opts.Full
	if short {
		sections = doc.Brief
	} else if doc.Title != "" {
		t.paragraph(doc.Title, t.bold)
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
	for i := range g.rows {
		if err := w.Append(g.rows[i].texts(g.widths)); err != nil {
			return err
		}
	}
	if err := w.Render(); err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	for i := range g.rows {
		r := &g.rows[i]
		n := min(r.height(), len(lines))
		for k, l := range lines[:n] {
			l = strings.TrimRight(l, " ")
			over := ""
			if k < len(r.over.lines) {
				l, over = pad(l, r.over.indent), t.toned(r.over.lines[k], r.over.tone, r.bold)
			}
			t.line(t.styledCells(l, r, g.widths, k) + over)
		}
		lines = lines[n:]
		for _, line := range r.belowLines(t.width) {
			t.phrases(line)
		}
	}
	return nil
}

// styledCells gives the cells of a row's line their tones. It comes after tablewriter and
// after blanks at the end are cut off: codes behind them would keep them, and a terminal
// that they fill would show a blank line.
func (t terminal) styledCells(line string, r *laidRow, widths []int, k int) string {
	var b strings.Builder
	for i := range r.cells {
		n := min(len(r.text(i, k, widths[i])), len(line))
		b.WriteString(t.toned(line[:n], r.tones[i], r.bold))
		line = line[n:]
		n = min(gap, len(line))
		b.WriteString(line[:n])
		line = line[n:]
	}
	return b.String() + line
}

// phrases writes a line of parts in tones of their own.
func (t terminal) phrases(list []phrase) {
	var b strings.Builder
	for _, s := range list {
		b.WriteString(t.toned(s.text, s.tone, false))
	}
	t.line(b.String())
}

// leastBeside is the least width in which a text may stand beside its label.
const leastBeside = 24

// facts writes labels in a column of their own, and texts beside them; below them where
// there is too little room.
func (t terminal) facts(facts []Fact) {
	label, word := 0, 0
	for _, f := range facts {
		label = max(label, twwidth.Width(clean(f.Label)))
		for _, w := range atBlanks(clean(f.Label)) {
			word = max(word, twwidth.Width(w))
		}
	}
	label = max(min(label, t.width/3), word)
	if t.width-label-gap < leastBeside {
		t.factsBelow(facts)
		return
	}
	for _, f := range facts {
		left := wrap(clean(f.Label), label)
		right := wrap(clean(f.Text), t.width-label-gap)
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

// factsBelow writes each text behind or below its label.
func (t terminal) factsBelow(facts []Fact) {
	for _, f := range facts {
		r := laidRow{below: []piece{{text: clean(f.Text)}}}
		for _, l := range wrap(clean(f.Label), t.width) {
			t.line(t.toned(l, f.Tone, false))
		}
		for _, line := range r.belowLines(t.width) {
			t.phrases(line)
		}
	}
}

// clean is a text as it may be sent to a terminal.
func clean(s string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		if r == '\n' {
			b.WriteRune(r)
			continue
		}
		b.WriteString(visible(r))
	}
	return b.String()
}
