package insight

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
)

// allSources are the three sizes and a small system for every kind.
func allSources(t testing.TB) map[string]string {
	out := map[string]string{}
	for _, size := range []string{"small", "medium", "large"} {
		out[size] = profileSource(t, size)
	}
	for _, k := range sizing.Kinds() {
		src, err := os.ReadFile("../../testdata/kinds/" + k.Word() + ".yaml")
		require.NoError(t, err)
		out["kind "+k.Word()] = string(src)
	}
	return out
}

// Same inputs, same bytes: twice, on one processor and on two, and while
// others plan at the same time from the same tables.
func TestSameInputsSameBytes(t *testing.T) {
	sources := allSources(t)
	all := func(procs int) map[string]string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		cat := testCatalog(t)
		out := map[string]string{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for name, source := range sources {
			p := parseProfile(t, source)
			wg.Add(1)
			go func() {
				defer wg.Done()
				text := "error"
				if r, err := remarked(p, cat, bill.Request{}); err == nil {
					text = dump(t, r)
				}
				mu.Lock()
				defer mu.Unlock()
				out[name] = text
			}()
		}
		wg.Wait()
		return out
	}
	one, two := all(1), all(2)
	require.Len(t, one, len(sources))
	for name := range sources {
		require.Contains(t, one[name], "total", name)
		require.Equal(t, one[name], two[name], "%s differs between one and two processors", name)
	}
}

// dump is everything that a result and its survey say, as bytes.
func dump(t require.TestingT, r *bill.Result) string {
	var b strings.Builder
	write := func(v any) {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		b.Write(text)
	}
	write(r.Estimate)
	survey, err := r.Plan.Survey()
	require.NoError(t, err)
	for i := range survey {
		for _, c := range []*plan.Choice{r.Plan.Choices[i], survey[i].Choice} {
			write([]any{c.Component.Name, c.Cost(), c.Structure, c.Machine(), outspoken(c.Layout)})
		}
		write([]any{survey[i].Feasible, len(survey[i].Rejected)})
		for _, a := range survey[i].Alternatives {
			write([]any{a.Layout.Type.Name, a.Running})
		}
	}
	explanation, err := Explain(r, "")
	require.NoError(t, err)
	write(explanation)
	return b.String()
}

// outspoken is all of a layout that can be printed: the machine is named beside
// it, and a function is none that prints.
func outspoken(l *sizing.Layout) any {
	return struct {
		sizing.Layout
		Type, Describe any
	}{Layout: *l}
}
