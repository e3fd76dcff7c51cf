package cli

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/report"
)

// csvRuns are commands that write CSV, each with the others' files in its folder.
func csvRuns() [][]string {
	runs := [][]string{
		{"estimate", "small", "medium", "reference-medium"}, {"estimate", "medium", "--purchase", "optimal"},
		{"estimate", "medium", "--purchase", "spot"}, {"estimate", "medium", "--commit", "phoenix=2×reserved-1y-none"},
		{"estimate", "medium", "--regions", "us-east-1,ap-south-2", "--unpriced", "show"},
		{"explain", "medium"}, {"explain", "medium", "db"}, {"explain", "reference-medium"},
		{"whatif", "medium", "--set", "peak.users=5000"},
		{"whatif", "medium", "--vary", "peak.users=1k..200k:log:3", "--set", "components.phoenix.cpu=4ms"},
		{"whatif", "medium", "--vary", "peak.users=1k..2k:lin:2", "--vary",
			"components.phoenix.cpu=4ms..6ms:lin:2"},
		{"whatif", "medium", "--solve", "peak.users", "--goal", "monthly<=5000"},
		{"timeline", "medium", "--months", "8", "--purchase", "optimal"},
		{"timeline", "small", "--weeks", "3", "--set", "growth.monthly=9%"},
		{"resilience", "campus-a"},
		{"resilience", "medium", "--scenario", "zone:us-east-1, node:db"},
		{"compare", "campus-b", "campus-c"},
		{"diff", "small.json", "medium"}, {"diff", "medium", "medium"}, {"render", "both.json"},
		{"check", "--budget", "budget.yaml", "--baseline", "small.json"},
		{"check", "medium", "--budget", "budget.yaml", "--baseline", "both.json"},
		{"queue", "--rate", "100/s", "--service", "5ms", "--servers", "2"},
		{"queue", "--rate", "100/s", "--service", "5ms", "--slo", "p99=40ms"},
		{"prices", "list"}, {"prices", "show", "m7g.large"}, {"prices", "show", "ebs"},
		{"prices", "diff", "2026-07-20", "2026-10-04"}, {"prices", "verify"}, {"profiles", "list"}, {"config", "show"},
		{"whatif", "medium", "--list", "inputs"},
	}
	for _, s := range report.ExplainSections() {
		runs = append(runs, []string{"explain", "small", "--section", s.Name})
	}
	runs = append(runs, []string{"explain", "medium", "phoenix", "--purchase", "optimal", "--section", "buy"})
	return runs
}

// textColumn is the name of columns of texts, of which some look like numbers: what a profile
// or a settings file has, or what a report says with a unit. The number is beside it, in
// valueColumn.
const textColumn, valueColumn = "text", "value"

// notANumber is a number as it is no number to who reads the file: 1k, +45.26, '-0.9.
var notANumber = regexp.MustCompile(`^'?[+−-]?[0-9][0-9.,]*( ?%|[kMG])?$`)

// Every CSV has as many fields in each row as in its header, and a column that holds
// numbers holds numbers only.
func TestEveryCSVLoads(t *testing.T) {
	if testing.Short() {
		t.Skip("all of it one after the other: the race detector would find nothing and take minutes")
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	run := func(args ...string) (string, int) { return runMainIn(t, root, args...) }
	for file, args := range map[string][]string{"small.json": {"estimate", "small"},
		"both.json": {"estimate", "small", "medium"}} {
		_, code := run(append(args, "--format", "json", "--out", file)...)
		require.Zero(t, code)
	}
	require.NoError(t, os.WriteFile("budget.yaml", []byte("apiVersion: headroom/v1\nprofiles: [small]\nrules:\n"+
		"  total: {monthly: $100}\n  growth: {increase: 10%}\n  room: {headroom: 1000%, level: warn}\n"), 0o600))
	for _, args := range csvRuns() {
		name := strings.Join(args, " ")
		t.Run(name, func(t *testing.T) {
			out, code := run(append(args, "--format", "csv")...)
			require.Contains(t, []int{exitOK, exitBreached}, code, out)
			requireTyped(t, out)
			out, code = run(append(args, "--format", "json")...)
			require.Contains(t, []int{exitOK, exitBreached}, code, out)
			d := json.NewDecoder(strings.NewReader(out))
			d.UseNumber()
			var all any
			require.NoError(t, d.Decode(&all))
			requireNumbersAre(t, "", all)
			requireRounded(t, out)
		})
	}
}

func requireTyped(t *testing.T, out string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	require.NotEmpty(t, rows)
	keys := slices.Clone(rows[0])
	slices.Sort(keys)
	require.Len(t, slices.Compact(keys), len(rows[0]), "each column has a name of its own")
	for i, key := range rows[0] {
		require.NotEmpty(t, key)
		if key == textColumn {
			require.Contains(t, rows[0], valueColumn)
			continue
		}
		numbers, texts := 0, ""
		for _, r := range rows[1:] {
			_, err := strconv.ParseFloat(r[i], 64)
			switch plain := err == nil && !strings.HasPrefix(r[i], "+"); {
			case r[i] == "":
			case plain:
				numbers++
			default:
				texts = r[i]
				require.Falsef(t, notANumber.MatchString(r[i]), "%s: %q is meant as a number", key, r[i])
			}
		}
		require.Truef(t, numbers == 0 || texts == "", "%s has %d numbers and %q", key, numbers, texts)
	}
}

// requireRounded wants no number to have more digits than programs get: what is behind the
// twelfth is what sums of floats leave.
func requireRounded(t *testing.T, out string) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(out))
	d.UseNumber()
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		n, ok := token.(json.Number)
		if !ok {
			continue
		}
		digits, _, _ := strings.Cut(strings.ToLower(n.String()), "e")
		whole, decimals, _ := strings.Cut(strings.TrimPrefix(digits, "-"), ".")
		digits = strings.TrimLeft(whole+decimals, "0")
		if decimals == "" {
			digits = strings.TrimRight(digits, "0")
		}
		require.LessOrEqualf(t, len(digits), 12, "%s", n)
	}
}

// textKeys are keys of JSON whose texts may look like numbers: what a profile, a settings
// file or a flag says, as it says it, and results with their units.
func textKeys() []string {
	return []string{"value", "text", "result", "inputs", "values", "was", "is", "from", "to", "turns"}
}

// requireNumbersAre wants numbers of JSON not to be texts.
func requireNumbersAre(t *testing.T, key string, v any) {
	t.Helper()
	switch x := v.(type) {
	case map[string]any:
		for key, v := range x {
			requireNumbersAre(t, key, v)
		}
	case []any:
		for _, v := range x {
			requireNumbersAre(t, key, v)
		}
	case string:
		require.True(t, slices.Contains(textKeys(), key) || !notANumber.MatchString(x),
			"%s: %q is meant as a number", key, x)
	}
}
