package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/unit"
)

// estimatesOf are the estimates that a document is about; none for those of other
// commands.
func estimatesOf(doc Document) []bill.Estimate {
	file, _ := doc.Data.(envelope)
	return file.Estimates
}

// NoDiagram says that a document has no components that could be drawn.
type NoDiagram struct{}

func (NoDiagram) Error() string {
	return "only estimates have components to draw; use --format mermaid with headroom estimate or render"
}

// writeMermaid writes the components of estimates as a flow chart
// (https://mermaid.js.org/syntax/flowchart.html), each estimate in a frame of its own.
func writeMermaid(b *bytes.Buffer, doc Document, _ Output) error {
	estimates := estimatesOf(doc)
	if len(estimates) == 0 {
		return NoDiagram{}
	}
	drawDiagram(b, estimates)
	return nil
}

func drawDiagram(b *bytes.Buffer, estimates []bill.Estimate) {
	b.WriteString("flowchart LR\n")
	for i := range estimates {
		d := diagram{b: b, e: &estimates[i], prefix: fmt.Sprintf("s%d", i+1), indent: "  "}
		d.line(`subgraph %s["%s"]`, d.prefix, diagramText(d.title()))
		d.indent += "  "
		d.write()
		b.WriteString("  end\n")
	}
}

// diagramBlock is a flow chart of estimates as a block that GitHub and GitLab draw; ""
// where nothing calls anything.
func diagramBlock(estimates []bill.Estimate) string {
	calls := slices.ContainsFunc(estimates, func(e bill.Estimate) bool { return len(e.Edges) > 0 })
	if !calls {
		return ""
	}
	var b bytes.Buffer
	drawDiagram(&b, estimates)
	return "\n```mermaid\n" + b.String() + "```\n"
}

// diagram writes one estimate. Names of nodes are made of the place of a component, so
// that no name of a user is taken for a keyword.
type diagram struct {
	b      *bytes.Buffer
	e      *bill.Estimate
	prefix string
	indent string
}

func (d *diagram) line(format string, args ...any) {
	d.b.WriteString(d.indent)
	fmt.Fprintf(d.b, format, args...)
	d.b.WriteByte('\n')
}

func (d *diagram) users() string { return d.prefix + "users" }

func (d *diagram) node(i int) string { return fmt.Sprintf("%sc%d", d.prefix, i+1) }

// part is the place of a component.
func (d *diagram) part(name string) int {
	return slices.IndexFunc(d.e.Parts, func(p bill.Part) bool { return p.Name == name })
}

// title is the name, where, and what it costs with all environments where there are some.
func (d *diagram) title() string {
	text := d.e.Profile.Name + ", " + strings.Join(d.e.Regions, " + ")
	if t := d.e.Together; t != nil {
		least := ""
		if t.Lacks() {
			least = "≥ "
		}
		text += ", " + d.e.Total.Expected.Dollars() + " a month, " + least + t.Total.Expected.Dollars() +
			" with all environments"
	}
	return text
}

// write writes nodes, then edges, then what no edge leads to.
func (d *diagram) write() {
	connected := map[int]bool{}
	for _, e := range d.e.Edges {
		connected[d.part(e.From)], connected[d.part(e.To)] = true, true
	}
	if dem := d.e.Demand; dem != nil && connected[-1] {
		d.line(`%s(["%s users"])`, d.users(), diagramText(unit.Count(dem.Users).Human()))
	}
	for i := range d.e.Parts {
		if connected[i] {
			d.line(`%s["%s"]`, d.node(i), d.label(&d.e.Parts[i]))
		}
	}
	for _, e := range d.e.Edges {
		from, arrow := d.users(), "-->"
		if i := d.part(e.From); i >= 0 {
			from = d.node(i)
		}
		if e.Mode == "async" {
			arrow = "-.->"
		}
		if to := d.part(e.To); to >= 0 {
			d.line(`%s %s|"%s"| %s`, from, arrow, diagramText(edgeRates(&e)), d.node(to))
		}
	}
	var alone []int
	for i := range d.e.Parts {
		if !connected[i] {
			alone = append(alone, i)
		}
	}
	if len(alone) == 0 {
		return
	}
	name := "called by nobody"
	if len(alone) == len(d.e.Parts) {
		name = "components"
	}
	d.line(`subgraph %salone["%s"]`, d.prefix, name)
	for _, i := range alone {
		d.line(`  %s["%s"]`, d.node(i), d.label(&d.e.Parts[i]))
	}
	d.line("end")
}

// edgeRates are the calls of an edge per second.
func edgeRates(e *bill.Edge) string {
	all := unit.Quantity(e.Reads+e.Writes, "/s")
	switch {
	case e.Writes == 0:
		return all
	case e.Reads == 0:
		return all + " writes"
	}
	return all + ", of which " + unit.Quantity(e.Writes, "/s") + " writes"
}

// label is a component with its machine and its nodes, region by region where they are
// not alike.
func (d *diagram) label(p *bill.Part) string {
	lines := []string{diagramText(p.System)}
	if p.Machine != "" {
		nodes := nodesIn(p, d.e.Regions)
		if len(d.e.Regions) > 1 && !strings.Contains(nodes, "×") {
			var each []string
			for _, r := range d.e.Regions {
				if n := nodesIn(p, []string{r}); n != "" {
					each = append(each, n+" "+r)
				}
			}
			nodes = strings.Join(each, ", ")
		}
		lines = append(lines, diagramText(p.Machine), diagramText(nodes))
	}
	return strings.Join(lines, "<br/>")
}

// diagramText is a text within quotes of a flow chart. What could end it, or be markup,
// HTML or a link, is written as an entity code
// (https://mermaid.js.org/syntax/flowchart.html, "Entity codes to escape characters").
func diagramText(s string) string {
	var b strings.Builder
	for _, r := range printable(strings.TrimSpace(s)) {
		if name, ok := entities(r); ok {
			b.WriteString("#" + name + ";")
		} else {
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("www.", "www#period;", "WWW.", "WWW#period;").Replace(b.String())
}

// entities are the names, in HTML, of what does not stand for itself in a flow chart.
func entities(r rune) (string, bool) {
	name, ok := map[rune]string{'"': "quot", '#': "num", '&': "amp", '<': "lt", '>': "gt", '`': "grave", '@': "commat",
		':': "colon", ';': "semi", '\\': "bsol", '*': "ast", '_': "lowbar", '|': "vert", '[': "lsqb", ']': "rsqb",
		'{': "lcub", '}': "rcub", '(': "lpar", ')': "rpar", '$': "dollar", '%': "percnt", '~': "Tilde"}[r]
	return name, ok
}
