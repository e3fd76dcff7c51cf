package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/money"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// assessmentOf is what becomes of a shipped profile, with a protection and a remedy, as
// package whatif fills them in.
func assessmentOf(t *testing.T, name string) *resilience.Assessment {
	t.Helper()
	c, err := catalog.Open(os.DirFS("../../pricing"))
	require.NoError(t, err)
	src, err := os.ReadFile("../../profiles/" + name + ".yaml")
	require.NoError(t, err)
	p, err := workload.Parse(name+".yaml", src, sizing.Specs(), os.ReadFile)
	require.NoError(t, err)
	x, err := bill.Search(p, c, bill.Request{})
	require.NoError(t, err)
	facts, err := c.Facts()
	require.NoError(t, err)
	a, err := resilience.Assess(x.Plan, facts, resilience.Options{})
	require.NoError(t, err)
	a.Success, a.Full = 3000, "web"
	a.Rows[0].Protection = &resilience.Protection{Without: "policy.survive: node", Month: amount(t, "12.30")}
	for i := range a.Aims {
		a.Aims[i].Remedy = &resilience.Remedy{Set: []string{"dns.retry=true"}, Month: amount(t, "1.20")}
	}
	return a
}

func amount(t *testing.T, text string) money.Amount {
	t.Helper()
	a, err := money.ParseAmount(text)
	require.NoError(t, err)
	return a
}

// Every format has every scenario, and CSV a row for each thing that is said.
func TestResilienceInEveryFormat(t *testing.T) {
	a := assessmentOf(t, "campus-a")
	doc := Resilience(a)
	for _, format := range DocumentFormats().Names() {
		if DocumentFormats().Binary(format) {
			continue
		}
		text := written(t, format, doc, Output{Full: true, Width: 200})
		for i := range a.Rows {
			for _, step := range strings.Split(a.Rows[i].Scenario, ", ") {
				require.Contains(t, text, step, format)
			}
		}
	}
	rows, err := csv.NewReader(strings.NewReader(written(t, "csv", doc, Output{}))).ReadAll()
	require.NoError(t, err)
	count := map[string]int{}
	for _, row := range rows[1:] {
		count[row[1]]++
	}
	losses, parts := 0, 0
	for i := range a.Rows {
		losses, parts = losses+len(a.Rows[i].Losses), parts+len(a.Rows[i].Parts)
	}
	require.Equal(t, map[string]int{"scenario": len(a.Rows), "loss": losses, "component": parts, "aim": len(a.Aims),
		"finding": len(a.Findings), "single point": len(a.Points), "availability": len(a.Availability),
		"success buffer": 1}, count)
	require.Positive(t, count["single point"]*count["loss"]*count["component"]*count["aim"]*count["finding"])
}

// JSON is as its schema says, the schema is strict, and every key of it is described.
func TestResilienceSchema(t *testing.T) {
	requireFields(t, ResilienceSchema(), "resilience", reflect.TypeFor[resilience.Assessment]())
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(ResilienceSchema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("resilience.schema.json", doc))
	s, err := c.Compile("resilience.schema.json")
	require.NoError(t, err)
	for _, name := range []string{"medium", "campus-a"} {
		a := assessmentOf(t, name)
		text := written(t, "json", Resilience(a), Output{})
		require.NoError(t, checkJSON(t, s, text))
		for _, old := range []string{`"schema"`, `"at_once"`, `"failure_buffer_users"`, `"down_for"`, `"figure"`} {
			require.Contains(t, text, old)
			require.Error(t, checkJSON(t, s, strings.Replace(text, old, `"x"`, 1)), old)
		}
		var back resilience.Assessment
		require.NoError(t, json.Unmarshal([]byte(text), &back))
		require.Equal(t, text, written(t, "json", Resilience(&back), Output{}), "what is saved says the same")
	}
	for name, def := range doc.(map[string]any)["$defs"].(map[string]any) {
		properties, _ := def.(map[string]any)["properties"].(map[string]any)
		for key, p := range properties {
			require.NotEmpty(t, p.(map[string]any)["description"], name+"."+key)
		}
	}
}

// The short report fits a terminal of 80 columns, has the worst of each kind, and counts the
// rest.
func TestResilienceInShort(t *testing.T) {
	for _, name := range []string{"medium", "campus-a"} {
		a := assessmentOf(t, name)
		text := written(t, "table", Resilience(a), Output{Width: 80})
		for _, line := range strings.Split(text, "\n") {
			require.LessOrEqual(t, len([]rune(line)), 80, line)
		}
		rows, quiet, alike := listedRows(a)
		listed := 0
		for _, r := range rows {
			require.True(t, noticed(r.Row) || named(r.Row))
			listed += r.more
		}
		twice := 0
		for i := range a.Rows {
			if isNamed(a, &a.Rows[i]) {
				twice++
			}
		}
		require.Equal(t, listed+twice, alike)
		require.Len(t, a.Rows, len(rows)+quiet+alike)
		for i := range a.Rows {
			if r := &a.Rows[i]; !noticed(r) {
				require.Equal(t, []string{"all"}, []string{servedPhases(r)}, r.Scenario)
				require.Empty(t, endText(r)+strings.Join(harmTexts(r), ""), r.Scenario)
			}
		}
	}
	a := assessmentOf(t, "campus-a")
	a.Rows = a.Rows[:fewRows]
	rows, quiet, alike := listedRows(a)
	require.Len(t, rows, fewRows, "few are all listed as they are")
	require.Zero(t, quiet+alike)
}

func TestServedWords(t *testing.T) {
	for _, x := range []struct {
		reads, writes float64
		want          string
	}{{1, 1, "all"}, {0, 0, "none"}, {0.5, 0.5, "50 %"}, {1, 0, "reads only"}, {0.5, 0, "50 % of reads"},
		{0, 1, "writes only"}, {0, 0.25, "25 % of writes"}, {1, 0.7, "reads all, writes 70 %"},
		{0.99996, 0.99996, "99.996 %"}} {
		require.Equal(t, x.want, servedText(x.reads, x.writes))
	}
	unknown := resilience.Time{Missing: []string{"recovery.on_call"}}
	some := resilience.Time{Seconds: 60, Missing: []string{"recovery.on_call", "recovery.rebuild"}}
	require.Equal(t, "not known: recovery.on_call is not given", timeWhy(unknown))
	require.Equal(t, "over 60 s: recovery.on_call, recovery.rebuild are not given", timeWhy(some))
	require.Equal(t, "2 min 30 s", timeWhy(resilience.Time{Seconds: 150}))
	require.Equal(t, "all after an unknown time", phaseText(resilience.Served{Reads: 1, Writes: 1, After: unknown}))
	require.Equal(t, "none after more than 60 s", phaseText(resilience.Served{After: some}))
	for by, want := range map[string]string{"nobody": "", "itself": "over 60 s, by itself",
		"person": "over 60 s, by a person", "repair": "until repaired"} {
		require.Equal(t, want, endText(&resilience.Row{By: by, Down: some}))
	}
	require.Equal(t, []string{"1 s of pg, mongo", "1 d of files (copy daily)", "all of media",
		"an unknown time of log"}, lossTexts([]resilience.Loss{
		{Component: "pg", Time: resilience.Time{Seconds: 1}, From: "replica"},
		{Component: "files", Time: resilience.Time{Seconds: 86400}, From: "daily"},
		{Component: "mongo", Time: resilience.Time{Seconds: 1}, From: "replica"},
		{Component: "media", All: true}, {Component: "log", Time: unknown, From: "log"}}))
	after := 0.0123
	require.Equal(t, "db 4 ms → 12.3 ms",
		latencyText(&resilience.Latency{Component: "db", Before: 0.004, After: &after}))
	require.Equal(t, "db 4 ms → no end", latencyText(&resilience.Latency{Component: "db", Before: 0.004}))
}

func TestAimWords(t *testing.T) {
	got := func(x float64) resilience.Worst { return resilience.Worst{Got: &x, Scenario: "region:a"} }
	least := got(60)
	least.Least = true
	for _, x := range []struct {
		aim                  resilience.Aim
		want, reached, basis string
	}{
		{resilience.Aim{Key: "aims.outage", Unit: "s", Want: 3, Verdict: resilience.Missed, Worst: least},
			"at most 3 s", "over 60 s", "region:a"},
		{resilience.Aim{Key: "aims.outage", Unit: "s", Want: 3, Verdict: resilience.Missed,
			Worst: resilience.Worst{Scenario: "node:db"}}, "at most 3 s", "until repaired", "node:db"},
		{resilience.Aim{Key: "aims.data_loss", Unit: "s", Want: 3, Verdict: resilience.Missed,
			Worst: resilience.Worst{Scenario: "node:db", Component: "db"}}, "at most 3 s", "everything lost",
			"node:db, db"},
		{resilience.Aim{Key: "aims.availability", Unit: "part", Want: 0.9995, Verdict: resilience.NotEvaluated,
			Worst: resilience.Worst{Missing: []string{"regions[].availability"}}}, "at least 99.95 %", "",
			"regions[].availability is not given"},
		{resilience.Aim{Key: "aims.availability", Unit: "part", Want: 0.9995, Verdict: resilience.Met,
			Worst: got(0.9999)},
			"at least 99.95 %", "99.99 %", "region:a"},
		{resilience.Aim{Key: "aims.disk_failures", Unit: "disks", Want: 3, Verdict: resilience.Missed, Worst: got(2)},
			"3", "2", "region:a"},
		{resilience.Aim{Key: "aims.survive", Loss: "zone", Want: 1, Verdict: resilience.Missed,
			Worst: resilience.Worst{Scenario: "zone:a"}}, "yes", "no", "zone:a"},
		{resilience.Aim{Key: "aims.unattended", Want: 1, Verdict: resilience.Met}, "yes", "yes", ""},
	} {
		require.Equal(t, []string{x.want, x.reached, x.basis},
			[]string{wantText(&x.aim), gotText(&x.aim), decidesText(&x.aim)})
	}
	require.Equal(t, "--set dns.retry=true --set 'components.db.raid=['\\''10'\\'']' (+$1.20 a month)", remedyText(
		&resilience.Remedy{Set: []string{"dns.retry=true", "components.db.raid=['10']"}, Month: amount(t, "1.20")}))
	require.Equal(t, "--set 'copies.log={of: [db], on: objects, log: true}' ($0.00 a month without the copies, "+
		"which are in no bill)", remedyText(&resilience.Remedy{
		Set: []string{"copies.log={of: [db], on: objects, log: true}"}, Month: amount(t, "0")}))
	a := resilience.Assessment{}
	require.Equal(t, "no aims stated", aimCount(&a))
	for _, x := range []struct {
		verdict resilience.Verdict
		want    string
	}{{resilience.Met, "1 of 1 aim met"}, {resilience.Met, "all 2 aims met"}, {resilience.Missed, "2 of 3 aims met"},
		{resilience.NotEvaluated, "2 of 4 aims met, 1 not evaluated"}} {
		a.Aims = append(a.Aims, resilience.Aim{Key: "aims.outage", Unit: "s", Want: 3, Verdict: x.verdict,
			Worst: got(9)})
		require.Equal(t, x.want, aimCount(&a))
	}
	require.Equal(t, "✗ outage at most 3 s: 9 s, region:a", firstMissed(&a))
}

// A figure that is not known is never blank: it says what it needs.
func TestAvailabilityIsNeverBlank(t *testing.T) {
	part, users, down := 0.9999, 0.999, 3156.0
	a := &resilience.Assessment{Profile: "shop", Availability: []resilience.Availability{
		{Figure: resilience.Contract, Class: "all", Part: &part, Users: &users, Down: &down, DownUsers: &down},
		{Figure: resilience.History, Class: "all", Missing: []string{"public outages of a"}},
		{Figure: resilience.Own, Class: "all", Missing: []string{"regions[].availability"}},
	}, Findings: []remark.Remark{remark.New("resilience.no_log", "component", "db")}}
	text := written(t, "table", Resilience(a), Output{Width: 80})
	for _, want := range []string{"reads             99.99 %, 52 min 36 s  not known  not known",
		"… if nobody acts  99.9 %, 52 min 36 s", "availability: history needs public outages of a",
		"availability: own rates need regions[].availability", "Conflict  db: no copy has a log"} {
		require.Contains(t, text, want)
	}
}
