package strict

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"

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

// level is an open block mapping or list at a column.
type level struct {
	col  int
	list bool
	keys int
}

// guardTokens refuses everything that could make parsing expensive or its
// result surprising, before the parser sees it. It tells whether to go on.
func (p *treeBuilder) guardTokens(tokens token.Tokens) bool {
	if len(tokens) > maxTokens {
		p.problems.Addf(p.at(tokens[maxTokens]), "split the file", "the file has more than %d keys, values and signs",
			maxTokens)
		return false
	}
	var (
		block    []level
		flow     int // open brackets and braces
		flowKeys []int
		content  bool // something other than comments so far
		ended    bool // by "..."
	)
	// open enters the block level at a column and leaves deeper ones.
	open := func(col int, list bool) *level {
		for n := len(block); n > 0 && (block[n-1].col > col || block[n-1].col == col && block[n-1].list && !list); n-- {
			block = block[:n-1]
		}
		// A list may be at the column of the key that holds it.
		if n := len(block); n == 0 || block[n-1].col < col || block[n-1].list != list {
			block = append(block, level{col: col, list: list})
		}
		return &block[len(block)-1]
	}
	refuse := func(tk *token.Token, hint, what string) {
		if len(p.problems) <= maxProblems {
			p.problems.Addf(p.at(tk), hint, "%s", what)
		}
	}
	for _, tk := range tokens {
		switch tk.Type {
		case token.InvalidType:
			p.syntaxAt(tk, tk.Error)
			return false
		case token.CommentType:
			continue
		case token.AnchorType:
			refuse(tk, "write the value out, or quote a text that begins with &", "YAML anchors (&) are not supported")
		case token.AliasType:
			refuse(tk, "write the value out, or quote a text that begins with *", "YAML aliases (*) are not supported")
		case token.MergeKeyType:
			refuse(tk, "write the keys out", "YAML merge keys (<<) are not supported")
		case token.TagType:
			refuse(tk, "leave it out, or quote a text that begins with !", "YAML tags (!) are not supported")
		case token.DirectiveType:
			refuse(tk, "leave it out, or quote a text that begins with %", "YAML directives (%) are not supported")
			return false
		case token.MappingKeyType:
			refuse(tk, "write \"key: value\"", "YAML complex keys (?) are not supported")
		case token.DocumentHeaderType:
			if content || ended {
				refuse(tk, "put each document into a file of its own", "a second document begins here")
				return false
			}
			continue
		case token.DocumentEndType:
			ended = true
			continue
		case token.MappingStartType, token.SequenceStartType:
			flow++
			flowKeys = append(flowKeys, 0)
		case token.MappingEndType, token.SequenceEndType:
			if flow > 0 {
				flow--
				flowKeys = flowKeys[:flow]
			}
		case token.SequenceEntryType:
			if flow > 0 {
				refuse(tk, "separate the items with commas", "a list item with a dash is inside brackets")
				return false
			}
			open(tk.Position.Column, true)
		case token.MappingValueType:
			key := tk.Prev
			if key == nil || key.Type == token.MappingValueType {
				break // the parser reports a missing key
			}
			if len(key.Value) > maxKeyBytes {
				refuse(key, "use a short key", fmt.Sprintf("a key has more than %d characters", maxKeyBytes))
				return false
			}
			var count int
			if flow > 0 {
				flowKeys[flow-1]++
				count = flowKeys[flow-1]
			} else {
				l := open(key.Position.Column, false)
				l.keys++
				count = l.keys
			}
			if count > maxEntries {
				refuse(key, "split the file", fmt.Sprintf("a mapping has more than %d keys", maxEntries))
				return false
			}
		}
		if ended {
			refuse(tk, "put each document into a file of its own", "something follows the end of the document")
			return false
		}
		content = true
		if len(block)+flow > maxDepth {
			refuse(tk, "nest less deeply", fmt.Sprintf("the file is nested more than %d levels deep", maxDepth))
			return false
		}
	}
	if !content {
		p.empty()
	}
	return len(p.problems) == 0
}
