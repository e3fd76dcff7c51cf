package strict

import (
	"headroom/pkg/diag"
)

// Scalar is a leaf type that reads itself from the text of a YAML scalar. It
// is implemented on the pointer. The error says what is wrong with the text;
// its position is added here. A type may also have
//
//	JSONSchema() map[string]any
//
// which describes the accepted texts, and Hint() string on its errors.
type Scalar interface {
	ParseScalar(text string) error
}

// Defaulter is implemented, on the pointer, by structs whose unset fields are
// not zero. It is called on every new list item, map entry and pointer target
// before it is decoded; the root and structs within it are filled by the
// caller.
type Defaulter interface {
	Default()
}

// Former is a struct that once had other keys: for each of them the hint for whoever
// still writes it.
type Former interface {
	Former() map[string]string
}

// Checked is implemented, on the pointer, by structs with rules that tags do
// not express. Check is called once the struct and all it contains were
// decoded without a problem, children first.
type Checked interface {
	Check(c *Checker)
}

// At receives the position of the mapping of the struct that embeds it: of its
// first key, or of the brace.
type At struct {
	Pos diag.Pos `yaml:"-"`
}

// Entry is one entry of a Map.
type Entry[T any] struct {
	Key    string
	KeyPos diag.Pos
	V      T
}

// Map is a mapping with free keys that keeps the order of the file.
type Map[T any] []Entry[T]

// Get is the value of a key.
func (m Map[T]) Get(key string) (T, bool) {
	for _, e := range m {
		if e.Key == key {
			return e.V, true
		}
	}
	var zero T
	return zero, false
}

// Keys are the keys in the order of the file.
func (m Map[T]) Keys() []string {
	keys := make([]string, len(m))
	for i, e := range m {
		keys[i] = e.Key
	}
	return keys
}

// Value is an input with its provenance: in the file a scalar, or a mapping
// {value: x, source: "…"} or {value: x, assumed: "reason"}. Where the file has
// no value, Set is false and V, Source and Assumed keep what the caller filled
// in; a value that the file gives replaces all three.
type Value[T any] struct {
	V       T
	Set     bool
	Source  string // where a measured or cited value is from
	Assumed string // why an assumed value is what it is
	Text    string // as it is written, with its unit; "" where it is not set
	Pos     diag.Pos
}

// Limits of what is read. The largest profile is expected to be a thousandth
// of each; they bound time and memory on hostile input.
const (
	defaultMaxBytes = 1 << 20
	maxDepth        = 50      // nesting of mappings and lists
	maxTokens       = 200_000 // of the YAML scanner
	maxEntries      = 5_000   // keys of one mapping: the parser needs their square
	maxKeyBytes     = 128     // the parser repeats keys in the path of every node
	maxColumns      = 16_384  // the scanner needs, on some lines, their square
	maxBlankLines   = 200     // the scanner copies a text once for each that ends it
	maxProblems     = 50      // reported at once
)

// ReadOptions bound and steer reading. The zero value is usable.
type ReadOptions struct {
	MaxBytes int                   // greatest size; 0 means 1 MiB
	Variants map[string]func() any // makes the struct (as a pointer) of a variant
}

// Decode reads a file's bytes into a pointer to a struct. The error, if any, is
// a diag.Problems with the source lines quoted.
func Decode(file string, src []byte, into any, o ReadOptions) error {
	doc, err := Parse(file, src, o)
	if err != nil {
		return err
	}
	return doc.Decode(into)
}
