package whatif

import (
	"cmp"
	"slices"
)

// Return is a component that comes back to machines which it had left, from one point of
// a sweep to the next, in the order of the values where they are numbers.
type Return struct {
	Component string `json:"component"`
	System    string `json:"system"`
	Times     int    `json:"times"`
}

// inOrder sorts points by the value of an axis where that is a number.
func inOrder(points []Point, a *Axis) []Point {
	if a.Values == nil {
		return points
	}
	return slices.SortedStableFunc(slices.Values(points), func(x, y Point) int {
		return cmp.Compare(a.Values[x.At[0]], a.Values[y.At[0]])
	})
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
