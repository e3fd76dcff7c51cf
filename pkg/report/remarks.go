package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/budget"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// closing makes a closing line of a remark.
func closing(r remark.Remark) Fact { return fact(words.Label(r), words.Say(r)) }

// Doubts are the sentences of what contradicts itself in a planned profile, each after
// the component that it is about; none of a profile whose machines are given.
func Doubts(p *plan.Plan) []string {
	var out []string
	if p.System == nil {
		return nil
	}
	for _, c := range p.Choices {
		for _, r := range p.System.Doubts(c.Component) {
			out = append(out, c.Component.Name+": "+sayOf(r))
		}
	}
	return out
}

// withoutAims is a line about a profile, with what of it nothing evaluates.
func withoutAims(line string, p bill.Source) string {
	if len(p.NotEvaluated) == 0 {
		return line
	}
	return line + "; not evaluated: " + strings.Join(p.NotEvaluated, ", ")
}

// sayOf makes a sentence of what is said of a component: of one of its regions,
// with that region.
func sayOf(r remark.Remark) string {
	if region := r.Text("region"); region != "" {
		return region + ": " + words.Say(r)
	}
	return words.Say(r)
}

// foundText is what a limit found, after the part of the systems that it is about:
// "component db: $50.00 a month, limit $60.00", "total of production: …".
func foundText(f *budget.Finding) string {
	if f.Failure != "" {
		return f.Failure
	}
	return coverText(f) + ": " + words.Say(f.Found)
}

// scopeCompute is the scope of estimates that leave out everything but nodes.
const scopeCompute = "compute"

// coverText says what the costs of a finding are of. A total names its environments,
// as what it does not name is not in it.
func coverText(f *budget.Finding) string {
	if !f.Of.Whole() {
		return f.Of.String()
	}
	var environments, profiles []string
	for _, s := range f.Covers {
		if !slices.Contains(environments, s.Environment) {
			environments = append(environments, s.Environment)
		}
		if !slices.Contains(profiles, s.Profile) {
			profiles = append(profiles, s.Profile)
		}
	}
	text := "total"
	if len(environments) > 0 {
		text += " of " + strings.Join(environments, ", ")
		if len(profiles) > 1 {
			text += fmt.Sprintf(" of %d profiles", len(profiles))
		}
	}
	if f.Scope == scopeCompute {
		text += " (nodes only)"
	}
	return text
}
