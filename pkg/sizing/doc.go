// Package sizing knows the kinds of components: how many nodes of a given type a
// load needs, which limit decides, and what is billed beside the nodes
// (docs/model.md sections 4 and 5). It chooses no types and knows no prices.
//
// A component goes this way: its kind prepares a task, which gives a sizer; the
// sizer fits it on a node type, which gives a layout or a rejection. kinds.go says which
// files are whose. The words:
//
//   - A kind is a sort of component, such as database or log.
//   - A spec is what a profile says about a component; only its kind reads it.
//   - Traits are what other kinds may know of a component.
//   - A system is one profile with its load and its tables.
//   - A task is one component of a system, to be sized.
//   - A sizer sizes one component, on any node type.
//   - A structure is a way to build a component: one primary, or shards.
//   - A layout is a component sized on one node type.
//   - A fleet is the sizer of nodes that are alike and keep nothing.
//   - The market tells a kind what of its own choice is cheaper.
//   - A pool is how many nodes have one role in one region.
//   - A role has the needs of these nodes, and what it must outlive.
//   - A need is what a role asks of one resource, such as CPU.
//   - A limit is a need held against a pool. The binding one decided its number.
//   - A rejection says why a type does not do.
//   - Usage is what is billed beside nodes: a row of the tables, a month's quantity.
//   - A crossing is a month's bytes between two zones or two regions.
//   - Offers are what a layout means for its neighbours: a log's partitions, a
//     service's connections.
package sizing
