package sizing

import (
	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
)

// This file is the CPU of a node (docs/model.md section 2): how fast one vCPU is at
// rest, how much they slow each other down under load, and what the operating
// system and agents take of every node.

// nodeCPU is the CPU of one node. Loads are in seconds of the reference's CPU per
// second.
type nodeCPU struct {
	speed   catalog.Speed
	perVCPU float64 // speed at rest of one vCPU against one of the reference
	// servers is how many requests it works on at the same time; vcpus how many
	// of these its CPU credits or the baseline of a -flex type pay for, and lost the
	// same while something is lost, when nothing bursts.
	servers, vcpus, lost float64
	contention           float64 // σ(N−1) + κN(N−1) of its servers
	base                 float64 // vCPUs that are busy whatever the load
	own, degraded        float64 // highest utilisations: in the normal state, while something is lost
}

// nodeCPU is the CPU of a node of a type for a class of work whose CPU times were
// measured on ref.
func (c *Task) nodeCPU(t *catalog.NodeType, class catalog.WorkClass, ref *catalog.NodeType) (nodeCPU, *Rejection) {
	speed, err := c.Speeds.Speed(t, class, ref)
	if err != nil {
		return nodeCPU{}, unknownSpeed(err)
	}
	n := nodeCPU{speed: speed, perVCPU: speed.PerVCPU, servers: float64(t.VCPU),
		base: c.Policy.Reserve.CPU, own: c.Policy.Own, degraded: c.Policy.Degraded}
	n.vcpus = n.servers * speed.UsableCPU
	n.lost = n.vcpus
	n.contention = c.law(class).Contention(n.servers)
	return n, nil
}

// law is the component's scalability: its own, else that of its class of work.
func (c *Task) law(class catalog.WorkClass) queueing.Scalability {
	law := class.Scalability()
	if own := c.Component.Law; own != nil {
		if own.Sigma.Set {
			law.Sigma = float64(own.Sigma.V)
		}
		if own.Kappa.Set {
			law.Kappa = float64(own.Kappa.V)
		}
	}
	return law
}

// threads is the node with so many single-threaded workers: it works on no more
// requests than these, and no more vCPUs slow each other down.
func (n nodeCPU) threads(workers float64, law queueing.Scalability) nodeCPU {
	if workers < n.servers {
		part := workers / n.servers
		n.servers, n.vcpus, n.lost = workers, n.vcpus*part, n.lost*part
		n.contention = law.Contention(workers)
	}
	return n
}

// bursting is the node where all of a -flex type's CPU may count in the normal state,
// which only a kind may say that holds every hour against the baseline (flex.go).
func (n nodeCPU) bursting(t *catalog.NodeType) nodeCPU {
	if t.Flex {
		n.vcpus = n.servers
	}
	return n
}

// carries is the load at a utilisation ρ of so many vCPUs: at a = ρN/(1+sρ) the
// vCPUs are busy for ρ of the time, and base of that is not for the load.
func (n *nodeCPU) carries(utilisation, vcpus float64) float64 {
	busy := utilisation*vcpus/(1+float64(n.contention*utilisation)) - n.base
	return max(0, busy*n.perVCPU)
}

// balance is a load against what the node has in a state in which it may be busy for
// so much of the time. What it has is such that the utilisation shown is exact
// where it matters, at that limit: contention makes it a little less than
// proportional below.
func (n *nodeCPU) balance(load capacity.Claim, utilisation, vcpus float64) capacity.Balance {
	return capacity.Balance{Each: load, Have: n.carries(utilisation, vcpus) / utilisation, Target: utilisation,
		Checked: true}
}

// need is the need for CPU of a load; late is what comes in addition while workers
// catch up, when the nodes may be busy all of the time.
func (n *nodeCPU) need(load, late capacity.Claim) capacity.Need {
	out := capacity.Need{Of: capacity.CPU}
	lossy := n.balance(load, n.degraded, n.lost)
	out.In[capacity.Own] = n.balance(load, n.own, n.vcpus)
	out.In[capacity.NodeLost], out.In[capacity.ZoneLost], out.In[capacity.RegionLost] = lossy, lossy, lossy
	if late != (capacity.Claim{}) {
		all := capacity.Claim{Load: load.Load.Plus(late.Load), Held: load.Held + late.Held}
		out.In[capacity.CatchUp] = n.balance(all, 1, n.vcpus)
	}
	return out
}

// offered is what the node has of CPU, for what is asked of it to be filled in; workers
// that catch up may take all that there is.
func (n *nodeCPU) offered() capacity.Need {
	out := n.need(capacity.Claim{}, capacity.Claim{})
	out.In[capacity.CatchUp] = n.balance(capacity.Claim{}, 1, n.vcpus)
	return out
}

// RequestQueue is a node as the queue in which requests wait for its CPU, without
// the rate of arrivals.
type RequestQueue struct {
	queueing.Node
	Have    float64 // CPU of the node in the normal state, as its limits count it
	Request float64 // CPU of a request on the reference, seconds
}

// At is the node at a utilisation as its CPU limit in the normal state shows it.
func (q *RequestQueue) At(utilisation float64) queueing.Node {
	n := q.Node
	n.Rate = utilisation * q.Have / q.Request
	return n
}

// queue is the node as a queue of requests that take so many seconds of the
// reference's CPU; vcpus as in carries. Credits for a part of the CPU make every
// request that much longer.
func (n *nodeCPU) queue(perRequest, arrivalSCV, serviceSCV, vcpus float64) *RequestQueue {
	slower := n.servers / vcpus
	return &RequestQueue{Have: n.carries(n.own, n.vcpus) / n.own, Request: perRequest,
		Node: queueing.Node{Servers: n.servers, Service: float64(perRequest / n.perVCPU * slower),
			ArrivalSCV: arrivalSCV, ServiceSCV: serviceSCV, Contention: n.contention, Base: float64(n.base * slower)}}
}

// steps say how much CPU a node has.
func (n *nodeCPU) steps(t, ref *catalog.NodeType) []remark.Step {
	const model = "MODEL section 2"
	speed := remark.Notate("× {speed}", "speed", n.perVCPU)
	return []remark.Step{
		remark.Derive("speed of a vCPU at rest", model, speed, "").Noting("step.speed", "type", t.Name,
			"reference", ref.Name, "evidence", n.speed.Evidence.String(), "derate", n.speed.Derate),
		remark.Derive("CPU of a node", model, cpuOf(n.carries(n.own, n.vcpus), ref.Name),
			"speed·(ρN/(1 + sρ) − reserve) = {speed} × ({ρ} × {N} / (1 + {s} × {ρ}) − {reserve})", "speed", n.perVCPU,
			"ρ", n.own, "N", n.vcpus, "s", n.contention, "reserve", n.base),
	}
}
