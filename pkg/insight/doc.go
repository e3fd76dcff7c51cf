// Package insight says about an estimate what only planning again can tell.
//
// Remark fills in the closing lines of an estimate: what the next users cost,
// how many users the machines carry and what then breaks first, what happens
// when a region is lost, which assumed input moves the bill most, what the system
// would cost on demand or reserved, which quotas to ask for. Each of these is the same
// profile in another situation, planned or sized once more; the plan that was given
// stays as it is. What it finds are remarks: keys with figures, of which package
// report makes sentences. Explain says how an estimate came about, and what could
// have been chosen instead.
//
// This takes some ten times as long as the bill alone. Sweeps and searches, which
// need no remarks, call bill.Make.
package insight
