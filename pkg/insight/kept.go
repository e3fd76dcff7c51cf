package insight

import (
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
)

// KeptFacts say which machines of a saved plan are held, what leaving them would
// save, and why others could not be held; none where nothing is kept.
func KeptFacts(r *bill.Result) []remark.Remark {
	var out []remark.Remark
	held, all, best := 0, 0, 0
	for _, c := range r.Plan.Choices {
		k := c.Kept
		if k == nil {
			continue
		}
		all++
		about := func(key string) remark.Remark {
			return remark.New(key, "component", c.Component.Name, "system", c.Component.Label(),
				"kept", named(k.Machine))
		}
		switch {
		case !k.Held():
			out = append(out, about("fact.not_kept").With("now", named(c.Machine()), "why", []remark.Remark{k.Why}))
			continue
		case k.Free == nil:
			best++
		default:
			saves, running := c.Saves()
			out = append(out, about("fact.kept").With("instead", named(k.Free.Machine()),
				"saves", saves.Cents().Float64(), "saves_running", running.Cents().Float64()))
		}
		held++
	}
	if all == 0 {
		return nil
	}
	keeps := remark.New("fact.keeps", "held", held, "of", all, "best", best)
	if r.Request.KeptEdited {
		keeps = keeps.With("edited", true)
	}
	return append([]remark.Remark{keeps}, out...)
}

// named is a machine in words: "r6g.large gp3".
func named(m plan.Machine) string { return strings.TrimSpace(m.Type + " " + m.Storage) }
