package sizing

import "headroom/pkg/capacity"

// rooms are lists for the needs of a type while a component is fitted to it. Most types are
// not chosen, and Describe makes the needs of those that are again, so that lists of their own
// would be for nothing. One fit may ask for another, which then has a list of its own.
type rooms struct {
	free   [][]capacity.Need
	checks []capacity.Limit // see Task.check
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
