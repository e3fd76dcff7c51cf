// Package sizing knows the kinds of components: how many nodes of a given type a
// load needs, which limit decides, and what is billed beside the nodes
// (docs/model.md sections 4 and 5). It knows no prices.
//
// A component's kind prepares a task, which gives a sizer; the sizer fits it on a node
// type, which gives a layout or a rejection. A kind is one file, put together from
// parts, a file each; kinds.go lists them.
//
//   - A kind is a sort of component, such as database or log.
//   - A spec is what a profile says of a component; parts have specs within it.
//   - A part is one concept of several kinds, such as read replicas or shards.
//   - Traits are what other kinds may know of it.
//   - A system is one profile with its load and tables; a task one component of it.
//   - A sizer sizes one component on any type: a fleet, a store, brokers, an index.
//   - A structure is a way to build a component, such as shards.
//   - A layout is a component sized on one node type.
//   - The ranking tells a kind what is cheaper.
//   - A pool is the nodes of one role in one region; a role has their needs and
//     what they must outlive; a need is what it asks of one resource.
//   - A limit is a need held against a pool; the binding one decided its number.
//   - A rejection says why a type does not do.
//   - Usage is what is billed beside nodes: a row of the tables, a quantity.
//   - A crossing is a month's bytes between zones or regions.
//   - Offers are what a layout means for its neighbours, such as a log's partitions.
package sizing

//go:generate go run headroom/cmd/genkeys .
