package sizing

import "headroom/pkg/workload"

// Kinds is the list of kinds: the only place that names them all.
func Kinds() []Kind {
	return []Kind{
		statelessKind{},
		databaseKind{},
		poolerKind{},
		logKind{},
		workerKind{},
		quorumKind{},
		searchKind{},
		balancerKind{},
		natKind{},
		bootKind{},
		objectsKind{},
		transferKind{},
	}
}

// Find finds a kind by its word.
func Find(word string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Word() == word {
			return k, true
		}
	}
	return nil, false
}

// Specs makes each kind's spec, as workload.Parse wants it.
func Specs() workload.Kinds {
	specs := workload.Kinds{}
	for _, k := range Kinds() {
		specs[k.Word()] = k.Spec
	}
	return specs
}

// Implicit is a Kind that is part of every system, also where the profile does not
// mention it: what it bills is a consequence of all the rest. The search adds a
// component of it, with the kind's defaults.
type Implicit interface {
	// ImplicitTitle is the component's title.
	ImplicitTitle() string
}

// PerNode is a Kind that bills the same for every node of all other components. It
// is part of what a machine costs, so the choice has to look at it.
type PerNode interface {
	// EachNode is the usage of one node in each region where the kind's
	// component c.Component runs.
	EachNode(c *Task) ([]Usage, error)
}

// Rank is the place of a kind in the list: what has no nodes is sized in this
// order.
func Rank(word string) int {
	for i, k := range Kinds() {
		if k.Word() == word {
			return i
		}
	}
	return len(Kinds())
}
