package report

import (
	"headroom/pkg/budget"
	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// closing makes a closing line of a remark.
func closing(r remark.Remark) Fact { return fact(words.Label(r), words.Say(r)) }

// sayOf makes a sentence of what is said of a component: of one of its regions,
// with that region.
func sayOf(r remark.Remark) string {
	if region := r.Text("region"); region != "" {
		return region + ": " + words.Say(r)
	}
	return words.Say(r)
}

// foundText is what a limit found, after the part of the system that it is about:
// "component db: $50.00 a month, limit $60.00".
func foundText(f *budget.Finding) string {
	if f.Failure != "" {
		return f.Failure
	}
	return f.Of.String() + ": " + words.Say(f.Found)
}
