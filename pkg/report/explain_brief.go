package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/purchase"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

const (
	mostNext     = 3 // other machines that are named
	mostFormulas = 2
	mostItems    = 8 // rows of what a component without nodes is billed for
)

// explainBrief is an explanation in short: of one component, or a row for each of several.
func explainBrief(x *insight.Explanation) []Section {
	if len(x.Components) != 1 {
		return explainSystem(x)
	}
	c := &x.Components[0]
	head := Section{Title: headlineOf(c), Lead: structureLead(c), Facts: choiceFacts(c)}
	var middle Section
	if len(c.Limits) > 0 {
		middle.Grids = []Grid{limitsGrid(c)}
	} else if g := itemsGrid(c.Lines); len(g.Rows) > 0 {
		middle.Grids = []Grid{g}
	}
	out := []Section{head}
	if len(middle.Grids) > 0 {
		out = append(out, middle)
	}
	if end := slices.Concat(loadFacts(c), diskFacts(c), buyFacts(c), apartFacts(c), growFacts(c), adviceFacts(c),
		riskFacts(c)); len(end) > 0 {
		out = append(out, Section{Facts: end})
	}
	return append(out, Section{Lead: []string{flagsLine(false)}})
}

// flagsLine names what shows the rest: of a component what is about components.
func flagsLine(system bool) string {
	var flags []string
	for _, s := range ExplainSections() {
		if system || s.Name != failuresName {
			flags = append(flags, "--"+s.Name)
		}
	}
	return strings.Join(flags, " ") + ", or --all"
}

// headlineOf is what a component is and costs.
func headlineOf(c *insight.ComponentReasoning) string {
	what := c.Part.Machine
	if nodes := nodesIn(&c.Part, regionsOfPart(&c.Part)); nodes != "" && what != "" {
		what += " " + nodes
	}
	cost := fmt.Sprintf("$%s a month, %s", c.Part.Cost.Total.Expected.Human(), unit.Percent(c.Part.Cost.Share, 0))
	if divided(c) {
		cost = "$" + costOf(c.Lines).Expected.Human() + " a month, in the cost of the components that have them"
	}
	return strings.TrimSpace(c.Part.System + "  " + cost + "   " + cmp.Or(what, c.Part.Kind))
}

// divided tells whether others bear what a component is billed for, as those with nodes do
// the boot volumes.
func divided(c *insight.ComponentReasoning) bool {
	return c.Part.Cost.Total.Expected.IsZero() && !costOf(c.Lines).Expected.IsZero()
}

// regionsOfPart are the regions in which a component has nodes.
func regionsOfPart(p *bill.Part) []string {
	var names []string
	for _, pool := range p.Pools {
		names = append(names, pool.Region)
	}
	return distinct(names...)
}

// structureLead says where which nodes are, and what the component consists of.
func structureLead(c *insight.ComponentReasoning) []string {
	regions := regionsOfPart(&c.Part)
	var parts []string
	byRole := map[string][]string{}
	for _, region := range regions {
		here := roles(c.Part, []string{region})
		byRole[here] = append(byRole[here], region)
	}
	for _, region := range regions {
		here := roles(c.Part, []string{region})
		if where := byRole[here]; len(where) > 0 && where[0] == region {
			parts = append(parts, strings.TrimSpace(here+" in "+strings.Join(where, " and ")))
		}
	}
	lead := strings.TrimPrefix(strings.Join(parts, ", "), "in ")
	if what := structure(c.Part, regions); what != "" {
		lead = strings.TrimPrefix(lead+" · "+what, " · ")
	}
	if lead == "" {
		return nil
	}
	return []string{lead}
}

// choiceFacts say of what the cost consists, why this machine, and what is next best.
func choiceFacts(c *insight.ComponentReasoning) []Fact {
	var out []Fact
	if parts := severalParts(c.Part.Cost); parts != "" {
		out = append(out, fact("Cost", parts))
	}
	out = append(out, fact("Why", words.ShortWhy(c.Why)))
	if c.Weighed != nil && c.Weighed.ByBill != nil {
		b := c.Weighed.ByBill
		out = append(out, fact("", fmt.Sprintf("by the bill alone %s %s", otherMachine(b), signed(b.Difference))))
	}
	var next []string
	for i := range c.Alternatives[:min(mostNext, len(c.Alternatives))] {
		a := &c.Alternatives[i]
		next = append(next, otherMachine(a)+" "+signed(a.Difference))
	}
	if len(next) > 0 {
		out = append(out, fact("Next", strings.Join(next, " · ")))
	}
	return out
}

// otherMachine names a machine with its storage.
func otherMachine(a *insight.OtherMachine) string {
	return strings.TrimSpace(a.Machine + " " + a.Storage)
}

// loadFacts are what arrives at a component where most does, and how that becomes the need
// of which it has the least room.
func loadFacts(c *insight.ComponentReasoning) []Fact {
	var texts []string
	if load := mostLoad(derivedTexts(c.Load)); load != "" {
		texts = append(texts, load)
	}
	formulas := formulasOf(c)
	for i := range formulas[:min(mostFormulas, len(formulas))] {
		f := &formulas[i]
		texts = append(texts, strings.TrimSuffix(f.What+": "+f.Formula+" = "+f.Result, " = "))
	}
	if more := len(formulas) - mostFormulas; more > 0 {
		texts = append(texts, fmt.Sprintf("%d more: --load", more))
	}
	var out []Fact
	for i, t := range texts {
		label := ""
		if i == 0 {
			label = "Load"
		}
		out = append(out, fact(label, t))
	}
	return out
}

// mostLoad is what arrives in the region that has most of it, with those that have the same.
func mostLoad(list []derivedText) string {
	var most *derivedText
	for i := range list {
		if d := &list[i]; d.Rate > 0 && (most == nil || d.Rate > most.Rate) {
			most = d
		}
	}
	if most == nil {
		return ""
	}
	var where []string
	for i := range list {
		if d := &list[i]; d.Result == most.Result && d.Formula == most.Formula {
			where = append(where, d.Region)
		}
	}
	label := strings.Join(where, " and ")
	if len(where) < len(list) {
		label = "most in " + label
	}
	return label + ": " + most.Result + ", " + most.Formula
}

// formulasOf are the steps that lead to the need of which a component has the least room,
// or, where none does, of the fullest for which there are some; all steps of a component
// without limits.
func formulasOf(c *insight.ComponentReasoning) []derivedText {
	steps := derivedTexts(c.Steps)
	if len(c.Limits) == 0 {
		return distinctSteps(steps, func(*derivedText) bool { return true })
	}
	var resources []string
	if f := c.Part.Fullest; f != nil {
		resources = append(resources, f.Resource)
	}
	for _, l := range fullest(c) {
		resources = append(resources, l.Resource)
	}
	for _, resource := range resources {
		out := distinctSteps(steps, func(s *derivedText) bool { return s.Of == resource })
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// distinctSteps are steps of which none says what another does, as those of regions alike do.
func distinctSteps(list []derivedText, wanted func(*derivedText) bool) []derivedText {
	var out []derivedText
	for i := range list {
		s := &list[i]
		if wanted(s) && !slices.ContainsFunc(out, func(o derivedText) bool {
			return o.Formula == s.Formula && o.Result == s.Result
		}) {
			out = append(out, *s)
		}
	}
	return out
}

// diskFacts say which disks a node has.
func diskFacts(c *insight.ComponentReasoning) []Fact {
	var texts []string
	for i := range c.Part.Disks {
		texts = append(texts, diskText(&c.Part.Disks[i]))
	}
	if texts = distinct(texts...); len(texts) == 0 {
		return nil
	}
	return []Fact{fact("Disk", few(texts)+" a node")}
}

// diskText are the disks of a node: "2 × 132 GiB gp3, 3,000 IOPS and 125 MiB/s each".
func diskText(d *bill.NodeDisks) string {
	size := d.Bytes
	if size == 0 {
		size = d.Usable / float64(max(d.Count, 1))
	}
	text := fmt.Sprintf("%d × %s %s", d.Count, unit.Bytes(size).Human(), d.Volume)
	if d.RAID > 0 {
		text += fmt.Sprintf(" RAID %d", d.RAID)
	}
	if d.IOPS > 0 {
		text += fmt.Sprintf(", %s IOPS", unit.Whole(d.IOPS))
	}
	if d.Throughput > 0 {
		text += ", " + unit.ByteRate(d.Throughput).Human()
	}
	return text
}

// buyFacts are the price of a node on demand, and the cheapest way of each term; where
// nodes are bought so, how many.
func buyFacts(c *insight.ComponentReasoning) []Fact {
	var parts []string
	now := cheapestOf(c.Purchase, func(o *insight.Offer) bool { return o.Kind == purchase.OnDemand })
	switch {
	case now != nil && now.Month > 0:
		parts = append(parts, "$"+unit.Decimals(now.Month, 2)+" a month, whatever hours it runs")
	case now != nil:
		parts = append(parts, "$"+unit.Decimals(now.Effective, 4)+"/h")
	}
	pays := ""
	for _, years := range []int{1, 3} {
		o := cheapestOf(c.Purchase, func(o *insight.Offer) bool { return o.Years == years })
		if o == nil {
			continue
		}
		parts = append(parts, words.Counted(years, "year")+" $"+unit.Decimals(o.Effective, 4)+against(o, now))
		if o.BreakEven > 0 {
			pays = ", pays from " + unit.Percent(o.BreakEven, 0)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	out := []Fact{fact("Buy", strings.Join(parts, " · ")+pays)}
	var mixes []string
	for i := range c.Mix {
		if len(c.Mix[i].Mix) > 0 {
			mixes = append(mixes, strings.TrimSpace(c.Mix[i].Region+" "+c.Mix[i].Role)+" "+mixText(&c.Mix[i]))
		}
	}
	if len(mixes) > 0 {
		out = append(out, fact("", "bought: "+few(mixes)))
	}
	return out
}

// cheapestOf is the cheapest offer of some that has a price.
func cheapestOf(list []insight.Offer, of func(*insight.Offer) bool) *insight.Offer {
	var best *insight.Offer
	for i := range list {
		if o := &list[i]; of(o) && o.Effective > 0 && (best == nil || o.Effective < best.Effective) {
			best = o
		}
	}
	return best
}

// against is how much less an offer costs than on demand.
func against(o, now *insight.Offer) string {
	if now == nil {
		return ""
	}
	return " " + unit.SignedPercent(o.Effective-now.Effective, now.Effective, 0)
}

// apartFacts say what functional partitions would cost apart that are on one primary.
func apartFacts(c *insight.ComponentReasoning) []Fact {
	if c.Apart.IsZero() {
		return nil
	}
	return []Fact{fact("Part", words.Say(c.Apart))}
}

func growFacts(c *insight.ComponentReasoning) []Fact {
	if c.Grows.IsZero() {
		return nil
	}
	return []Fact{fact("Grow", words.Say(c.Grows))}
}

// adviceFacts say what would cost less.
func adviceFacts(c *insight.ComponentReasoning) []Fact {
	var out []Fact
	for _, r := range c.Advice {
		out = append(out, closing(r))
	}
	return out
}

// riskFacts are the warnings of a component.
func riskFacts(c *insight.ComponentReasoning) []Fact {
	var out []Fact
	for _, w := range c.Part.Warnings {
		_, what := words.Short(w)
		if region := w.Text("region"); region != "" {
			what = region + ": " + what
		}
		out = append(out, toned(words.RiskLabel, what))
	}
	if more := len(out) - mostRisks; more > 1 {
		out = append(out[:mostRisks:mostRisks], toned(words.RiskLabel, fmt.Sprintf("%d more: --all", more)))
	}
	return out
}

// itemsGrid is what a component without nodes is billed for, the dearest first, that of all
// regions together.
func itemsGrid(lines []bill.Line) Grid {
	g := Grid{Light: true, Columns: []Column{leftColumn("Billed for", "item"), leftColumn("of", "notes"),
		rightColumn("quantity", "quantity"), decimalColumn("price", "unit_price"), decimalColumn("$/month", "total"),
		{Key: "bar", Spare: true}}}
	groups := gather(lines, func(l bill.Line) string { return l.Name() + "\x00" + l.Unit + "\x00" + noteOf(&l) })
	slices.SortStableFunc(groups, func(a, b []bill.Line) int { return costOf(b).Expected.Cmp(costOf(a).Expected) })
	rest := bill.Cost{}
	for i, same := range groups {
		cost := costOf(same)
		if i >= mostItems && len(groups) > mostItems+1 {
			rest = rest.Plus(cost)
			continue
		}
		_, n, _ := quantities(same)
		notes := noteOf(&same[0])
		if strings.EqualFold(notes, same[0].System) {
			notes = ""
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(same[0].Name()), text(notes),
			{Text: amountOf(n, same[0].Unit), Value: n}, priceCell(same), {Text: cost.Expected.Human(), Value: cost},
			barCell(cost.Expected.Float64()/max(costOf(groups[0]).Expected.Float64(), 0.01), longestBar)}})
	}
	if more := len(groups) - len(g.Rows); more > 0 {
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(fmt.Sprintf("%d smaller", more)), {}, {}, {},
			{Text: rest.Expected.Human(), Value: rest}, {}}})
	}
	return g
}
