package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"headroom/pkg/diag"
)

// Options are what the place of output asks for.
type Options struct {
	Width int  // columns of the terminal; 0 means DefaultWidth
	Color bool // bold headings and totals; only for terminals
}

// DefaultWidth is the width, in terminal columns, of what is not written to a
// terminal.
const DefaultWidth = 100

// Format is a way to write a Document.
type Format struct {
	Name   string // the value of --format
	About  string // one line for help and completion
	Ending string // of file names, with the dot
	write  func(*bytes.Buffer, Document, Options) error
}

// Formats lists the formats, the default first.
func Formats() []Format {
	return []Format{
		{"table", "for people, on a terminal", ".txt", writeTable},
		{"csv", "one row per line item, for spreadsheets", ".csv", writeCSV},
		{"markdown", "for pull requests and wikis", ".md", writeMarkdown},
		{"json", "everything, for programs; can be rendered again", ".json", writeJSON},
	}
}

// FormatNames lists the names of the formats, the default first.
func FormatNames() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return names
}

// FormatError is the error of an unknown format.
type FormatError struct{ Name string }

func (e *FormatError) Error() string {
	names := FormatNames()
	if s := diag.Suggest(e.Name, names); s != "" {
		return fmt.Sprintf("unknown format %q; did you mean %q?", e.Name, s)
	}
	return fmt.Sprintf("unknown format %q; known are %s", e.Name, strings.Join(names, ", "))
}

// Write writes the document in the named format. Nothing is written when the
// document cannot be formatted; an unknown name is a *FormatError.
func Write(w io.Writer, format string, doc Document, opts Options) error {
	for _, f := range Formats() {
		if f.Name != format {
			continue
		}
		var b bytes.Buffer
		if err := f.write(&b, doc, opts); err != nil {
			return fmt.Errorf("write %s: %w", format, err)
		}
		_, err := w.Write(b.Bytes())
		return err
	}
	return &FormatError{format}
}
