package capacity

// quotient is the nodes that a need takes in one state before rounding, linear in
// the multipliers of an hour. Where a node may carry nothing of the need, it is
// the need itself.
type quotient struct {
	local, global, held float64
	impossible          bool
}

// quotients are those of a role, state by state, for a search that asks for the
// number of nodes thousands of times. Rounding up keeps the order, so that one
// rounding of the greatest quotient is the greatest of all roundings; and what
// is below another in every hour is left out.
type quotients [States][]quotient

// quotients derives them, in the room given as far as it goes. Needs must be shared
// evenly.
func (r *Role) quotients(room []quotient) (q quotients) {
	for s := range State(States) {
		if !r.Checks(s) {
			continue
		}
		lines := room[len(room):len(room):cap(room)]
		for i := range r.Needs {
			side := &r.Needs[i].In[s]
			if !side.Checked {
				continue
			}
			load := side.Each.Load.Plus(side.Once.Load)
			allowed := side.allowed()
			line := quotient{load.Local, load.Global, side.Each.Held + side.Once.Held, allowed <= 0}
			if !line.impossible {
				line.local, line.global, line.held = line.local/allowed, line.global/allowed, line.held/allowed
			}
			if !below(&line, lines) {
				lines = append(lines, line)
			}
		}
		q[s] = lines
		if n := len(room) + len(lines); n <= cap(room) {
			room = room[:n]
		}
	}
	return q
}

// below tells whether one of the lines is at least as high in every hour.
func below(x *quotient, lines []quotient) bool {
	for i := range lines {
		l := &lines[i]
		if !x.impossible && !l.impossible && x.local <= l.local && x.global <= l.global && x.held <= l.held {
			return true
		}
	}
	return false
}

// at is the quotient in an hour.
func (l *quotient) at(local, global float64) float64 {
	x := float64(l.local*local) + float64(l.global*global) + l.held
	if l.impossible && x > 0 {
		return MaxNodes + 1
	}
	return x
}

// nodes is how many nodes a role has in an hour.
func (q *quotients) nodes(r *Role, h *Hour) int {
	n := q.least(r, h, h.LostLocal, h.LostGlobal)
	if r.Warm >= 1 || n > MaxNodes {
		return n
	}
	own := q.least(r, h, h.Local, h.Global)
	return max(own, Ceil(float64(n)*r.Warm))
}

// least is the least number of nodes in an hour, whose multipliers with a region
// lost are given apart.
func (q *quotients) least(r *Role, h *Hour, lostLocal, lostGlobal float64) int {
	n := r.Floor
	for s := range q {
		local, global := h.Local, h.Global
		if State(s) == RegionLost {
			local, global = lostLocal, lostGlobal
		}
		most := 0.0
		for i := range q[s] {
			most = max(most, q[s][i].at(local, global))
		}
		if most <= 0 {
			continue
		}
		m := Ceil(most)
		if m > MaxNodes {
			return m
		}
		n = max(n, r.back(State(s), m))
	}
	return n
}
