package strict

import (
	"bytes"
	"unicode/utf8"

	"headroom/pkg/diag"
	"headroom/pkg/intake"
)

// guardBytes refuses what is no text and returns the text without byte order
// mark and with plain line feeds, which does not move any line or column.
func (p *treeBuilder) guardBytes(src []byte, limit int) []byte {
	if len(src) > limit {
		p.problems.Addf(diag.Pos{File: p.file, Line: 1, Col: 1}, "split it, or check that it is the file you meant",
			"the file has %d bytes; at most %d are read", len(src), limit)
		return nil
	}
	src, ps := intake.Text(p.file, src)
	p.problems = append(p.problems, ps...)
	if len(ps) > 0 || !p.guardLines(src) {
		return src
	}
	if len(bytes.TrimSpace(src)) == 0 {
		p.empty()
	}
	return src
}

// guardLines refuses lines and gaps that the scanner takes long for, and tells
// whether to go on.
func (p *treeBuilder) guardLines(src []byte) bool {
	blank := 0 // line ends since the last text
	for i, line := range bytes.Split(src, []byte("\n")) {
		if utf8.RuneCount(line) > maxColumns {
			p.problems.Addf(diag.Pos{File: p.file, Line: i + 1, Col: maxColumns + 1}, "break the line",
				"a line has more than %d characters", maxColumns)
			return false
		}
		if blank++; len(bytes.Trim(line, " \t")) > 0 {
			blank = 0
		}
		if blank > maxBlankLines {
			p.problems.Addf(diag.Pos{File: p.file, Line: i + 1, Col: 1}, "remove them",
				"more than %d lines in a row are blank", maxBlankLines)
			return false
		}
	}
	return true
}
