package strict

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"headroom/pkg/diag"
)

// Doc is a parsed file. Set changes it before it is decoded.
type Doc struct {
	file  string
	src   []byte
	root  *node
	opts  ReadOptions
	found diag.Problems // by Parse, reported together with those of Decode
	plans *plans
	kept  map[*node]reflect.Value // what DecodeKept has made of nodes
}

// Parse reads a file into a Doc. What is refused here cannot be decoded at
// all; duplicate keys are reported by Decode together with everything else.
func Parse(file string, src []byte, o ReadOptions) (*Doc, error) {
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultMaxBytes
	}
	p := &treeBuilder{file: file}
	src = p.guardBytes(src, o.MaxBytes)
	if len(p.problems) > 0 {
		return nil, finish(p.problems, file, src)
	}
	root := p.parse(src)
	if root == nil {
		return nil, finish(p.problems, file, src)
	}
	return &Doc{file: file, src: src, root: root, opts: o, found: p.problems, plans: &plans{}}, nil
}

// Clone is an independent copy: Set on either does not change the other.
func (d *Doc) Clone() *Doc {
	c := *d
	return &c
}

// Pos is the position of the value at a dotted path.
func (d *Doc) Pos(path string) (diag.Pos, bool) {
	n := d.root
	for rest := path; rest != ""; {
		var next *node
		next, rest = step(n, rest)
		if next == nil {
			return diag.Pos{}, false
		}
		n = next
	}
	return n.pos, true
}

// treeBuilder turns bytes into nodes and collects problems.
type treeBuilder struct {
	file     string
	problems diag.Problems
}

func (p *treeBuilder) at(tk *token.Token) diag.Pos {
	if tk == nil || tk.Position == nil {
		return diag.Pos{File: p.file, Line: 1, Col: 1}
	}
	return diag.Pos{File: p.file, Line: max(tk.Position.Line, 1), Col: max(tk.Position.Column, 1)}
}

// parse returns nil where there is no tree; problems then says why.
func (p *treeBuilder) parse(src []byte) (root *node) {
	// The scanner and parser are another project's and run on anybody's
	// bytes: a panic there is a file that cannot be read, not a crash.
	defer func() {
		if r := recover(); r != nil {
			root = nil
			p.problems.Addf(diag.Pos{File: p.file, Line: 1, Col: 1},
				"simplify the file: plain indented mappings and lists are enough",
				"the YAML parser failed on this file (%.80s)", fmt.Sprint(r))
		}
	}()
	tokens := lexer.Tokenize(string(src))
	if !p.guardTokens(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		p.syntax(err)
		return nil
	}
	var body ast.Node
	for _, d := range file.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			p.problems.Addf(p.at(d.Body.GetToken()), "put each into a file of its own", "a second document begins here")
			return nil
		}
		body = d.Body
	}
	if body == nil || body.Type() == ast.NullType {
		p.empty()
		return nil
	}
	return p.convert(body)
}

func (p *treeBuilder) empty() {
	p.problems.Addf(diag.Pos{File: p.file, Line: 1, Col: 1},
		"write at least the required keys, or begin with a generated file", "the file is empty")
}

// syntax reports a parser's error without its own rendering, which is slow on
// long lines and repeats what Quote does.
func (p *treeBuilder) syntax(err error) {
	var at interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if !errors.As(err, &at) {
		p.problems.Addf(diag.Pos{File: p.file, Line: 1, Col: 1}, "", "not valid YAML: %.200s", err.Error())
		return
	}
	p.syntaxAt(at.GetToken(), at.GetMessage())
}

func (p *treeBuilder) syntaxAt(tk *token.Token, msg string) {
	hint := "check the indentation, and quote texts that contain \": \" or \" #\" or begin with a special character"
	switch {
	case strings.Contains(msg, "\t"), strings.Contains(msg, "tab character"):
		msg, hint = "a tab is used for indentation", "indent with spaces"
	case strings.Contains(msg, "could not find end character"):
		hint = "close the quotes"
	case strings.Contains(msg, "not found") && strings.Contains(msg, "'"), strings.Contains(msg, "could not find flow"):
		hint = "close every bracket and brace, and separate items with commas"
	}
	p.problems.Addf(p.at(tk), hint, "not valid YAML: %.200s", msg)
}

func (p *treeBuilder) convert(n ast.Node) *node {
	switch n := n.(type) {
	case *ast.MappingNode:
		return p.mapping(n.Values, n)
	case *ast.MappingValueNode:
		return p.mapping([]*ast.MappingValueNode{n}, n)
	case *ast.SequenceNode:
		out := &node{kind: listNode, pos: p.at(n.Start)}
		for i, v := range n.Values {
			item := p.convert(v)
			if item.null && i < len(n.Entries) && n.Entries[i].Start != nil {
				item.pos = p.at(n.Entries[i].Start) // of the dash or comma
			}
			out.items = append(out.items, item)
		}
		return out
	case *ast.LiteralNode:
		out := &node{pos: p.at(n.Start), quoted: true}
		if n.Value != nil {
			out.text = n.Value.Value
		}
		return out
	case *ast.StringNode:
		tk := n.GetToken()
		q := tk.Type == token.SingleQuoteType || tk.Type == token.DoubleQuoteType
		return &node{pos: p.at(tk), text: n.Value, quoted: q}
	case *ast.NullNode:
		return &node{pos: p.at(n.GetToken()), null: true}
	}
	// Numbers, booleans, infinities: the text as it stands.
	tk := n.GetToken()
	if _, ok := n.(ast.ScalarNode); !ok {
		p.problems.Addf(p.at(tk), "use plain keys, values and lists", "this YAML feature is not supported")
	}
	out := &node{pos: p.at(tk)}
	if tk != nil {
		out.text = tk.Value
	}
	return out
}

func (p *treeBuilder) mapping(values []*ast.MappingValueNode, n ast.Node) *node {
	out := &node{kind: mappingNode, pos: p.at(n.GetToken()), entries: make([]entry, 0, len(values))}
	seen := make(map[string]diag.Pos, len(values))
	for i, v := range values {
		tk := v.Key.GetToken()
		at := p.at(tk)
		if m, ok := n.(*ast.MappingNode); i == 0 && (!ok || !m.IsFlowStyle) {
			out.pos = at
		}
		val := p.convert(v.Value)
		if val.null {
			val.pos = at // an absent value has no place of its own
		}
		if first, dup := seen[tk.Value]; dup {
			p.problems.Addf(at, fmt.Sprintf("it was given on line %d already; remove one of the two", first.Line),
				"key %s is given twice", quote(tk.Value))
			continue
		}
		seen[tk.Value] = at
		out.entries = append(out.entries, entry{key: tk.Value, pos: at, val: val})
	}
	return out
}

// inside puts problems that are past the end of their line, or of the file, there. The
// YAML library miscounts the columns of quoted texts that go over several lines.
func inside(ps diag.Problems, file string, src []byte) {
	lines := strings.Split(string(src), "\n")
	for i := range ps {
		if at := &ps[i].Pos; at.File == file {
			at.Line = min(at.Line, len(lines))
			at.Col = min(at.Col, utf8.RuneCountInString(strings.TrimSuffix(lines[at.Line-1], "\r"))+1)
		}
	}
}

// finish sorts, cuts and quotes problems.
func finish(ps diag.Problems, file string, src []byte) error {
	if len(ps) == 0 {
		return nil
	}
	inside(ps, file, src)
	ps.Sort()
	if len(ps) > maxProblems {
		more := len(ps) - maxProblems
		ps = ps[:maxProblems:maxProblems]
		ps.Addf(ps[maxProblems-1].Pos, "correct those above first", "and %d more problems", more)
	}
	ps.Quote(file, src)
	return ps
}
