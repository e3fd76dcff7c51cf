package sizing

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
	"headroom/pkg/workload"
)

// NodePool is the worker nodes of a Kubernetes cluster in each region, and the pods of all
// services on them (docs/model.md section 5, node pool). Services that are alike are a group,
// so that many of them need no component each. Pods follow the load, the nodes are there for
// the pods of the greatest one; the pods of what is lost have room on the rest.
type NodePool struct {
	strict.At
	// Groups of services that are alike, by name.
	Groups strict.Map[PodGroup] `yaml:"groups" format:"name"`
	// What runs once on each node (daemon sets), by name: shipper of logs, exporter of metrics.
	Agents strict.Map[NodeAgent] `yaml:"agents" format:"name"`
	// Instance type whose vCPUs pods and agents request: a faster one has room for more.
	Reference strict.Value[string] `yaml:"reference" offer:"types"`
	// Pods that a node may have, whatever its type; without it what addresses of the VPC allow, and
	// for types of which that is not known max_pods_small and max_pods_large.
	MaxPods *strict.Value[unit.Count] `yaml:"max_pods" min:"1" max:"10000" whole:"true"`
	// The same of nodes with less than large_vcpu vCPUs.
	MaxPodsSmall strict.Value[unit.Count] `yaml:"max_pods_small" min:"1" max:"10000"`
	// The same of nodes with large_vcpu vCPUs or more.
	MaxPodsLarge strict.Value[unit.Count] `yaml:"max_pods_large" min:"1" max:"10000"`
	// vCPUs from which a node counts as large.
	LargeVCPU strict.Value[unit.Count] `yaml:"large_vcpu" min:"1" max:"10000"`
	// Pods that the cluster itself has on each node.
	SystemPods strict.Value[unit.Count] `yaml:"system_pods" min:"0" max:"100"`
	// vCPUs of a node that kubelet and the cluster's own pods take, beside policy.reserve.
	SystemCPU strict.Value[unit.Count] `yaml:"system_cpu" min:"0" max:"64"`
	// Memory of a node that kubelet takes, beside policy.reserve.
	KubeletMemory strict.Value[unit.Bytes] `yaml:"kubelet_memory"`
	// Memory in addition for each pod that the node may have.
	PodMemory strict.Value[unit.Bytes] `yaml:"kubelet_memory_per_pod"`
	// Memory that must be free: with less, pods are evicted.
	Eviction strict.Value[unit.Bytes] `yaml:"eviction_memory"`
	// Control plane: eks is a managed one in each region, by the hour; none is in the profile elsewhere,
	// such as a quorum for etcd.
	ControlPlane string `yaml:"control_plane" enum:"eks|none"`
}

// PodGroup is services that are alike.
type PodGroup struct {
	strict.At
	// Services of the group, each of which has pods of its own.
	Services strict.Value[unit.Count] `yaml:"services" min:"1" max:"10000" whole:"true"`
	// Least pods of a service in each region; without it 2 where a node or zone loss must be survived,
	// else 1.
	Replicas *strict.Value[unit.Count] `yaml:"replicas" min:"1" max:"10000" whole:"true"`
	// vCPUs that a pod requests, of the reference type.
	CPU strict.Value[unit.Count] `yaml:"cpu" required:"true" min:"0" max:"1024"`
	// Memory that a pod requests.
	Memory strict.Value[unit.Bytes] `yaml:"memory" required:"true"`
	// Part of the calls to the pool that the services of the group get together; more than 100 %
	// where a call passes several of them.
	Share *strict.Value[unit.Fraction] `yaml:"share" min:"0" max:"1000"`
	// Calls per second that a pod serves; without it pods do not follow the load.
	Rate *strict.Value[unit.EventRate] `yaml:"requests_per_pod" above:"0"`
	// Connections that a pod keeps open to each database that the pool calls.
	Connections strict.Value[unit.Count] `yaml:"connections" min:"0" max:"10000"`
}

// Default is one service whose connections nobody has counted.
func (g *PodGroup) Default() {
	g.Services = judged(unit.Count(1), "one service")
	g.Connections = judged(unit.Count(5), "connections of a worker")
}

// NodeAgent is what runs once on each node.
type NodeAgent struct {
	strict.At
	// vCPUs that it requests, of the reference type.
	CPU strict.Value[unit.Count] `yaml:"cpu" required:"true" min:"0" max:"64"`
	// Memory that it requests.
	Memory strict.Value[unit.Bytes] `yaml:"memory" required:"true"`
}

// Check holds the keys of groups against each other.
func (p *NodePool) Check(c *strict.Checker) {
	if len(p.Groups) == 0 {
		c.Errorf(p.Pos, "write groups: {web: {services: 60, cpu: 0.25, memory: 512MiB}}", "a node pool has no groups")
	}
	for _, g := range p.Groups {
		if (g.V.Share == nil) != (g.V.Rate == nil) {
			c.Errorf(c.At("groups", g.Key), "give both, or none where pods do not follow the load",
				"group %q needs share (of the calls to the pool) and requests_per_pod", g.Key)
		}
	}
}

type nodePoolKind struct{}

func (nodePoolKind) Word() string { return "node-pool" }

// Traits: a process on a node of a pool is restarted there, and pods of a lost node elsewhere.
func (nodePoolKind) Traits(any) Traits {
	return Traits{Scope: workload.ScopeShare, Fails: func(*Task, *Layout) Failing {
		return Failing{Supervised: true}
	}}
}

func (nodePoolKind) Spec() any {
	const kubelet = "Amazon EKS: kube-reserved is 255 MiB + 11 MiB for each pod that a node may have, and " +
		"eviction-hard is 100 MiB (awslabs/amazon-eks-ami)"
	return &NodePool{
		Reference: judged(DefaultReference, "a current general-purpose type that was measured"),
		MaxPodsSmall: given(unit.Count(110),
			"Kubernetes, \"Considerations for large clusters\", and Amazon EKS below 30 vCPUs: 110 pods"),
		MaxPodsLarge: given(unit.Count(250), "Amazon EKS, from 30 vCPUs on: 250 pods"),
		LargeVCPU:    given(unit.Count(30), "Amazon EKS, as max_pods_small and max_pods_large"),
		SystemPods: given(unit.Count(2),
			"aws/amazon-vpc-cni-k8s: kube-proxy and aws-node, the two that its formula adds"),
		SystemCPU: judged(unit.Count(0.25),
			"kube-proxy and aws-node request 0.15; kubelet has 0.07 on 2 and 0.11 on 16 vCPUs"),
		KubeletMemory: given(unit.Bytes(255<<20), kubelet),
		PodMemory:     given(unit.Bytes(11<<20), kubelet),
		Eviction:      given(unit.Bytes(100<<20), kubelet),
		ControlPlane:  "eks",
	}
}

type nodePoolSizer struct {
	*fleet
	spec    *NodePool
	calls   Linear // per second
	network networkLoad
	agents  podKind // all that run on each node
}

func (nodePoolKind) Prepare(c *Task) (Sizer, error) {
	s := &nodePoolSizer{spec: c.Component.Spec.(*NodePool)}
	if err := noSLO(c); err != nil {
		return nil, err
	}
	f, err := newFleet(c, s.spec.Reference, "generic")
	if err != nil {
		return nil, err
	}
	s.calls = c.Need(messages)
	s.network.in, s.network.out = traffic(c.Load)
	for _, a := range s.spec.Agents {
		s.agents.cpu += float64(a.V.CPU.V)
		s.agents.memory += float64(a.V.Memory.V)
		s.agents.n++
	}
	s.fleet = f
	f.node, f.asks, f.offer, f.describe = s.node, s.asks, s.offer, s.describe
	return s, nil
}

// each is how many pods a service of a group has at so many calls per second to the pool.
func (s *nodePoolSizer) each(g *PodGroup, calls float64) int {
	least := 1
	if s.c.Policy.lossy() {
		least = 2
	}
	if g.Replicas != nil {
		least = int(math.Ceil(float64(g.Replicas.V)))
	}
	if g.Rate == nil {
		return least
	}
	return max(least, capacity.Ceil(calls*float64(g.Share.V)/float64(g.Services.V)/float64(g.Rate.V)))
}

// pods are those of all groups at so many calls per second.
func (s *nodePoolSizer) pods(calls float64) []podKind {
	out := make([]podKind, len(s.spec.Groups))
	for i := range s.spec.Groups {
		g := &s.spec.Groups[i].V
		services := int(math.Ceil(float64(g.Services.V)))
		out[i] = podKind{float64(g.CPU.V), float64(g.Memory.V), s.each(g, calls) * services}
	}
	return out
}

// maxPods is how many pods a node may have, those of the cluster itself included; assumed
// where the tables do not know its type.
func (s *nodePoolSizer) maxPods(t *catalog.NodeType) (pods int, assumed bool) {
	if s.spec.MaxPods != nil {
		return int(s.spec.MaxPods.V), false
	}
	if n, known, err := s.c.Catalog.MaxPods(t.Name); err == nil && known {
		return n, false
	}
	if float64(t.VCPU) < float64(s.spec.LargeVCPU.V) {
		return int(s.spec.MaxPodsSmall.V), true
	}
	return int(s.spec.MaxPodsLarge.V), true
}

// room is what a node has for pods: what may be requested is all that is not reserved.
func (s *nodePoolSizer) room(n *fleetNode) podRoom {
	most, _ := s.maxPods(n.t)
	return podRoom{cpu: n.cpu.carries(n.cpu.own, n.cpu.vcpus), memory: s.c.Policy.usable(n.t) - s.reserved(most),
		pods: most - int(s.spec.SystemPods.V) - s.agents.n}
}

// reserved is the memory of a node that pods cannot request, beside policy.reserve, bytes.
func (s *nodePoolSizer) reserved(pods int) float64 {
	x := s.spec
	return float64(x.KubeletMemory.V) + float64(float64(x.PodMemory.V)*float64(pods)) + float64(x.Eviction.V) +
		s.agents.memory
}

// node takes what is reserved off a node, and refuses those on which agents or some pod have no
// room.
func (s *nodePoolSizer) node(n *fleetNode) *Rejection {
	n.cpu.own, n.cpu.degraded = 1, 1 // requests have the room that they need in them
	n.cpu.base += float64(s.spec.SystemCPU.V) + s.agents.cpu/n.cpu.perVCPU
	if rej := s.full(n); rej != nil {
		return rej
	}
	room := s.room(n)
	for i, k := range s.pods(0) {
		why := remark.New("nodepool.pod", "group", s.spec.Groups[i].Key, "agents", s.agents.n)
		switch {
		case room.fits(&podKind{n: 1}) < 1:
			most, _ := s.maxPods(n.t)
			return &Rejection{Resource: pooledPods.Name, Need: float64(most - room.pods + 1), Have: float64(most),
				Why: why.With("system", int(s.spec.SystemPods.V))}
		case room.fits(&podKind{cpu: k.cpu}) < 1:
			return &Rejection{Resource: capacity.CPU.Name, Need: k.cpu, Have: room.cpu, Unit: capacity.CPU.Unit,
				Why: why}
		case room.fits(&podKind{memory: k.memory}) < 1:
			return &Rejection{Resource: capacity.Memory.Name, Need: k.memory, Have: room.memory,
				Unit: capacity.Memory.Unit, Why: why}
		}
	}
	n.needs = s.c.network(n.needs, n.t, s.network, networkLoad{})
	return nil
}

// full refuses a node that what runs on each node takes more than all of.
func (s *nodePoolSizer) full(n *fleetNode) *Rejection {
	names := make([]string, 0, len(s.spec.Agents))
	for _, a := range s.spec.Agents {
		names = append(names, a.Key)
	}
	why := remark.New("nodepool.agents", "agents", strings.Join(names, ", "))
	most, _ := s.maxPods(n.t)
	if need, have := s.reserved(most), s.c.Policy.usable(n.t); need > have {
		return &Rejection{Resource: capacity.Memory.Name, Need: need, Have: have, Unit: capacity.Memory.Unit, Why: why}
	}
	cpu := n.cpu
	cpu.base = 0
	if need, have := n.cpu.base*cpu.perVCPU, cpu.carries(cpu.own, cpu.vcpus); need > have {
		return &Rejection{Resource: capacity.CPU.Name, Need: need, Have: have, Unit: capacity.CPU.Unit, Why: why}
	}
	return nil
}

var (
	pooledPods  = capacity.Resource{Name: "pods"}
	packedNodes = capacity.Resource{Name: "packed nodes"}
)

// requested is what pods ask for of each resource, and the nodes on which they have room.
type requested struct{ cpu, memory, pods, nodes float64 }

func requestedBy(pods []podKind, room podRoom) (x requested) {
	for i := range pods {
		k := &pods[i]
		x.cpu += float64(k.cpu * float64(k.n))
		x.memory += float64(k.memory * float64(k.n))
		x.pods += float64(k.n)
	}
	x.nodes = float64(pack(pods, room))
	return x
}

// asks is what the pods of a region ask of nodes of a type.
func (s *nodePoolSizer) asks(n *fleetNode, region int) ([]capacity.Need, *Rejection) {
	h, room := s.regions[region].Groups[0], s.room(n)
	calls := [capacity.States]float64{}
	for i := range calls {
		calls[i] = s.calls.Own(h)
	}
	calls[capacity.RegionLost] = s.calls.Lost(h)
	idle := requestedBy(s.pods(0), room)
	own := requestedBy(s.pods(calls[capacity.Own]), room)
	lost := own
	if calls[capacity.RegionLost] != calls[capacity.Own] {
		lost = requestedBy(s.pods(calls[capacity.RegionLost]), room)
	}
	// need is exact at the peak; below it pods are taken to follow the load evenly.
	need := func(of capacity.Resource, have float64, x func(*requested) float64) capacity.Need {
		need := capacity.Shared(of, capacity.Claim{}, have, 1, 1)
		for state := range need.In {
			at := x(&own)
			if capacity.State(state) == capacity.RegionLost {
				at = x(&lost)
			}
			need.In[state].Each = capacity.Claim{Held: at}
			if c := calls[state]; c > 0 && at > x(&idle) {
				need.In[state].Each = capacity.Claim{Held: x(&idle), Load: s.calls.Scale((at - x(&idle)) / c)}
			}
		}
		return need
	}
	pods := need(pooledPods, float64(room.pods), func(x *requested) float64 { return x.pods })
	if _, assumed := s.maxPods(n.t); assumed {
		pods.Why = remark.New("nodepool.pods_assumed")
	}
	return append([]capacity.Need{
		need(capacity.CPU, room.cpu, func(x *requested) float64 { return x.cpu }),
		need(capacity.Memory, room.memory, func(x *requested) float64 { return x.memory }), pods,
		need(packedNodes, 1, func(x *requested) float64 { return x.nodes })}, n.needs...), nil
}

// offer adds the control planes, and what pods mean for the databases that they call.
func (s *nodePoolSizer) offer(l *Layout, _ *fleetNode) *Rejection {
	for i := range s.regions {
		r := &s.regions[i]
		pods := s.pods(s.c.Policy.peak(r, s.calls))
		for k := range pods {
			l.Offers.All += float64(float64(pods[k].n) * float64(s.spec.Groups[k].V.Connections.V))
		}
		if s.spec.ControlPlane == "eks" {
			row := Usage{Region: r.Index, Category: "other", Label: "control plane"}
			l.Usage = append(l.Usage, row.of(catalog.ClusterHours(), s.c.Flow.Demand.Hours))
		}
	}
	return nil
}

// describe says how the numbers came about.
func (s *nodePoolSizer) describe(l *Layout, n *fleetNode) {
	services, pods, room := 0, 0, s.room(n)
	r := &s.regions[0]
	for i, k := range s.pods(s.c.Policy.peak(r, s.calls)) {
		pods += k.n
		services += int(s.spec.Groups[i].V.Services.V)
	}
	l.Brief = remark.New("nodepool.brief", "pods", pods, "services", services)
	l.Structure = []remark.Remark{remark.New("nodepool.pods", "pods", pods, "services", services, "in", r.Name),
		remark.New("nodepool.room", "cpu", room.cpu, "reference", s.ref.Name, "memory", room.memory, "pods", room.pods,
			"agents", s.agents.n)}
	l.Grows = remark.New("nodepool.grows")
	l.derive = func() []remark.Step { return s.steps(n) }
}

// steps show the pods of each group where there are most, and what they request.
func (s *nodePoolSizer) steps(n *fleetNode) []remark.Step {
	r := slices.MaxFunc(s.regions, func(a, b Location) int {
		return cmp.Compare(s.c.Policy.peak(&a, s.calls), s.c.Policy.peak(&b, s.calls))
	})
	calls := s.c.Policy.peak(&r, s.calls)
	pods, x := s.pods(calls), requested{}
	var out []remark.Step
	for i, k := range pods {
		g := &s.spec.Groups[i]
		out = append(out, remark.Derive("pods of {group} in {region}",
			"inputs services, replicas, share, requests_per_pod", k.n, "{services} services × {each} pods",
			"services", unit.Given(g.V.Services.V), "each", s.each(&g.V, calls)).
			Naming("group", g.Key, "region", r.Name))
		x.cpu += float64(k.cpu * float64(k.n))
	}
	cpu := needOf(capacity.CPU, remark.Derive("CPU requested in {region}", "inputs cpu", cpuOf(x.cpu, s.ref.Name), "").
		Naming("region", r.Name))
	for i, k := range pods {
		cpu = cpu.Plus("{pods} × {cpu} vCPU of {group}", "pods", k.n, "cpu", unit.Given(s.spec.Groups[i].V.CPU.V),
			"group", s.spec.Groups[i].Key)
	}
	return append(append(out, cpu), n.cpu.steps(n.t, s.ref)...)
}
