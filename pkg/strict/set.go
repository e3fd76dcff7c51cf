package strict

import (
	"fmt"
	"strings"

	"headroom/pkg/diag"
)

// SetPos is the position of an assignment on the command line.
func SetPos(path, yamlText string) diag.Pos {
	where := "--set " + path + "=" + yamlText
	if len(where) > 200 {
		where = "--set " + path + "=…"
	}
	return diag.Pos{File: where}
}

// Set replaces the value at a dotted path, such as peak.users or
// components.db.pin.count, by a YAML text; items of a list are addressed by
// index or by name. Keys that do not exist yet are added, and judged by
// Decode. Problems with the new value are reported at a position of the caller's
// choice.
func (d *Doc) Set(at diag.Pos, path, yamlText string) error {
	val, err := d.parseSet(at, yamlText)
	if err != nil {
		return err
	}
	if path == "" || strings.HasPrefix(path, ".") || strings.HasSuffix(path, ".") || strings.Contains(path, "..") {
		return problem(at, "write a path such as peak.users", "%s is not a path", quote(path))
	}
	if strings.Count(path, ".") >= maxDepth {
		return problem(at, "", "the path has more than %d parts", maxDepth)
	}
	root, err := replace(d.root, path, "", val, at)
	if err != nil {
		return err
	}
	d.root = root
	return nil
}

func problem(at diag.Pos, hint, format string, args ...any) error {
	var ps diag.Problems
	ps.Addf(at, hint, format, args...)
	return ps
}

// parseSet reads the new value and moves all its positions to at.
func (d *Doc) parseSet(at diag.Pos, text string) (*node, error) {
	p := &treeBuilder{file: at.File}
	src := p.guardBytes([]byte(text), d.opts.MaxBytes)
	var val *node
	if len(p.problems) == 0 {
		val = p.parse(src)
	}
	if len(p.problems) > 0 {
		ps := p.problems
		for i := range ps {
			ps[i].Pos = at
			if strings.Contains(ps[i].Summary, "file is empty") {
				ps[i].Summary, ps[i].Hint = "there is no value", "write path=value"
			}
		}
		return nil, ps
	}
	moveTo(val, at)
	return val, nil
}

func moveTo(n *node, at diag.Pos) {
	n.pos = at
	for i := range n.entries {
		n.entries[i].pos = at
		moveTo(n.entries[i].val, at)
	}
	for _, it := range n.items {
		moveTo(it, at)
	}
}

// step finds the child that the beginning of a path names, the longest key
// first, since keys may contain dots; rest is what remains of the path.
func step(n *node, path string) (child *node, rest string) {
	_, child, rest = locate(n, path)
	return child, rest
}

func locate(n *node, path string) (index int, child *node, rest string) {
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '.') {
		part := path[:end]
		rest = strings.TrimPrefix(path[end:], ".")
		switch n.kind {
		case mappingNode:
			if i, v := n.get(part); v != nil {
				return i, v, rest
			}
		case listNode:
			if i := n.item(part); i >= 0 {
				return i, n.items[i], rest
			}
		}
	}
	return -1, nil, path
}

// replace returns a copy of n in which the value at path is val. Only the
// nodes along the path are copied: clones of a document share the rest.
func replace(n *node, path, done string, val *node, at diag.Pos) (*node, error) {
	if path == "" {
		return val, nil
	}
	i, child, rest := locate(n, path)
	head, tail, _ := strings.Cut(path, ".")
	switch {
	case child != nil:
		fresh, err := replace(child, rest, join(done, strings.TrimSuffix(strings.TrimSuffix(path, rest), ".")), val, at)
		if err != nil {
			return nil, err
		}
		out := *n
		if n.kind == mappingNode {
			out.entries = append([]entry(nil), n.entries...)
			out.entries[i] = entry{key: n.entries[i].key, pos: n.entries[i].pos, val: fresh}
		} else {
			out.items = append([]*node(nil), n.items...)
			out.items[i] = fresh
		}
		return &out, nil
	case n.kind == mappingNode || n.null:
		fresh := val
		if tail != "" {
			var err error
			empty := &node{kind: mappingNode, pos: at}
			if fresh, err = replace(empty, tail, join(done, head), val, at); err != nil {
				return nil, err
			}
		}
		out := *n
		out.kind, out.null = mappingNode, false
		out.entries = append(append([]entry(nil), n.entries...), entry{key: head, pos: at, val: fresh})
		return &out, nil
	case n.kind == listNode:
		return nil, problem(at, fmt.Sprintf("use an index from 0 to %d, or the name of an item%s",
			len(n.items)-1, names(n)), "%s has no item %s", quote(done), quote(head))
	}
	return nil, problem(at, fmt.Sprintf("set %s itself", quote(done)), "%s is a single value and has no key %s",
		quote(done), quote(head))
}

func join(path, part string) string {
	if path == "" {
		return part
	}
	return path + "." + part
}

// names lists the names of a list's items for a hint.
func names(n *node) string {
	var out []string
	for _, it := range n.items {
		if name := it.itemName(); name != "" {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return ": " + list(out)
}
