package intake

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"headroom/pkg/diag"
)

// Text is the text of a file: without byte order mark and with plain line feeds,
// neither of which moves a line or column. What is no text in UTF-8, or has control
// characters that no text needs, is a problem with its place; the first one ends
// the search.
func Text(file string, src []byte) ([]byte, diag.Problems) {
	var ps diag.Problems
	if bytes.HasPrefix(src, []byte{0xFE, 0xFF}) || bytes.HasPrefix(src, []byte{0xFF, 0xFE}) {
		ps.Addf(diag.Pos{File: file, Line: 1, Col: 1}, "save it as UTF-8", "the file is encoded as UTF-16")
		return nil, ps
	}
	src = plain(src)
	line, col := 1, 1
	for i := 0; i < len(src); col++ {
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
		case r == '\n':
			line, col = line+1, 0
		case r < ' ' && r != '\t', r >= 0x7f && r < 0xa0 && r != 0x85: // 0x85 ends lines on mainframes
			what = fmt.Sprintf("the file contains the control character U+%04X", r)
		}
		if what != "" {
			ps.Addf(diag.Pos{File: file, Line: line, Col: col},
				"only text in UTF-8 is read; check that it is the file you meant", "%s", what)
			return src, ps
		}
		i += n
	}
	return src, nil
}

// plain takes away the byte order mark and makes every end of a line a line feed.
func plain(src []byte) []byte {
	src = bytes.TrimPrefix(src, []byte("\xEF\xBB\xBF"))
	if bytes.IndexByte(src, '\r') >= 0 {
		src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
		src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	}
	return src
}
