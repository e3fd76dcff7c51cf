package report

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// indent is how far what stands below a row is from its left.
const indent = 4

// piece is what a row has in a column for which there is no room: its header and text.
type piece struct {
	header, text string
	tone         Tone
}

// label is what stands before the text.
func (p piece) label() string {
	if p.header == "" {
		return ""
	}
	return p.header + ": "
}

func (r *laidRow) add(lines []string, tone Tone) {
	r.cells, r.tones = append(r.cells, lines), append(r.tones, tone)
}

// height is how many lines the cells take that stand beside each other.
func (r *laidRow) height() int {
	n := len(r.over.lines)
	for _, lines := range r.cells {
		n = max(n, len(lines))
	}
	return n
}

// text is a line of a cell, blank below its last.
func (r *laidRow) text(cell, line, width int) string {
	if lines := r.cells[cell]; line < len(lines) {
		return lines[line]
	}
	return strings.Repeat(" ", width)
}

// texts are the cells, all of as many lines, so that it is known which lines are the row's.
func (r *laidRow) texts(widths []int) []string {
	out := make([]string, len(r.cells))
	for i := range out {
		lines := make([]string, r.height())
		for k := range lines {
			lines[k] = r.text(i, k, widths[i])
		}
		out[i] = strings.Join(lines, "\n")
	}
	return out
}

// lay lays out a row of a grid: the shown columns beside each other, the others below.
func (m *measured) lay(grid, row int, shown, widths []int, width int) laidRow {
	r, texts := m.grids[grid].Rows[row], m.texts[grid][row]
	out := laidRow{bold: r.Role != Body}
	at, next := 0, 0
	for j, c := range m.columns {
		text, cell := texts[j], r.Cells[j]
		if next < len(shown) && shown[next] == j {
			if cell.Over {
				out.over = over{wrap(text, max(width-at, 1)), at, cell.Tone}
				text = ""
			}
			if m.bars[j] && cell.Bar != nil {
				text = cell.Bar.draw(widths[next])
			}
			out.add(layCell(c, text, widths[next]), cell.Tone)
			at += widths[next] + gap
			next++
			continue
		}
		if text = strings.TrimSpace(text); text != "" && !m.bars[j] && !c.Spare && !c.Paged {
			p := piece{clean(c.Header), strings.ReplaceAll(text, "\n", " "), cell.Tone}
			if cell.Over {
				p.header = ""
			}
			out.below = append(out.below, p)
		}
	}
	return out
}

// layCell wraps a text of a column and pads every line to the width.
func layCell(c Column, text string, width int) []string {
	lines := []string{text}
	if c.Align == Left || twwidth.Width(text) > width {
		lines = wrap(text, width)
	}
	for i, l := range lines {
		if c.Align == Left {
			lines[i] = pad(l, width)
		} else {
			lines[i] = strings.Repeat(" ", max(width-twwidth.Width(l), 0)) + l
		}
	}
	return lines
}

// rule is a row of lines.
func rule(widths []int) laidRow {
	var row laidRow
	for _, w := range widths {
		row.add([]string{strings.Repeat("─", w)}, Plain)
	}
	return row
}

// phrase is a part of a line in a tone.
type phrase struct {
	text string
	tone Tone
}

// belowLines puts the pieces below a row behind each other, as many on a line as it has
// room for.
func (r *laidRow) belowLines(width int) [][]phrase {
	const between = " · "
	room := max(width-indent, 1)
	var lines [][]phrase
	at := 0
	for _, p := range r.below {
		whole := twwidth.Width(p.label() + p.text)
		if len(lines) > 0 && at+twwidth.Width(between)+whole <= room {
			last := &lines[len(lines)-1]
			*last = append(*last, phrase{between + p.label(), Plain}, phrase{p.text, p.tone})
			at += twwidth.Width(between) + whole
			continue
		}
		for i, l := range wrap(p.label()+p.text, room) {
			blank, label := strings.Repeat(" ", indent), ""
			if rest, ok := strings.CutPrefix(l, p.label()); ok && i == 0 {
				label, l = p.label(), rest
			}
			lines = append(lines, []phrase{{blank + label, Plain}, {l, p.tone}})
			at = twwidth.Width(label + l)
		}
	}
	return lines
}
