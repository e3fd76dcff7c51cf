package strict

import (
	"strconv"

	"headroom/pkg/diag"
)

// Positions maps the dotted path of every value to its position. Items of a
// list appear by index, and also by name where they have one.
func Positions(file string, src []byte) (map[string]diag.Pos, error) {
	doc, err := Parse(file, src, ReadOptions{})
	if err != nil {
		return nil, err
	}
	out := map[string]diag.Pos{}
	collectPositions(doc.root, "", out)
	return out, nil
}

func collectPositions(n *node, path string, out map[string]diag.Pos) {
	if path != "" {
		if _, taken := out[path]; !taken {
			out[path] = n.pos
		}
	}
	join := func(part string) string {
		if path == "" {
			return part
		}
		return path + "." + part
	}
	for _, e := range n.entries {
		collectPositions(e.val, join(e.key), out)
	}
	for i, it := range n.items {
		collectPositions(it, join(strconv.Itoa(i)), out)
		if name := it.itemName(); name != "" {
			collectPositions(it, join(name), out)
		}
	}
}
