package plan

import (
	"slices"

	"headroom/pkg/sizing"
)

// course is how the nodes of a choice grow: the same machine sized for every
// month of the horizon of purchases (docs/model.md section 7: a commitment
// starts in the first month in which its node is needed).
type course struct {
	months []*sizing.Layout
	// outgrown is the first month, counted from 0, in which the machine no longer carries its
	// component at any number of nodes; 0 where it always does. From then on the
	// nodes of the month before are kept: a larger machine takes their place.
	outgrown int
}

// poolKey names a pool of a layout.
type poolKey struct {
	region int
	role   string
}

// still is a course without growth.
func still(c *Choice) course { return course{months: []*sizing.Layout{c.Layout}} }

// courses sizes the system for every month; in the order of Choices. Given
// machines, and systems without a workload, stay as they are.
func (r *Result) courses(months int) []course {
	out := make([]course, len(r.Choices))
	for i, c := range r.Choices {
		out[i] = still(c)
	}
	if r.System == nil {
		return out
	}
	defer func() { r.Profile.Month = 0 }()
	of := make([]*course, len(r.order))
	for i, c := range r.order {
		of[i] = &out[slices.Index(r.Choices, c)]
	}
	for m := 1; m < months; m++ {
		r.Profile.Month = m
		sys := r.System.Again()
		for i, c := range r.order {
			if c.Layout.Type == nil && c.Component.Colocate == "" {
				continue // no nodes, and nobody's size depends on it
			}
			last := of[i].months[m-1]
			l := last
			if !c.Pinned && of[i].outgrown == 0 {
				if l, _ = c.refit(sys); l == nil {
					l, of[i].outgrown = last, m
				}
			}
			of[i].months = append(of[i].months, l)
			sys.Sized[c.Component.Name] = l
		}
	}
	return out
}

// keys are the pools that the choice ever has, those of the first month first.
func (k *course) keys() []poolKey {
	var out []poolKey
	for _, l := range k.months {
		for i := range l.Pools {
			if key := (poolKey{l.Pools[i].Region, l.Pools[i].Role}); !slices.Contains(out, key) {
				out = append(out, key)
			}
		}
	}
	return out
}

// in finds the pool in a layout; nil where it has none such.
func (k poolKey) in(l *sizing.Layout) *sizing.Pool {
	for i := range l.Pools {
		if p := &l.Pools[i]; p.Region == k.region && p.Role == k.role {
			return p
		}
	}
	return nil
}
