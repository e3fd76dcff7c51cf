// Package strict reads YAML input strictly and says precisely what is wrong.
//
// Unknown keys, duplicate keys, missing values, wrong types and wrong units
// are errors, each with file, line and column, the source line and advice;
// several are reported at once. What can make a small file expensive or
// ambiguous (anchors, aliases, merge keys, tags, several documents, deep
// nesting) is refused before the file is parsed.
//
// The struct tags that steer decoding also give the JSON Schema for editors:
//
//	yaml:"name"          key; "-" for fields that are not read
//	yaml:",inline"       the fields of a struct, at the level of the mapping
//	yaml:",variant=kind" an any field: Options.Variants[value of kind] makes
//	                     its struct, whose fields are at the same level
//	                     (",variant=kind,group=g" looks up "g:value" instead)
//	required:"true"      the key must be present
//	enum:"a|b"           allowed texts (of each item, for a list)
//	pattern:"^…$"        what a text, an item or a key of a Map must match
//	says:"…"             the pattern in words, for messages
//	format:"name"        instead of both, a pattern that has a name: name, dashed name,
//	                     slug, day, region
//	offer:"regions"      the list of SchemaOptions.Offers that editors complete from
//	min:"0" max:"1"      bounds, inclusive; of the length for lists and maps
//	above:"0" below:"1"  bounds, exclusive
//	whole:"true"         no fraction: what is counted cannot be divided
//
// What a key means is the comment above its field: for people who write files, so
// that it names keys and not fields. What only programmers need stands to the right of
// the field or above the struct. go generate makes the method KeyText of Documented from
// these comments.
//
// A type may implement Defaulter, Checked and Enumerated. Scalars of other packages
// implement Scalar. An OrNone is a mapping that the word none switches off.
//
// Parse makes a tree of nodes from the bytes, with the position of each, and
// Doc.Decode fills a struct from it. Between the two, Doc.Set may replace
// values (--set). Leaves lists the values of a struct that can be replaced, and
// Schema describes the accepted files.
//
// Words: a leaf is a single value; a variant is a struct that is chosen by the
// value of another key, such as kind; a provenance is where a Value is from:
// its source, or why it is assumed; a guard refuses bytes or tokens before the
// parser sees them.
package strict
