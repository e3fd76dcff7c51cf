package report

import (
	"bytes"
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/insight"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
	"headroom/pkg/sizing"
	"headroom/pkg/solutions"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// comparisonOf puts shipped profiles side by side.
func comparisonOf(t *testing.T, names ...string) *solutions.Comparison {
	t.Helper()
	c, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	facts, err := c.Facts()
	require.NoError(t, err)
	inputs := make([]solutions.Input, len(names))
	for i, name := range names {
		src, err := os.ReadFile("../../profiles/" + name + ".yaml")
		require.NoError(t, err)
		p, err := workload.Parse(name+".yaml", src, sizing.Specs(), os.ReadFile)
		require.NoError(t, err)
		r, err := bill.Make(p, c, bill.Request{})
		require.NoError(t, err)
		require.NoError(t, insight.Remark(r))
		a, err := resilience.Assess(r.Plan, facts, resilience.Options{})
		require.NoError(t, err)
		inputs[i] = solutions.Input{Label: name, Profile: r.Plan.Profile, Estimate: r.Estimate, Assessment: a}
	}
	return solutions.Compare(inputs)
}

func campus(t *testing.T) *solutions.Comparison {
	return comparisonOf(t, "campus-a", "campus-b", "campus-c")
}

// Three solutions fit 100 columns, and 80; no two lines stand below each other where they have
// a column of their own.
func TestSolutionsFit(t *testing.T) {
	doc := Solutions(campus(t))
	for _, width := range []int{80, 100} {
		for _, full := range []bool{false, true} {
			text := written(t, "table", doc, Output{Width: width, Full: full})
			for _, line := range strings.Split(text, "\n") {
				require.LessOrEqual(t, len([]rune(line)), width, line)
			}
			require.Regexp(t, `(?m)^ +campus-a +campus-b +campus-c$`, text)
			require.Regexp(t, `(?m)^without credits +120\.00 +[0-9,.]+ +[0-9,.]+$`, text)
			require.Regexp(t, `(?m)^survive region +✗ +✗ +✗$`, text)
			require.Contains(t, text, "alone serves nobody until repaired after")
		}
	}
}

// Every format says what is compared, and what is derived apart from what is said.
func TestSolutionsInEveryFormat(t *testing.T) {
	c := campus(t)
	doc := Solutions(c)
	for _, format := range DocumentFormats().Names() {
		if DocumentFormats().Binary(format) {
			continue
		}
		text := written(t, format, doc, Output{Full: true, Width: 200})
		for _, want := range []string{"campus-c", "the proposal, solution 3",
			"its availability is the highest of all three", "region:eu-central-1", "c6g.medium"} {
			if want == "region:eu-central-1" && (format == "table" || format == "markdown" || format == "md") {
				continue // formats for people have one row for all solutions
			}
			require.Contains(t, text, want, format)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(written(t, "csv", doc, Output{}))).ReadAll()
	require.NoError(t, err)
	count := map[string]int{}
	for _, row := range rows[1:] {
		count[row[1]]++
	}
	require.Equal(t, 6, count["cost"])
	require.Equal(t, 3*len(c.Aims), count["aim"])
	require.Equal(t, 5, count["machines"])
}

// What is in no solution, or of which prices are missing, is said so.
func TestSolutionCells(t *testing.T) {
	all := resilience.Served{Reads: 1, Writes: 1}
	reads := resilience.Served{Reads: 1}
	unknown := resilience.Time{Seconds: 60, Missing: []string{"recovery.on_call"}}
	for want, o := range map[string]*solutions.Outcome{
		"there is none": nil,
		"unaffected":    {Outcome: resilience.Unaffected, By: "nobody", Now: all, Auto: all, Hand: all},
		"all, slower":   {Outcome: resilience.Slower, By: "nobody", Now: all, Auto: all, Hand: all},
		"all, 40 s, by itself": {Outcome: resilience.Unaffected, By: "itself", Auto: all, Hand: all,
			Down: resilience.Time{Seconds: 40}},
		"all, over 60 s, by a person; 1 s lost": {Outcome: resilience.Unaffected, By: "person", Hand: all,
			Down: unknown, Loss: &resilience.Loss{Time: resilience.Time{Seconds: 1}}},
		"reads only, until repaired; all data lost; two primaries": {Outcome: resilience.ReadOnly, By: "repair",
			Hand: reads, Loss: &resilience.Loss{All: true}, TwoLeaders: true},
	} {
		require.Equal(t, want, outcomeCell(o, true).Text)
	}
	require.Equal(t, "not known", outcomeCell(nil, false).Text)
	s := solutions.Solution{Name: "shop", Unpriced: 1}
	require.Equal(t, "shop ≥ $0.00 a month", solutionsTitle(&solutions.Comparison{Solutions: []solutions.Solution{s}}))
}

// Every kind of event has words of its own.
func TestEveryFailureHasWords(t *testing.T) {
	for _, kind := range []outage.Kind{outage.Process, outage.Node, outage.Host, outage.DisksLost, outage.Storage,
		outage.Zone, outage.RegionLost, outage.Split, outage.Launch, outage.Standby, outage.Cold, outage.Schema,
		outage.Deploy, outage.Spot, outage.Retries, outage.Corruption, outage.Failback} {
		said := words.Say(remark.New("failure."+string(kind), "where", "first", "number", 2, "after", 60))
		require.NotContains(t, said, "where", kind) // as what has no words is said
	}
}

// JSON is as its schema says, and the schema is strict and says what every key is.
func TestCompareSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(CompareSchema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("compare.schema.json", doc))
	s, err := c.Compile("compare.schema.json")
	require.NoError(t, err)
	text := written(t, "json", Solutions(campus(t)), Output{})
	require.NoError(t, checkJSON(t, s, text))
	for _, old := range []string{`"schema"`, `"month_without_credits"`, `"least_machine"`,
		`"failure_buffer_users"`, `"outcomes"`, `"dominated_by"`, `"verdict"`, `"two_primaries"`, `"source"`} {
		require.Contains(t, text, old)
		require.Error(t, checkJSON(t, s, strings.Replace(text, old, `"x"`, 1)), old)
	}
	described(t, doc, "")
}

// described fails for a property without a description.
func described(t *testing.T, v any, path string) {
	t.Helper()
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			described(t, e, path)
		}
	case map[string]any:
		if props, ok := x["properties"].(map[string]any); ok {
			for key, p := range props {
				require.NotEmpty(t, p.(map[string]any)["description"], path+"."+key)
			}
		}
		for key, e := range x {
			described(t, e, path+"."+key)
		}
	}
}
