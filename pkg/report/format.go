package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"headroom/pkg/budget"
	"headroom/pkg/diag"
)

// Output are what the place of output asks for.
type Output struct {
	Width int  // columns of the terminal; 0 means DefaultWidth
	Color bool // headings, totals and tones; only for terminals
	Full  bool // all that a table has, not only the answer in short
}

// DefaultWidth is the width, in terminal columns, of what is not written to a
// terminal.
const DefaultWidth = 100

// Format is a way to write a report: a file of this package, and a row of
// allFormats.
type Format struct {
	Name     string // the value of --format
	document func(*bytes.Buffer, Document, Output) error
	// What writes a verdict of check. Nil where its document is written as any
	// other.
	verdict func(*bytes.Buffer, *budget.Verdict, Output) error
	// estimates says that only estimates can be written so.
	estimates bool
	// backed says that what estimates rest on is shown, which costs time to find out: see
	// Backed.
	backed bool
	// short says that no more is shown than the answer in short, unless all is asked for.
	short bool
	// binary says that the bytes are no text.
	binary bool
}

// allFormats lists the formats, the default first. Those without document are
// for verdicts only: test reports and findings for the interfaces of CI systems.
func allFormats() Formats {
	return Formats{
		{Name: "table", document: writeTable, short: true},
		{Name: "csv", document: writeCSV},
		{Name: "markdown", document: writeMarkdown, verdict: writeComment},
		{Name: "json", document: writeJSON},
		{Name: "html", document: writeHTML, backed: true},
		{Name: "xlsx", document: writeXLSX, backed: true, binary: true},
		{Name: "mermaid", document: writeMermaid, estimates: true},
		{Name: "junit", verdict: writeJUnit},
		{Name: "sarif", verdict: writeSARIF},
		{Name: "codequality", verdict: writeCodeQuality},
	}
}

// Formats are the formats that a command has, the default first.
type Formats []Format

// DocumentFormats are the formats of any Document.
func DocumentFormats() Formats {
	return slices.DeleteFunc(EstimateFormats(), func(f Format) bool { return f.estimates })
}

// EstimateFormats are the formats of the document of estimates.
func EstimateFormats() Formats {
	return slices.DeleteFunc(allFormats(), func(f Format) bool { return f.document == nil })
}

// VerdictFormats are the formats of a verdict.
func VerdictFormats() Formats {
	return slices.DeleteFunc(allFormats(), func(f Format) bool { return f.estimates })
}

// Short tells whether a format shows the answer in short unless all is asked for.
func (fs Formats) Short(name string) bool {
	f, err := fs.named(name)
	return err == nil && f.short
}

// Backed tells whether a format shows what estimates rest on.
func (fs Formats) Backed(name string) bool {
	f, err := fs.named(name)
	return err == nil && f.backed
}

// Binary tells whether what a format writes is no text, which no terminal can show.
func (fs Formats) Binary(name string) bool {
	f, err := fs.named(name)
	return err == nil && f.binary
}

// Names lists the names, the default first.
func (fs Formats) Names() []string {
	names := make([]string, len(fs))
	for i, f := range fs {
		names[i] = f.Name
	}
	return names
}

// Known is nil for the name of one of the formats, and a *FormatError otherwise.
func (fs Formats) Known(name string) error {
	_, err := fs.named(name)
	return err
}

func (fs Formats) named(name string) (Format, error) {
	i := slices.IndexFunc(fs, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, &FormatError{Name: name, Known: fs.Names()}
	}
	return fs[i], nil
}

// FormatError is the error of an unknown format.
type FormatError struct {
	Name  string
	Known []string
}

func (e *FormatError) Error() string {
	if s := diag.Suggest(e.Name, e.Known); s != "" {
		return fmt.Sprintf("unknown format %q; did you mean %q?", e.Name, s)
	}
	return fmt.Sprintf("unknown format %q; known are %s", e.Name, strings.Join(e.Known, ", "))
}

// Write writes the document in the named format. Nothing is written when the
// document cannot be formatted; an unknown name is a *FormatError.
func Write(w io.Writer, format string, doc Document, o Output) error {
	f, err := EstimateFormats().named(format)
	if err != nil {
		return err
	}
	return complete(w, format, func(b *bytes.Buffer) error { return f.document(b, doc, o) })
}

// WriteVerdict writes the verdict of a check in the named format, as Write does
// a document.
func WriteVerdict(w io.Writer, format string, v *budget.Verdict, o Output) error {
	f, err := VerdictFormats().named(format)
	if err != nil {
		return err
	}
	return complete(w, format, func(b *bytes.Buffer) error {
		if f.verdict != nil {
			return f.verdict(b, v, o)
		}
		return f.document(b, verdictDocument(v), o)
	})
}

// complete writes all that a format makes, or nothing.
func complete(w io.Writer, format string, write func(*bytes.Buffer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return fmt.Errorf("write %s: %w", format, err)
	}
	_, err := w.Write(b.Bytes())
	return err
}
