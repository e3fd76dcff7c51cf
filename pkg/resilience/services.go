package resilience

import (
	"slices"

	"headroom/pkg/outage"
)

// service is what a provider promises something of.
type service struct {
	name   string
	zones  int
	global bool // not of one region
}

// services are those that requests pass in a region, each once, and what stands on machines of
// one's own, of which nobody promises anything.
func (a *assessor) services(region int) (out []service, own []string) {
	add := func(s service) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	waited := a.waited()
	for i := range a.stands {
		x, p := &a.stands[i], &a.system.Parts[i]
		outside := p.Rule == outage.Given && len(p.Pools) == 0
		if !waited[i] && !outside || !outside && nodesIn(p, region) == 0 {
			continue
		}
		zones := zonesIn(p, region)
		for _, name := range x.fails.Agreements {
			add(service{name, zones, outside})
		}
		switch t := x.choice.Layout.Type; {
		case t == nil:
		case t.Own:
			own = append(own, p.Name)
		default:
			add(service{"ec2", min(zones, 2), false}) // two zones and more are promised alike
		}
	}
	return out, own
}

// waited tells of each part whether requests of users wait for it.
func (a *assessor) waited() []bool {
	out := make([]bool, len(a.system.Parts))
	var visit func(name string)
	visit = func(name string) {
		i := slices.IndexFunc(a.system.Parts, func(p outage.Part) bool { return p.Name == name })
		if i < 0 || out[i] {
			return
		}
		out[i] = true
		for _, c := range a.system.Parts[i].Calls {
			if !c.Async {
				visit(c.To)
			}
		}
	}
	for i := range a.system.Journeys {
		visit(a.system.Journeys[i].Entry)
	}
	return out
}

// zonesIn is in how many zones of a region a part stands.
func zonesIn(p *outage.Part, region int) int {
	var zones []int
	for k := range p.Pools {
		if x := &p.Pools[k]; x.Region == region && x.Nodes > 0 && !slices.Contains(zones, x.Zone) {
			zones = append(zones, x.Zone)
		}
	}
	return len(zones)
}
