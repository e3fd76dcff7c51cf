package outage

// Trace is how an outcome comes about, in the way that is worst for users.
type Trace struct {
	*Outcome
	Stages [3]Stage // at once, after all that goes by itself, after people acted
}

// Stage is who is served by what in a phase.
type Stage struct {
	Places  []Place   // in the order of the regions
	Remains []Remains // by part and region, of what stands there or is asked there
}

// Place is a region in a phase.
type Place struct {
	Users  float64 // part of all users who are there by then: those of lost regions may be elsewhere
	Lost   bool    // whether nobody answers there
	Reads  float64 // part of their reads that is answered
	Writes float64
}

// Remains are what is left of a part in a region, and what that does.
type Remains struct {
	Part, Region int
	Nodes, Left  int
	Asked        bool    // whether the region asks the part for anything
	Reads        float64 // part of what the region asks of it that it answers itself, wherever
	Writes       float64
	Why          string
	Carried      // where nodes are left that carry something
}

// Trace runs a scenario again and says how its outcome comes about.
func (r *Runner) Trace(x Scenario) (*Trace, error) {
	ways, err := r.s.expand(x)
	if err != nil {
		return nil, err
	}
	out := &Trace{}
	if out.Outcome, err = r.Run(x); err != nil {
		return nil, err
	}
	var worst *Outcome
	var in stages
	for _, steps := range ways {
		o, st := r.s.outcome(x, r.s.struck(steps), r.c)
		if worst == nil || o.worse(worst) {
			worst, in = o, st
		}
	}
	for i, st := range in {
		out.Stages[i] = st.stage()
	}
	return out, nil
}

// stage says of a state who is served by what.
func (st *state) stage() Stage {
	var out Stage
	total := 0.0
	for r := range st.s.Regions {
		total += st.s.Regions[r].Share
	}
	for r := range st.s.Regions {
		p := Place{Lost: st.gone[r]}
		if total > 0 && !st.moved[r] {
			p.Users = st.s.Regions[r].Share / total
		}
		for from := range st.s.Regions {
			if total > 0 && st.moved[from] {
				p.Users += float64(st.s.Regions[from].Share / total * st.takes(r))
			}
		}
		if p.Users > 0 {
			p.Reads, p.Writes = st.answered(r, false), st.answered(r, true)
		}
		out.Places = append(out.Places, p)
	}
	for i := range st.s.Parts {
		for r := range st.s.Regions {
			if x := st.remains(i, r); x.Nodes > 0 || x.Asked {
				out.Remains = append(out.Remains, x)
			}
		}
	}
	return out
}

// answered is the part of the reads or writes that users in a region get answers to, all
// classes together.
func (st *state) answered(region int, writes bool) float64 {
	if st.gone[region] {
		return 0
	}
	sum, share := 0.0, 0.0
	for i := range st.s.Journeys {
		j := &st.s.Journeys[i]
		if j.Writes != writes {
			continue
		}
		x := 1.0
		if part := st.s.part(j.Entry); part >= 0 {
			x = st.answer(question{part, region, writes, j.Class})
		}
		sum, share = sum+float64(x*j.Share), share+j.Share
	}
	if share <= 0 {
		return 1
	}
	return whole(sum / share)
}

// remains are what is left of a part in a region, and what that does.
func (st *state) remains(part, region int) Remains {
	x := Remains{Part: part, Region: region, Nodes: st.s.Parts[part].all(region), Left: st.nodes(part, region),
		Reads: 1, Writes: 1, Asked: st.wants(part, region, false) || st.wants(part, region, true)}
	if st.wants(part, region, false) {
		x.Reads, _, x.Why = st.own(part, region, false)
	}
	if st.wants(part, region, true) {
		y, _, why := st.own(part, region, true)
		if x.Writes = y; x.Why == "" {
			x.Why = why
		}
	}
	if x.Left > 0 && st.s.Parts[part].Rule != Given {
		x.Carried = st.carry(part, region)
	}
	return x
}
