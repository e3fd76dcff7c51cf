package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/money"
)

// state is what a component of a shipped profile runs on, and costs.
type state struct {
	name    string
	machine string // "c8g.large × 1–3 + 1–3"; "" where it has no nodes of its own
	monthly money.Amount
	rule    string // which rule moved it; of testdata/cases/before.csv
}

const beforeIntro = `## small, medium and large before and after

The shipped profiles as they were planned before sizes were held against real systems, and as they
are now, in dollars a month. The program of that time wrote what was before, once
([before.csv](../testdata/cases/before.csv)). The rules are written by hand; a component whose
machines moved must have one.
`

// beforeSection puts what the shipped profiles were beside what they are.
func beforeSection(t *testing.T, cat *catalog.Catalog) string {
	was := map[string][]state{}
	for _, r := range readCSV(t, "cases/before.csv", "profile", "component", "machine", "monthly", "rule") {
		monthly, err := money.ParseAmount(r[3])
		require.NoError(t, err)
		was[r[0]] = append(was[r[0]], state{name: r[1], machine: r[2], monthly: monthly, rule: r[4]})
	}
	names := []string{"small", "medium", "large"}
	answers := make([]answer, len(names))
	inParallel(len(names), func(i int) { answers[i] = planned(cat, names[i]) })
	var b strings.Builder
	b.WriteString(beforeIntro)
	for i, name := range names {
		require.NoError(t, answers[i].err, name)
		b.WriteString("\n### " + name + "\n\n" + comparison(t, name, was[name], states(answers[i].Estimate)))
	}
	return b.String()
}

// states are the components of an estimate.
func states(e *bill.Estimate) []state {
	costs := map[string]money.Amount{}
	for i := range e.Lines {
		costs[e.Lines[i].Component] = costs[e.Lines[i].Component].Plus(e.Lines[i].Cost.Expected)
	}
	out := make([]state, 0, len(e.Parts))
	for i := range e.Parts {
		p := &e.Parts[i]
		out = append(out, state{name: p.Name, machine: machineText(p), monthly: costs[p.Name]})
	}
	return out
}

// machineText is the machine with the nodes of each pool and the storage.
func machineText(p *bill.Part) string {
	if p.Machine == "" {
		return ""
	}
	pools := make([]string, len(p.Pools))
	for i, x := range p.Pools {
		n := fmt.Sprint(x.Max)
		if x.Min != x.Max {
			n = fmt.Sprintf("%d–%d", x.Min, x.Max)
		}
		pools[i] = strings.TrimSpace(n + " " + x.Role)
	}
	text := p.Machine + " × " + strings.Join(pools, " + ")
	if p.Storage != "" {
		text += ", " + p.Storage
	}
	return text
}

// comparison is the table of a profile: its components in the order of today,
// and then those that are not there any more.
func comparison(t *testing.T, profile string, was, is []state) string {
	before := map[string]state{}
	var wasTotal, isTotal money.Amount
	for _, s := range was {
		before[s.name] = s
		wasTotal = wasTotal.Plus(s.monthly)
	}
	var rows [][]string
	row := func(a, b state) {
		checkRule(t, profile, a, b)
		rows = append(rows, []string{b.name, dash(a.machine), a.monthly.Dollars(), dash(b.machine), b.monthly.Dollars(),
			a.rule})
		delete(before, b.name)
	}
	for _, s := range is {
		isTotal = isTotal.Plus(s.monthly)
		row(before[s.name], s)
	}
	for _, s := range was {
		if _, left := before[s.name]; left {
			row(s, state{name: s.name})
		}
	}
	rows = append(rows, []string{"**total**", "", wasTotal.Dollars(), "", isTotal.Dollars(), ""})
	return mdTable([]string{"Component", "Before", "$", "Now", "$", "Rule that moved it"}, rows)
}

// checkRule wants a rule where the machines moved, and none where nothing did.
func checkRule(t *testing.T, profile string, was, is state) {
	switch moved := was.machine != is.machine; {
	case moved && was.rule == "":
		assert.Fail(t, "testdata/cases/before.csv does not say which rule moved the machines",
			"%s, %s: %s, now %s", profile, is.name, dash(was.machine), dash(is.machine))
	case !moved && was.rule != "" && was.monthly.Equal(is.monthly):
		assert.Fail(t, "testdata/cases/before.csv names a rule for what did not move", "%s, %s: %s", profile, is.name,
			was.rule)
	}
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
