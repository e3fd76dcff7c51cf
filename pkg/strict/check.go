package strict

import "headroom/pkg/diag"

// Checker collects the problems that a struct's Check finds.
type Checker struct {
	d *decoder
	n *node
}

// Errorf reports a problem at a position, with a hint on what to do.
func (c *Checker) Errorf(at diag.Pos, hint, format string, args ...any) {
	c.d.checks.Addf(at, hint, format, args...)
}

// At is the position of the value of a key of the struct that is checked, or,
// where the file has no such key, of the struct's mapping. Further keys lead
// into nested mappings; list items are addressed by index or name.
func (c *Checker) At(keys ...string) diag.Pos {
	n := c.n
	for _, k := range keys {
		next, rest := step(n, k)
		if next == nil || rest != "" {
			break
		}
		n = next
	}
	return n.pos
}

// Has tells whether the file has the key.
func (c *Checker) Has(key string) bool {
	_, v := c.n.get(key)
	return v != nil
}
