// Package availability holds the formulas by which parts that fail and are repaired make a
// group that is up for some part of the time: groups of which k of n must be up, parts in
// series, and birth–death chains of groups with one repair at a time or all at once.
//
// An availability is the long-run part of the time in which something is up, from 0 to 1.
// Times are seconds. Functions are pure, and what they return is never a NaN: those that
// take times refuse what is none with an error; those that take availabilities count a
// number that cannot be one (below 0, above 1, NaN) as 0, so that a slip such as 99.9 for
// 0.999 makes the answer worse and is seen.
//
// All formulas take the parts for independent: none fails because another does, or for the
// same reason as another. Parts in one rack, zone or release are not, and of a group of
// these they promise too much. Ford and others saw 37 % of the node failures at Google come
// in bursts; Elerath and Pecht found between 2 and 1,500 times as many double failures of
// disks as the mean time to data loss says. Whoever prints more than five nines of them has
// to say what a lost site does.
//
// Symbols, as in the literature:
//
//	n    parts of a group
//	λ    1/every, failures of a part that is up, per second
//	μ    1/repair, repairs per second
//	aᵢ   rate at which a group with i parts lost loses one more, (n − i)·λ
//	rᵢ   rate at which it gets one back: μ in series, i·μ in parallel
//
// Sources:
//
//	Trivedi, "Probability and Statistics with Reliability, Queuing, and Computer Science
//	Applications", 2nd ed., 2002 (k of n, birth–death chains).
//	Kleinrock, "Queueing Systems", vol. 1, "Theory", 1975 (ch. 3: birth–death chains).
//	Chen, Lee, Gibson, Katz and Patterson, "RAID: high-performance, reliable secondary
//	storage", ACM Computing Surveys 26, 1994 (mean time to data loss, serial repair).
//	Angus, "On computing MTBF for a k-out-of-n:G repairable system", IEEE Transactions on
//	Reliability 37, 1988 (parallel repair).
//	Elerath and Pecht, "A highly accurate method for assessing reliability of redundant
//	arrays of inexpensive disks", IEEE Transactions on Computers 58(3), 2009.
//	Ford and others, "Availability in globally distributed storage systems", OSDI 2010.
//	AWS, "Availability and beyond", white paper (series, redundancy).
package availability
