package strict

import (
	"strconv"

	"headroom/pkg/diag"
)

type kind int

const (
	scalarNode kind = iota
	mappingNode
	listNode
)

// node is the part of YAML that is accepted: scalars as text, mappings with
// text keys in order, lists. Nodes are never changed once built, so that
// documents may share them.
type node struct {
	kind    kind
	pos     diag.Pos
	text    string
	quoted  bool // in quotes or a block scalar
	null    bool // no value, or an unquoted null
	entries []entry
	items   []*node
}

type entry struct {
	key string
	pos diag.Pos
	val *node
}

func (n *node) get(key string) (int, *node) {
	if n.kind != mappingNode {
		return -1, nil
	}
	for i, e := range n.entries {
		if e.key == key {
			return i, e.val
		}
	}
	return -1, nil
}

// item finds a list item by index or by the value of its key "name".
func (n *node) item(ref string) int {
	if i, err := strconv.Atoi(ref); err == nil && i >= 0 && i < len(n.items) {
		return i
	}
	for i, it := range n.items {
		if it.itemName() == ref && ref != "" {
			return i
		}
	}
	return -1
}

// itemName is how a list item is addressed in a path besides its index.
func (n *node) itemName() string {
	if _, v := n.get("name"); v != nil && v.kind == scalarNode && !v.null {
		return v.text
	}
	return ""
}

func (n *node) describe() string {
	switch {
	case n.kind == mappingNode:
		return "a mapping"
	case n.kind == listNode:
		return "a list"
	case n.null:
		return "nothing"
	}
	return "the single value " + quote(n.text)
}

// quote shortens and quotes text from the input for a message.
func quote(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n++; n > most {
			return strconv.Quote(s[:i]) + "…"
		}
	}
	return strconv.Quote(s)
}
