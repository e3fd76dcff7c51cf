package report

import (
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// laidOut is a grid as lines that fit the terminal.
type laidOut struct {
	rows   []laidRow
	widths []int // of the columns that stand beside each other
}

// laidRow is a row: its cells beside each other, each of lines of its column's width, and
// what stands below them.
type laidRow struct {
	cells [][]string
	tones []Tone // of each cell
	bold  bool
	over  over    // the cell that goes on over the columns to its right
	below []piece // of columns for which there is no room beside the others
}

// over is the lines of a cell that goes on over the columns to its right.
type over struct {
	lines  []string
	indent int // where they begin
	tone   Tone
}

const (
	least        = 4  // width of a bar
	longestLabel = 22 // of a total, that is kept on one line as long as there is room
)

// layOut gives every column of a section's grids one width, so that all fits the given
// width. Numbers and words are never broken: texts are wrapped, the widest first. Where
// that is not enough, or makes a tall table of narrow columns, some columns stand below
// each row.
func layOut(grids []Grid, width int) []laidOut {
	out := make([]laidOut, len(grids))
	for from := 0; from < len(grids); {
		to := from + 1
		for to < len(grids) && slices.Equal(grids[from].Columns, grids[to].Columns) {
			to++
		}
		copy(out[from:to], layOutAlike(grids[from:to], width))
		from = to
	}
	return out
}

// measured is grids of the same columns with what decides how wide these are.
type measured struct {
	grids   []Grid
	columns []Column
	texts   [][][]string // by grid, row and column
	natural []int        // the width at which nothing of a column is wrapped
	floor   []int        // the width below which a number, a word, a header or a total's label would be broken
	bars    []bool       // columns of bars, which are drawn as long as there is room
	empty   []bool       // columns in which no row has anything for a terminal
}

// layOutAlike lays out grids that have the same columns.
func layOutAlike(grids []Grid, width int) []laidOut {
	m := measure(grids, width)
	shown, widths := m.arrange(width)
	out := make([]laidOut, len(grids))
	for i, g := range grids {
		out[i].widths = widths
		head := laidRow{bold: true}
		for j, c := range shown {
			head.add(layCell(m.columns[c], clean(m.columns[c].Header), widths[j]), Plain)
		}
		out[i].rows = append(out[i].rows, head)
		if !g.Light {
			out[i].rows = append(out[i].rows, rule(widths))
		}
		for n, r := range g.Rows {
			if r.Role != Body && n > 0 && g.Rows[n-1].Role == Body {
				out[i].rows = append(out[i].rows, rule(widths))
			}
			out[i].rows = append(out[i].rows, m.lay(i, n, shown, widths, width))
		}
	}
	return out
}

// measure finds how wide the columns are and may be. No floor is above the width.
func measure(grids []Grid, width int) *measured {
	m := &measured{grids: grids, columns: grids[0].Columns, texts: make([][][]string, len(grids))}
	n := len(m.columns)
	m.natural, m.floor, m.bars, m.empty = make([]int, n), make([]int, n), make([]bool, n), make([]bool, n)
	rows := 0
	for i, g := range grids {
		for _, r := range g.Rows {
			row := make([]string, n)
			for j := range row {
				row[j] = clean(r.Cells[j].Text)
				m.bars[j] = m.bars[j] || r.Cells[j].Bar != nil
			}
			m.texts[i] = append(m.texts[i], row)
			rows++
		}
	}
	for j, c := range m.columns {
		if c.Align == Decimal {
			alignPoints(m.texts, j)
		}
		m.empty[j] = rows > 0
		m.see(j, clean(c.Header))
		m.floor[j] = m.natural[j]
		for i, texts := range m.texts {
			for k, row := range texts {
				m.empty[j] = m.empty[j] && row[j] == ""
				if j == 0 && m.grids[i].Rows[k].Role != Body {
					m.floor[j] = max(m.floor[j], min(twwidth.Width(row[j]), longestLabel))
				}
				if !m.grids[i].Rows[k].Cells[j].Over {
					m.see(j, row[j])
				}
			}
		}
		if m.bars[j] {
			m.floor[j] = max(least, twwidth.Width(clean(c.Header)))
		}
		m.floor[j] = min(m.floor[j], m.natural[j], max(width, 1))
		m.empty[j] = m.empty[j] || c.Paged
	}
	return m
}

// see widens a column for a text of it.
func (m *measured) see(column int, s string) {
	for _, l := range strings.Split(s, "\n") {
		m.natural[column] = max(m.natural[column], twwidth.Width(l))
	}
	if m.columns[column].Align != Left {
		m.floor[column] = m.natural[column]
		return
	}
	for _, w := range atBlanks(s) {
		m.floor[column] = max(m.floor[column], twwidth.Width(w))
	}
}

// arrange chooses the columns that stand beside each other, and their widths. Columns that
// say nothing go first, then bars get shorter and texts are wrapped, then spare columns
// go. Then columns are stacked: also where that saves a third of the lines, as it does
// where a column of sentences would be a few characters wide.
func (m *measured) arrange(width int) (shown, widths []int) {
	var all, needed []int
	for j, c := range m.columns {
		if m.empty[j] && j > 0 {
			continue
		}
		all = append(all, j)
		if !c.Spare {
			needed = append(needed, j)
		}
	}
	if len(needed) == 0 || needed[0] != 0 {
		needed = all
	}
	fewest := 0
	for _, columns := range append([][]int{all}, m.fewer(needed)...) {
		w, fits := m.fit(columns, width)
		switch {
		case !fits && len(columns) > 1:
			continue
		case widths == nil && len(columns) >= len(needed) && slices.Equal(w, m.naturals(columns)):
			return columns, w
		}
		if lines := m.lines(columns, w, width); widths == nil || 3*lines <= 2*fewest {
			shown, widths, fewest = columns, w, lines
		}
	}
	return shown, widths
}

// fewer are columns without none, one, two, … of them: texts leave before numbers, which
// are to stand below each other, the last text and the first number first. The first
// column stays.
func (m *measured) fewer(columns []int) [][]int {
	text := func(j int) bool { return m.columns[j].Align == Left }
	leave := func(texts bool) (out []int) {
		for _, j := range columns[1:] {
			if text(j) == texts {
				out = append(out, j)
			}
		}
		return out
	}
	texts := leave(true)
	slices.Reverse(texts)
	out := [][]int{columns}
	for _, j := range append(texts, leave(false)...) {
		columns = slices.DeleteFunc(slices.Clone(columns), func(k int) bool { return k == j })
		out = append(out, columns)
	}
	return out
}

func (m *measured) naturals(columns []int) []int {
	out := make([]int, len(columns))
	for i, j := range columns {
		out[i] = m.natural[j]
	}
	return out
}

// fit shrinks columns, bars before texts and the widest first, until the sum of widths
// and gaps is at most the width; it tells whether that is possible without breaking a
// number or a word.
func (m *measured) fit(columns []int, width int) (widths []int, fits bool) {
	widths = m.naturals(columns)
	over := gap*(len(columns)-1) - width
	for _, w := range widths {
		over += w
	}
	share := func(i int) int {
		if i == len(columns)-1 {
			return widths[i] / 2 // remarks come last; they are sentences
		}
		return widths[i]
	}
	for _, bars := range []bool{true, false} {
		for over > 0 {
			widest := -1
			for i, j := range columns {
				if m.bars[j] == bars && widths[i] > m.floor[j] && (widest < 0 || share(i) > share(widest)) {
					widest = i
				}
			}
			if widest < 0 {
				break
			}
			widths[widest]--
			over--
		}
	}
	if over > 0 && len(columns) == 1 {
		widths[0] = max(width, 1)
	}
	return widths, over <= 0
}

// lines is how many lines the rows take.
func (m *measured) lines(columns, widths []int, width int) int {
	n := 0
	for i := range m.grids {
		for k := range m.grids[i].Rows {
			r := m.lay(i, k, columns, widths, width)
			n += r.height() + len(r.belowLines(width))
		}
	}
	return n
}

// alignPoints pads the numbers of a column on the right so that their last
// decimal points are below each other once the column is aligned right. Of a
// range that is the point of its upper end.
func alignPoints(texts [][][]string, column int) {
	tail := func(s string) int {
		if i := strings.LastIndexByte(s, '.'); i >= 0 {
			return twwidth.Width(s[i:])
		}
		return 0
	}
	numeric := func(s string) bool { return strings.ContainsAny(s, "0123456789") }
	longest := 0
	for _, rows := range texts {
		for _, r := range rows {
			if numeric(r[column]) {
				longest = max(longest, tail(r[column]))
			}
		}
	}
	for _, rows := range texts {
		for _, r := range rows {
			if s := r[column]; numeric(s) {
				r[column] = s + strings.Repeat(" ", longest-tail(s))
			}
		}
	}
}
