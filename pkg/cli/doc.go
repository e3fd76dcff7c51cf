// Package cli is the command line: commands, flags, settings, files and exit
// codes. It decides nothing about the model. A command loads its inputs, calls
// the packages below and hands the result to package report.
//
// # How a run goes
//
// Main gets the environment of the process (Env) and the embedded files. It
// makes an app, which is the state that all commands of a run share, and the
// tree of commands (root.go). Settings come from files, from variables and
// from flags, in this order: the last one wins (settings.go). A command then
// opens a profile (load.go), a saved estimate or a revision in git (source.go),
// and the price tables (prices.go). The result becomes a report.Document, which
// is written to stdout or, whole or not at all, to a file (output.go). An error
// goes up unchanged to one place, which prints it and chooses the exit code
// (errors.go).
//
// There is a file for every command, and one for every part that several
// commands share.
//
// # Words
//
//   - Env: what a process brings: arguments, streams, variables, the clock.
//   - app: what the commands of one run share.
//   - setting: a value that has a flag, a variable and a key of a file.
//   - profile: the YAML file that describes a system. Package workload reads it.
//   - vintage: the price tables of one day. Package catalog has them.
//   - overlay: a file with prices that are put over those of a vintage.
//   - source: where diff finds an estimate: a profile, a saved file, a revision.
//   - subject: an estimate that check holds to a budget.
//   - listing: a table of inputs, such as prices or settings.
//   - hinted: an error with a sentence that says what to do.
package cli
