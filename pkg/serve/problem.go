package serve

import (
	"slices"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/whatif"
)

// Problem says what is wrong with an input, or why there is no plan.
type Problem struct {
	Path   string `json:"path,omitempty"`   // of the input; "" where it is no single one's
	At     string `json:"at,omitempty"`     // file:line:column, where it is in a file
	Source string `json:"source,omitempty"` // the line
	Text   string `json:"text"`
	Hint   string `json:"hint,omitempty"`
}

// problems are those of an error, each at the set that it is about.
func (p *Page) problems(sets []whatif.Assignment, err error) []Problem {
	if p.o.Shown != nil {
		err = p.o.Shown(err)
	}
	var out []Problem
	for _, e := range diag.Each(err) {
		list := diag.Of(e)
		if list == nil {
			out = append(out, Problem{Text: strings.TrimSpace(e.Error())})
		}
		for _, one := range list {
			x := Problem{Text: one.Summary, Hint: one.Hint, Source: strings.TrimSpace(one.Source)}
			if i := slices.IndexFunc(sets, func(a whatif.Assignment) bool { return a.Pos == one.Pos }); i >= 0 {
				x.Path = sets[i].Path
			} else {
				x.At = one.Pos.String()
			}
			out = append(out, x)
		}
	}
	if len(sets) == 1 { // the profile was fine without it
		for i := range out {
			out[i].Path = sets[0].Path
		}
	}
	return out
}
