package catalog

import (
	"io/fs"
	"slices"

	"headroom/pkg/diag"
)

// VintagesName is the path of the list of vintages. It is written by hand: what
// it says follows from what was known of the types of a vintage, not from the
// date in the vintage's name.
const VintagesName = "vintages.csv"

// Properties are what holds for a vintage as a whole.
type Properties struct {
	// NetworkKnown tells whether the hardware tables have the network baseline
	// of most types. Where they have not, the network cannot be checked.
	NetworkKnown bool
	// CurrentOnly tells whether types of previous generations are left out
	// unless a profile asks for them. The hardware tables mark the generations
	// of today, which says nothing about an old vintage.
	CurrentOnly bool
	// Base is the vintage on whose tables this one builds: a price that it does not
	// state is that of the base. "" where its tables stand alone.
	Base string
}

// readProperties reads the list of vintages, which must name those of the
// manifest, in order.
func readProperties(fsys fs.FS, vintages []string) (map[string]Properties, error) {
	data, err := fs.ReadFile(fsys, VintagesName)
	if err != nil {
		return nil, diag.Problem{Pos: diag.Pos{File: VintagesName},
			Summary: "the list of vintages cannot be read: " + err.Error(),
			Hint:    "give the folder of the tables this file; pricing/README.md describes it"}
	}
	t, err := readTable(VintagesName, data, "vintage", "base", "network_known", "current_generation_only",
		"why")
	if err != nil {
		return nil, err
	}
	var ps diag.Problems
	yes := func(row int, column string) bool {
		answer := t.cell(row, t.col(column))
		if answer != "yes" && answer != "no" {
			ps.Add(hinted(t.problem(row, column, "%s is %q", column, answer), "write yes or no"))
		}
		return answer == "yes"
	}
	out := make(map[string]Properties, t.len())
	for row := range t.len() {
		name := t.cell(row, t.col("vintage"))
		switch {
		case !slices.Contains(vintages, name):
			ps.Add(hinted(t.problem(row, "vintage", "%s has no vintage %q", ManifestName, name),
				"remove the row, or correct the name"))
		case row > 0 && t.text(row-1) >= t.text(row):
			ps.Add(hinted(t.problem(row, "vintage", "the row is not sorted, or repeats the one before"),
				"sort the rows by vintage"))
		}
		base := t.cell(row, t.col("base"))
		if _, ok := out[base]; !ok && base != "" {
			ps.Add(hinted(t.problem(row, "base", "the base is %q, which is not an older vintage of this list", base),
				"name a vintage of a row above, or leave the cell blank"))
		}
		out[name] = Properties{NetworkKnown: yes(row, "network_known"),
			CurrentOnly: yes(row, "current_generation_only"), Base: base}
	}
	for _, name := range vintages {
		if _, ok := out[name]; !ok {
			ps.Addf(diag.Pos{File: VintagesName}, "add a row for it", "the vintage %s is missing", name)
		}
	}
	if len(ps) > 0 {
		return nil, ps.Err()
	}
	return out, nil
}

// properties holds what the list of vintages says against the types that the
// vintage prices.
func (vf *verifier) properties(v *Vintage) {
	priced := map[string]bool{}
	for _, name := range v.Regions() {
		if r, err := v.Region(name); err == nil { // region reports the error
			for _, t := range r.Types() {
				priced[t] = true
			}
		}
	}
	types, known, current := 0, 0, 0
	for name := range priced {
		t, ok := vf.cat.NodeType(name)
		if !ok {
			continue
		}
		types++
		if !t.NetworkAssumed {
			known++
		}
		if t.CurrentGeneration {
			current++
		}
	}
	if v.NetworkKnown != (2*known > types) {
		vf.addf(VintagesName, 0, "network_known of %s is %s, but %d of its %d types have a network baseline",
			v.name, yesNo(v.NetworkKnown), known, types)
	}
	if v.CurrentOnly && current == 0 {
		vf.addf(VintagesName, 0,
			"current_generation_only of %s is yes, but none of its types is of a current generation", v.name)
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
