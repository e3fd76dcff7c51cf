package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/compare"
	"headroom/pkg/insight"
	"headroom/pkg/sizing"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
)

// planned is a shipped profile as headroom estimate makes it, with what it rests on.
func planned(t *testing.T, cat *catalog.Catalog, name, option string) ([]bill.Estimate, []Backing) {
	t.Helper()
	r, b := plannedWith(t, cat, name, option)
	return []bill.Estimate{*r.Estimate}, []Backing{b}
}

func plannedWith(t *testing.T, cat *catalog.Catalog, name, option string) (*bill.Result, Backing) {
	t.Helper()
	src, err := os.ReadFile("../../profiles/" + name + ".yaml")
	require.NoError(t, err)
	draft, err := workload.Open("profiles/"+name+".yaml", src, sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	p, err := draft.Profile()
	require.NoError(t, err)
	request := bill.Request{}
	request.Purchase = option
	r, err := bill.Make(p, cat, request)
	require.NoError(t, err)
	require.NoError(t, insight.Remark(r))
	b := Backing{Backing: insight.Back(r)}
	if r.Plan.System != nil {
		m, err := whatif.New(draft, r.Request, func(q *workload.Profile, o bill.Request) (*bill.Planned, error) {
			return bill.Search(q, cat, o)
		})
		require.NoError(t, err)
		axis, err := m.Axis("peak.users=400..4k:log:5")
		require.NoError(t, err)
		b.Users, err = m.Sweep(context.Background(), []whatif.Axis{axis}, false, nil)
		require.NoError(t, err)
	}
	return r, b
}

func shippedProfiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../profiles/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ".yaml")
	}
	return files
}

// Every format of an estimate is read back and says the same numbers.
func TestAllFormatsSayTheSameNumbers(t *testing.T) {
	cat, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	for _, name := range shippedProfiles(t) {
		if testing.Short() && name != "small" {
			continue
		}
		for _, option := range []string{"", "optimal"} {
			t.Run(name+" "+option, func(t *testing.T) {
				estimates, backing := planned(t, cat, name, option)
				doc := Backed(estimates, backing)
				out := map[string]string{}
				for _, f := range EstimateFormats() {
					var b bytes.Buffer
					require.NoError(t, Write(&b, f.Name, doc, Output{}))
					out[f.Name] = b.String()
				}
				require.Len(t, out, 7, "a new format is to be read back here")
				e := &estimates[0]
				back, err := ReadEstimates("x.json", []byte(out["json"]))
				require.NoError(t, err)
				require.Equal(t, e.Total.Expected.String(), back[0].Total.Expected.String())
				require.Len(t, back[0].Lines, len(e.Lines))
				requireCSV(t, e, out["csv"])
				requireTexts(t, e, out)
				requireHTML(t, e, out["html"])
				requireXLSX(t, e, out["xlsx"])
				requireMermaid(t, e, out["mermaid"])
			})
		}
	}
}

func requireCSV(t *testing.T, e *bill.Estimate, out string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	at := map[string]int{}
	for i, key := range rows[0] {
		at[key] = i
	}
	for i := range e.Lines {
		l, r := &e.Lines[i], rows[i+1]
		require.Equal(t, l.Quantity.String(), r[at["quantity"]])
		require.Equal(t, l.Price.String(), r[at["unit_price"]])
		require.Equal(t, l.Cost.Expected.String(), r[at["cost_expected"]])
	}
}

// requireTexts checks the two formats for people: the total, and in the terminal's short
// form the components that cost most.
func requireTexts(t *testing.T, e *bill.Estimate, out map[string]string) {
	t.Helper()
	total := newView(e).costCell(e.Total, false).Text
	require.Regexp(t, `(?m)^Total.* `+total+`\s*`, out["table"])
	require.Regexp(t, `(?m)^\| \*\*.*\*\*`+total+`\*\*`, out["markdown"])
	for _, c := range firstCosts(e, 3) {
		require.Contains(t, out["table"], newView(e).costCell(c.Total, false).Text, c.System)
	}
	if len(e.Edges) > 0 {
		require.Contains(t, out["markdown"], "```mermaid\n"+out["mermaid"]+"```\n")
	}
}

// firstCosts are the components that cost most.
func firstCosts(e *bill.Estimate, n int) []bill.ComponentCost {
	var rows []bill.ComponentCost
	for _, x := range bill.ComponentCosts(e) {
		at := len(rows)
		for at > 0 && rows[at-1].Total.Expected.Cmp(x.Total.Expected) < 0 {
			at--
		}
		rows = append(rows[:at], append([]bill.ComponentCost{x}, rows[at:]...)...)
	}
	return rows[:min(n, len(rows))]
}

func requireHTML(t *testing.T, e *bill.Estimate, out string) {
	t.Helper()
	tree := requirePage(t, out)
	require.Less(t, len(out), 200_000)
	rows := tableAfter(t, tree, "Lines")
	require.Len(t, rows, len(e.Lines)+2)
	for i := range e.Lines {
		l, r := &e.Lines[i], rows[i+1]
		require.Equal(t, l.Price.String(), r[5])
		require.Truef(t, strings.HasPrefix(r[6], l.Cost.Expected.Human()), "%s of %s", r[6], l.Cost.Expected.Human())
		require.Contains(t, r[6], l.Quantity.String()+" "+l.Unit+" × "+l.Price.String())
		require.Contains(t, r[6], l.Source)
	}
	require.Equal(t, e.Total.Expected.Human(), rows[len(rows)-1][6])
	for _, c := range bill.ComponentCosts(e) {
		if !c.Total.Expected.IsZero() {
			require.Contains(t, out, c.Total.Expected.Human(), c.System)
		}
	}
}

// tableAfter are the texts of the table below a summary.
func tableAfter(t *testing.T, tree *html.Node, summary string) [][]string {
	t.Helper()
	text := func(n *html.Node) string {
		var b strings.Builder
		for x := range n.Descendants() {
			if x.Type == html.TextNode {
				b.WriteString(x.Data)
			}
		}
		return b.String()
	}
	for n := range tree.Descendants() {
		if n.Data != "details" || n.FirstChild == nil || text(n.FirstChild) != summary {
			continue
		}
		var rows [][]string
		for r := range n.Descendants() {
			if r.Data != "tr" {
				continue
			}
			var cells []string
			for c := range r.ChildNodes() {
				if c.Data == "td" || c.Data == "th" {
					cells = append(cells, text(c))
				}
			}
			rows = append(rows, cells)
		}
		return rows
	}
	require.Fail(t, "no table", summary)
	return nil
}

func requireXLSX(t *testing.T, e *bill.Estimate, out string) {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(out))
	require.NoError(t, err)
	defer f.Close()
	sheets := []string{"Summary", "Lines", "Limits", "Inputs"}
	if e.Demand == nil { // given machines have no limits
		sheets = []string{"Summary", "Lines", "Inputs"}
	}
	require.Equal(t, sheets, f.GetSheetList())
	rows, err := f.GetRows("Lines", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	first := len(rows) - len(e.Lines) // counted from 1, behind it stands the total
	for i := range e.Lines {
		l := &e.Lines[i]
		cell := columnName(6) + itoa(first+i)
		formula, err := f.GetCellFormula("Lines", cell)
		require.NoError(t, err)
		require.Equal(t, "ROUND(D"+itoa(first+i)+"*F"+itoa(first+i)+",2)", formula)
		reckoned, err := f.CalcCellValue("Lines", cell, excelize.Options{RawCellValue: true})
		require.NoError(t, err)
		require.InDelta(t, l.Cost.Expected.Float64(), asFloat(t, reckoned), 1e-9, "%s %s", l.System, l.Name())
		cached := rows[first+i-1][6]
		require.InDelta(t, l.Cost.Expected.Float64(), asFloat(t, cached), 1e-9)
	}
	cell := columnName(6) + itoa(len(rows))
	total, err := f.CalcCellValue("Lines", cell, excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.InDelta(t, e.Total.Expected.Float64(), asFloat(t, total), 1e-6)
	require.InDelta(t, e.Total.Expected.Float64(), asFloat(t, rows[len(rows)-1][6]), 1e-9)
	requireSummarySum(t, e, f, "SUM('Lines'!"+columnName(6)+itoa(first)+":"+columnName(6)+itoa(len(rows)-1)+")")
	kind, err := f.GetCellType("Lines", cell)
	require.NoError(t, err)
	require.NotEqual(t, excelize.CellTypeFormula, kind, "what a formula comes to is a number for who does not reckon")
}

// requireSummarySum finds the total of the summary, which is a formula over the lines.
func requireSummarySum(t *testing.T, e *bill.Estimate, f *excelize.File, want string) {
	t.Helper()
	rows, err := f.GetRows("Summary", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	i := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 1 && r[0] == "Total" })
	require.GreaterOrEqual(t, i, 0)
	require.InDelta(t, e.Total.Expected.Float64(), asFloat(t, rows[i][1]), 1e-9, "beside the formula")
	formula, err := f.GetCellFormula("Summary", "B"+itoa(i+1))
	require.NoError(t, err)
	require.Equal(t, want, formula)
	total, err := f.CalcCellValue("Summary", "B"+itoa(i+1), excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.InDelta(t, e.Total.Expected.Float64(), asFloat(t, total), 1e-6)
}

func requireMermaid(t *testing.T, e *bill.Estimate, out string) {
	t.Helper()
	nodes, edges := requireFlowChart(t, out)
	d := diagram{e: e, prefix: "s1"}
	for i := range e.Parts {
		require.Equal(t, d.label(&e.Parts[i]), nodes[d.node(i)])
	}
	require.Len(t, edges, len(e.Edges))
	for _, x := range e.Edges {
		from := d.users()
		if x.From != "" {
			from = d.node(d.part(x.From))
		}
		require.Equal(t, diagramText(edgeRates(&x)), edges[from+" "+d.node(d.part(x.To))])
	}
}

// The pages of the other commands need nothing either, and have their pictures.
func TestPagesOfOtherCommands(t *testing.T) {
	cat, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	small, b := plannedWith(t, cat, "small", "")
	medium, _ := plannedWith(t, cat, "medium", "")
	explanation, err := insight.Explain(small, "")
	require.NoError(t, err)
	large, _ := plannedWith(t, cat, "large", "")
	all, err := insight.Explain(large, "")
	require.NoError(t, err)
	d := compare.Estimates(small.Estimate, medium.Estimate)
	for _, c := range []struct {
		doc  Document
		says []string
	}{
		{Explanation(explanation), []string{"Limits of DB", "Other machines for DB"}},
		{Explanation(all), []string{"Limits of Phoenix"}},
		{Diffs([]*compare.Diff{d}), []string{"Difference by component"}},
		{Sweep(b.Users, false), []string{"Cost over peak.users"}},
		{verdictDocument(verdictOf(t, "2026-06-30")), []string{"Limits of the budget"}},
	} {
		var page, sheets bytes.Buffer
		require.NoError(t, Write(&page, "html", c.doc, Output{}))
		requirePage(t, page.String())
		require.Less(t, page.Len(), 200_000)
		for _, title := range c.says {
			require.Contains(t, page.String(), "<figcaption>"+title)
		}
		require.NoError(t, Write(&sheets, "xlsx", c.doc, Output{}))
		f, err := excelize.OpenReader(&sheets)
		require.NoError(t, err)
		require.NotEmpty(t, f.GetSheetList())
		require.NoError(t, f.Close())
	}
}
