package outage

// act says who brings the service back, and how long it takes. plain is what goes by itself
// without nodes that are launched.
func (o *Outcome) act(now, plain, auto, hand *state) {
	itself := auto.reactions(now)
	if auto.r == replaced {
		itself = itself.Longer(auto.replacing(plain))
	}
	o.Auto.After = itself
	people := hand.s.People.OnCall.Plus(hand.handwork(auto)).Longer(hand.replacing(auto))
	if more(o.Auto, o.Now) {
		people = people.Longer(itself)
	}
	o.Hand.After = people
	switch {
	case more(o.Hand, o.Auto):
		o.By, o.Down = Person, people
	case more(o.Auto, o.Now):
		o.By, o.Down, o.Hand = Itself, itself, o.Auto
	default:
		o.Auto.After, o.Hand = Span{}, o.Auto
		o.Hand.After = Span{}
	}
	if !more(o.Auto, o.Now) {
		o.Auto.After = Span{}
	}
	if o.Hand.Served() < 1 {
		o.By = Repair
	}
}

// more tells whether users get more in a phase than in another.
func more(a, b Phase) bool { return above(a.Reads, b.Reads) || above(a.Writes, b.Writes) }

// above tells whether a part is larger than another by more than rounding.
func above(a, b float64) bool { return a > b+1e-9 }

// reactions is how long all takes that changes by itself for users: nodes that callers leave
// alone, processes that start again, members that take over, records of DNS that vanish.
func (st *state) reactions(before *state) Span {
	t := Span{}
	for i := range st.s.Parts {
		if st.improves(i, before) {
			t = t.Longer(st.reaction(i))
		}
	}
	for r := range st.moved {
		if st.moved[r] && !before.moved[r] {
			t = t.Longer(st.s.DNS.Detect.Plus(st.s.DNS.TTL))
		}
	}
	return t
}

// improves tells whether a part answers more than before of what users wait for.
func (st *state) improves(part int, before *state) bool {
	for r := range st.s.Regions {
		if st.gains(part, r, before) >= 0 {
			return true
		}
	}
	return false
}

// reaction is how long a part takes to go on by itself. A process may have to be started
// before it can lead.
func (st *state) reaction(part int) Span {
	p := &st.s.Parts[part]
	starts := false
	for k := range p.Pools {
		o := &st.d.out[part][k]
		starts = starts || o.batch > 0 || o.crashed > 0 && p.Supervised
	}
	t, change := st.taking(part)
	switch {
	case change && starts:
		return t.Plus(p.Restart)
	case change:
		return t
	case starts && (p.Rule == Led || p.Restart.Less(p.Detect)):
		return p.Restart
	}
	return p.Detect
}

// taking is how long another member of a part takes to lead; false where the same leads.
func (st *state) taking(part int) (t Span, change bool) {
	p := &st.s.Parts[part]
	if p.Rule != Led {
		return Span{}, false
	}
	for g := range st.s.groups(p) {
		was, now := st.d.leaders[part][g].pool, st.other(part, g)
		switch {
		case st.d.failsBack(p):
			now = p.first(g)
		case now < 0 && was >= 0 && st.fresh(part, g) > 0: // to where the others went before
			was, now = p.first(g), was
		case now < 0:
			continue
		}
		change = true
		if st.d.failsBack(p) || was < 0 || p.Pools[now].Region != p.Pools[was].Region {
			t = t.Longer(p.PromoteFar)
		} else {
			t = t.Longer(p.Promote)
		}
	}
	return t, change
}

// replacing is how long it takes until lost nodes are replaced that users miss.
func (st *state) replacing(before *state) Span {
	t := Span{}
	for i := range st.s.Parts {
		if st.s.Parts[i].Rule != Alike {
			continue
		}
		for from := range st.s.Regions {
			at := st.gains(i, from, before)
			if at >= 0 && st.launches(at) && before.nodes(i, at) < st.nodes(i, at) {
				t = t.Longer(st.s.Regions[at].Replace)
			}
		}
	}
	return t
}

// gains is the region in which a part answers more than before of what users who ask in a
// region wait for, or a cache sends less on; -1 for none.
func (st *state) gains(part, from int, before *state) int {
	for _, writes := range [...]bool{false, true} {
		if !st.asked[st.index(part, from, writes)] {
			continue
		}
		x, at, _ := st.own(part, from, writes)
		y, _, _ := before.own(part, from, writes)
		if above(x, y) || at >= 0 && above(before.forgotten(part, at), st.forgotten(part, at)) {
			return at
		}
	}
	return -1
}

// handwork is how long what people do takes once they are there: a member that is promoted, a
// record that is removed. Processes start at once.
func (st *state) handwork(before *state) Span {
	t := Span{}
	for i := range st.s.Parts {
		if st.improves(i, before) {
			x, _ := st.taking(i)
			t = t.Longer(x)
		}
	}
	for r := range st.moved {
		if st.moved[r] && !before.moved[r] {
			t = t.Longer(st.s.DNS.TTL)
		}
	}
	return t
}

// Unprotected are those of some further scenarios that would come out worse after the first
// than without it: what a system does not survive until it is repaired. Loads are left aside.
func (s *System) Unprotected(after Scenario, further []Scenario) ([]Scenario, error) {
	bare := *s
	bare.Carry = nil
	first, err := bare.Run(after)
	if err != nil {
		return nil, err
	}
	var out []Scenario
	for _, x := range further {
		alone, err := bare.Run(x)
		if err != nil {
			return nil, err
		}
		both, err := bare.Run(after.Then(x))
		if err != nil {
			return nil, err
		}
		if above(min(alone.Hand.Reads, first.Hand.Reads), both.Hand.Reads) ||
			above(min(alone.Hand.Writes, first.Hand.Writes), both.Hand.Writes) ||
			both.lost() > max(alone.lost(), first.lost()) {
			out = append(out, x)
		}
	}
	return out, nil
}
