package plan

import (
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/market"
	"headroom/pkg/workload"
)

// nodeTypes are the machines of the market.
type nodeTypes struct {
	market *market.Market
	speeds *catalog.Speeds
	// generations says whether previous generations are left out.
	generations bool
}

func newNodeTypes(t *Tables, speeds *catalog.Speeds) nodeTypes {
	return nodeTypes{market: t.Market, speeds: speeds, generations: t.Vintage.CurrentOnly}
}

// checkAllowed refuses names under allow: that no type or family has. A misspelt
// one among others would silently narrow the choice.
func checkAllowed(p *workload.Profile, k *market.Market) error {
	var types, families []string
	var ps diag.Problems
	for _, e := range p.Components {
		if a := e.V.Allow; a != nil && !allKnown(a, k) {
			if types == nil {
				types, families = typeNames(k)
			}
			unknownNames(&ps, a.Types, a.TypeAt, names{"instance type", types, families, "families", a.Pos})
			unknownNames(&ps, a.Families, a.FamilyAt, names{"family", families, types, "types", a.Pos})
		}
	}
	return ps.Err()
}

// allKnown tells whether every type that is named is known, and no family is named.
func allKnown(a *workload.Allow, k *market.Market) bool {
	if len(a.Families) > 0 {
		return false // they are looked up in the list of all
	}
	for _, name := range a.Types {
		if _, ok := k.Find(name); !ok {
			return false
		}
	}
	return true
}

// typeNames are the names of types and of their families.
func typeNames(k *market.Market) (types, families []string) {
	for m := range k.All() {
		types = append(types, m.Name)
		families = append(families, m.Family)
	}
	slices.Sort(families)
	return types, slices.Compact(families)
}

// names are the known names of one list, and those of the list beside it.
type names struct {
	what          string
	known, beside []string
	key           string   // of the list beside it
	allow         diag.Pos // of the mapping: for an Allow that no file gave
}

func unknownNames(ps *diag.Problems, given []string, at []diag.Pos, n names) {
	for i, name := range given {
		if slices.Contains(n.known, name) {
			continue
		}
		hint := "headroom prices show TYPE tells what is known of a type"
		if near := diag.Suggest(name, n.known); near != "" {
			hint = "did you mean " + near + "?"
		}
		if slices.Contains(n.beside, name) {
			hint = "write it under " + n.key + ":"
		}
		pos := n.allow
		if i < len(at) {
			pos = at[i]
		}
		ps.Addf(pos, hint, "%s %q is not known", n.what, name)
	}
}

// allowed tells whether a type may be chosen (docs/model.md section 2). What
// counts as a previous generation is known as of 2025: older tables are not
// filtered by it.
func (n *nodeTypes) allowed(t *catalog.NodeType, a *workload.Allow) bool {
	if t.VCPU == 0 || t.Memory == 0 {
		return false
	}
	var none workload.Allow
	if a == nil {
		none.Default()
		a = &none
	}
	switch {
	case t.Accelerated && !a.Accelerated.V, t.BareMetal && !a.Metal.V, t.Flex && !a.Flex.V,
		t.Burstable && !a.Burstable.V:
		return false
	case t.Special && !slices.Contains(a.Types, t.Name) && !slices.Contains(a.Families, t.Family):
		return false
	case n.generations && !t.CurrentGeneration && !a.PreviousGeneration.V:
		return false
	case a.Arch != "" && a.Arch != t.Arch, t.VCPU < int(a.MinVCPU.V):
		return false
	case a.MinCores.V > 0 && (!t.PhysicalCores.OK || t.PhysicalCores.V < float64(a.MinCores.V)):
		return false
	case len(a.Types) > 0 && !slices.Contains(a.Types, t.Name),
		len(a.Families) > 0 && !slices.Contains(a.Families, t.Family):
		return false
	}
	return true
}

// alike lists the type and, where spot must be spread over several, those that
// take its place node for node: as many vCPUs, as much memory, as fast at every
// class of work.
func (n *nodeTypes) alike(m market.Machine, allow *workload.Allow, types int) []market.Machine {
	out, t := []market.Machine{m}, m.NodeType
	if types <= 1 {
		return out
	}
	for x := range n.market.All() {
		if x.Name == t.Name || x.VCPU != t.VCPU || x.Memory < t.Memory || !n.allowed(x.NodeType, allow) {
			continue
		}
		if n.asFast(x.NodeType, t) {
			out = append(out, x)
		}
	}
	return out
}

// asFast tells whether a type does any class of work at least as fast as
// another, by all that is known of the two.
func (n *nodeTypes) asFast(x, t *catalog.NodeType) bool {
	for class := range catalog.WorkClass(len(catalog.ClassNames())) {
		v, err := n.speeds.Speed(x, class, t)
		w, same := n.speeds.Speed(t, class, t)
		if err != nil || same != nil || v.RefVCPUs < w.RefVCPUs {
			return false
		}
	}
	return true
}

// Alike lists the types over which the spot nodes of a choice, which are of a type,
// may be spread: their own first, then those that take its place node for node. Where spot is not
// spread over several types, and for machines that are given without a workload,
// it is its own alone.
func (p *Plan) Alike(c *Choice, t *catalog.NodeType, types int) []market.Machine {
	m := p.Tables.Market.Of(t)
	if p.search == nil {
		return []market.Machine{m}
	}
	return p.search.alike(m, c.Component.Allow, types)
}
