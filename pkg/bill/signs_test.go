package bill

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/plan"
	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// The columns of testdata/signs.csv beside input, factor and why: components,
// and the three ways on which bytes are billed instead of the component
// transfer, as they move apart.
const (
	signInternet = "internet"
	signRegions  = "regions"
	signZones    = "zones"
)

// figures are what a component needs, has and costs, by name.
type figures map[string]float64

// TestSigns changes every input of each testdata/signs*.yaml, on the same machines: '+'
// means that something of the component grows and nothing falls, '0' that nothing of it
// changes. Every kind is in one of them.
func TestSigns(t *testing.T) {
	t.Parallel()
	systems, err := filepath.Glob("../../testdata/signs*.yaml")
	require.NoError(t, err)
	kinds := map[string]bool{}
	for _, file := range systems {
		t.Run(filepath.Base(file), func(t *testing.T) { signsOf(t, strings.TrimSuffix(file, ".yaml"), kinds) })
	}
	for _, k := range sizing.Kinds() {
		require.True(t, kinds[k.Word()], "no sign of kind %s", k.Word())
	}
}

// signsOf tests the signs of a system, FILE.csv for FILE.yaml, and notes its kinds.
func signsOf(t *testing.T, file string, kinds map[string]bool) {
	data, err := os.ReadFile(file + ".csv")
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	require.NoError(t, err)
	head := rows[0]
	last := len(head) - 1
	require.Equal(t, []string{"input", "factor"}, head[:2])
	require.Equal(t, "why", head[last])
	columns := head[2:last]

	cat := testCatalog(t)
	source, err := os.ReadFile(file + ".yaml")
	require.NoError(t, err)
	p := byBillAlone(parseProfile(t, string(source)))
	for _, c := range p.Components {
		kinds[c.V.Kind] = true
	}
	machines := machinesOf(buildAny(t, p, cat, Request{}))
	of := func(inputs ...workload.Override) map[string]figures {
		r, err := Make(p, cat, Request{Situation: workload.Situation{Inputs: inputs},
			Options: plan.Options{Force: machines}})
		require.NoError(t, err)
		return columnsOf(t, r)
	}
	before := of()
	for _, name := range columns {
		require.Contains(t, before, name, "no such component")
	}
	for name := range before {
		require.Contains(t, columns, name, "component without a column")
	}
	require.Len(t, columns, len(before), "a column twice")
	require.Equal(t, inputsOf(p), inputColumn(rows), "every input that the profile gives has one row, in its order")

	for _, row := range rows[1:] {
		factor, err := strconv.ParseFloat(row[1], 64)
		require.NoError(t, err, row[0])
		require.Greater(t, math.Abs(factor-1), 0.1, row[0])
		require.NotEmpty(t, row[last], "%s: say why", row[0])
		require.Contains(t, strings.Join(row[2:last], ""), "+", "%s moves nothing", row[0])
		k := slices.IndexFunc(p.Inputs(), func(in workload.Input) bool { return in.Path == row[0] })
		require.GreaterOrEqual(t, k, 0, row[0])
		after := of(p.Inputs()[k].Scaled(factor))
		for i, name := range columns {
			want := row[2+i]
			require.Contains(t, []string{"+", "0"}, want, "%s, %s", row[0], name)
			got, detail := sign(before[name], after[name])
			if want != got {
				t.Errorf("%s × %s moves %s by %q, not %q: %s", row[0], row[1], name, got, want,
					strings.Join(detail, "; "))
			}
		}
	}
}

// inputColumn is the first column without its heading.
func inputColumn(rows [][]string) []string {
	var out []string
	for _, row := range rows[1:] {
		out = append(out, row[0])
	}
	return out
}

// inputsOf lists the quantities that a profile gives; a time zone is none.
func inputsOf(p *workload.Profile) []string {
	var out []string
	for _, in := range p.Inputs() {
		if in.Set && in.Numeric() && !strings.HasSuffix(in.Path, ".tz") {
			out = append(out, in.Path)
		}
	}
	return out
}

// nodesIn is how many nodes there are of the role of a limit.
func nodesIn(l *sizing.Layout, lim *sizing.RegionLimit) int {
	for _, p := range l.Pools {
		if p.Region == lim.Region && p.Role == lim.Role {
			return p.Max
		}
	}
	return 1
}

// columnsOf collects the figures of every column.
func columnsOf(t require.TestingT, r *Result) map[string]figures {
	out := map[string]figures{}
	for _, c := range r.Plan.Choices {
		name := c.Component.Name
		if c.Component.Kind != "transfer" {
			out[name] = figures{"$": unrounded(r, name).Float64()}
		}
		l := c.Layout
		for _, lim := range l.Limits {
			one := lim.State != capacity.Own || c.Component.Kind == "search"
			if one && (lim.Of.Name == "disk iops" || lim.Of.Name == "disk throughput") {
				continue // what one node does, the busiest or while others are lost, times all nodes
			}
			if lim.Of == capacity.Uplink { // which is stated, and not bought by the load
				out[name]["uplink"] += lim.Have
			}
			if lim.Of == capacity.Nodes || lim.Of.Name == "shards" {
				continue // listed where it binds only; on the busiest of more nodes there are fewer
			}
			need := lim.Need
			if lim.Parts > 0 { // of the busiest node times all: of more, smaller parts it may have less
				if lim.State != capacity.Own && lim.State != capacity.CatchUp {
					continue
				}
				need *= float64(lim.Parts) / float64(lim.Most*nodesIn(l, &lim))
			}
			out[name][fmt.Sprintf("need of %s, %s, %d%s", lim.Of.Name, lim.State, lim.Region, lim.Role)] += need
		}
		for _, p := range l.Pools {
			key := fmt.Sprintf("nodes %d%s", p.Region, p.Role)
			out[name][key] += float64(p.Max)
			out[name][key+" mean"] += p.Mean
		}
		for _, f := range l.Crossings {
			out[name][fmt.Sprintf("%s %d→%d", f.What, f.From, f.To)] += float64(f.Bytes)
		}
		if l.Type != nil {
			continue // disks fall where more nodes need less spare room each; their cost is in the component's
		}
		for _, u := range l.Usage {
			column := name
			if c.Component.Kind == "transfer" {
				switch {
				case u.Meter.Item() == "out to internet":
					column = signInternet
				case strings.HasPrefix(u.Meter.Item(), "between AZs"):
					column = signZones
				case strings.HasPrefix(u.Meter.Item(), "to "):
					column = signRegions
				default:
					require.Fail(t, "no column for transfer", u.Meter.Item())
				}
			}
			if out[column] == nil {
				out[column] = figures{}
			}
			out[column][fmt.Sprintf("%s %s %d %s", u.Meter.Service(), u.Meter.Item(), u.Region, u.Label)] += u.Quantity
		}
	}
	return out
}

// sign is what a change did to the figures: "+", "0", "-" or, where some grew
// and others fell, "±", with the figures that moved.
func sign(before, after figures) (string, []string) {
	keys := map[string]bool{}
	for k := range before {
		keys[k] = true
	}
	for k := range after {
		keys[k] = true
	}
	up, down := false, false
	var detail []string
	for k := range keys {
		a, b := before[k], after[k]
		if math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) {
			continue
		}
		up, down = up || b > a, down || b < a
		detail = append(detail, fmt.Sprintf("%s %.6g → %.6g", k, a, b))
	}
	slices.Sort(detail)
	switch {
	case up && down:
		return "±", detail
	case up:
		return "+", detail
	case down:
		return "-", detail
	}
	return "0", detail
}
