package report

import (
	"fmt"

	"headroom/pkg/budget"
)

// effectTexts say what the model and the prices do to a system and its baseline, and
// what that leaves: the change of the profile. There are none where they do nothing.
func effectTexts(y *budget.CheckedEstimate) []string {
	var out []string
	if y.Model != nil {
		out = append(out, modelText("the saved estimate of "+y.Profile.Name, y.Prices, y.Model))
	}
	b := y.Baseline
	if b == nil || y.Model == nil && b.Model == nil && b.PricesEffect == nil {
		return out
	}
	if b.Model != nil {
		vintage := b.Prices
		if b.PricesEffect != nil {
			vintage = b.PricesEffect.Was
		}
		out = append(out, modelText("the baseline "+b.Label, vintage, b.Model))
	}
	if b.PricesEffect != nil {
		out = append(out, pricesText(b.Label, b.PricesEffect))
	}
	if b.Model != nil && b.Model.Why != "" || y.Model != nil && y.Model.Why != "" {
		return out // what the model changed is in it
	}
	change := y.Total.Expected.Minus(b.Total.Expected)
	return append(out, fmt.Sprintf("the change of the profile is %s a month, from %s: limits of increase and decrease "+
		"are held against it alone", signed(change), b.Total.Expected.Human()))
}

// modelText says what another version of the model does to a saved estimate, at the
// prices of a vintage.
func modelText(what, vintage string, m *budget.ModelEffect) string {
	was := fmt.Sprintf("model %d", m.Was)
	if m.Was == 0 {
		was = "a model before version 1"
	}
	if m.Why != "" && m.Was == m.Is {
		return fmt.Sprintf("%s cannot be planned anew (%s) and is compared as it was saved", what, m.Why)
	}
	if m.Why != "" {
		return fmt.Sprintf("%s, made by %s, cannot be planned anew by model %d (%s): what the model changed counts "+
			"as a change of the system; make it again", what, was, m.Is, m.Why)
	}
	tables := ""
	if m.Tables {
		tables = ", with its own tables of " + vintage
	}
	return fmt.Sprintf("%s, made by %s, is planned anew by model %d%s: the model's effect on it is %s a month, from %s",
		what, was, m.Is, tables, signed(m.Effect), m.Saved.Human())
}

// pricesText says what other prices do to a baseline.
func pricesText(label string, p *budget.PricesEffect) string {
	prices := fmt.Sprintf("the prices of %s instead of %s", p.Is, p.Was)
	switch {
	case p.Was == p.Is && p.Overlays:
		prices = "the prices of " + p.Is + " under other overlays"
	case p.Was == p.Is:
		prices = "other tables of " + p.Is
	case p.Overlays:
		prices += " and under other overlays"
	}
	how := "planned anew at " + prices
	if p.KeepsMachines {
		how = "billed at " + prices + ", with its machines and quantities as they are"
	}
	return fmt.Sprintf("the baseline %s is %s: the prices' effect on it is %s a month, from %s", label, how,
		signed(p.Effect), p.From.Human())
}
