package outage

import (
	"math"
	"slices"
	"strconv"
)

// carriers remembers what nodes carry: many scenarios leave the same of a part.
type carriers struct {
	s     *System
	known map[string]Carried
}

func newCarriers(s *System) *carriers { return &carriers{s, map[string]Carried{}} }

// carry is what the nodes of a part that are left in a region do with their load.
func (st *state) carry(part, region int) Carried {
	if st.carried == nil || st.s.Carry == nil {
		return Carried{Part: 1, Room: math.Inf(1)}
	}
	p := &st.s.Parts[part]
	ask := Ask{Part: part, Region: region, Left: make([]int, len(p.Pools)), Lost: st.moved, Stuck: st.d.stuck[region],
		Load: st.load(part, region)}
	for k := range p.Pools {
		if p.Pools[k].Region == region {
			ask.Left[k] = st.up(part, k)
		}
	}
	return st.carried.ask(ask)
}

func (c *carriers) ask(a Ask) Carried {
	key := strconv.AppendInt(nil, int64(a.Part), 10)
	key = strconv.AppendInt(append(key, '@'), int64(a.Region), 10)
	for _, n := range a.Left {
		key = strconv.AppendInt(append(key, ','), int64(n), 10)
	}
	for _, l := range a.Lost {
		key = strconv.AppendBool(append(key, ';'), l)
	}
	key = strconv.AppendBool(append(key, '!'), a.Stuck)
	key = strconv.AppendFloat(append(key, '*'), a.Load, 'g', -1, 64)
	x, ok := c.known[string(key)]
	if !ok {
		a.Lost = slices.Clone(a.Lost)
		x = c.s.Carry(a)
		c.known[string(key)] = x
	}
	return x
}

// load is the load of a part as a multiple of what it otherwise has with the same users: what
// caches before it have forgotten comes to it, and callers that ask again come again, with all
// that comes to them.
func (st *state) load(part, region int) float64 {
	at := part*len(st.s.Regions) + region
	if st.loads[at] > 0 {
		return st.loads[at]
	}
	st.loads[at] = 1 // systems have no circles; whoever makes one by hand gets an end
	total, rest := 0.0, 1.0
	for i := range st.s.Parts {
		p := &st.s.Parts[i]
		for k := range p.Calls {
			c := &p.Calls[k]
			if c.To != st.s.Parts[part].Name || c.Weight == 0 {
				continue
			}
			// What a cache forgets it sends on; writes it sends on in any case.
			cold := float64(st.forgotten(i, region)*(1-c.Written)) + c.Written
			times := float64(cold * st.load(i, region))
			if st.d.storm && !c.Breaker && !c.Async {
				times *= 1 + float64(c.Retries)
			}
			total, rest = total+float64(c.Weight*times), rest-c.Weight
		}
	}
	st.loads[at] = total + max(0, rest)
	return st.loads[at]
}

// forgotten is how many times as much a cache sends on, which has lost some of its nodes or all
// that it kept: (1 − h·w)/(1 − h) where w of what it kept is there. Of a cache that does not
// stand in a region it is the one that has forgotten most.
func (st *state) forgotten(part, region int) float64 {
	p := &st.s.Parts[part]
	if p.Answers <= 0 || p.Answers >= 1 {
		return 1
	}
	warm := 1.0
	for r := range st.s.Regions {
		if p.stands(r) && (r == region || !p.stands(region)) {
			warm = min(warm, st.kept(part, r))
		}
	}
	if st.d.cold[part] {
		warm = 0
	}
	return (1 - float64(p.Answers*warm)) / (1 - p.Answers)
}

// kept is the part of what a cache kept in a region that is still there: what its nodes had,
// of which others have a copy where it keeps copies or follows a leader.
func (st *state) kept(part, region int) float64 {
	if p := &st.s.Parts[part]; p.Rule == Alike || p.Rule == Given {
		return float64(st.nodes(part, region)) / float64(p.all(region))
	}
	x, _ := st.ruled(part, region, false)
	return x
}
