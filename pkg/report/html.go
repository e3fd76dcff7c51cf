package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strconv"
	"strings"
	"sync"

	"headroom/pkg/diag"
)

//go:embed html.css
var htmlStyle string

//go:embed html.tmpl
var htmlTemplate string

//go:embed chart.tmpl
var chartTemplate string

// Style is the CSS of the pages and of what Fragment gives. It touches only what is
// inside of an element of the class report, and the page's body.
func Style() string { return htmlStyle }

// Fragment is a document as HTML for a page that has Style: sections, tables and charts
// in one element, as writeHTML has them. It has no script, no style of its own and
// refers to nothing.
func Fragment(doc Document) (string, error) {
	var b bytes.Buffer
	err := htmlTemplates().ExecuteTemplate(&b, "fragment", doc)
	return b.String(), err
}

// page is what a page has beside its document.
type page struct {
	Doc    Document
	Title  string
	Policy string
	Style  template.CSS
}

// writeHTML writes one page that needs nothing else: no network, no script. Its policy
// (https://www.w3.org/TR/CSP3) lets a browser load nothing, and apply no style but the
// one that is in it, should a text ever get out of its place.
func writeHTML(b *bytes.Buffer, doc Document, _ Output) error {
	sum := sha256.Sum256([]byte(htmlStyle))
	return htmlTemplates().ExecuteTemplate(b, "page", page{Doc: doc, Title: pageTitle(doc),
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; base-uri 'none'; form-action 'none'",
		Style: template.CSS(htmlStyle)})
}

// pageTitle is what a browser shows as the name of the page.
func pageTitle(doc Document) string {
	var names []string
	for _, s := range doc.Sections {
		names = append(names, strings.TrimSpace(s.Name+" "+s.Title))
	}
	return cmp.Or(doc.Title, strings.Join(distinct(names...), ", "), "headroom")
}

// htmlTemplates are the templates, which html/template escapes by the place that a
// text stands in, read once: a page that is asked for again and again is made of them.
// Line ends are the template's only where text may stand.
var htmlTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("html").Funcs(template.FuncMap{
		"say":     func(s string) string { return diag.Harmless(clean(s)) },
		"heading": htmlHeading,
		"tone":    Tone.class,
		"numbers": numberColumns,
		"shown":   shownFirst,
		"behind":  shownBehind,
		"inner":   innerBar,
		"spans":   spans,
		"rows":    drawRows,
		"plot":    drawPlot,
	}).Parse(htmlTemplate + chartTemplate))
})

// shownFirst is the answer, in short where there is a short form.
func shownFirst(doc Document) []Section {
	if doc.Brief != nil {
		return doc.Brief
	}
	return doc.Sections
}

// shownBehind is what unfolds below the answer.
func shownBehind(doc Document) []Section {
	if doc.Brief == nil {
		return doc.Behind
	}
	return append(append([]Section(nil), doc.Sections...), doc.Behind...)
}

func htmlHeading(s Section) string {
	name, title := s.heading()
	return strings.Join(distinct(name, title), " — ")
}

// class is the name of a tone in html.css.
func (t Tone) class() string {
	return [...]string{Plain: "", Measure: "measure", Good: "good", Caution: "caution", Breach: "breach"}[t]
}

// mostNumbers is the last column that html.css can align right.
const mostNumbers = 24

// numberColumns are the classes that align the columns of numbers. They are the table's
// and not the cells', of which there are many.
func numberColumns(g Grid) string {
	var classes []string
	for i, c := range g.Columns {
		if c.Align != Left && i < mostNumbers {
			classes = append(classes, "n"+strconv.Itoa(i+1))
		}
	}
	return strings.Join(classes, " ")
}

// spannedCell is a cell over as many columns; 0 for one.
type spannedCell struct {
	Cell
	Span int
}

// spans are the cells of a row; what is over the empty cells behind it takes their place.
func spans(r Row) []spannedCell {
	var out []spannedCell
	for i := 0; i < len(r.Cells); i++ {
		x := spannedCell{Cell: r.Cells[i]}
		for x.Over && i+1 < len(r.Cells) && r.Cells[i+1] == (Cell{}) {
			x.Span = max(x.Span, 1) + 1
			i++
		}
		out = append(out, x)
	}
	return out
}

// innerBar is a bar of a cell in hundredths of its width. The figure stands beside it,
// so that who cannot see the bar misses nothing.
func innerBar(b *Bar) any {
	class, ceiling := Measure, ""
	if b.Ceiling > 0 {
		ceiling = coordinate(100 * b.Ceiling)
		if b.Part > b.Ceiling {
			class = Breach
		}
	}
	return struct {
		Class          string
		Width, Ceiling string
	}{class.class(), coordinate(100 * max(min(b.Part, 1), 0.01)), ceiling}
}
