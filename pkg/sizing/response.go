package sizing

import (
	"fmt"

	"headroom/pkg/queueing"
	"headroom/pkg/unit"
)

// queue is a node as a queue, and the CPU seconds of a request on the
// reference; nil without any load.
func (s *statelessSizer) queue(cpu, servers float64) (node *queueing.Node, perRequest float64) {
	rate := s.requests.Local + s.requests.Global
	work := s.cpu.Local + s.cpu.Global
	if rate <= 0 || work <= 0 {
		return nil, 0
	}
	perRequest = work / rate
	return &queueing.Node{Servers: servers, Service: perRequest * servers / cpu,
		ArrivalSCV: float64(s.spec.ArrivalSCV.V), ServiceSCV: float64(s.spec.ServiceSCV.V)}, perRequest
}

// slo lowers what a node may carry to what its response times allow: the node
// is a queue of its own with one server per vCPU, each as fast as the node's
// capacity divided by them (docs/model.md section 3).
func (s *statelessSizer) slo(cpu *Resource, servers float64) *Rejection {
	node, perRequest := s.queue(cpu.Have, servers)
	if node == nil {
		return nil
	}
	own, rej := underSLO(*node, s.c.Policy.Own, s.c.Policy.SLO)
	if rej != nil {
		return rej
	}
	degraded, rej := underSLO(*node, s.c.Policy.Degraded, s.c.Policy.SLODegraded)
	if rej != nil {
		return rej
	}
	if x := own * perRequest; x < cpu.Own*(1-1e-9) {
		cpu.Own, cpu.Why = x, s.aim
	}
	if x := degraded * perRequest; x < cpu.Degraded*(1-1e-9) {
		cpu.Degraded, cpu.Why = x, s.aimDegraded
	}
	return nil
}

// underSLO is the greatest rate of a node under an aim.
func underSLO(n queueing.Node, target float64, slo SLO) (float64, *Rejection) {
	x, err := n.Capacity(target, queueing.SLO{Percentile: slo.Percentile, Within: slo.Within})
	if err != nil || x <= 0 {
		return 0, &Rejection{Resource: "response time", Need: n.Service, Have: slo.Within, Unit: "s",
			Detail: fmt.Sprintf("p%g breaks even without any wait; a request takes %s of a vCPU", slo.Percentile*100, unit.Duration(n.Service).Human())}
	}
	return x, nil
}
