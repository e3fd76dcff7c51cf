package strict

import (
	"fmt"

	"github.com/goccy/go-yaml/token"
)

// level is an open block mapping or list at a column.
type level struct {
	col  int
	list bool
	keys int
}

// tokenGuard walks over the tokens of a file.
type tokenGuard struct {
	p        *treeBuilder
	block    []level
	flow     int   // open brackets and braces
	flowKeys []int // keys so far in each of them
	content  bool  // something other than comments so far
	ended    bool  // by "..."
}

// guardTokens refuses everything that could make parsing expensive or its
// result surprising, before the parser sees it. It tells whether to go on.
func (p *treeBuilder) guardTokens(tokens token.Tokens) bool {
	if len(tokens) > maxTokens {
		p.problems.Addf(p.at(tokens[maxTokens]), "split the file", "the file has more than %d keys, values and signs",
			maxTokens)
		return false
	}
	g := tokenGuard{p: p}
	for _, tk := range tokens {
		if !g.see(tk) {
			return false
		}
	}
	if !g.content {
		p.empty()
	}
	return len(p.problems) == 0
}

// see takes one token and tells whether to go on.
func (g *tokenGuard) see(tk *token.Token) bool {
	switch tk.Type {
	case token.CommentType:
		return true
	case token.DocumentHeaderType:
		if g.content || g.ended {
			g.refuse(tk, "put each document into a file of its own", "a second document begins here")
			return false
		}
		return true
	case token.DocumentEndType:
		g.ended = true
		return true
	}
	if !g.allowed(tk) || !g.nesting(tk) {
		return false
	}
	if g.ended {
		g.refuse(tk, "put each document into a file of its own", "something follows the end of the document")
		return false
	}
	g.content = true
	if len(g.block)+g.flow > maxDepth {
		g.refuse(tk, "nest less deeply", fmt.Sprintf("the file is nested more than %d levels deep", maxDepth))
		return false
	}
	return true
}

// allowed refuses the signs of YAML that are not read. After most of them the
// walk goes on, to report several at once.
func (g *tokenGuard) allowed(tk *token.Token) bool {
	switch tk.Type {
	case token.InvalidType:
		g.p.syntaxAt(tk, tk.Error)
		return false
	case token.AnchorType:
		g.refuse(tk, "write the value out, or quote a text that begins with &", "YAML anchors (&) are not supported")
	case token.AliasType:
		g.refuse(tk, "write the value out, or quote a text that begins with *", "YAML aliases (*) are not supported")
	case token.MergeKeyType:
		g.refuse(tk, "write the keys out", "YAML merge keys (<<) are not supported")
	case token.TagType:
		g.refuse(tk, "leave it out, or quote a text that begins with !", "YAML tags (!) are not supported")
	case token.DirectiveType:
		g.refuse(tk, "leave it out, or quote a text that begins with %", "YAML directives (%) are not supported")
		return false
	case token.MappingKeyType:
		g.refuse(tk, "write \"key: value\"", "YAML complex keys (?) are not supported")
	}
	return true
}

// nesting follows what a token opens, closes or adds to.
func (g *tokenGuard) nesting(tk *token.Token) bool {
	switch tk.Type {
	case token.MappingStartType, token.SequenceStartType:
		g.flow++
		g.flowKeys = append(g.flowKeys, 0)
	case token.MappingEndType, token.SequenceEndType:
		if g.flow > 0 {
			g.flow--
			g.flowKeys = g.flowKeys[:g.flow]
		}
	case token.SequenceEntryType:
		if g.flow > 0 {
			g.refuse(tk, "separate the items with commas", "a list item with a dash is inside brackets")
			return false
		}
		g.open(tk.Position.Column, true)
	case token.MappingValueType:
		return g.key(tk.Prev)
	}
	return true
}

// key counts a key of the innermost mapping. The parser reports a missing one.
func (g *tokenGuard) key(key *token.Token) bool {
	if key == nil || key.Type == token.MappingValueType {
		return true
	}
	if len(key.Value) > maxKeyBytes {
		g.refuse(key, "use a short key", fmt.Sprintf("a key has more than %d characters", maxKeyBytes))
		return false
	}
	var count int
	if g.flow > 0 {
		g.flowKeys[g.flow-1]++
		count = g.flowKeys[g.flow-1]
	} else {
		l := g.open(key.Position.Column, false)
		l.keys++
		count = l.keys
	}
	if count > maxEntries {
		g.refuse(key, "split the file", fmt.Sprintf("a mapping has more than %d keys", maxEntries))
		return false
	}
	return true
}

// open enters the block level at a column and leaves deeper ones.
func (g *tokenGuard) open(col int, list bool) *level {
	deeper := func(l level) bool { return l.col > col || l.col == col && l.list && !list }
	for n := len(g.block); n > 0 && deeper(g.block[n-1]); n-- {
		g.block = g.block[:n-1]
	}
	// A list may be at the column of the key that holds it.
	if n := len(g.block); n == 0 || g.block[n-1].col < col || g.block[n-1].list != list {
		g.block = append(g.block, level{col: col, list: list})
	}
	return &g.block[len(g.block)-1]
}

func (g *tokenGuard) refuse(tk *token.Token, hint, what string) {
	if len(g.p.problems) <= maxProblems {
		g.p.problems.Addf(g.p.at(tk), hint, "%s", what)
	}
}
