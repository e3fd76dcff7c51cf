package main

import (
	"embed"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// row is one line of an input: its text as it stands, so that figures are
// copied and not reprinted, and its cells.
type row struct {
	line  string
	cells []string
}

// input is one CSV file of collected facts.
type input struct {
	header string
	cols   []string
	rows   []row
}

// added are rows that were found after the folder of facts was closed, in files of
// the names that it has there.
//
//go:embed added
var added embed.FS

// read reads a file of the folder, and the rows added to it since.
func read(dir, name string) (*input, error) {
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	in, err := parse(name, data)
	if err != nil {
		return nil, err
	}
	data, err = added.ReadFile("added/" + name)
	if err != nil {
		return in, nil // most files have nothing added
	}
	more, err := parse("added "+name, data)
	if err != nil {
		return nil, err
	}
	if more.header != in.header {
		return nil, fmt.Errorf("added %s: the header is %q, not %q", name, more.header, in.header)
	}
	in.rows = append(in.rows, more.rows...)
	return in, nil
}

// facts reads what a table is made of: a file of the folder or, where none is named,
// the table that stands among the added ones whole.
func facts(from, in, table string) (*input, error) {
	if in == "" {
		return typed(table)
	}
	return read(from, in)
}

// typed reads a table that stands here whole. What it says was collected as prose, with
// ranges and dates in the midst of sentences: resilience-facts.csv, reliability_facts.csv
// and sla.csv of the folder 2026-11. Somebody had to read it to put it into columns.
func typed(name string) (*input, error) {
	data, err := added.ReadFile("added/" + name)
	if err != nil {
		return nil, err
	}
	return parse("added "+name, data)
}

// parse takes a file apart in which no cell spans lines.
func parse(name string, data []byte) (*input, error) {
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	recs, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(recs) != len(lines) {
		return nil, fmt.Errorf("%s: %d records in %d lines; a cell must not span lines", name, len(recs), len(lines))
	}
	in := &input{header: lines[0], cols: recs[0]}
	for i, rec := range recs[1:] {
		in.rows = append(in.rows, row{line: lines[i+1], cells: rec})
	}
	return in, nil
}

// col finds a column; a missing one is a programming or data error.
func (in *input) col(name string) (int, error) {
	i := slices.Index(in.cols, name)
	if i < 0 {
		return 0, fmt.Errorf("column %q is missing", name)
	}
	return i, nil
}
