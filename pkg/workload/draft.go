package workload

import (
	"headroom/pkg/diag"
	"headroom/pkg/strict"
)

// Draft is a profile's file in which values can be replaced before it is read.
// Clones may be used by several goroutines. The profiles that they give share the
// components, none of which is ever changed.
type Draft struct {
	doc  *strict.Doc
	file string
	src  []byte // the file, then the replacements
	read func(string) ([]byte, error)
	set  bool // there are replacements
}

// Open parses a profile's file without reading it; see Parse.
func Open(file string, src []byte, kinds Kinds, read func(string) ([]byte, error)) (*Draft, error) {
	doc, err := strict.Parse(file, src, kinds.options())
	if err != nil {
		return nil, err
	}
	return &Draft{doc: doc, file: file, src: src, read: read}, nil
}

// Clone is an independent copy.
func (d *Draft) Clone() *Draft {
	c := *d
	c.doc = d.doc.Clone()
	c.src = d.src[:len(d.src):len(d.src)]
	return &c
}

// Set replaces the value at a path, such as peak.users, by a YAML text.
// Problems are reported at the position, now or by Profile.
func (d *Draft) Set(at diag.Pos, path, text string) error {
	if err := d.doc.Set(at, path, text); err != nil {
		return err
	}
	d.set = true
	d.src = append(d.src, "\n--set "+path+"="+text...)
	return nil
}

// Rewrite gives the text of the file with other values in it; see strict.Doc.Rewrite.
func (d *Draft) Rewrite(changes []strict.Change) ([]byte, error) { return d.doc.Rewrite(changes) }

// Has tells whether there is a value at the path.
func (d *Draft) Has(path string) bool {
	_, ok := d.doc.Pos(path)
	return ok
}

// Profile reads the file with what was replaced. Its digest is that of the
// file's bytes, followed by the replacements where there are any.
func (d *Draft) Profile() (*Profile, error) {
	p, err := decode(d)
	if p != nil && d.set {
		p.Sources = nil
	}
	return p, err
}

// Leaves lists the values that the profile has or could have. What it reads for
// that is read only once for clones that are made afterwards.
func (d *Draft) Leaves() ([]strict.Leaf, error) {
	p := Default()
	if err := d.doc.DecodeKept(p); err != nil {
		return nil, err
	}
	p.name()
	return d.doc.Leaves(p), nil
}
