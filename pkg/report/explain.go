package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/words"
)

// ExplainSection is a part of an explanation that can be shown alone: a flag of explain.
type ExplainSection struct {
	Name, Doc string
	grids     func(*insight.ComponentReasoning) []Grid
	records   func(*insight.Explanation) *Grid // the same as one table for programs
}

// ExplainSections are the parts of an explanation in their order.
func ExplainSections() []ExplainSection {
	return []ExplainSection{
		{"load", "demand and load with their formulas", loadGrids, loadRecords},
		{"limits", "every limit with need, have and slack", limitGrids, limitRecords},
		{"alternatives", "what other machines would cost", alternativeGrids, alternativeRecords},
		{"rejected", "what does not carry the load, and why", rejectedGrids, rejectedRecords},
		{"buy", "how nodes are bought, and every way to buy them", buyGrids, buyRecords},
		{failuresName, "what fails and what then, with each figure derived", noGrids, failureRecords},
		{"lines", "lines of the bill with the sources of their prices", lineGrids, explainedLines},
		{"inputs", "inputs with where they come from", inputGrids, inputRecords},
	}
}

// Explanation is the document of `headroom explain`: demand, then for every
// component its limits with their slack, why this machine, the alternatives
// and the lines with their sources. Of the named sections alone where there are
// any, else of all, and in short. The records are those of the only named section,
// else a row for each component.
func Explanation(x *insight.Explanation, only ...string) Document {
	wanted := func(name string) bool { return len(only) == 0 || slices.Contains(only, name) }
	doc := Document{Title: x.Title, Data: newExplanationFile(x), Records: summaryRecords(x)}
	if len(only) == 0 {
		doc.Brief = explainBrief(x)
	}
	for _, s := range ExplainSections() {
		if len(only) == 1 && s.Name == only[0] {
			doc.Records = s.records(x)
		}
	}
	add := func(s Section) { doc.Sections = append(doc.Sections, s) }
	if len(x.Demand) > 0 && wanted("load") {
		add(Section{Name: "demand", Title: "Demand", Grids: []Grid{derivation(derivedTexts(x.Demand))},
			Notes: []string{"MODEL section 1 is headroom docs model 1, and so on."}})
	}
	if !x.Aims.IsZero() && len(only) == 0 {
		add(Section{Name: "aims", Title: words.Label(x.Aims) + ": " + words.Say(x.Aims)})
	}
	for i := range x.Components {
		if len(only) == 1 && only[0] == failuresName {
			break // it is about scenarios
		}
		s := componentSection(&x.Components[i], wanted)
		if len(x.Components) > 1 {
			s.Charts = reasoningCharts(&x.Components[i], fewDrawn) // beside each other they would be too many
		}
		add(s)
	}
	if len(x.Failures) > 0 && wanted(failuresName) {
		add(failureSection(x))
	}
	if x.Buying != nil && wanted("buy") {
		add(buyingSection(x.Buying))
	}
	if len(x.Quotas) > 0 && len(only) == 0 {
		add(Section{Name: "quotas", Title: "Quotas to ask for", Grids: []Grid{quotas(x.Quotas)}})
	}
	if x.Together != nil && len(only) == 0 {
		add(Section{Name: "together", Title: "All environments", Facts: togetherFacts(x)})
	}
	if len(x.Components) == 1 {
		doc.illustrate(0, reasoningCharts(&x.Components[0], mostDrawn)...)
	}
	return doc
}

func componentSection(c *insight.ComponentReasoning, wanted func(string) bool) Section {
	s := Section{Name: c.Part.Name, Title: c.Part.System + " (" + c.Part.Name + ", " + c.Part.Kind + ")"}
	why := words.Say(c.Why)
	if machine := strings.TrimSpace(c.Part.Machine + " " + c.Part.Storage); machine != "" {
		why = machine + ": " + why
	}
	s.Lead = append([]string{why}, partLead(&c.Part)...)
	if parts := severalParts(c.Part.Cost); parts != "" {
		s.Lead = append(s.Lead, "$"+c.Part.Cost.Total.Expected.Human()+" a month: "+parts)
	}
	for _, part := range ExplainSections() {
		if wanted(part.Name) {
			s.Grids = append(s.Grids, part.grids(c)...)
		}
	}
	if c.Weighed != nil && !c.Weighed.Changed.IsZero() {
		s.Facts = append(s.Facts, fact("The bill alone", words.Say(c.Weighed.Changed)))
	}
	if !c.Apart.IsZero() {
		s.Facts = append(s.Facts, fact("Partitions", words.Say(c.Apart)))
	}
	if !c.Grows.IsZero() {
		s.Facts = append(s.Facts, fact("Grows with", words.Say(c.Grows)))
	}
	s.Facts = append(s.Facts, adviceFacts(c)...)
	return s
}

// costPart is one of the parts of which the price of a component consists.
type costPart struct {
	name, short, key string
	of               func(*bill.ComponentCost) bill.Cost
}

// costParts are the parts in the order in which they are shown.
func costParts() []costPart {
	return []costPart{
		{"nodes", "nodes", "nodes_cost", func(c *bill.ComponentCost) bill.Cost { return c.Nodes }},
		{"storage", "storage", "storage_cost", func(c *bill.ComponentCost) bill.Cost { return c.Storage }},
		{"boot volumes", "boot", "boot_cost", func(c *bill.ComponentCost) bill.Cost { return c.Boot }},
		{"other", "other", "other_cost", func(c *bill.ComponentCost) bill.Cost { return c.Other }},
	}
}

// partsText says of what the price of a component consists: its nodes, its own storage and
// its part of the boot volumes.
func partsText(c *bill.ComponentCost) (text string, parts int) {
	var texts []string
	for _, p := range costParts() {
		if x := p.of(c); !x.Expected.IsZero() {
			texts = append(texts, p.name+" "+x.Expected.Human())
		}
	}
	return strings.Join(texts, " + "), len(texts)
}

// severalParts is partsText; "" where the price is of one kind.
func severalParts(c *bill.PartCost) string {
	if c == nil {
		return ""
	}
	text, n := partsText(&bill.ComponentCost{Nodes: c.Nodes, Storage: c.Storage, Boot: c.Boot, Other: c.Other})
	if n < 2 {
		return ""
	}
	return text
}

func loadGrids(c *insight.ComponentReasoning) []Grid {
	if len(c.Load)+len(c.Steps) == 0 {
		return nil
	}
	return []Grid{titled("Load and derivation", derivation(derivedTexts(slices.Concat(c.Load, c.Steps))))}
}

func limitGrids(c *insight.ComponentReasoning) []Grid {
	if len(c.Limits) == 0 {
		return nil
	}
	return []Grid{titled("Limits", limits(c.Limits))}
}

func alternativeGrids(c *insight.ComponentReasoning) []Grid {
	if len(c.Alternatives) == 0 {
		return nil
	}
	return []Grid{titled("Chosen, and the best of other families", alternatives(c))}
}

func rejectedGrids(c *insight.ComponentReasoning) []Grid {
	if len(c.Rejected) == 0 {
		return nil
	}
	g := Grid{Title: "Rejected", Columns: []Column{leftColumn("Fails on", "resource"),
		rightColumn("Layouts", "layouts"), leftColumn("Nearest", "nearest")}}
	for _, r := range c.Rejected {
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(r.Resource), {Text: fmt.Sprint(r.Layouts), Value: r.Layouts},
			text(nearestText(&r.Nearest))}})
	}
	return []Grid{g}
}

func buyGrids(c *insight.ComponentReasoning) []Grid {
	var out []Grid
	if len(c.Mix) > 0 {
		out = append(out, titled("Bought", mixes(c.Mix)), titled("Over time", overTime(c.Mix)))
	}
	if len(c.Purchase) > 0 {
		out = append(out, titled("Ways to buy it in "+c.Purchase[0].Region, offers(c.Purchase)))
	}
	return out
}

func lineGrids(c *insight.ComponentReasoning) []Grid {
	if len(c.Lines) == 0 {
		return nil
	}
	return []Grid{titled("Lines", priceLines(c.Lines))}
}

func inputGrids(c *insight.ComponentReasoning) []Grid {
	if len(c.Inputs) == 0 {
		return nil
	}
	return []Grid{titled("Inputs", inputs(c.Inputs))}
}
