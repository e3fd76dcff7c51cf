package report

import (
	"fmt"
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// mostDemand is how many steps of the demand a system shows in short: users, writes, reads.
const mostDemand = 3

// explainSystem is an explanation of all components in short: a row each, with what decided
// its size and what is next best, and the command that shows one.
func explainSystem(x *insight.Explanation) []Section {
	name := x.Profile.Name
	head := Section{Title: fmt.Sprintf("%s  %s a month   why each component is what it is", name,
		wholeDollars(x.Total.Expected.Float64()))}
	for i, s := range derivedTexts(x.Demand[:min(mostDemand, len(x.Demand))]) {
		label := ""
		if i == 0 {
			label = "Load"
		}
		head.Facts = append(head.Facts, fact(label, s.What+": "+s.Formula+" = "+s.Result))
	}
	g := Grid{Light: true, Columns: []Column{leftColumn("", "component"), decimalColumn("$/month", "cost"),
		leftColumn("machine", "machine"), leftColumn("nodes", "nodes"), leftColumn("sized by", "binds"),
		leftColumn("next best", "next")}}
	list := make([]*insight.ComponentReasoning, len(x.Components))
	for i := range x.Components {
		list[i] = &x.Components[i]
	}
	slices.SortStableFunc(list, func(a, b *insight.ComponentReasoning) int {
		return b.Part.Cost.Total.Expected.Cmp(a.Part.Cost.Total.Expected)
	})
	for _, c := range list {
		if divided(c) {
			continue
		}
		g.Rows = append(g.Rows, systemRow(c, x.Regions))
	}
	facts := quotaFacts(x)
	if b := x.Buying; b != nil {
		facts = append(facts, fact("Buy", fmt.Sprintf("nodes $%s a month as bought, $%s on demand, $%s upfront",
			b.Effective.Cents().Human(), b.OnDemand.Cents().Human(), b.Upfront.Cents().Human())))
	}
	facts = append(facts, togetherFacts(x)...)
	if !x.Aims.IsZero() {
		facts = append(facts, fact(words.Label(x.Aims), words.Say(x.Aims)))
	}
	out := []Section{head, {Grids: []Grid{g}, Facts: facts}}
	next := "headroom explain " + name
	if len(list) > 0 {
		next += " " + firstOf(list)
	}
	return append(out, Section{Lead: []string{next + " · " + flagsLine(true)}})
}

// firstOf is the component that shows most: the costliest with nodes, else the costliest.
func firstOf(list []*insight.ComponentReasoning) string {
	i := slices.IndexFunc(list, func(c *insight.ComponentReasoning) bool { return len(c.Limits) > 0 })
	return list[max(i, 0)].Part.Name
}

func systemRow(c *insight.ComponentReasoning, regions []string) Row {
	cost := c.Part.Cost.Total.Expected
	r := Row{Cells: []Cell{text(c.Part.Name), {Text: cost.Human(), Value: cost}}}
	nodes := nodesIn(&c.Part, regions)
	if c.Part.Machine == "" || nodes == "" {
		what := text(structure(c.Part, regions))
		what.Over = true
		return Row{Cells: append(r.Cells, what, Cell{}, Cell{}, Cell{})}
	}
	next := ""
	if len(c.Alternatives) > 0 {
		next = c.Alternatives[0].Machine + " " + signed(c.Alternatives[0].Difference)
	}
	if c.Part.Pinned {
		next = "pinned"
	}
	return Row{Cells: append(r.Cells, text(c.Part.Machine), text(nodes), text(sizedBy(c.Part.Binds)), text(next))}
}

// sizedBy is the resource that decided a component's size, and how much of it is used.
func sizedBy(b *bill.Bind) string {
	if b == nil {
		return ""
	}
	text := words.ShortResource(b.Resource)
	if b.Utilisation != nil {
		text += " " + unit.Percent(*b.Utilisation, 0)
	}
	return text
}

// togetherFacts say what all environments cost; nothing of a single component, and where
// there is production only.
func togetherFacts(x *insight.Explanation) []Fact {
	if x.Together == nil {
		return nil
	}
	return []Fact{closing(insight.TogetherFact(x.Together))}
}

// quotaFacts say what to ask the provider for.
func quotaFacts(x *insight.Explanation) []Fact {
	if len(x.Quotas) == 0 {
		return nil
	}
	var texts []string
	for i := range x.Quotas {
		q := &x.Quotas[i]
		texts = append(texts, fmt.Sprintf("%s %s in %s", unit.Whole(float64(q.Need)), words.QuotaOf(q.Of), q.Region))
	}
	return []Fact{fact(words.QuotaLabel, "ask for "+few(texts))}
}
