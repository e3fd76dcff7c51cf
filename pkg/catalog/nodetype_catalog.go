package catalog

import (
	"sort"

	"headroom/pkg/diag"
)

// hardware is what is the same for every vintage: node types, and what is
// derived from them when it is first asked for.
type hardware struct {
	types  []NodeType // sorted by name
	limits lazy[*Limits]
	speeds lazy[*Speeds]
}

func (c *Catalog) nodes() (*hardware, error) {
	return c.hardware.get(func() (*hardware, error) {
		types, err := loadNodeTypes(c.readTable)
		if err != nil {
			return nil, err
		}
		return &hardware{types: types}, nil
	})
}

// NodeTypes are all instance types that have a specification, sorted by name.
// The slice is shared: do not change it.
func (c *Catalog) NodeTypes() ([]NodeType, error) {
	h, err := c.nodes()
	if err != nil {
		return nil, err
	}
	return h.types, nil
}

// NodeType is the type of a name. It is false also where the tables cannot be
// read; NodeTypes says why.
func (c *Catalog) NodeType(name string) (*NodeType, bool) {
	h, err := c.nodes()
	if err != nil {
		return nil, false
	}
	return findType(h.types, name)
}

func findType(types []NodeType, name string) (*NodeType, bool) {
	i := sort.Search(len(types), func(i int) bool { return types[i].Name >= name })
	if i == len(types) || types[i].Name != name {
		return nil, false
	}
	return &types[i], true
}

// SuggestType is the type that a misspelt name most likely means, or "".
func (c *Catalog) SuggestType(name string) string {
	h, err := c.nodes()
	if err != nil {
		return ""
	}
	names := make([]string, len(h.types))
	for i := range h.types {
		names[i] = h.types[i].Name
	}
	return diag.Suggest(name, names)
}
