package strict

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ErrRewrite says that a change cannot be written into the text of a file: its author
// has written the place in a way that is read but not rewritten, such as a text over
// several lines.
var ErrRewrite = errors.New("the change cannot be written into the text of the file")

// Change is a value for a path, as Set takes it.
type Change struct{ Path, Text string }

// Rewrite gives the text of the file with other values in it. Comments, order and layout
// of all else stay. The text reads as what Set makes of the same changes, which is
// checked: otherwise the error is, or wraps, ErrRewrite.
func (d *Doc) Rewrite(changes []Change) ([]byte, error) {
	want, now := d.Clone(), d
	for _, c := range changes {
		if err := want.Set(SetPos(c.Path, c.Text), c.Path, c.Text); err != nil {
			return nil, err
		}
		text, err := now.rewritten(c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Path, err)
		}
		if now, err = Parse(d.file, text, d.opts); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Path, ErrRewrite)
		}
	}
	if !same(want.root, now.root) {
		return nil, ErrRewrite
	}
	return now.src, nil
}

// same tells whether two trees hold the same, wherever it stands.
func same(a, b *node) bool {
	return a.kind == b.kind && a.text == b.text && a.quoted == b.quoted && a.null == b.null &&
		slices.EqualFunc(a.items, b.items, same) && slices.EqualFunc(a.entries, b.entries, func(x, y entry) bool {
		return x.key == y.key && same(x.val, y.val)
	})
}

// rewriter finds the places of nodes in a text.
type rewriter struct {
	src   []byte
	lines []int // where each begins
}

func (d *Doc) rewritten(c Change) ([]byte, error) {
	if strings.ContainsAny(c.Text, "\n\r") {
		return nil, ErrRewrite
	}
	w := &rewriter{src: d.src, lines: []int{0}}
	for i, b := range d.src {
		if b == '\n' {
			w.lines = append(w.lines, i+1)
		}
	}
	var key *entry // of n, where it is in a mapping
	n := d.root
	for rest := c.Path; rest != ""; {
		i, child, more := locate(n, rest)
		if child == nil {
			return w.insert(n, rest, c.Text)
		}
		key = nil
		if n.kind == mappingNode {
			key = &n.entries[i]
		}
		n, rest = child, more
	}
	return w.replace(n, key, c.Text)
}

// offset is where a position is in the text.
func (w *rewriter) offset(n *node) (int, error) { return w.place(n.pos.Line, n.pos.Col) }

func (w *rewriter) place(line, col int) (int, error) {
	if line < 1 || line > len(w.lines) {
		return 0, ErrRewrite
	}
	at := w.lines[line-1]
	for i := range string(w.src[at:]) {
		if col--; col == 0 {
			return at + i, nil
		}
	}
	return 0, ErrRewrite
}

// replace puts a text in the place of a value; what a mapping or a list has on lines of
// its own goes with its comments.
func (w *rewriter) replace(n *node, key *entry, text string) ([]byte, error) {
	from, err := w.offset(n)
	if err != nil {
		return nil, err
	}
	indent := 0
	if key != nil {
		indent = key.pos.Col
	}
	to, err := w.end(n, indent)
	if err != nil {
		return nil, err
	}
	if n.kind != scalarNode && !w.flow(from) {
		if key == nil {
			return nil, ErrRewrite
		}
		if from, err = w.place(key.pos.Line, key.pos.Col); err != nil {
			return nil, err
		}
		colon := bytes.IndexByte(w.src[from:], ':')
		if colon < 0 {
			return nil, ErrRewrite
		}
		from, text = from+colon+1, " "+text
	}
	return splice(w.src, from, to, text), nil
}

// plainKey is a key that needs no quotes.
var plainKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// insert adds a key at the end of a mapping, with mappings for the parts of the path that
// are not there either.
func (w *rewriter) insert(n *node, path, text string) ([]byte, error) {
	parts := strings.Split(path, ".")
	for i, p := range slices.Backward(parts) {
		if !plainKey.MatchString(p) {
			return nil, ErrRewrite
		}
		if text = p + ": " + text; i > 0 {
			text = "{" + text + "}"
		}
	}
	if n.kind != mappingNode {
		return nil, ErrRewrite
	}
	from, err := w.offset(n)
	if err != nil {
		return nil, err
	}
	end := from + 1
	if k := len(n.entries); k > 0 {
		if end, err = w.end(n.entries[k-1].val, n.pos.Col); err != nil {
			return nil, err
		}
	}
	if w.flow(from) {
		if len(n.entries) > 0 {
			text = ", " + text
		}
		return splice(w.src, end, end, text), nil
	}
	if i := bytes.IndexByte(w.src[end:], '\n'); i >= 0 { // behind a comment on the line
		end += i
	} else {
		end = len(w.src)
	}
	return splice(w.src, end, end, "\n"+strings.Repeat(" ", n.pos.Col-1)+text), nil
}

// flow tells whether brackets begin at a place.
func (w *rewriter) flow(at int) bool { return w.src[at] == '{' || w.src[at] == '[' }

// end is the place behind a value. Indent is the column of the mapping around it, 0 where
// that does not matter.
func (w *rewriter) end(n *node, indent int) (int, error) {
	at, err := w.offset(n)
	if err != nil || n.null {
		return 0, ErrRewrite
	}
	if n.kind == scalarNode {
		return w.endOfText(n, at, indent)
	}
	flow := w.flow(at)
	end := at + 1
	if n.kind == mappingNode && !flow {
		indent = n.pos.Col
	}
	var last *node
	if k := len(n.entries); k > 0 {
		last = n.entries[k-1].val
	} else if k := len(n.items); k > 0 {
		last = n.items[k-1]
	}
	if last != nil {
		if end, err = w.end(last, indent); err != nil {
			return 0, err
		}
	}
	if !flow {
		return end, nil
	}
	for end < len(w.src) {
		switch c := w.src[end]; c {
		case ' ', ',', '\n':
			end++
		case '}', ']':
			return end + 1, nil
		case '#':
			i := bytes.IndexByte(w.src[end:], '\n')
			if i < 0 {
				return 0, ErrRewrite
			}
			end += i
		default:
			return 0, ErrRewrite
		}
	}
	return 0, ErrRewrite
}

func (w *rewriter) endOfText(n *node, at, indent int) (int, error) {
	switch c := w.src[at]; {
	case n.quoted && (c == '|' || c == '>'):
		return w.endOfBlock(n, indent)
	case n.quoted && (c == '"' || c == '\''):
		for i := at + 1; i < len(w.src); i++ {
			switch {
			case c == '"' && w.src[i] == '\\', c == '\'' && w.src[i] == c && i+1 < len(w.src) && w.src[i+1] == c:
				i++
			case w.src[i] == c:
				return i + 1, nil
			}
		}
	case bytes.HasPrefix(w.src[at:], []byte(n.text)):
		return at + len(n.text), nil
	}
	return 0, ErrRewrite
}

// endOfBlock is where the text ends whose lines are indented more than the key.
func (w *rewriter) endOfBlock(n *node, indent int) (int, error) {
	if indent == 0 {
		return 0, ErrRewrite
	}
	end := n.pos.Line // its first line is the sign
	for i := n.pos.Line; i < len(w.lines); i++ {
		line := w.src[w.lines[i]:]
		if k := bytes.IndexByte(line, '\n'); k >= 0 {
			line = line[:k]
		}
		text := bytes.TrimLeft(line, " ")
		if len(text) > 0 && len(line)-len(text) < indent {
			break
		}
		if len(text) > 0 {
			end = i + 1
		}
	}
	if end < len(w.lines) {
		return w.lines[end] - 1, nil
	}
	return len(w.src), nil
}

func splice(src []byte, from, to int, text string) []byte {
	return slices.Concat(src[:from], []byte(text), src[to:])
}
