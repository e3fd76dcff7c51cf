package strict

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"headroom/pkg/diag"
)

// guardBytes refuses what is no text and returns the text without byte order
// mark and with plain line feeds, which does not move any line or column.
func (p *treeBuilder) guardBytes(src []byte, limit int) []byte {
	start := diag.Pos{File: p.file, Line: 1, Col: 1}
	switch {
	case len(src) > limit:
		p.problems.Addf(start, "split it, or check that it is the file you meant",
			"the file has %d bytes; at most %d are read", len(src), limit)
		return nil
	case bytes.HasPrefix(src, []byte{0xFE, 0xFF}), bytes.HasPrefix(src, []byte{0xFF, 0xFE}):
		p.problems.Addf(start, "save it as UTF-8", "the file is encoded as UTF-16")
		return nil
	}
	src = bytes.TrimPrefix(src, []byte("\xEF\xBB\xBF"))
	if bytes.IndexByte(src, '\r') >= 0 {
		src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
		src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	}
	line, col, blank := 1, 1, 0 // blank counts line ends since the last text
	for i := 0; i < len(src); {
		r, n := rune(src[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(src[i:])
		}
		what := ""
		switch {
		case r == utf8.RuneError && n == 1:
			what = fmt.Sprintf("byte 0x%02X is not valid UTF-8", src[i])
		case r == 0:
			what = "the file contains a NUL byte"
		case r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 && r != 0x85:
			what = fmt.Sprintf("the file contains the control character U+%04X", r)
		}
		if col > maxColumns && r != '\n' || blank > maxBlankLines {
			what, hint := fmt.Sprintf("a line has more than %d characters", maxColumns), "break the line"
			if blank > maxBlankLines {
				what, hint = fmt.Sprintf("more than %d lines in a row are blank", maxBlankLines), "remove them"
			}
			p.problems.Addf(diag.Pos{File: p.file, Line: line, Col: col}, hint, "%s", what)
			return src
		}
		if what != "" {
			p.problems.Addf(diag.Pos{File: p.file, Line: line, Col: col},
				"only text in UTF-8 is read; check that it is the file you meant", "%s", what)
			return src
		}
		i += n
		switch r {
		case '\n':
			line, col = line+1, 1
			blank++
		case ' ', '\t':
			col++
		default:
			col++
			blank = 0
		}
	}
	if len(bytes.TrimSpace(src)) == 0 {
		p.empty()
	}
	return src
}
