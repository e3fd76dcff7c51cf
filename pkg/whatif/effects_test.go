package whatif_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/diag"
	"headroom/pkg/insight"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
)

// No key of a profile is read and then without effect: for each that the schema has there
// is a fixture in which another value makes another report, beside the list of inputs that
// shows all values and the count of what was given.
func TestEveryKeyHasAnEffect(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of plans; without -short, as CI runs it, they are made")
	}
	shown := effects{effect: map[string]bool{}, allowed: map[string]bool{}}
	for _, c := range effectCases() {
		shown.try(t, c)
	}
	for _, file := range effectFixtures(t) {
		shown.tryLeaves(t, file, "")
	}
	shown.tryLeaves(t, "../../testdata/effects/shop.yaml", "dev")
	reasons := withoutEffect()
	keys, unbilled := schemaKeys(), unbilledKeys()
	for _, key := range keys {
		if slices.Contains(unbilled, key) {
			continue // see TestKeysOfNoBill
		}
		if reason := reasons[key]; reason != "" {
			assert.False(t, shown.effect[key], "%s has an effect, so that it needs no reason", key)
			assert.False(t, reason == refused && shown.allowed[key], "%s: another value is allowed", key)
			continue
		}
		assert.True(t, shown.effect[key], "%s changes nothing: give it an effect, a fixture or a reason", key)
	}
	for _, tried := range []map[string]bool{shown.effect, shown.allowed} {
		for key := range tried {
			assert.Contains(t, keys, key, "the schema has no such key")
		}
	}
	for key := range reasons {
		assert.Contains(t, keys, key, "a reason for a key that the schema does not have")
	}
}

// effects are the keys of which another value made another report, and those of which
// another value is allowed.
type effects struct{ effect, allowed map[string]bool }

// tryLeaves gives every value of a fixture, and every one that it could have, others.
func (x *effects) tryLeaves(t *testing.T, file, environment string) {
	t.Helper()
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	s := systemWith(t, src, bill.Request{Situation: workload.Situation{Environment: environment}})
	u := &plan.Reuse{}
	base, ok := reported(t, s, u, nil)
	require.True(t, ok, base.bill)
	kinds, reasons, unbilled := kindsOf(s), withoutEffect(), unbilledKeys()
	for _, leaf := range s.Inputs() {
		key := schemaKey(leaf.Path, kinds)
		if reasons[key] != "" && !strings.HasSuffix(file, "shop.yaml") {
			continue // one fixture suffices to see that there is none
		}
		if slices.Contains(unbilled, key) {
			continue // see TestKeysOfNoBill
		}
		for _, text := range otherValues(leaf) {
			if x.effect[key] {
				break
			}
			got, ok := reported(t, s, u, []whatif.Assignment{{Path: leaf.Path, Text: text,
				Pos: strict.SetPos(leaf.Path, text)}})
			if ok {
				x.allowed[key] = true
				x.effect[key] = !got.same(base)
			}
		}
	}
}

func (x *effects) try(t *testing.T, c effectCase) {
	t.Helper()
	src, err := os.ReadFile("../../testdata/" + c.file + ".yaml")
	require.NoError(t, err)
	s := systemWith(t, src, bill.Request{Situation: workload.Situation{Environment: c.environment}})
	u := &plan.Reuse{}
	before, ok := reported(t, s, u, set(t, c.first...))
	assert.True(t, ok, before.bill)
	after, ok := reported(t, s, u, set(t, append(slices.Clone(c.first), c.other...)...))
	assert.True(t, ok, after.bill)
	if assert.False(t, before.same(after), "%s: %v", c.key, c.other) {
		x.effect[c.key] = true
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

// report is all that reports say of a plan but for the list of inputs: the bill, and what is
// said beside it, which takes ten times as long and is made where the bill does not tell.
type report struct {
	bill   string // the reason where there is no plan
	beside func() string
}

// same tells whether two reports say the same.
func (r *report) same(o *report) bool { return r.bill == o.bill && r.beside() == o.beside() }

// reported is the report of a plan. It is false for a value that the key does not allow.
func reported(t *testing.T, s *whatif.Model, u *plan.Reuse, sets []whatif.Assignment) (*report, bool) {
	t.Helper()
	r, err := s.PlanReusing(sets, u)
	var ps diag.Problems
	nothing := func() string { return "" }
	switch {
	case errors.As(err, &ps):
		return &report{ps.Error(), nothing}, false
	case err != nil:
		return &report{err.Error(), nothing}, true
	}
	text := func() string {
		e := *r.Estimate
		e.Profile, e.From, e.Inputs, e.Assumed = bill.Source{NotEvaluated: e.Profile.NotEvaluated}, nil, 0, nil
		// How many inputs and defaults there are tells only that a value was given.
		counts := func(r remark.Remark) bool { return r.Key == "fact.assumed" }
		e.Facts = slices.DeleteFunc(slices.Clone(e.Facts), counts)
		text, err := json.Marshal(&e)
		require.NoError(t, err)
		return string(text)
	}
	return &report{text(), sync.OnceValue(func() string {
		require.NoError(t, insight.Remark(r))
		return text()
	})}, true
}
