// Package pkg holds no code: it is the map of the house, and deps_test.go holds
// the packages to it. fused_test.go and portable_test.go hold them to the same bits on
// every machine.
//
// One line runs through all of it: a profile (YAML, and what --set changes)
// becomes a Profile; the Profile in a Situation a Demand, and that a Load per
// region and component; per component and node type a Layout or a Rejection; the
// cheapest Choice; a Plan of all choices; an exact Estimate; a Document; and then
// text, CSV, Markdown, JSON, HTML, a workbook or a flow chart. Nothing on this line
// is changed afterwards: a question about another month, region or number is another
// Situation.
//
// The packages, from the command line down. An import may only point down this
// list:
//
//	cli         cobra, viper, wiring; one file per command; exit codes in one place
//	serve       a page on this machine: inputs → total, tables and charts
//	report      Estimate → Document (grids of cells: text and value) → bytes
//	whatif      changed inputs: scenarios, sweeps, goals
//	timeline    months or weeks of one growing system: what changes when, bill, cash
//	budget      limits, regressions, verdicts
//	solutions   several systems for the same demand, side by side: what speaks for each
//	compare     differences of two estimates, and what caused them
//	insight     remarks on an estimate: what plans again to find them
//	bill        a plan → lines of the bill, purchase mix, adjustments: an Estimate
//	resilience  a plan in scenarios of failure: outcomes, aims, availability
//	plan        search: a demand → the cheapest machines that carry it
//	purchase    reserved, committed, on-demand and spot mixes
//	simulate    discrete events
//	uncertain   distributions, sampling, robust choice
//	sizing      a file per component kind, put together from parts with a file
//	            each, behind one small interface
//	capacity    needs against nodes in every state of loss: how many it takes,
//	            what binds, what is served
//	calibrate   load tests → capacity
//	market      what can be rented or is owned: hardware, price; a file per seller
//	workload    profile, demand, flow between components
//	outage      what is left of a system when something fails: who is served, what is lost
//	catalog     node types, speeds, limits, prices; vintages
//	availability cited formulas: k of n, series and parallel, groups that are repaired
//	queueing    cited formulas: Erlang, Allen–Cunneen, scalability law
//	strict      YAML with positions, checked against a schema; --set
//	words       the sentences of all that is said, the texts of derivations
//	remark      what is said, and the steps of derivations, as values
//	money       exact dollars, rates, tiers, bills
//	portable    exponentials, powers, gamma functions: the same on every machine
//	unit        quantities: parse and print
//	intake      files of the user: read once and bounded, as text; what may be quoted
//	diag        problems with file, line and column; suggestions
//	drawn       for tests only: random cases that are the same for everybody
//
// simulate, uncertain and calibrate have no folder yet; they keep
// their place in the order.
//
// Beside them: cmd/headroom is the program, cmd/gendocs writes docs/commands and
// docs/man from the commands, cmd/genkeys makes the texts of a profile's keys from the
// comments above their fields, cmd/gentables made the tables under pricing and makes
// their compact form. pricing, profiles and docs embed files and export them as an
// fs.FS; only cmd imports them, everything else takes an fs.FS or a *catalog.Catalog.
// testdata/script holds the scripts that run the real program, testdata/cases the
// systems of others that docs/truth.md holds it against, testdata/documents the
// statements that docs/documents.md says what becomes of.
//
// docs/extending.md shows with worked examples how to add a kind of component, a
// report format or a command: a file and a line in a list.
//
// Few libraries have more than one place: decimal arithmetic is money's alone,
// tablewriter and excelize report's, html/template report's and serve's, net/http serve's,
// viper and cobra cli's (cmd/gendocs walks the commands).
// Gonum is for tests: queueing and portable are held against its integrals and functions,
// whose last bits differ from machine to machine. Tests draw random cases with drawn
// only, so that no test passes on one machine and fails on another.
// No package has an init function, and none reads the clock: a result depends
// on its inputs only. (The command line asks for the day: for check, unless --today
// gives it, and to refuse prices of days to come.) Long
// waits in tests are not a clock in the model, so tests may look at it.
package pkg
