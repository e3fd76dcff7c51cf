package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"headroom/pkg/diag"
	"headroom/pkg/intake"
)

// overlay is a file of a user's own prices. It has one or more sections, each
// with a header line and rows in the format of the ec2, usage or managed
// tables; blank lines and lines that begin with # are passed over.
type overlay struct {
	file     string
	sha256   string
	sections []section
}

type section struct {
	kind *tableKind
	t    *table
}

// WithOverlay lays a file of prices over the vintage: its rows replace prices
// or add them, also for regions and types that the vintage lacks, as long as some
// table knows them. Columns may be left out except the key, a price, as_of and
// source. No price may be of a day after today, YYYY-MM-DD; "" where the day is
// not known. The vintage itself is not changed. The error is a diag.Problems with
// places in the file.
func (v *Vintage) WithOverlay(file string, data []byte, today string) (*Vintage, error) {
	o, err := readOverlay(file, data)
	if err != nil {
		return nil, err
	}
	ps, err := v.checkNames(o)
	if err != nil {
		return nil, err
	}
	if today != "" {
		// The tables' own rows may be laid over them, whatever a clock says.
		ps = append(ps, o.checkDates(max(today, v.cat.newestPrice()))...)
	}
	if len(ps) > 0 {
		ps.Sort()
		return nil, ps[:min(len(ps), maxProblems)]
	}
	w := &Vintage{Properties: v.Properties, cat: v.cat, name: v.name, layers: v.layers, sites: v.sites,
		overlays: append(slices.Clone(v.overlays), o)}
	// What depends on the tables below is found out now, not when some component asks
	// for a price.
	for _, k := range tableKinds() {
		if k.laid == nil {
			continue
		}
		for _, region := range o.regionsOf(k.name) {
			if err := k.laid(&RegionPrices{v: w, name: region}); err != nil {
				return nil, asProblems(err)
			}
		}
	}
	return w, nil
}

// asProblems makes a list of a single problem.
func asProblems(err error) error {
	if p, ok := err.(diag.Problem); ok {
		return diag.Problems{p}
	}
	return err
}

func (o *overlay) tables(kind string) []*table {
	var out []*table
	for _, s := range o.sections {
		if s.kind.name == kind {
			out = append(out, s.t)
		}
	}
	return out
}

func (o *overlay) hasTable(kind string) bool { return len(o.tables(kind)) > 0 }

// regions lists the regions of all rows.
func (o *overlay) regions() []string {
	var out []string
	for _, k := range tableKinds() {
		out = append(out, o.regionsOf(k.name)...)
	}
	return out
}

func (o *overlay) regionsOf(kind string) []string {
	var out []string
	for _, t := range o.tables(kind) {
		c := t.col("region")
		for i := range t.len() {
			out = append(out, t.cell(i, c))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// MaxOverlay bounds the bytes of an overlay file: all tables of a vintage are half
// as large.
const MaxOverlay = 8 << 20

func readOverlay(file string, data []byte) (*overlay, error) {
	var ps diag.Problems
	whole := diag.Pos{File: file, Line: 1, Col: 1}
	if len(data) > MaxOverlay {
		ps.Addf(whole, "give only the prices that differ",
			"the overlay has %d bytes, more than %d", len(data), MaxOverlay)
		return nil, ps
	}
	sum := sha256.Sum256(data)
	o := &overlay{file: file, sha256: hex.EncodeToString(sum[:])}
	data, bad := intake.Text(file, data)
	if len(bad) > 0 {
		bad.Quote(file, data)
		return nil, bad
	}
	for _, p := range cutSections(string(data)) {
		t, err := readTableAt(file, []byte(p.text), p.line)
		if err != nil {
			ps = append(ps, err.(diag.Problems)...)
			continue
		}
		kind := kindOf(t)
		if kind == nil {
			ps.Addf(diag.Pos{File: file, Line: p.line, Col: 1}, "begin with one of: "+headers(),
				"the first line does not name the columns of a price table")
			continue
		}
		bad := checkHeader(t, kind, p.line)
		if len(bad) == 0 {
			bad = checkRows(t, kind)
		}
		ps = append(ps, bad...)
		o.sections = append(o.sections, section{kind, t})
	}
	if len(ps) == 0 && len(o.sections) == 0 {
		ps.Addf(whole, "give rows in the format of the price tables", "the overlay holds no prices")
	}
	if len(ps) == 0 {
		ps = append(ps, o.checkTwice()...)
	}
	if len(ps) > 0 {
		ps.Sort()
		ps = ps[:min(len(ps), maxProblems)]
		ps.Quote(file, data)
		return nil, ps
	}
	return o, nil
}

// part is the text of one section and the number of its first line.
type part struct {
	text string
	line int
}

// cutSections cuts a file at its header lines and empties comment lines.
func cutSections(data string) []part {
	var parts []part
	var text strings.Builder
	flush := func() {
		if len(parts) > 0 {
			parts[len(parts)-1].text = text.String()
		}
		text.Reset()
	}
	no := 0
	for line := range strings.Lines(data) {
		no++
		bare := strings.TrimRight(line, "\n")
		if strings.HasPrefix(bare, "#") {
			bare = ""
		}
		first, _, _ := strings.Cut(bare, ",")
		if bare != "" && (len(parts) == 0 || begins(first)) {
			flush()
			parts = append(parts, part{line: no})
		}
		if len(parts) > 0 {
			text.WriteString(bare)
			text.WriteByte('\n')
		}
	}
	flush()
	return parts
}

// headers are the shortest headers of all kinds.
func headers() string {
	var out []string
	for _, k := range tableKinds() {
		out = append(out, strings.Join(k.header(""), ","))
	}
	return strings.Join(out, " | ")
}

// checkHeader refuses missing key columns and columns that no table has: a
// misspelt column would leave its price unnoticed.
func checkHeader(t *table, kind *tableKind, line int) (ps diag.Problems) {
	at := diag.Pos{File: t.name, Line: line, Col: 1}
	for _, c := range kind.required() {
		if t.col(c) < 0 {
			ps.Addf(at, "add it", "column %q is missing", c)
		}
	}
	known := kind.known()
	column := 1
	for _, h := range t.header {
		at.Col = column
		column += utf8.RuneCountInString(h) + 1 // names of columns are not quoted, or not known
		if slices.Contains(known, h) {
			continue
		}
		hint := "leave it out, or put the text into the column note"
		if near := diag.Suggest(h, known); near != "" {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		ps.Addf(at, hint, "a table of %s prices has no column %q", kind.name, h)
	}
	return ps
}
