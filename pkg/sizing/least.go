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
	// small and unsteady say why what is too small, or burstable, does not do.
	small, unsteady remark.Remark
	// given says that the machine is not chosen: what it lacks is said, not refused.
	given bool
	// burstable tells of types that count at their baseline, fast only until their
	// credits are spent, whether the profile asks for them: by name, family or all.
	burstable func(*catalog.NodeType) bool
}

// leastNode is a document's advice, with what the component's profile says instead.
func (c *Task) leastNode(advice catalog.Least, source string, vcpu *strict.Value[unit.Count],
	memory *strict.Value[unit.Bytes]) leastNode {
	n := leastNode{advice: advice, least: advice, source: source, given: c.Component.Pin != nil,
		small: remark.New("nodes.advised", "source", source)}
	n.unsteady = n.small
	if vcpu != nil {
		n.least.VCPU = vcpu.V
	}
	if memory != nil {
		n.least.Memory = memory.V
	}
	n.burstable = func(t *catalog.NodeType) bool {
		a := c.Component.Allow
		return a != nil && (a.Burstable.Set && a.Burstable.V ||
			slices.Contains(a.Types, t.Name) || slices.Contains(a.Families, t.Family))
	}
	return n
}

// short tells whether a type that is chosen is too small.
func (n *leastNode) short(t *catalog.NodeType) bool {
	return !n.given && (t.Burstable && !n.burstable(t) ||
		float64(t.VCPU) < float64(n.least.VCPU) || float64(t.Memory) < float64(n.least.Memory))
}

// reject rejects a type that is chosen and too small.
func (n *leastNode) reject(t *catalog.NodeType) *Rejection {
	if !n.short(t) {
		return nil
	}
	return n.lacks(t)
}

// lacks says why a type is too small, chosen or given; nil where it is not.
func (n *leastNode) lacks(t *catalog.NodeType) *Rejection {
	switch {
	case t.Burstable && !n.burstable(t):
		return &Rejection{Resource: "steady CPU", Why: n.unsteady}
	case float64(t.VCPU) < float64(n.least.VCPU):
		return &Rejection{Resource: "vCPU", Need: float64(n.least.VCPU), Have: float64(t.VCPU), Why: n.small}
	case float64(t.Memory) < float64(n.least.Memory):
		return &Rejection{Resource: "memory", Need: float64(n.least.Memory), Have: float64(t.Memory), Unit: "B",
			Why: n.small}
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
