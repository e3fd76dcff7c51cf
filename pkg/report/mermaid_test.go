package report

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/money"
)

// calling is an estimate in which components call each other.
func calling() bill.Estimate {
	e := sized()
	e.Edges = []bill.Edge{{To: "phoenix", Mode: "sync", Reads: 4125, Writes: 42},
		{From: "phoenix", To: "db", Mode: "sync", Reads: 2000, Writes: 42},
		{From: "db", To: "kafka", Mode: "async", Writes: 42}}
	return e
}

// requireFlowChart checks a diagram against the grammar of what we use of flow charts
// (https://mermaid.js.org/syntax/flowchart.html): frames, nodes of two shapes, labelled
// edges of two kinds, texts in quotes with entity codes. It returns the texts of nodes by
// their names, and the labels of edges by "from to".
func requireFlowChart(t *testing.T, source string) (nodes, edges map[string]string) {
	t.Helper()
	const name, quoted = `([a-z][a-z0-9]*)`, `"((?:[^"#<>\x60]|#[A-Za-z]+;|<br/>)+)"`
	frame := regexp.MustCompile(`^subgraph ` + name + `\[` + quoted + `\]$`)
	node := regexp.MustCompile(`^` + name + `(?:\[` + quoted + `\]|\(\[` + quoted + `\]\))$`)
	edge := regexp.MustCompile(`^` + name + ` (?:-->|-\.->)\|` + quoted + `\| ` + name + `$`)
	lines := strings.Split(strings.TrimSuffix(source, "\n"), "\n")
	require.Equal(t, "flowchart LR", lines[0])
	nodes, edges = map[string]string{}, map[string]string{}
	open := 0
	for _, l := range lines[1:] {
		l = strings.TrimSpace(l)
		if m := frame.FindStringSubmatch(l); m != nil {
			open++
			continue
		}
		if l == "end" {
			open--
			require.GreaterOrEqual(t, open, 0)
			continue
		}
		if m := node.FindStringSubmatch(l); m != nil {
			require.NotContains(t, nodes, m[1])
			require.NotContains(t, []string{"end", "default", "style", "click", "class", "graph"}, m[1])
			nodes[m[1]] = m[2] + m[3]
			continue
		}
		m := edge.FindStringSubmatch(l)
		require.NotNil(t, m, "not of the grammar: %s", l)
		require.Contains(t, nodes, m[1])
		require.Contains(t, nodes, m[3])
		edges[m[1]+" "+m[3]] = m[2]
	}
	require.Zero(t, open)
	return nodes, edges
}

func TestMermaid(t *testing.T) {
	for _, c := range cases() {
		nodes, edges := requireFlowChart(t, render(t, "mermaid", c.estimates, Output{}))
		parts := 0
		for i := range c.estimates {
			parts += len(c.estimates[i].Parts)
		}
		require.Len(t, nodes, parts, c.name)
		require.Empty(t, edges)
	}
	e := calling()
	out := render(t, "mermaid", []bill.Estimate{e}, Output{})
	nodes, edges := requireFlowChart(t, out)
	require.Len(t, nodes, len(e.Parts)+1)
	require.Len(t, edges, 3)
	require.Equal(t, "2,500 users", nodes["s1users"])
	require.Contains(t, out, `|"4,167/s, of which 42/s writes"|`)
	require.Contains(t, out, `-.->|"42/s writes"|`)
	require.Contains(t, out, "called by nobody")
	require.Contains(t, render(t, "markdown", []bill.Estimate{e}, Output{}), "\n```mermaid\n"+out+"```\n")
	require.NotContains(t, render(t, "markdown", []bill.Estimate{sized()}, Output{}), "mermaid")
}

func TestMermaidOfHostileTexts(t *testing.T) {
	for _, bad := range []string{hostileText, "\"]\n  click s1c1 \"https://x.example\"\n  x[\"", "end",
		"`md` **b** _i_", "<script>alert(1)</script>", "%%{init: {}}%%", "a;b|c{d}(e)[f]#35;&amp;", "```\n# out"} {
		e := bill.Estimate{Profile: bill.Source{Name: bad}, Regions: []string{bad}, Parts: []bill.Part{{Name: "a",
			System: bad, Machine: bad, Pools: []bill.NodePool{{Region: bad, Min: 1, Max: 1, Mean: money.Int(1)}}}},
			Edges: []bill.Edge{{From: "a", To: "a", Reads: 1}}}
		out := render(t, "mermaid", []bill.Estimate{e}, Output{})
		nodes, _ := requireFlowChart(t, out)
		require.Len(t, nodes, 1)
		for _, live := range []string{"://", "click s1c1 \"", "```", "@", "www."} {
			require.NotContains(t, out, live)
		}
	}
}

func TestMermaidOfOtherDocuments(t *testing.T) {
	require.ErrorContains(t, Write(&strings.Builder{}, "mermaid", listing(), Output{}), "only estimates")
}
