// Package budget holds estimates to limits: what a system may cost, how much
// it may grow against a baseline, how much room it must have.
//
// The limits are rules in a file, budget.yaml. Parse reads and checks it. Check
// then takes the subjects, which are estimates with their baselines, and the
// day, and holds each rule to the part of each subject that the rule is about.
// What comes out is a Verdict with a Finding for every limit: figures under the
// key budget.LIMIT, for which package words has the words. A rule that matches
// nothing is an error, since it would otherwise seem to be kept.
//
// Words: a rule selects a part of a system and has one or more limits. A scope
// is the part that it selects. A baseline is the older estimate that is
// compared with. An exception lets a breached limit pass until a day. A finding
// is kept, warned of, excepted, breached or infeasible, and the worst of them
// is the outcome.
package budget

//go:generate go run headroom/cmd/genkeys .
