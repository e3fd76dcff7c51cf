package report

import (
	"fmt"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
	"headroom/pkg/timeline"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// timelineChange is "m6g.large → m6g.xlarge", "shards 3 → 6", "replica nodes 1 → 2".
func timelineChange(c *timeline.Change) string {
	was, is := fmt.Sprint(c.Was), fmt.Sprint(c.Is)
	what := c.What + " "
	switch c.What {
	case timeline.OfComponent:
		if added, ok := c.Is.(bool); ok && added {
			return "added"
		}
		return "removed"
	case timeline.OfMachine:
		what = ""
		if c.Role != "" {
			what = c.Role + "s "
		}
		was, is = orNone(was), orNone(is)
	case timeline.OfStorage:
		was, is = orNone(was), orNone(is)
	case timeline.OfNodes:
		what = strings.TrimSpace(c.Role+" nodes") + " "
	case timeline.OfVolume:
		was, is = bytesText(c.Was), bytesText(c.Is)
	case timeline.OfIOPS:
		was, is = wholeText(c.Was), wholeText(c.Is)
	}
	return what + folded(was, is)
}

func bytesText(v any) string {
	x, _ := v.(float64)
	return unit.Bytes(x).Human()
}

func wholeText(v any) string {
	x, _ := v.(float64)
	return unit.Whole(x)
}

// stimulusText is what causes a change: "cpu, region loss", "disk of month 6", "launch: cpu",
// "memory; staying costs $120 more".
func stimulusText(s *timeline.Stimulus, month int) string {
	text := s.Resource
	if s.State != "" {
		text = limitText(&bill.Bind{Resource: s.Resource, State: s.State})
	}
	if s.Month != month {
		text = strings.TrimSpace(fmt.Sprintf("%s of month %d", text, s.Month))
	}
	if s.Saves != nil {
		text = strings.TrimPrefix(text+"; staying costs "+wholeDollars(*s.Saves)+" more", "; ")
	}
	if s.Phase != "" {
		text = strings.TrimSuffix(s.Phase+": "+text, ": ")
	}
	return text
}

// rentsText is what an event rents at its peak: "api 4 × m7g.large ×2"; of several regions
// alike once.
func rentsText(e *timeline.Event) string {
	if e.Failure != "" {
		return e.Failure
	}
	var out []string
	for i := 0; i < len(e.Nodes); {
		n := &e.Nodes[i]
		var counts []string
		k := i
		for ; k < len(e.Nodes) && e.Nodes[k].Component == n.Component && e.Nodes[k].Machine == n.Machine; k++ {
			counts = append(counts, fmt.Sprint(e.Nodes[k].Nodes))
		}
		out = append(out, n.System+" "+n.Machine+" "+inRegions(counts))
		i = k
	}
	if len(out) == 0 {
		return "no nodes"
	}
	return strings.Join(out, ", ")
}

// timelineFacts are what the periods together say.
func timelineFacts(t *timeline.Timeline, s *timeline.System) []Fact {
	var out []Fact
	if t.Together != nil {
		out = append(out, togetherOver(t))
	}
	if commits(s) {
		out = append(out, fact("Cash", fmt.Sprintf("%s upfront, %s paid in all; "+
			"the bill has fees spread over their terms", roundDollars(s.Total.Upfront), roundDollars(s.Total.Cash))))
	}
	if f := idleFact(t, s); f.Text != "" {
		out = append(out, f)
	}
	if rentsForEvents(s) {
		out = append(out, fact("Events", fmt.Sprintf("%s of the total is rented for their hours, on demand",
			s.Total.Rented.Dollars())))
	}
	if len(s.Inexact) > 0 {
		out = append(out, fact("Bought",
			"there may be cheaper ways to buy "+listed(s.Inexact)+", whose nodes get fewer"))
	}
	if n := unpricedOver(s); n > 0 {
		out = append(out, Fact{Label: "Unpriced", Tone: Caution,
			Text: "without a price: " + words.Counted(n, "need") + "; the total is a lower bound"})
	}
	if s.Failure != "" {
		out = append(out, Fact{Label: "No plan", Tone: Breach,
			Text: fmt.Sprintf("from %s %d on: %s", t.Period, len(s.Periods), s.Failure)})
	}
	return out
}

// togetherOver says what the system costs over all periods with its environments.
func togetherOver(t *timeline.Timeline) Fact {
	var names []string
	var costs []float64
	atLeast := len(t.Together.NotCounted) > 0
	for _, s := range t.Together.Systems {
		names, costs = append(names, s.Environment), append(costs, s.Total.Bill.Float64())
		atLeast = atLeast || s.AtLeast
	}
	r := remark.New("fact.together", "environments", names, "costs", costs,
		"total", t.Together.Total.Bill.Float64(), "at_least", atLeast, "periods", t.Periods, "period", t.Period)
	if len(t.Together.NotCounted) > 0 {
		r = r.With("not_counted", t.Together.NotCounted)
	}
	return fact(words.TogetherLabel, words.Say(r))
}

// idleFact names the commitments that outlast what they were bought for.
func idleFact(t *timeline.Timeline, s *timeline.System) Fact {
	type left struct {
		name        string
		first, last int
		most        int
	}
	var list []left
	for i := range s.Periods {
		p := &s.Periods[i]
		for k := range p.Held {
			h := &p.Held[k]
			if h.Used > 0 || h.Nodes == 0 {
				continue
			}
			name := h.Component + " " + h.Machine + " " + h.Option
			at := -1
			for j := range list {
				if list[j].name == name {
					at = j
				}
			}
			if at < 0 {
				list = append(list, left{name: name, first: p.Number})
				at = len(list) - 1
			}
			list[at].last, list[at].most = p.Number, max(list[at].most, h.Nodes)
		}
	}
	var out []string
	for _, x := range list {
		out = append(out, fmt.Sprintf("%d × %s (%s)", x.most, x.name,
			between(fmt.Sprint(x.first), fmt.Sprint(x.last))))
	}
	if len(out) == 0 {
		return Fact{}
	}
	return Fact{Label: "Idle", Text: "commitments that no node needs any more, in a region, by " + t.Period + ": " +
		few(out), Tone: Caution}
}
