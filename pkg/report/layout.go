package report

import (
	"strings"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"headroom/pkg/diag"
)

// laidOut is a grid as lines of equal width per column.
type laidOut struct{ rows []laidRow }

type laidRow struct {
	cells [][]string // lines of each cell
	tones []Tone     // of each cell
	bold  bool
}

// longestWord bounds how far a column is kept from shrinking by its longest
// word: it is the width of the longest name that users have to write,
// convertible-3y-partial.
const longestWord = 22

// least is the least width of a column whose words are broken.
const least = 6

// layOut gives every column of a section's grids one width, so that all fits
// the given width if at all possible: numbers are never broken, texts are
// wrapped, the widest first.
func layOut(grids []Grid, width int) []laidOut {
	out := make([]laidOut, len(grids))
	for from := 0; from < len(grids); {
		to := from + 1
		for to < len(grids) && sameColumns(grids[from], grids[to]) {
			to++
		}
		copy(out[from:to], layOutAlike(grids[from:to], width))
		from = to
	}
	return out
}

func sameColumns(a, b Grid) bool {
	if len(a.Columns) != len(b.Columns) {
		return false
	}
	for i := range a.Columns {
		if a.Columns[i] != b.Columns[i] {
			return false
		}
	}
	return true
}

// layOutAlike lays out grids that have the same columns.
func layOutAlike(grids []Grid, width int) []laidOut {
	columns := grids[0].Columns
	texts := make([][][]string, len(grids)) // grid, row, column
	for i, g := range grids {
		for _, r := range g.Rows {
			row := make([]string, len(columns))
			for j := range columns {
				row[j] = clean(r.Cells[j].Text)
			}
			texts[i] = append(texts[i], row)
		}
	}
	widths := make([]int, len(columns))
	longest := make([]int, len(columns)) // word
	whole := make([]int, len(columns))   // longest header or label of a total: never broken
	for j, c := range columns {
		if c.Align == Decimal {
			alignPoints(texts, j)
		}
		see := func(s string) {
			for _, l := range strings.Split(s, "\n") {
				widths[j] = max(widths[j], twwidth.Width(l))
			}
			for _, w := range atBlanks(s) {
				longest[j] = max(longest[j], twwidth.Width(w))
			}
		}
		see(clean(c.Header))
		whole[j] = twwidth.Width(clean(c.Header))
		for i, rows := range texts {
			for n, row := range rows {
				see(row[j])
				if j == 0 && grids[i].Rows[n].Role != Body {
					whole[j] = max(whole[j], min(twwidth.Width(row[j]), longestWord))
				}
			}
		}
	}
	fit(columns, widths, longest, whole, width)

	out := make([]laidOut, len(grids))
	for i, g := range grids {
		head := make([]string, len(columns))
		for j, c := range columns {
			head[j] = clean(c.Header)
		}
		rows := []laidRow{lay(columns, widths, head, true), rule(widths)}
		for n, r := range g.Rows {
			if r.Role != Body && n > 0 && g.Rows[n-1].Role == Body {
				rows = append(rows, rule(widths))
			}
			laid := lay(columns, widths, texts[i][n], r.Role != Body)
			for j, c := range r.Cells {
				laid.tones[j] = c.Tone
			}
			rows = append(rows, laid)
		}
		out[i] = laidOut{rows}
	}
	return out
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

// fit shrinks the columns of text, the widest first, until the sum of widths
// and gaps is at most the width: first without breaking words, then to a few characters.
func fit(columns []Column, widths, longest, whole []int, width int) {
	share := func(j int) int {
		if j == len(columns)-1 {
			return widths[j] / 2 // remarks come last; they are sentences
		}
		return widths[j]
	}
	for _, breakWords := range []bool{false, true} {
		for {
			sum, widest := gap*(len(columns)-1), -1
			for j, c := range columns {
				sum += widths[j]
				floor := max(whole[j], least)
				if !breakWords {
					floor = max(floor, min(longest[j], longestWord))
				}
				if c.Align == Left && widths[j] > floor && (widest < 0 || share(j) > share(widest)) {
					widest = j
				}
			}
			if sum <= width {
				return
			}
			if widest < 0 {
				break
			}
			widths[widest]--
		}
	}
}

// lay wraps the texts of a row and pads every line to the width of its column.
func lay(columns []Column, widths []int, texts []string, bold bool) laidRow {
	row := laidRow{cells: make([][]string, len(columns)), tones: make([]Tone, len(columns)), bold: bold}
	for j, c := range columns {
		lines := []string{texts[j]}
		if c.Align == Left {
			lines = wrap(texts[j], widths[j])
		}
		for i, l := range lines {
			if c.Align == Left {
				lines[i] = pad(l, widths[j])
			} else {
				lines[i] = strings.Repeat(" ", max(widths[j]-twwidth.Width(l), 0)) + l
			}
		}
		row.cells[j] = lines
	}
	return row
}

// rule is a row of lines.
func rule(widths []int) laidRow {
	row := laidRow{cells: make([][]string, len(widths)), tones: make([]Tone, len(widths))}
	for j, w := range widths {
		row.cells[j] = []string{strings.Repeat("─", w)}
	}
	return row
}

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
				line, word = "", diag.Harmless(word)
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
