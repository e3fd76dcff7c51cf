package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/plan"
)

// Exit codes, as the command line's reference lists them.
const (
	exitOK         = 0
	exitBreached   = 1 // a budget or policy is breached (check)
	exitUsage      = 2 // wrong flags or arguments
	exitInvalid    = 3 // invalid input: profile, prices, baseline
	exitInfeasible = 4 // no feasible plan
	exitOther      = 5
	// exitInterrupted is what shells make of a process that Ctrl-C ends: 128 and the
	// number of the signal.
	exitInterrupted = 130
)

// usageError is a wrong flag or argument.
type usageError struct{ error }

// invalidError is an invalid input without a position of its own.
type invalidError struct{ error }

// breachedError is a budget that is not kept.
type breachedError struct{ error }

// interruptedError is a run that Ctrl-C ended.
type interruptedError struct{ error }

// infeasibleError says that nothing meets the demand.
type infeasibleError struct{ error }

func (e usageError) Unwrap() error      { return e.error }
func (e invalidError) Unwrap() error    { return e.error }
func (e breachedError) Unwrap() error   { return e.error }
func (e infeasibleError) Unwrap() error { return e.error }

func (e interruptedError) Unwrap() error { return e.error }

// usagef is a usageError.
func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// hinted is an error with a sentence on what to do, printed last.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// hints are the different hints of the errors that are joined in one.
func hints(err error) []string {
	var out []string
	for _, one := range diag.Each(err) {
		var h hinted
		if errors.As(one, &h) && !slices.Contains(out, h.hint) {
			out = append(out, h.hint)
		}
	}
	return out
}

// named says which of several systems an error is about. Problems say it where no file
// does.
func named(err error, name string) error {
	if err == nil {
		return nil
	}
	ps := diag.Of(err)
	if ps == nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i := range ps {
		if ps[i].Pos.File == "" {
			ps[i].Summary = name + ": " + ps[i].Summary
		}
	}
	return ps
}

// exitCode maps an error to the code of its kind; of several, the first decides.
func exitCode(err error) int {
	err = diag.Each(err)[0]
	var usage usageError
	var invalid invalidError
	var infeasible infeasibleError
	var breached breachedError
	var problems diag.Problems
	var problem diag.Problem
	var missing catalog.MissingPrices
	var interrupted interruptedError
	switch {
	case errors.As(err, &interrupted), errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &breached):
		return exitBreached
	case errors.As(err, &infeasible):
		return exitInfeasible
	case errors.As(err, &invalid), errors.As(err, &problems), errors.As(err, &problem), errors.As(err, &missing):
		return exitInvalid
	}
	return exitOther
}

// fail prints an error, the last line saying what to do, and returns the exit
// code.
func (a *app) fail(err error) int {
	code := exitCode(err)
	if errors.Is(err, context.Canceled) {
		err = interruptedError{errors.New("interrupted")}
	}
	if diag.Render(a.errOut, "headroom: ", a.files.Shown(err), a.ErrWidth) != nil {
		return exitOther
	}
	var missing catalog.MissingPrices
	var h hinted
	var none *plan.Infeasible
	say := func(text string) { fmt.Fprintln(a.errOut, a.wrapped(text)) }
	switch {
	case errors.As(err, &missing):
		fmt.Fprintf(a.errOut, "\n%s\n", diag.Lines(missing.Overlay())) // never wrapped: it is a file to be
		say("Save the lines from # on as a file, fill them in and add --overlay FILE; " +
			"or see what is priced with --unpriced show.")
	case errors.As(err, &h):
		for _, hint := range hints(err) {
			say(diag.Lines(hint)) // it may name a file
		}
	case code == exitUsage:
		say("See headroom --help, or headroom COMMAND --help.")
	case errors.As(err, &none) && none.Purchase():
		say("Allow other ways to buy (purchase: or --purchase), loosen its bounds, " +
			"or give a price under purchase: rates:.")
	case code == exitInfeasible:
		say("Change what fails: allow other types, divide the load, loosen survive or slo; " +
			"headroom explain shows every limit of a plan that works.")
	case code == exitInvalid:
		say("Correct the input and run the command again.")
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		say("Check the path and its permissions.")
	case code == exitOther:
		say("If the message does not help, run the command again with the same inputs and report both.")
	}
	return code
}
