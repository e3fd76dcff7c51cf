package whatif_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/insight"
	"headroom/pkg/strict"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
)

// No key of a profile is read and then without effect: for each there is a fixture in
// which another value makes another report, beside the list of inputs that shows all
// values.
func TestEveryKeyHasAnEffect(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of plans; without -short, as CI runs it, they are made")
	}
	effect := map[string]bool{}
	for i, file := range append(effectFixtures(t), "../../testdata/effects/shop.yaml") {
		environment := ""
		if i == len(effectFixtures(t)) {
			environment = "dev"
		}
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		s := systemWith(t, src, bill.Request{Situation: workload.Situation{Environment: environment}})
		base, ok := reported(t, s, nil)
		require.True(t, ok, base)
		kinds := kindsOf(s)
		for _, leaf := range s.Inputs() {
			key := schemaKey(leaf.Path, kinds)
			for _, text := range otherValues(leaf) {
				if effect[key] {
					break
				}
				got, ok := reported(t, s, []whatif.Assignment{{Path: leaf.Path, Text: text,
					Pos: strict.SetPos(leaf.Path, text)}})
				effect[key] = ok && got != base
			}
		}
	}
	for _, c := range effectCases() {
		src, err := os.ReadFile("../../testdata/" + c.file + ".yaml")
		require.NoError(t, err)
		s := systemWith(t, src, bill.Request{Situation: workload.Situation{Environment: c.environment}})
		before, ok := reported(t, s, set(t, c.first...))
		require.True(t, ok, before)
		after, ok := reported(t, s, set(t, append(slices.Clone(c.first), c.other...)...))
		assert.True(t, ok, after)
		assert.NotEqual(t, before, after, c.key)
		effect[c.key] = effect[c.key] || ok && before != after
	}
	var none []string
	for key, ok := range effect {
		if !ok {
			none = append(none, key)
		}
	}
	sort.Strings(none)
	reasons := withoutEffect()
	for _, key := range none {
		assert.NotEmpty(t, reasons[key], "%s changes nothing: give it an effect, a fixture or a reason", key)
	}
	for key := range reasons {
		require.Contains(t, none, key, "it has an effect, so that it needs no reason")
	}
}

func effectFixtures(t *testing.T) []string {
	t.Helper()
	kinds, err := filepath.Glob("../../testdata/kinds/*.yaml")
	require.NoError(t, err)
	return append(kinds, "../../testdata/effects/plain.yaml", "../../testdata/effects/shop.yaml")
}

// kindsOf has the kind of each component.
func kindsOf(s *whatif.Model) map[string]string {
	out := map[string]string{}
	for _, l := range s.Inputs() {
		if parts := strings.Split(l.Path, "."); len(parts) == 3 && parts[0] == "components" && parts[2] == "kind" {
			out[parts[1]] = l.Now
		}
	}
	return out
}

// schemaKey is a path with kinds instead of components and * for all other names.
func schemaKey(path string, kinds map[string]string) string {
	parts := strings.Split(path, ".")
	named := []string{"regions", "classes", "environments", "adjustments", "calls", "phases", "events", "rates",
		"topics"}
	common := []string{"kind", "title", "notes", "entry", "scope", "regions", "calls", "pin", "allow", "slo", "survive",
		"colocate", "scalability", "purchase", "printed"}
	for i := range parts[:len(parts)-1] {
		switch {
		case parts[i] == "components" && i == 0:
			if parts[1] = kinds[parts[1]]; slices.Contains(common, parts[2]) {
				parts[1] = "*" // of all kinds
			}
		case slices.Contains(named, parts[i]):
			parts[i+1] = "*"
		}
	}
	return regexp.MustCompile(`\.\d+$`).ReplaceAllString(strings.Join(parts, "."), "")
}

// otherValues are texts that the value does not have, of which one at least may be
// allowed.
func otherValues(l strict.Leaf) []string {
	if len(l.Enum) > 0 {
		return slices.DeleteFunc(slices.Clone(l.Enum), func(s string) bool { return s == l.Now })
	}
	if !l.Number() {
		switch l.Now {
		case "true":
			return []string{"false"}
		case "false", "":
			return []string{"true", "other", "3", "2h", "$3", "[node]", "[zone]", "[web]", "[db]", "[c7g]", "[page]",
				"db",
				"[m7g.xlarge]", "[spot]", "3/s", "30%"}
		}
		return []string{"other", "2", "$7", "us-west-2", "m7g.xlarge", "GBP", "2017-11-12", "mark-up", "[storage]",
			"[page]",
			"[]", "[node]", "[us-east-1]", "[web]", "[m7g.xlarge]", "[c6g]"}
	}
	x, err := l.Parse(l.Now)
	if err != nil || x == 0 {
		return []string{"1", "0.5", "20%", "2h", "2GB", "3/s"}
	}
	return []string{l.Text(3 * x), l.Text(x / 3), l.Text(1.2 * x), l.Text(x / 20), l.Text(40 * x)}
}

// reported is all that reports say of a plan but for the list of inputs; the reason
// where there is no plan. It is false for a value that the key does not allow.
func reported(t *testing.T, s *whatif.Model, sets []whatif.Assignment) (string, bool) {
	t.Helper()
	r, err := s.Plan(sets)
	var ps diag.Problems
	switch {
	case errors.As(err, &ps):
		return ps.Error(), false
	case err != nil:
		return err.Error(), true
	}
	require.NoError(t, insight.Remark(r))
	e := *r.Estimate
	e.Profile, e.From, e.Inputs, e.Assumed = bill.Source{NotEvaluated: e.Profile.NotEvaluated}, nil, 0, nil
	text, err := json.Marshal(&e)
	require.NoError(t, err)
	return string(text), true
}
