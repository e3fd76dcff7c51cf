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
// schema and all sums. The schema is EstimateSchema, headroom.estimate/v2. What an
// estimate says (facts, the structure of components, risks, what is left out) is
// in it as remarks: a key and the figures that it is about, in base units, such as
//
//	{"key": "fact.unit_cost", "per_user": 2.29, "per_million_requests": 0.85,
//	 "next_users": 1000, "next_each": 1.77}
//
// Package words makes sentences of them, and nothing else does. Files of
// the first version (headroom.estimate/v1), which had the sentences instead, are
// read by v1.go into the same values: what was a name or a figure in a text is one
// again, and what was prose is a remark with the key verbatim. No other text of
// our own is read back. SameWords lets such a file be compared with one of today.
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
//   - remark: what is said, as values; to say it is to make a sentence of it.
//   - lead, fact, note: lines before the grids, labelled lines after them, and
//     footnotes.
//   - line: one item of a bill: a quantity at a price.
//   - role of a row: body, subtotal or total. The role of a node is something
//     else: what it does in its component, such as primary.
//   - verdict: what check found; every limit of it is a finding.
package report
