package sizing

import (
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// leastNode is the smallest machine that a kind's documents advise for production.
// On less the service starts, but those who wrote the documents would not run it.
type leastNode struct {
	advice catalog.Least
	least  catalog.Least // the advice, or what the profile says instead
	source string        // whose advice it is
	// burstable says that the profile allows types that count at their baseline. The
	// documents do not: such a node is fast only until its credits are spent.
	burstable bool
	named     []string // types and families that the profile names, or gives: they are taken at its word
}

// leastNode is a document's advice, with what the component's profile says instead.
func (c *Task) leastNode(advice catalog.Least, source string, vcpu *strict.Value[unit.Count],
	memory *strict.Value[unit.Bytes]) leastNode {
	n := leastNode{advice: advice, least: advice, source: source}
	if vcpu != nil {
		n.least.VCPU = vcpu.V
	}
	if memory != nil {
		n.least.Memory = memory.V
	}
	if a := c.Component.Allow; a != nil {
		n.burstable = a.Burstable.Set && a.Burstable.V
		n.named = append(append(n.named, a.Types...), a.Families...)
	}
	if pin := c.Component.Pin; pin != nil {
		n.named = append(n.named, pin.Type.V)
	}
	return n
}

// reject says why a type is too small, unless the profile names it.
func (n *leastNode) reject(t *catalog.NodeType) *Rejection {
	if slices.Contains(n.named, t.Name) || slices.Contains(n.named, t.Family) {
		return nil
	}
	why := remark.New("nodes.advised", "source", n.source)
	switch {
	case float64(t.VCPU) < float64(n.least.VCPU):
		return &Rejection{Resource: "vCPUs", Need: float64(n.least.VCPU), Have: float64(t.VCPU), Why: why}
	case float64(t.Memory) < float64(n.least.Memory):
		return &Rejection{Resource: "memory", Need: float64(n.least.Memory), Have: float64(t.Memory), Unit: "B",
			Why: why}
	case t.Burstable && !n.burstable:
		return &Rejection{Resource: "CPU credits", Why: why}
	}
	return nil
}

// warn says that the profile has taken less than what is advised.
func (n *leastNode) warn(l *Layout) {
	t := l.Type
	if float64(t.VCPU) >= float64(n.advice.VCPU) && float64(t.Memory) >= float64(n.advice.Memory) && !t.Burstable {
		return
	}
	l.Warnings = append(l.Warnings, remark.New("nodes.below_advice", "type", t.Name, "source", n.source,
		"vcpu", n.advice.VCPU, "memory", n.advice.Memory))
}
