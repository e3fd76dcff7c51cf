package resilience

import "headroom/pkg/remark"

// Remark is the aim as it is said: of which loss, what is wanted and reached, and what decides.
func (a *Aim) Remark() remark.Remark {
	r := remark.New("aim."+a.Key[len("aims."):], "verdict", string(a.Verdict), "want", a.Want)
	if a.Loss != "" {
		r = r.With("loss", a.Loss)
	}
	return r.With(a.Worst.Args()...)
}

// Args are the names and values of what is worst.
func (w *Worst) Args() []any {
	var out []any
	if w.Got != nil {
		out = append(out, "got", *w.Got, "at_least", w.Least)
	}
	if w.Scenario != "" {
		out = append(out, "scenario", w.Scenario)
	}
	if w.Component != "" {
		out = append(out, "component", w.Component)
	}
	if len(w.Missing) > 0 {
		out = append(out, "missing", w.Missing)
	}
	return out
}
