package report

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// This file reads pages of documentation, which are Markdown, and lays them out for a
// terminal.

// Manual is a page of documentation.
type Manual struct{ blocks []block }

// block is a heading, a paragraph, an item of a list, a table or lines of code.
type block struct {
	kind  blockKind
	level int    // of a heading: 1 for the page's
	mark  string // of an item: "-" or "1."
	lines []string
	raw   []string // as they stand in the page, with the blank lines behind them
}

type blockKind int

const (
	paragraphBlock blockKind = iota
	headingBlock
	itemBlock
	tableBlock
	codeBlock
	hiddenBlock // a comment or a picture
)

// ReadManual reads a page.
func ReadManual(page string) Manual {
	var m Manual
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(page, "\r\n", "\n"), "\n"), "\n")
	for len(lines) > 0 {
		b, n := nextBlock(lines)
		for n < len(lines) && strings.TrimSpace(lines[n]) == "" {
			n++
		}
		b.raw = lines[:n]
		m.blocks = append(m.blocks, b)
		lines = lines[n:]
	}
	return m
}

// nextBlock is the block that begins in the first line, and how many lines it has.
func nextBlock(lines []string) (block, int) {
	first := lines[0]
	until := func(ends func(string) bool) int {
		n := 1
		for n < len(lines) && !ends(lines[n]) {
			n++
		}
		return n
	}
	trimmed := strings.TrimSpace(first)
	switch mark, text := itemMark(trimmed); {
	case strings.HasPrefix(trimmed, "```"):
		n := until(func(l string) bool { return strings.HasPrefix(strings.TrimSpace(l), "```") })
		return block{kind: codeBlock, lines: lines[1:n]}, min(n+1, len(lines))
	case strings.HasPrefix(trimmed, "<!--"):
		n := 0
		for n < len(lines) && !strings.Contains(lines[n], "-->") {
			n++
		}
		return block{kind: hiddenBlock}, min(n+1, len(lines))
	case strings.HasPrefix(trimmed, "!["):
		return block{kind: hiddenBlock}, 1
	case headingLevel(first) > 0:
		level := headingLevel(first)
		return block{kind: headingBlock, level: level, lines: []string{strings.TrimSpace(first[level:])}}, 1
	case strings.HasPrefix(trimmed, "|"):
		n := until(func(l string) bool { return !strings.HasPrefix(strings.TrimSpace(l), "|") })
		return block{kind: tableBlock, lines: lines[:n]}, n
	case mark != "":
		n := until(beginsBlock)
		return block{kind: itemBlock, mark: mark, lines: append([]string{text}, lines[1:n]...)}, n
	}
	n := until(beginsBlock)
	return block{kind: paragraphBlock, lines: lines[:n]}, n
}

// beginsBlock tells whether a line ends the paragraph or the item before it.
func beginsBlock(line string) bool {
	trimmed := strings.TrimSpace(line)
	mark, _ := itemMark(trimmed)
	return trimmed == "" || mark != "" || headingLevel(line) > 0 || strings.HasPrefix(trimmed, "```") ||
		strings.HasPrefix(trimmed, "|") || strings.HasPrefix(trimmed, "<!--")
}

// headingLevel is how many # a heading begins with; 0 of what is none.
func headingLevel(line string) int {
	n := 0
	for n < len(line) && line[n] == '#' {
		n++
	}
	if n == len(line) || line[n] != ' ' {
		return 0
	}
	return n
}

// itemMark is the mark of an item of a list, and the text behind it; "" of what is none.
func itemMark(line string) (mark, text string) {
	mark, text, ok := strings.Cut(line, " ")
	if !ok {
		return "", ""
	}
	digits := strings.TrimSuffix(mark, ".")
	number := digits != mark && digits != "" && strings.Trim(digits, "0123456789") == ""
	if mark == "-" || mark == "*" || number {
		return mark, text
	}
	return "", ""
}

// Title is the page's first heading.
func (m Manual) Title() string {
	for _, b := range m.blocks {
		if b.kind == headingBlock {
			return inline(b.lines[0])
		}
	}
	return ""
}

// Sections are the names of the page's sections, as Section knows them: numbers where they
// have some.
func (m Manual) Sections() []string {
	var names []string
	for _, b := range m.blocks {
		if b.kind == headingBlock && b.level > 1 {
			names = append(names, anchor(inline(b.lines[0])))
		}
	}
	return names
}

// anchor is a heading as links name it: small letters, digits and hyphens.
func anchor(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-':
			b.WriteRune(r)
		case r == ' ':
			b.WriteByte('-')
		}
	}
	return b.String()
}

// Section is the part of a page that is named: by the number or the words of its heading,
// or by the bold words with which an item or a paragraph begins.
func (m Manual) Section(name string) (Manual, bool) {
	want := anchor(name)
	for _, fits := range []func(string) bool{
		func(a string) bool { return a == want },
		func(a string) bool { return strings.HasPrefix(a, want+"-") },
		func(a string) bool { return strings.Contains(a, want) },
	} {
		for i, b := range m.blocks {
			if b.kind == headingBlock && b.level > 1 && fits(anchor(inline(b.lines[0]))) {
				end := i + 1
				for end < len(m.blocks) && (m.blocks[end].kind != headingBlock || m.blocks[end].level > b.level) {
					end++
				}
				return Manual{m.blocks[i:end]}, true
			}
		}
	}
	for i, b := range m.blocks {
		if bold := boldStart.FindStringSubmatch(strings.Join(b.lines, " ")); bold != nil && anchor(inline(bold[1])) == want {
			return Manual{m.blocks[i : i+1]}, true
		}
	}
	return Manual{}, false
}

// boldStart are the bold words with which a block begins.
var boldStart = regexp.MustCompile(`^\*\*([^*]+)\*\*`)

// Markdown is the page as it was written.
func (m Manual) Markdown() string {
	var b strings.Builder
	for _, x := range m.blocks {
		for _, l := range x.raw {
			b.WriteString(l + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// Document is the page for a terminal: plain text, tables as tables.
func (m Manual) Document() Document {
	var doc Document
	for i, b := range m.blocks {
		switch b.kind {
		case headingBlock:
			doc.Sections = append(doc.Sections, Section{Title: inline(b.lines[0])})
		case paragraphBlock:
			doc.Sections = append(doc.Sections, Section{Lead: []string{inline(joinLines(b.lines))}})
		case codeBlock:
			var lines []string
			for _, l := range b.lines {
				lines = append(lines, "    "+l)
			}
			doc.Sections = append(doc.Sections, Section{Lead: lines})
		case tableBlock:
			if g, ok := manualTable(b.lines); ok {
				doc.Sections = append(doc.Sections, Section{Grids: []Grid{g}})
			}
		case itemBlock:
			item := fact(b.mark, inline(joinLines(b.lines)))
			if last := len(doc.Sections) - 1; i > 0 && m.blocks[i-1].kind == itemBlock && last >= 0 {
				doc.Sections[last].Facts = append(doc.Sections[last].Facts, item)
				continue
			}
			doc.Sections = append(doc.Sections, Section{Facts: []Fact{item}})
		case hiddenBlock:
		}
	}
	return doc
}

func joinLines(lines []string) string {
	var words []string
	for _, l := range lines {
		words = append(words, strings.TrimSpace(l))
	}
	return strings.Join(words, " ")
}

// manualTable is a table with its header; false of what is none.
func manualTable(lines []string) (Grid, bool) {
	if len(lines) < 2 {
		return Grid{}, false
	}
	g := Grid{}
	rule := tableCells(lines[1])
	for i, h := range tableCells(lines[0]) {
		c := leftColumn(inline(h), "")
		if i < len(rule) && strings.HasSuffix(rule[i], ":") {
			c.Align = Right
		}
		g.Columns = append(g.Columns, c)
	}
	for _, l := range lines[2:] {
		r := Row{Cells: make([]Cell, len(g.Columns))}
		for i, c := range tableCells(l) {
			if i < len(r.Cells) {
				r.Cells[i] = text(inline(c))
			}
		}
		g.Rows = append(g.Rows, r)
	}
	return g, true
}

// tableCells are the cells of a line of a table; \| is a stroke in one.
func tableCells(line string) []string {
	const stroke = "\x00"
	line = strings.ReplaceAll(strings.TrimSpace(line), `\|`, stroke)
	line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
	cells := strings.Split(line, "|")
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(strings.TrimSpace(c), stroke, "|")
	}
	return cells
}

var (
	codeSpan = regexp.MustCompile("`+[^`]+`+")
	link     = regexp.MustCompile(`!?\[([^\]]*)\]\(([^)\s]+)\)`)
	strong   = regexp.MustCompile(`\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*`)
)

// inline is a line without the marks of Markdown: links and emphasis outside of code. A
// link to a place on the web has it in brackets.
func inline(s string) string {
	var b strings.Builder
	plain := func(s string) {
		s = link.ReplaceAllStringFunc(s, func(l string) string {
			m := link.FindStringSubmatch(l)
			if strings.HasPrefix(m[2], "http") && m[1] != m[2] {
				return m[1] + " (" + m[2] + ")"
			}
			return m[1]
		})
		b.WriteString(strong.ReplaceAllString(s, "$1$2"))
	}
	at := 0
	for _, span := range codeSpan.FindAllStringIndex(s, -1) {
		plain(s[at:span[0]])
		b.WriteString(strings.Trim(s[span[0]:span[1]], "`"))
		at = span[1]
	}
	plain(s[at:])
	return b.String()
}

// Topics lists pages by name, with their titles.
func Topics(pages map[string]Manual) Document {
	names := make([]string, 0, len(pages))
	for name := range pages {
		names = append(names, name)
	}
	slices.Sort(names)
	g := Grid{Columns: []Column{leftColumn("Topic", "topic"), leftColumn("About", "title")}}
	for _, name := range names {
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(name), text(pages[name].Title())}})
	}
	return Document{Sections: []Section{{Grids: []Grid{g}}}}
}
