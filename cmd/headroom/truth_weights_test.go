package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
)

const weightsIntro = `## Weights of the running cost

Machines are chosen by the bill and by three weights, for each node, for each shard and for families
that are not general. Nobody can look the weights up, and no other guesses of the model decide so
much. This is what changes when each is halved and doubled.

`

// weight is one of policy.running.
type weight struct {
	name   string
	is     float64
	format string // as a profile writes it
}

func (w *weight) text(times float64) string { return fmt.Sprintf(w.format, w.is*times) }

// weightsSection plans the shipped profiles with other weights.
func weightsSection(t *testing.T, cat *catalog.Catalog) string {
	names := []string{"small", "medium", "large"}
	w := workload.Default().Policy.Weights()
	var rows [][]string
	for _, x := range []weight{{"node", w.Node.V.Float64(), "$%g"}, {"shard", w.Shard.V.Float64(), "$%g"},
		{"family", float64(w.Family.V) * 100, "%g%%"}} {
		for _, times := range []float64{0.5, 2} {
			rows = append(rows, []string{x.name, x.text(1), x.text(times)})
		}
	}
	cells := make([]string, len(rows)*len(names))
	errs := make([]error, len(cells))
	inParallel(len(cells), func(i int) {
		input, value := "policy.running."+rows[i/len(names)][0], rows[i/len(names)][2]
		cells[i], errs[i] = moved(cat, names[i%len(names)], input, value)
	})
	for i := range rows {
		rows[i] = append(rows[i], cells[i*len(names):(i+1)*len(names)]...)
	}
	for _, err := range errs {
		require.NoError(t, err)
	}
	return weightsIntro + mdTable(append([]string{"Weight", "Is", "Then"}, names...), rows)
}

// moved says which machines of a shipped profile are others with another value
// of an input.
func moved(cat *catalog.Catalog, profile, input, value string) (string, error) {
	d, err := openCase(profile)
	if err != nil {
		return "", err
	}
	m, err := whatif.New(d, bill.Request{}, func(p *workload.Profile, r bill.Request) (*bill.Planned, error) {
		return bill.Search(p, cat, r)
	})
	if err != nil {
		return "", err
	}
	is, err := m.Plan(nil)
	if err != nil {
		return "", err
	}
	then, err := m.Plan([]whatif.Assignment{{Path: input, Text: value}})
	if err != nil {
		return "", err
	}
	return changes(states(is.Estimate), states(then.Estimate)), nil
}

// changes says which components have other machines, in the order of both lists.
func changes(was, is []state) string {
	before, after := map[string]string{}, map[string]string{}
	for _, s := range was {
		before[s.name] = s.machine
	}
	for _, s := range is {
		after[s.name] = s.machine
	}
	var out []string
	for _, s := range append(was, is...) {
		a, b := before[s.name], after[s.name]
		if a != b {
			out = append(out, s.name+": "+dash(a)+" → "+dash(b))
		}
		before[s.name] = b // said once
	}
	if out == nil {
		return "nothing"
	}
	return strings.Join(out, "; ")
}
