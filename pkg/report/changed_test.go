package report

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"headroom/pkg/budget"
	"headroom/pkg/compare"
	"headroom/pkg/money"
)

func TestFirstLines(t *testing.T) {
	a := money.MustAmount
	require.Equal(t, "medium  $5,719 → $9,853 a month   +$4,134 (+72 %)   $2.29 → $1.97 a user",
		changedTitle("medium", a("5719.24"), a("9853.31"), "$2.29 → $1.97 a user"))
	require.Equal(t, "dev  $12.50 → $12.25 a month   −$0.25 (−2.0 %)", changedTitle("dev", a("12.50"), a("12.25"), ""))
	require.Equal(t, "dev  $12.50 a month   unchanged", changedTitle("dev", a("12.50"), a("12.50"), ""))
	require.Equal(t, "new  $0.00 → $500 a month   +$500", changedTitle("new", a("0"), a("500"), ""))
	require.Equal(t, "because a 1 → 2 · b unset → 3 · c 4 → 5 and 1 more", becauseText([]string{
		inputText("a", compare.Value{Text: "1"}, compare.Value{Text: "2"}),
		inputText("b", compare.Value{}, compare.Value{Text: "3"}), "c 4 → 5", "d 6 → 7"}))
	require.Empty(t, becauseText(nil))
}

// The largest difference is first; what is small is one row, unless it is another machine;
// what is unchanged is one; and the sum is that of all.
func TestChangedRowsFold(t *testing.T) {
	row := func(name, was, is string) changedRow {
		return changedRow{system: name, was: money.MustAmount(was), is: money.MustAmount(is)}
	}
	moved := row("db", "10", "11")
	moved.rebuilt, moved.what = true, "m7g.large → r7g.large"
	g := changedRows{row("a", "1", "2"), row("same", "5", "5"), moved, row("b", "3", "2.50"), row("web", "100", "200"),
		row("cache", "100", "50")}.grid(true)
	var got []string
	for _, r := range g.Rows {
		got = append(got, r.Cells[0].Text+" "+r.Cells[3].Text)
	}
	require.Equal(t, []string{"web +100.00", "cache −50.00", "db +1.00", "2 smaller +0.50", "1 unchanged ",
		"Total +51.50"}, got)
	require.Equal(t, "219.00", g.Rows[5].Cells[1].Text)
	require.Equal(t, "█████", g.Rows[1].Cells[4].Text)
	require.Equal(t, "a, b", g.Rows[3].Cells[5].Text)
}

// A bar passes its ceiling as soon as it is beyond, and says when it ends far beyond.
func TestBarsWithACeiling(t *testing.T) {
	for part, want := range map[float64]string{0.4: "████    │", 0.8: "████████│", 0.801: "████████│▏",
		0.95: "████████│█▌", 1.5: "████████│█▸"} {
		require.Equal(t, want, ceilingCell(part, 0.8, 11).Text, part)
	}
}

// On narrow terminals no line of the short reports is wider, and no word is cut.
func TestShortReportsFit(t *testing.T) {
	base, head := referenceSmall(), referenceMedium()
	d := compare.Estimates(&base, &head)
	d.Base.Label, d.Head.Label = "small.json", "medium.json"
	verdict := verdictDocument(verdictOf(t, "2026-06-30"))
	for name, doc := range map[string]Document{"diff": Diffs([]*compare.Diff{d}), "check": verdict} {
		at := func(width int) string {
			var b bytes.Buffer
			require.NoError(t, Write(&b, "table", doc, Output{Width: width}))
			return b.String()
		}
		wide := strings.Fields(at(400))
		for _, width := range []int{60, 80, 100} {
			text := at(width)
			for _, line := range strings.Split(text, "\n") {
				require.LessOrEqual(t, utf8.RuneCountInString(line), width, "%s: %s", name, line)
			}
			have := strings.Fields(text)
			for _, w := range wide {
				if strings.Trim(w, eighths+"│▸─") != "" {
					require.Contains(t, have, w, "%s at %d", name, width)
				}
			}
		}
	}
}

// What is no number beside a limit is a sentence, and what is not kept is never folded.
func TestEveryLimitThatIsNotKeptIsShown(t *testing.T) {
	v := verdictOf(t, "2026-06-30")
	v.Results = append(v.Results, budget.Finding{Rule: "new", Status: budget.Warn, Limit: "baseline",
		Failure: "no estimate of it"})
	text := writeVerdict(t, "table", v)
	for _, want := range []string{"✗ total", "✗ logs", "! search", "! kafka", "! new", "✓ 1 kept", "no estimate of it",
		"ci/budget.yaml:3", "What grew"} {
		require.Contains(t, text, want)
	}
}

// Figures of a verdict are numbers in CSV, also below zero.
func TestVerdictNumbers(t *testing.T) {
	v := verdictOf(t, "2026-06-30")
	v.Results[0].Actual = "-0.896204"
	require.Contains(t, writeVerdict(t, "csv", v), ",8000.00,-0.896204,")
}
