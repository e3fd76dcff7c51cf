package cli

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/insight"
	"headroom/pkg/money"
	"headroom/pkg/report"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
	"headroom/profiles"
)

// explainedWhole is the explanation of an embedded profile.
func explainedWhole(t *testing.T, profile string) *insight.Explanation {
	t.Helper()
	cat, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	src, err := fs.ReadFile(profiles.FS, profile+".yaml")
	require.NoError(t, err)
	p, err := workload.Parse(profile+".yaml", src, sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	r, err := bill.Make(p, cat, bill.Request{})
	require.NoError(t, err)
	x, err := insight.Explain(r, "")
	require.NoError(t, err)
	return x
}

// shown is an explanation on a terminal of 80 columns, line by line; none is wider.
func shown(t *testing.T, x *insight.Explanation) []string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.Write(&b, "table", report.Explanation(x), report.Output{Width: 80}))
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for _, l := range lines {
		require.LessOrEqual(t, utf8.RuneCountInString(l), 80, l)
	}
	return lines
}

// The answer fits a terminal of 80 columns and 30 lines, its first line has the price that
// every report has, and its last names what shows the rest.
func TestExplainIsShort(t *testing.T) {
	for _, profile := range []string{"small", "medium", "large", "reference-medium"} {
		x := explainedWhole(t, profile)
		require.LessOrEqual(t, len(shown(t, x)), 30, profile)
		sum := money.Amount{}
		for _, c := range x.Components {
			one := *x
			one.Components, one.Buying, one.Quotas = []insight.ComponentReasoning{c}, nil, nil
			lines := shown(t, &one)
			require.LessOrEqual(t, len(lines), 30, "%s %s\n%s", profile, c.Part.Name, strings.Join(lines, "\n"))
			cost := c.Part.Cost.Total.Expected
			sum = sum.Plus(cost)
			if c.Part.Kind != "boot" { // which others bear
				require.Contains(t, lines[0], "$"+cost.Human()+" a month", "%s %s", profile, c.Part.Name)
			}
			require.Equal(t, "--load --limits --alternatives --rejected --buy --lines --inputs, or --all",
				lines[len(lines)-1])
		}
		require.True(t, sum.Equal(x.Total.Expected), "%s: the components cost %s together", profile, sum)
	}
}

// A section by its flag, by its name, and among all is the same.
func TestExplainShowsSections(t *testing.T) {
	if testing.Short() {
		t.Skip("all of it one after the other: the race detector would find nothing and take minutes")
	}
	all, code := runMain(t, "explain", "medium", "db", "--all")
	require.Zero(t, code)
	for _, s := range report.ExplainSections() {
		flag, code := runMain(t, "explain", "medium", "db", "--"+s.Name)
		require.Zero(t, code)
		named, code := runMain(t, "explain", "medium", "db", "--section", s.Name)
		require.Zero(t, code)
		require.Equal(t, flag, named)
		table := flag[strings.LastIndex(flag, "\n\n"+heading(flag)):]
		require.Contains(t, all, strings.TrimSpace(strings.Split(table, "\n\n")[1]), s.Name)
	}
	two, code := runMain(t, "explain", "medium", "db", "--limits", "--buy")
	require.Zero(t, code)
	require.Contains(t, two, "\nLimits\n")
	require.Contains(t, two, "\nWays to buy it in us-east-1\n")
	require.NotContains(t, two, "\nInputs\n")
}

// heading is the last title of a table in an output.
func heading(out string) string {
	for _, title := range []string{"Limits\n", "Alternatives", "Rejected\n", "Ways to buy", "Lines\n", "Inputs\n",
		"Load and derivation\n"} {
		if strings.Contains(out, "\n\n"+title) {
			return title
		}
	}
	return ""
}

func TestExplainRefusesSections(t *testing.T) {
	for _, args := range [][]string{
		{"--section", "limit"}, {"--format", "csv", "--limits", "--buy"}, {"--format", "csv", "--all"},
		{"--format", "csv", "--section", "limits,lines"},
	} {
		out, code := runMain(t, append([]string{"explain", "medium", "db"}, args...)...)
		require.Equal(t, exitUsage, code, args)
		require.Empty(t, out)
	}
}
