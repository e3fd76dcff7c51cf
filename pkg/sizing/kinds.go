package sizing

import "headroom/pkg/workload"

// A kind is one file: its spec, its defaults with their sources, its formulas, what it
// bills and how it explains them; transfer has a second one for who calls whom. Three
// kinds are stores, whose nodes are not alike or hold what cannot be divided. They are a
// group of files each, by concern, database_*.go, log_*.go and search_*.go: the words of
// the profile in _spec, what arrives and is kept in _load or _partitions, what a node has
// and is asked for in _node or _needs, how many there are in _fit, and what is shown of
// it in _explain, _describe or _limits.
//
// Kinds share the rest. fleet.go has nodes that are alike, nodeless.go what has no
// nodes, kit.go the way from needs to nodes and limits. guest.go, response.go, flex.go
// and pool_queue.go are of fleets: services that share nodes, aims for response times,
// types that burst, and connections to stores. traffic.go is what arrives, volume.go
// what is kept, regions.go the hours of the week, disk*.go disks, and
// worker_catchup.go what an outage of workers means for those around them.

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
