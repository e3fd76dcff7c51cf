package main

import (
	"fmt"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
)

// caseTable is what one source says.
type caseTable struct {
	title  string
	source string // the document, and what of it
	cases  []truthCase
}

// truthCase is one figure of one profile.
type truthCase struct {
	file   string // in testdata/cases, without .yaml; "" where there is no profile
	of     string // component; "" for all of them
	what   figure
	theirs string // the source's answer
	right  span
	fitted bool // whether an input of the profile was chosen so that it comes out right
}

// span is a range with its ends.
type span struct{ low, high float64 }

func (s span) has(x float64) bool { return s.low <= x && x <= s.high }

func (s span) text(f *figure) string {
	switch say := f.say; {
	case f.yes:
		return "yes"
	case s.low == s.high:
		return say(s.low)
	case math.IsInf(s.high, 1):
		return "≥ " + say(s.low)
	case s.low == 0:
		return "≤ " + say(s.high)
	default:
		return say(s.low) + "–" + say(s.high)
	}
}

func atLeast(x float64) span    { return span{x, math.Inf(1)} }
func atMost(x float64) span     { return span{0, x} }
func exactly(x float64) span    { return span{x, x} }
func between(a, b float64) span { return span{a, b} }
func within(x, by float64) span { return span{x / by, x * by} }
func isSo() span                { return exactly(1) }

// answer is what the program makes of a profile.
type answer struct {
	*bill.Result
	err error
}

func planned(cat *catalog.Catalog, name string) answer {
	d, err := openCase(name)
	if err != nil {
		return answer{err: err}
	}
	p, err := d.Profile()
	if err != nil {
		return answer{err: err}
	}
	r, err := bill.Make(p, cat, bill.Request{})
	return answer{r, err}
}

// casesSection are the tables of all sources.
func casesSection(t *testing.T, cat *catalog.Catalog) string {
	tables := truthTables()
	answers := planCases(cat, tables)
	why := readMisses(t)
	var b strings.Builder
	b.WriteString("## Sources and program\n")
	for _, table := range tables {
		b.WriteString("\n" + table.text(t, answers, why))
	}
	for key := range why {
		assert.Fail(t, "testdata/cases/misses.csv explains what is no miss", "%s: %s", key.name, key.what)
	}
	checkCaseFiles(t, answers)
	return b.String()
}

// missed names a figure of a case.
type missed struct{ name, what string }

// readMisses reads why figures are outside of the right range.
func readMisses(t *testing.T) map[missed]string {
	out := map[missed]string{}
	for _, r := range readCSV(t, "cases/misses.csv", "case", "what", "why") {
		out[missed{r[0], r[1]}] = r[2]
	}
	return out
}

// planCases plans every profile once.
func planCases(cat *catalog.Catalog, tables []caseTable) map[string]answer {
	var files []string
	for _, table := range tables {
		for _, c := range table.cases {
			if c.file != "" && !slices.Contains(files, c.file) {
				files = append(files, c.file)
			}
		}
	}
	list := make([]answer, len(files))
	inParallel(len(files), func(i int) { list[i] = planned(cat, path.Join("testdata/cases", files[i]+".yaml")) })
	out := map[string]answer{}
	for i, f := range files {
		out[f] = list[i]
	}
	return out
}

// text is the table, with the reasons of its misses below. It takes these out of
// the reasons given.
func (table *caseTable) text(t *testing.T, answers map[string]answer, why map[missed]string) string {
	var rows [][]string
	reasons := ""
	for _, c := range table.cases {
		a := answers[c.file]
		x, today := c.figure(&a)
		basis := "prediction"
		if c.fitted {
			basis = "fitted"
		}
		if !c.right.has(x) {
			key := missed{c.name(), c.what.name}
			assert.NotEmpty(t, why[key],
				"testdata/cases/misses.csv does not explain a miss: %s,%q,\n%s: %s is right\n%v", key.name,
				key.what, today, c.right.text(&c.what), a.err)
			today = "**miss** " + today
			reasons += fmt.Sprintf("- %s, %s: %s\n", key.name, key.what, why[key])
			delete(why, key)
		}
		rows = append(rows, []string{c.name(), c.what.name, c.theirs, c.right.text(&c.what), today, basis})
	}
	if reasons != "" {
		reasons = "\n" + reasons
	}
	return "### " + table.title + "\n\n" + table.source + "\n\n" +
		mdTable([]string{"Case", "What", "Source", "Right", "headroom", "Basis"}, rows) + reasons
}

func (c *truthCase) name() string {
	name := c.file
	if c.of != "" {
		name += " " + c.of
	}
	return strings.TrimSpace(name)
}

// figure is the case's figure today; NaN, which is in no range, where there is
// no plan to take it from.
func (c *truthCase) figure(a *answer) (float64, string) {
	if a.err != nil && !c.what.ofErrors {
		return math.NaN(), "no plan"
	}
	x, detail := c.what.of(a, c.of)
	text := c.what.say(x)
	if c.what.yes {
		text = map[bool]string{true: "yes", false: "no"}[x == 1]
	}
	if detail != "" {
		text += " (" + detail + ")"
	}
	return x, text
}

// checkCaseFiles wants every profile to be in the list.
func checkCaseFiles(t *testing.T, answers map[string]answer) {
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "cases", "*.yaml"))
	require.NoError(t, err)
	for _, f := range files {
		assert.Contains(t, answers, strings.TrimSuffix(filepath.Base(f), ".yaml"), "no case uses this profile")
	}
}
