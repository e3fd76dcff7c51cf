package whatif

import "slices"

// Return is a component that comes back to machines which it had left, from one point of
// a sweep to the next.
type Return struct {
	Component string `json:"component"`
	System    string `json:"system"`
	Times     int    `json:"times"`
}

// returns counts how often components come back: have, at a point, another machine than
// at the point before that has a plan, and one that they had at some point before that.
// Those that never do are left out.
func returns(points []Point) (out []Return) {
	type trace struct {
		at   int // in out
		last string
		seen map[string]bool
	}
	traces := map[string]*trace{}
	for i := range points {
		if points[i].Figures == nil {
			continue
		}
		for _, c := range points[i].Figures.Components {
			if c.Machine == "" {
				continue
			}
			t := traces[c.Name]
			if t == nil {
				t = &trace{at: len(out), last: c.Machine, seen: map[string]bool{}}
				traces[c.Name] = t
				out = append(out, Return{Component: c.Name, System: c.System})
			}
			if c.Machine != t.last && t.seen[c.Machine] {
				out[t.at].Times++
			}
			t.last = c.Machine
			t.seen[c.Machine] = true
		}
	}
	return slices.DeleteFunc(out, func(r Return) bool { return r.Times == 0 })
}
