package report

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
)

// requirePage checks that a browser need repair nothing, load nothing and run nothing.
func requirePage(t *testing.T, page string) *html.Node {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	var again bytes.Buffer
	require.NoError(t, html.Render(&again, tree))
	require.Equal(t, tokens(t, page), tokens(t, again.String()), "the parser has moved, added or dropped something")
	for n := range tree.Descendants() {
		require.NotEqual(t, html.CommentNode, n.Type)
		if n.Type != html.ElementNode {
			continue
		}
		never := []string{"script", "iframe", "object", "embed", "link", "base", "img", "form", "a"}
		require.NotContains(t, never, n.Data)
		for _, a := range n.Attr {
			require.False(t, strings.HasPrefix(a.Key, "on"), "%s of %s", a.Key, n.Data)
			require.NotContains(t, []string{"src", "href", "action", "srcset", "data", "style"}, a.Key, n.Data)
			require.NotContains(t, a.Val, "url(")
			require.NotContains(t, a.Val, "://")
		}
		if n.Data == "style" {
			require.NotContains(t, n.FirstChild.Data, "url(")
			require.NotContains(t, n.FirstChild.Data, "@import")
		}
	}
	return tree
}

// tokens are the tokens of a page, each as one text; an element that ends itself is the
// same as one that begins.
func tokens(t *testing.T, page string) []string {
	t.Helper()
	var out []string
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		x := z.Token()
		if x.Type == html.SelfClosingTagToken {
			x.Type = html.StartTagToken
		}
		out = append(out, x.String())
	}
	require.ErrorIs(t, z.Err(), io.EOF)
	return out
}

func TestHTMLOfEstimates(t *testing.T) {
	for _, c := range cases() {
		var b bytes.Buffer
		require.NoError(t, Write(&b, "html", New(c.estimates), Output{}))
		requirePage(t, b.String())
		inner, err := Fragment(New(c.estimates))
		require.NoError(t, err)
		require.Contains(t, b.String(), strings.TrimSuffix(strings.TrimPrefix(inner, `<div class="report">`), "</div>"))
	}
}

func TestHTMLOfHostileTexts(t *testing.T) {
	const bad = `</style></title></svg><script>alert(1)</script>" onload="x' javascript:x <!-- `
	doc := New([]bill.Estimate{cases()[0].estimates[0]})
	doc.Title = bad
	doc.Sections[0].Facts = append(doc.Sections[0].Facts, fact(bad, bad))
	doc.Behind = []Section{{Name: bad, Grids: []Grid{{Title: bad, Columns: []Column{leftColumn(bad, bad)},
		Rows: []Row{{Cells: []Cell{{Text: bad, Source: bad}}}}}}}}
	var b bytes.Buffer
	require.NoError(t, Write(&b, "html", doc, Output{}))
	tree := requirePage(t, b.String())
	seen := 0
	for n := range tree.Descendants() {
		if n.Type == html.TextNode && strings.TrimSpace(n.Data) == strings.TrimSpace(bad) {
			seen++
		}
	}
	require.Equal(t, 9, seen)
}

// backed is what the estimate of calling rests on, small enough to be read.
func backed() []Backing {
	b := Backing{Backing: &insight.Backing{
		Inputs: []insight.InputUse{{Path: "peak.users", Value: "2500", Line: 7},
			{Path: "components.phoenix.cpu", Value: "6ms", Assumed: "nobody measured it", Default: true}},
		Week: []insight.RegionWeek{{Region: "us-east-1", Load: hours(), Capacity: hours()}},
		Bought: []insight.BoughtWeek{{Option: "reserved-1y-none", Nodes: make([]float64, workload.Hours)},
			{Option: "on-demand", Nodes: hours()}},
	}}
	for h := range b.Week[0].Capacity {
		b.Week[0].Capacity[h] = 200
		b.Bought[0].Nodes[h] = 10
	}
	b.Users = &whatif.Sweep{Axes: []whatif.Axis{{Path: "peak.users", Shown: []string{"1,000", "2,500", "10,000"},
		Values: []float64{1000, 2500, 10000}}}}
	for i, total := range []string{"3000", "5700", "19000"} {
		a := money.MustAmount(total)
		b.Users.Points = append(b.Users.Points, whatif.Point{At: []int{i}, Figures: &whatif.Figures{
			Total: bill.Cost{Expected: a, Min: a, Max: a}, PerUser: new(a.Float64() / b.Users.Axes[0].Values[i]),
			Components: []whatif.ComponentState{{Owner: bill.Owner{Name: "db"}, Machine: "m6g.large"}}}})
	}
	b.Users.Points[2].Marks = []whatif.Mark{{Component: "db", System: "DB", Changes: []compare.Change{{
		What: compare.OfMachine}}}, {Component: "kafka", System: "Kafka", Changes: []compare.Change{{
		What: compare.OfBinds}}}}
	return []Backing{b}
}

func TestHTMLGolden(t *testing.T) {
	var b bytes.Buffer
	e := calling()
	e.Parts[0].Limits = []bill.Limit{
		{Resource: "cpu", State: "own load", Region: "us-east-1", Need: 1, Have: 4, Unit: "vCPU", Target: 0.6,
			Utilisation: new(0.25), Binding: true},
		{Resource: "cpu", State: "own load", Region: "us-west-2", Need: 1, Have: 4, Unit: "vCPU", Target: 0.6,
			Utilisation: new(0.25), Binding: true},
		{Resource: "memory", State: "own load", Region: "us-west-2", Have: 4, Unit: "B", Target: 0.6}}
	require.NoError(t, Write(&b, "html", Backed([]bill.Estimate{e}, backed()), Output{}))
	tree := requirePage(t, b.String())
	sameAsGolden(t, "calling.html", b.String())
	var said []string
	for n := range tree.Descendants() {
		if n.Data == "figcaption" {
			said = append(said, n.FirstChild.Data)
		}
	}
	require.Equal(t, []string{"Bill by component ", "What the month may cost ", "Load and capacity in us-east-1 ",
		"Nodes by the way they are bought ", "Cost over users "}, said)
	require.Contains(t, b.String(), "<li>10,000: DB m6g.large</li>", "another limit that binds is no mark")
	require.Contains(t, b.String(), "us-east-1 &#43; us-west-2</td>", "what is the same in two regions once")
	require.Contains(t, b.String(), "<li>2,500: this plan</li>")
	require.Contains(t, b.String(),
		"<desc>load: from 0 to 167 requests/s. capacity: from 200 to 200 requests/s.</desc>")
}

// The page and the workbook of a saved estimate have what the file has, and say what it does
// not hold.
func TestPagesOfSavedEstimates(t *testing.T) {
	back, err := ReadEstimates("saved.json", []byte(render(t, "json", []bill.Estimate{sized()}, Output{})))
	require.NoError(t, err)
	doc := Backed(back, nil)
	var page bytes.Buffer
	require.NoError(t, Write(&page, "html", doc, Output{}))
	require.Contains(t, page.String(), `<p class="note">`+notSaved)
	for _, x := range []string{"components.phoenix.cpu", "nobody measured it"} { // in the report and below it
		require.Contains(t, page.String(), x)
	}
	f, _ := workbook(t, doc)
	rows, err := f.GetRows("Inputs")
	require.NoError(t, err)
	last := rows[len(rows)-1]
	require.Equal(t, []string{"components.phoenix.cpu", "6ms", "the profile, line 40, a guess", "nobody measured it"},
		last)
	full := Backed(back, []Backing{{Backing: &insight.Backing{}}})
	require.Empty(t, full.Lacks)
}
