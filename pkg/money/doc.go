// Package money holds exact US dollars. It is the only package that imports
// decimal: amounts and prices never pass through float64 on their way from a
// price table to a bill.
//
// Three types keep apart what must not be mixed:
//
//   - Rate: a price per unit, as exact as the table printed it (0.0116 per hour).
//   - Amount: dollars. Unrounded until it becomes a bill line.
//   - Quantity: what is multiplied with a Rate (hours, GiB-months, requests).
//
// A Line is a Quantity at a Rate. Its total is rounded to the cent, once, and
// sums are sums of such totals, so that the column of a bill adds up. A Tier is
// a step of a price that depends on how much is used. A Range is a cost with its
// least and its greatest value. String prints what can be parsed again, Human
// and Dollars print for people.
package money
