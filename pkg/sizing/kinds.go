package sizing

import "headroom/pkg/workload"

// A kind is one file: its spec, its defaults with their sources, its formulas, what it
// bills and how it explains them; transfer has a second one for who calls whom. What is
// not its own are parts, each a file with its spec, its needs and its rows of explain.
// The sizers put parts together, and kinds fill them in:
//
//   - fleet.go: nodes that are alike, for stateless, worker, pooler, cache, queue, proxy,
//     web-cache, bastion, cluster, multi-primary, node-pool and telemetry, with dataset.go (what
//     stores without a primary keep), packing.go (pods on nodes), settle.go (load that follows how
//     many nodes there are), guest.go (services that share nodes), response.go (aims for response
//     times),
//     flex.go (types that burst) and pool_queue.go (connections to stores).
//   - store.go: nodes behind a primary, for database. replication.go has who stands by,
//     readers.go who answers reads, shards.go how data is divided, pages.go what memory
//     and disks do, connections.go who connects, primary.go what meets at the primary,
//     servers.go what a server is asked for, store_limits.go what decided.
//   - brokers.go: nodes that copy a stream, for log. stream.go has how it gets to them,
//     partitions.go which part of it the busiest leads and holds, broker_needs.go and
//     broker_limits.go what that asks for.
//   - index.go: nodes that hold shards, for search. corpus.go has what arrives and is kept,
//     arrangement.go how shards lie on nodes, masters.go those that only lead, index_needs.go
//     and index_limits.go what that asks for.
//   - nodeless.go: what has no nodes; objectclass.go has the storage classes of objects.
//   - majority.go: who may decide when members are lost, for quorum.
//
// All share kit.go (from needs to nodes and limits), traffic.go (what arrives), volume.go
// (what is kept), regions.go (the hours of the week), cpu.go, disk*.go, least.go and
// bound.go (the least that a node, and a component, can be), inputs.go (keys of a spec), and
// worker_catchup.go (what an outage of workers means for those around them).

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
		clusterKind{},
		multiPrimaryKind{},
		cacheKind{},
		queueKind{},
		proxyKind{},
		webCacheKind{},
		bastionKind{},
		cdnKind{},
		nodePoolKind{},
		telemetryKind{},
		balancerKind{},
		natKind{},
		dnsKind{},
		bootKind{},
		objectsKind{},
		fixedCostKind{},
		transferKind{},
		siteKind{},
	}
}

// byWord has all kinds by their words: they are asked for some thousand times in each plan.
var byWord = kindsByWord()

func kindsByWord() map[string]Kind {
	kinds := map[string]Kind{}
	for _, k := range Kinds() {
		kinds[k.Word()] = k
	}
	return kinds
}

// Find finds a kind by its word.
func Find(word string) (Kind, bool) {
	k, ok := byWord[word]
	return k, ok
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
