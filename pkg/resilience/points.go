package resilience

import "headroom/pkg/outage"

// Point is what must not fail alone: users get less of something until somebody acts or it is
// repaired.
type Point struct {
	Scenario string  `json:"scenario"`
	Reads    float64 `json:"reads"` // part of them that goes on by itself
	Writes   float64 `json:"writes"`
	By       string  `json:"by"` // who brings it back: person, repair
}

// points are the cut sets of order one: nodes, servers, zones, regions and what a provider
// gives, of each the loss by itself.
func (a *assessor) points() ([]Point, error) {
	out := []Point{}
	for _, x := range a.singles() {
		o, err := a.run(x)
		if err != nil {
			return nil, err
		}
		if o.Auto.Served() == 1 && (o.By == outage.Nobody || o.By == outage.Itself) {
			continue
		}
		out = append(out, Point{Scenario: x.String(), Reads: o.Auto.Reads, Writes: o.Auto.Writes, By: actorWord(o.By)})
	}
	return out, nil
}

// singles are the losses of one thing.
func (a *assessor) singles() []outage.Scenario {
	var out []outage.Scenario
	for _, x := range a.standard {
		if len(x.Steps) != 1 || len(x.Steps[0]) != 1 {
			continue
		}
		switch e := x.Steps[0][0]; e.Kind {
		case outage.Node, outage.Host, outage.RegionLost:
			out = append(out, x)
		case outage.Zone:
			if e.Number == 1 {
				out = append(out, x)
			}
		}
	}
	for i := range a.system.Parts {
		if p := &a.system.Parts[i]; p.Rule == outage.Given && len(p.Pools) > 0 {
			out = append(out, outage.Of(outage.Event{Kind: outage.Node, Part: p.Name}))
		}
	}
	return out
}
