// Package purchase finds how the nodes of a plan are bought at the least cost:
// on demand, under commitments of one or three years, or as spot capacity
// (docs/model.md section 7).
//
// The nodes of a pool are slots 1…n. Slot k runs in the hours in which the
// pool has at least k nodes; the part of the hours is its duty. On demand and
// spot cost what the duty uses, a commitment costs the same whether used or
// not. Every slot takes the course that is cheapest for it, by present value over
// a common horizon: by use in some months, under commitments that begin in others.
// For pools that do not shrink that is the exact optimum, also where shares are
// bounded; else it is an upper bound (see solver).
//
// Time in comparisons is real time: a year has 8760 hours and a month a twelfth
// of it, since that is what a commitment covers. A plan whose month has other
// hours (720) bills hourly prices over its own month; an upfront fee is spread
// over the months of its term whatever their hours.
//
// Words: an option is a way to buy with its price. A mix says which slots are
// bought how; an allocation is its part under one option. A schedule says in
// which month what is bought and running. Residual is what is paid for
// commitments beyond the horizon. Coverage is the part of the hours that
// commitments cover, utilisation the part of the commitments that is used.
package purchase
