// Package timeline plans one system as it grows, month by month or week by week, and says
// what runs, what changes when and why, and what that costs.
//
// The first period is the system as an estimate plans it. Every further one is planned for
// the demand of its own month (docs/model.md section 1): nodes that follow the load for the
// month at hand, stores for the lead beyond it, partitions and shards for the horizon. Each
// keeps the machines of the one before it, unless they no longer carry their component or
// others save more than a part of its running cost, as in a sweep of package whatif. A period
// that changes what somebody has to do has a Change for it, with its stimulus: the limit that
// the old machine or number fails on, or the saving.
//
// The bill of a period is that of an estimate in the same month. Its sums are exact: the
// components, events and adjustments of a period add up to its bill, the periods to the
// total. A week is 12 of 52 parts of the month in which it begins, rounded line by line.
//
// Nodes are bought for all periods at once (bill.Periods). A commitment lasts for its term
// also where the system has left its machine; Held says what is used of it. Bill has fees
// spread over their terms, Cash has them when they are paid.
//
// An event rents what it needs beyond the plan for its hours, on demand, and is a line of
// its own. Two events at a time are each held against the plan, not against each other.
//
// Words: a period is a month or a week. A step of demand is a phase. A system is a profile,
// or an environment of it, over all periods.
package timeline
