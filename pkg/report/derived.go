package report

import (
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/remark"
	"headroom/pkg/resilience"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// This file makes texts of the steps of derivations, and JSON of them with both.

// derivedText is a step of a derivation as texts, with the values that they were made of.
type derivedText struct {
	What     string         `json:"what"`
	Formula  string         `json:"formula"`
	Result   string         `json:"result"`
	Source   string         `json:"source"`
	Of       string         `json:"of,omitempty"` // the resource of a limit whose need it is
	Region   string         `json:"region,omitempty"`
	Rate     float64        `json:"per_s,omitempty"`
	Names    []derivedValue `json:"names,omitempty"`    // what stands in the name of the step
	Operands []derivedValue `json:"operands,omitempty"` // of the formula, in their order
	Note     remark.Remark  `json:"note,omitzero"`      // beside the formula, or instead of it
	Results  []derivedValue `json:"results,omitempty"`
	Beside   remark.Remark  `json:"beside,omitzero"` // the result, or instead of it
}

// derivedValue is a figure of a step, or the names of something.
type derivedValue struct {
	Name  string   `json:"name,omitempty"`  // "" of a result that is the only one
	Value *float64 `json:"value,omitempty"` // in its base unit
	Unit  string   `json:"unit,omitempty"`  // "" of things and factors, part of a part of 1
	Text  string   `json:"text,omitempty"`
}

// derivedTexts makes the texts of steps.
func derivedTexts(list []insight.Derived) []derivedText {
	out := make([]derivedText, len(list))
	for i := range list {
		d := &list[i]
		out[i] = derivedText{What: words.What(&d.Step), Formula: words.Formula(&d.Step), Result: words.Result(&d.Step),
			Source: d.Source, Of: d.Of, Region: d.Region, Rate: d.Rate, Names: figuresIn(d.What),
			Operands: figuresIn(d.Step.Formula...), Note: rounded(d.Note), Results: figuresIn(d.Step.Result),
			Beside: rounded(d.Beside)}
	}
	return out
}

// figuresIn are the operands of notations.
func figuresIn(list ...remark.Notation) []derivedValue {
	var out []derivedValue
	for i := range list {
		for _, o := range list[i].Operands {
			v := derivedValue{Name: o.Name, Text: strings.Join(o.Text, ", ")}
			if o.Text == nil {
				x := withoutNoise(o.Figure.Value)
				v.Value, v.Unit = &x, o.Figure.Unit
			}
			out = append(out, v)
		}
	}
	return out
}

// rounded is a remark whose figures have no more digits than count.
func rounded(r remark.Remark) remark.Remark {
	out := remark.Remark{Key: r.Key}
	for _, a := range r.Args {
		if x, ok := a.Value.(float64); ok {
			a.Value = withoutNoise(x)
		}
		out.Args = append(out.Args, a)
	}
	return out
}

// withoutNoise keeps twelve digits of a figure: what is behind them comes from the order in
// which floats were added up.
func withoutNoise(x float64) float64 { return unit.Rounded(x, 12) }

// explanationFile is an explanation in JSON.
type explanationFile struct {
	Schema     string          `json:"schema"`
	Profile    bill.Source     `json:"profile"`
	Prices     bill.PricesUsed `json:"prices"`
	Title      string          `json:"title"`
	Regions    []string        `json:"regions"`
	Total      bill.Cost       `json:"total"`
	Demand     []derivedText   `json:"demand"`
	Components []reasoningFile `json:"components"`
	Buying     *bill.Buying    `json:"buying,omitempty"`
	Quotas     []bill.Quota    `json:"quotas,omitempty"`
	Failures   []failureText   `json:"failures,omitempty"`
}

// failureText is a step to a figure of what becomes of the system when something fails.
type failureText struct {
	Scenario  string `json:"scenario,omitempty"`
	Component string `json:"component,omitempty"`
	derivedText
}

func failureTexts(list []resilience.Derived) []failureText {
	out := make([]failureText, len(list))
	for i := range list {
		d := &list[i]
		out[i] = failureText{d.Scenario, d.Component, derivedTexts([]insight.Derived{{Step: d.Step}})[0]}
	}
	return out
}

// reasoningFile is the reasoning of a component with the texts of its steps: its own fields
// hide those of the same names.
type reasoningFile struct {
	Part  bill.Part     `json:"component"`
	Load  []derivedText `json:"load"`
	Steps []derivedText `json:"steps"`
	insight.ComponentReasoning
}

func newExplanationFile(x *insight.Explanation) explanationFile {
	out := explanationFile{Schema: x.Schema, Profile: x.Profile, Prices: x.Prices, Title: x.Title, Regions: x.Regions,
		Total: x.Total, Demand: derivedTexts(x.Demand), Buying: x.Buying, Quotas: x.Quotas,
		Failures: failureTexts(x.Failures)}
	for i := range x.Components {
		c := &x.Components[i]
		out.Components = append(out.Components, reasoningFile{c.Part, derivedTexts(c.Load), derivedTexts(c.Steps), *c})
	}
	return out
}
