// Package report turns results into a Document, and writes a Document as text
// for a terminal, CSV, Markdown, JSON, HTML, a workbook, a flow chart, or as findings
// for CI systems.
//
// There is a function for every kind of result: New for estimates, Explanation,
// Diffs, WhatIf, Sweep and so on. It makes a Document, which holds all that any
// format needs. Write gives the Document to the function of a format, which does
// no arithmetic: all formats show the same figures. A format is one file and one row
// of allFormats, of which flags, completion and errors are made.
//
// ReadEstimates reads what was saved as JSON, and checks the schema, the digest and all
// sums. What an estimate says is in it as remarks, of which package words makes
// sentences. Files of the first version had the sentences instead; v1.go reads them into
// the same values, and no other text of our own is read back.
//
// The words:
//
//   - Document: a whole report before it has a format.
//   - Section: one subject within it.
//   - grid: a table. Its rows are body rows, subtotals and totals.
//   - cell: one place of a grid: a text for people and a value for programs.
//   - chart: a picture before it is drawn: values. A mark is where something
//     changes; a waterfall leads from one total to another.
//   - behind: what an answer rests on, in formats that unfold or have sheets.
//   - source of a cell: how its value comes about, shown on demand.
//   - Records: the rows for programs, which CSV writes.
//   - Data: what JSON writes.
//   - remark: what is said, as values; to say it is to make a sentence of it.
//   - lead, fact, note: lines before the grids, labelled lines after them, and
//     footnotes.
//   - verdict: what check found; every limit of it is a finding.
package report
