package sizing

import (
	"slices"

	"headroom/pkg/capacity"
)

// rooms are lists for the needs of a type while a component is fitted to it. Most types are
// not chosen, and Describe makes the needs of those that are again, so that lists of their own
// would be for nothing. One fit may ask for another, which then has a list of its own.
type rooms struct {
	free      [][]capacity.Need
	checks    []capacity.Limit // see Task.check
	outlining *outlines        // nil but in System.Outline
	outlines  outlines         // of the last one
}

// outlines are lists of layouts of which nobody asks for them later.
type outlines struct {
	needs  []capacity.Need
	limits []RegionLimit
}

// mostNeeds is how many needs a component has at most, but for a few.
const mostNeeds = 9

// take is an empty list, which give takes back.
func (r *rooms) take() []capacity.Need {
	last := len(r.free) - 1
	if last < 0 {
		return make([]capacity.Need, 0, mostNeeds)
	}
	room := r.free[last]
	r.free = r.free[:last]
	return room
}

// give takes a list back, and leaves none.
func (r *rooms) give(room []capacity.Need) []capacity.Need {
	r.free = append(r.free, room[:0])
	return nil
}

// check is role.Check in a list that the next call takes again: for who places it in a
// layout, which has room of its own. Others may come first.
func (c *Task) check(role *capacity.Role, n int, first ...capacity.Limit) []capacity.Limit {
	r := c.system.rooms
	r.checks = role.AppendCheck(append(r.checks[:0], first...), n)
	return r.checks
}

// list is an empty list for n needs of a layout that is described.
func (c *Task) list(n int) []capacity.Need {
	x := c.system.rooms.outlining
	if x == nil {
		return make([]capacity.Need, 0, n)
	}
	from := len(x.needs)
	if from+n > cap(x.needs) { // those in the old one stay there
		x.needs, from = make([]capacity.Need, 0, 2*cap(x.needs)+n), 0
	}
	x.needs = x.needs[:from+n]
	return x.needs[from : from : from+n]
}

// Outline is Detail of those layouts of a plan that are not described, where nobody asks for
// roles afterwards, nor for other limits than decide picks. There are some hundred of them:
// they lie in lists that the next call takes again.
func (s *System) Outline(layouts []*Layout, decide func(*Layout) []RegionLimit) {
	x := &s.rooms.outlines
	x.needs, x.limits = x.needs[:0], x.limits[:0]
	s.rooms.outlining = x
	open := slices.DeleteFunc(slices.Clone(layouts), func(l *Layout) bool { return l.Describe == nil })
	for _, l := range open {
		if l.Describe == nil {
			continue // another looked at it
		}
		from := len(x.limits)
		l.Limits = x.limits[from:]
		l.Detail()
		if from+len(l.Limits) > cap(x.limits) { // they have a list of their own
			x.limits = make([]RegionLimit, 0, 2*cap(x.limits)+len(l.Limits))
		} else {
			x.limits = x.limits[:from+len(l.Limits)]
		}
	}
	s.rooms.outlining = nil
	for _, l := range open {
		l.Limits, l.Roles = decide(l), nil
	}
}
