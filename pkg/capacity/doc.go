// Package capacity says how many nodes a load needs, and what is left of them
// when something is lost. Only here is a need held against what nodes have: sizing,
// explain, and the check of given machines all ask here (docs/model.md section 4).
//
//   - A resource is one thing of which nodes have a limited amount, such as CPU.
//   - A state is a situation in which the nodes must still do: their own load, a
//     lost node, a lost zone, a lost region whose users come here, or workers
//     that catch up after an outage.
//   - A need is what a role asks of one resource: for each state an amount, what
//     one node has, and the part of it that a node may carry there.
//   - An amount has a part that follows the load, hour by hour, and a part that
//     is held whatever the load.
//   - Copies are nodes on which each part of an amount lies; with one copy the
//     nodes share it evenly.
//   - Parts are what a copy consists of that cannot be divided, such as shards. They
//     are placed one by one, and the busiest node decides.
//   - A role is the nodes of one task in one region: its needs, the hours of the
//     week, the zones, and what it must outlive.
//   - A limit is a need in one state against a given number of nodes.
//
// Least and Follow ask how many nodes a role takes: one number, or one for each
// hour of the week. Check lists every limit of a number of nodes. Serve tells
// what part of the load given nodes carry. All read the same needs, so that what
// decides a size is what explain shows.
//
// Nothing here knows kinds of components, machines or prices.
package capacity
