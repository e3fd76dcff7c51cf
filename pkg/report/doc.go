// Package report turns results into a Document, and writes a Document as text
// for a terminal, CSV, Markdown, JSON, or as findings for CI systems.
//
// # How a report is made
//
// There is a function for every kind of result: New for estimates,
// Explanation, Diffs, WhatIf, Sweep and so on. It makes a Document, which holds all that any
// format needs. Write then gives the Document to the function of a format. Such
// a function does no arithmetic and prints no number of its own, so that all
// formats show the same figures. A format is one file and one row of
// allFormats; flags, completion and errors of the command line are made from
// these rows. The verdict of check has its own entrance, WriteVerdict, since
// some formats are only for verdicts.
//
// An estimate that was saved as JSON is read by ReadEstimates, which checks the
// schema and all sums. The schema is EstimateSchema.
//
// # Words
//
//   - Document: a whole report before it has a format.
//   - Section: one subject within it, such as one system.
//   - grid: a table. Its rows are body rows, subtotals and totals.
//   - cell: one place of a grid: a text for people and a value for programs.
//   - Records: the rows for programs, which CSV writes: most often one for each
//     line of the bill.
//   - Data: what JSON writes.
//   - lead, fact, note: lines before the grids, labelled lines after them, and
//     footnotes.
//   - line: one item of a bill: a quantity at a price.
//   - role of a row: body, subtotal or total. The role of a node is something
//     else: what it does in its component, such as primary.
//   - verdict: what check found; every limit of it is a finding.
package report
