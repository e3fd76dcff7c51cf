// Package sizing knows the kinds of components: how many nodes of a given type a
// load needs, which limit decides, and what is billed beside the nodes
// (docs/model.md sections 4 and 5). It chooses no types and knows no prices.
//
// A component goes this way: its kind prepares a task, which gives a sizer; the
// sizer fits it on a node type, which gives a layout or a rejection.
//
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
//
// The words:
//
//   - A kind is a sort of component, such as database or log. Kinds lists them.
//   - A spec is what a profile says about one component in the words of its kind.
//     Only this kind reads it.
//   - Traits are the few facts that other kinds may know of a component.
//   - A system is one profile with its load and its tables.
//   - A task is one component of a system, to be sized: spec, load, policy, and what
//     was sized before.
//   - A sizer sizes one component, on any node type.
//   - A structure is one of several ways in which a component can be built: one
//     primary, or shards. Each is sized as a component of its own would be.
//   - A layout is a component sized on one node type.
//   - A fleet is the sizer of a component whose nodes are alike, share the load of their
//     region evenly and keep nothing that cannot be had again: its kind says only what
//     is asked of a node.
//   - The market tells a kind, which knows no prices, what of its own choice is
//     cheaper: the type of its masters, or more copies against more nodes.
//   - A pool is how many nodes have one role in one region.
//   - A role is what these nodes are there for: its needs, and what it must outlive.
//   - A need is what a role asks of one resource, such as CPU.
//   - A limit is a need held against the nodes of a pool. The binding one decided
//     their number.
//   - A rejection says why a type does not do: what is needed, and what it has.
//   - Usage is what is billed beside nodes, such as disks: a row of the price
//     tables and a month's quantity.
//   - A crossing is a month's bytes between two zones or two regions.
//   - Offers are what a layout means for its neighbours: a log's partitions, a
//     service's connections.
package sizing
