package sizing

import (
	"slices"

	"headroom/pkg/capacity"
	"headroom/pkg/diag"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// Polling is what each node of the plan, of all components, asks of a service again and
// again, such as its configuration (docs/model.md section 5, metrics, logs and traces).
type Polling struct {
	strict.At
	// Time between two polls of a node.
	Every strict.Value[unit.Duration] `yaml:"every" required:"true" above:"0"`
	// CPU time of a poll on one vCPU of the reference type.
	CPU strict.Value[unit.Duration] `yaml:"cpu" required:"true"`
	// Bytes of a poll.
	Request strict.Value[unit.Bytes] `yaml:"request"`
	// Bytes of the answer.
	Response strict.Value[unit.Bytes] `yaml:"response"`
}

// Default is a poll whose answer most often is that nothing has changed.
func (p *Polling) Default() {
	p.Request = judged(unit.Bytes(500), "a GET with its headers")
	p.Response = judged(unit.Bytes(500), "that nothing has changed")
}

// check refuses polls where it is not known which nodes they come from, or which answer.
func (p *Polling) check(c *Task) error {
	switch {
	case p == nil:
		return nil
	case c.Component.Colocate != "":
		return &diag.Problem{Pos: p.Pos, Summary: "polled is of a service with nodes of its own",
			Hint: "give it to the component on whose nodes this one is, or remove colocate"}
	case c.Load.Scope != workload.ScopeShare:
		return &diag.Problem{Pos: p.Pos,
			Summary: "nodes poll the service in their own region, which has no load of scope " + c.Load.Scope,
			Hint:    "remove polled, or write scope: share"}
	}
	return nil
}

// rate is polls per second of so many nodes.
func (p *Polling) rate(nodes float64) float64 { return nodes / float64(p.Every.V) }

// polled adds what the nodes of a region ask for to the needs of the service.
func (s *statelessSizer) polled(needs []capacity.Need, region int) []capacity.Need {
	p := s.spec.Polled
	if p == nil {
		return needs
	}
	rate := p.rate(float64(s.c.nodesOf(s.regions[region].Index).Most))
	needs = slices.Clone(needs)
	for i := range needs {
		held := 0.0
		switch needs[i].Of {
		case capacity.CPU:
			held = float64(rate * float64(p.CPU.V))
		case capacity.NetworkIn:
			held = float64(rate * float64(p.Request.V))
		case capacity.NetworkOut:
			held = float64(rate * float64(p.Response.V))
		}
		for state := range needs[i].In {
			needs[i].In[state].Each.Held += held
		}
	}
	return needs
}

// polls are the bytes of a month that cross zones, to nodes in any of them and back.
func (s *statelessSizer) polls() (f flows) {
	p := s.spec.Polled
	if p == nil {
		return nil
	}
	for i := range s.regions {
		r := &s.regions[i]
		bytes := p.rate(s.c.nodesOf(r.Index).Mean) * float64(p.Request.V+p.Response.V) * 3600 * s.c.Flow.Demand.Hours
		f.add(r.Index, r.Index, unit.ReplicatedBytes(bytes*r.elsewhere()), "polls of "+s.c.Component.Name)
	}
	return f
}

// pollSteps show the CPU of polls, region by region.
func (s *statelessSizer) pollSteps() (out []remark.Step) {
	p := s.spec.Polled
	if p == nil {
		return nil
	}
	for i := range s.regions {
		r := &s.regions[i]
		nodes := s.c.nodesOf(r.Index).Most
		out = append(out, needOf(capacity.CPU, remark.Derive("CPU for polls in {region}", "input polled",
			cpuOf(float64(p.rate(float64(nodes))*float64(p.CPU.V)), s.ref.Name), "{nodes} nodes / {every} × {cpu}",
			"nodes", nodes, "every", unit.Given(p.Every.V), "cpu", unit.Given(p.CPU.V)).Naming("region", r.Name)))
	}
	return out
}
