package cli

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/bill"
	"headroom/pkg/budget"
	"headroom/pkg/diag"
	"headroom/pkg/report"
	"headroom/pkg/words"
)

const checkLong = `Hold estimates to the rules of a budget: what a system may cost, how much it may
grow against a baseline, how much room it must have. The report comes first,
then the exit code: 0 kept (or only warnings and exceptions), 1 breached,
3 invalid input, 4 nothing carries the system. Problems of the input are in the
files of --report and --out too, so that none of an older run stands there.

PROFILE is a profile, a saved estimate or one in a git revision, as in headroom
diff; without any, the profiles that the budget names. The baseline is one as
well. A saved one is planned anew from the inputs and prices that it keeps, by the
model of this version, and then at the prices of the profile: the report has a
line for the effect of the model, of the prices, and for the change of the
profile, which alone is held to the limits of growth. --reprice keeps the
baseline's machines and quantities and bills them at the prices of the profile.
A file that was edited after it was saved is refused, unless --allow-edited.

Settings that are not from the repository (HEADROOM_… in the environment, the
user's configuration file) and may change the bill are refused with exit code 3,
unless --allow-settings, which names them in every report: a gate must not depend
on the machine that it runs on.

--report writes further reports beside the one of --format, such as
--report junit=check.xml,sarif=check.sarif. Under GitHub Actions
(GITHUB_ACTIONS=true) findings also become annotations and the job's summary.`

const checkExample = `  headroom check
  headroom check --print-schema
  headroom check ./shop.yaml --budget budget.yaml --baseline baseline.json
  headroom check ./shop.yaml --warn-only --report junit=check.xml,sarif=check.sarif,markdown=comment.md`

// defaultBudget is the budget that is read unless another one is named.
const defaultBudget = "budget.yaml"

type checkOptions struct {
	budget, baseline, today string
	format, out             string
	reports                 []string
	reprice, warnOnly       bool
	schema                  bool
	allowSettings           bool
}

func newCheckCmd(a *app) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use: "check [PROFILE…]", Short: "Hold estimates to a budget and a baseline (for CI)",
		Long: checkLong, Example: checkExample,
		ValidArgsFunction: a.completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return runCheck(a, o, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.budget, "budget", defaultBudget, "file with the rules")
	f.StringVar(&o.baseline, "baseline", "", "what is compared with, instead of the budget's baseline")
	f.BoolVar(&o.reprice, "reprice", false, "bill the baseline's machines at the prices of the profile")
	f.StringVar(&o.today, "today", "",
		"day on which exceptions and ages of prices are judged, such as 2026-12-31 (default: the clock's)")
	a.addFormat(cmd, &o.format, report.VerdictFormats())
	a.addSettings(cmd, planSettings()...)
	a.addOut(cmd, &o.out)
	a.addFull(cmd, "also limits that are kept, and all that is another")
	f.StringSliceVar(&o.reports, "report", nil, "further reports, as FORMAT=FILE,…")
	f.BoolVar(&o.schema, "print-schema", false, "print the JSON Schema of budgets and do nothing else")
	f.BoolVar(&o.allowSettings, "allow-settings", false,
		"accept settings of the environment or the user's file that may change the bill")
	a.addAllowEdited(cmd)
	f.BoolVar(&o.warnOnly, "warn-only", false, "exit 0 also when a limit is breached")
	return cmd
}

func runCheck(a *app, o checkOptions, args []string) error {
	if o.schema {
		return a.output(o.out, budget.Schema())
	}
	reports, err := o.extra(a.out)
	if err != nil {
		return err
	}
	today, err := o.day(a)
	if err != nil {
		return err
	}
	a.judged = today
	v, err := a.judge(o, args, today)
	if code := exitCode(err); code == exitInvalid || code == exitInfeasible {
		refused := a.refused(err, o, today)
		return joined(err, a.publish(refused, o, reports))
	}
	if err != nil {
		return err
	}
	return joined(o.verdict(v), a.publish(v, o, reports))
}

// joined is the errors that are there: the verdict first, as it decides the exit code.
func joined(errs ...error) error {
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) == 1 {
		return errs[0] // a joined error has no text of its own to add
	}
	return errors.Join(errs...)
}

// refused is the verdict where the input has problems: what the reports of the run
// before say must not stand there as if it were of this one.
func (a *app) refused(err error, o checkOptions, today string) *budget.Verdict {
	hint := ""
	var h hinted
	if errors.As(err, &h) {
		hint = h.hint
	}
	settings, _ := a.settings.hidden()
	of := bill.Source{Name: "budget", File: filepath.ToSlash(o.budget)}
	v := budget.Refused(a.files.Shown(err), hint, of, today, a.program())
	v.Settings = settings
	return v
}

// program is this one, as reports name it.
func (a *app) program() bill.Program {
	return bill.Program{Name: "headroom", Version: a.Version, Model: bill.Model}
}

// judge holds the systems to the budget.
func (a *app) judge(o checkOptions, args []string, today string) (*budget.Verdict, error) {
	settings, err := a.hiddenSettings(o.allowSettings)
	if err != nil {
		return nil, err
	}
	by := ""
	if o.budget == defaultBudget {
		by = "." // nobody named it
	}
	src, err := a.read(budgetKind(), o.budget, by)
	if err != nil {
		return nil, err
	}
	b, err := budget.Parse(filepath.ToSlash(o.budget), src)
	if err != nil {
		return nil, err
	}
	subjects, rest, err := a.subjects(b, o, args)
	if err != nil {
		return nil, err
	}
	v, err := b.Check(subjects, today, a.program())
	var ps diag.Problems
	if errors.As(err, &ps) {
		ps.Quote(b.Source.File, src)
	}
	if err != nil {
		return nil, err
	}
	v.Settings, v.Unchecked = settings, rest
	return v, nil
}

// hiddenSettings are the settings that are not from the repository. One that may
// change the bill could turn the gate on one machine and not on the next, so that it
// must be asked for.
func (a *app) hiddenSettings(allow bool) ([]budget.Setting, error) {
	all, billed := a.settings.hidden()
	if len(billed) == 0 || allow {
		return all, nil
	}
	var parts []string
	for _, s := range all {
		if slices.Contains(billed, s.Name) {
			parts = append(parts, s.String())
		}
	}
	return nil, hinted{invalidError{fmt.Errorf("a setting that is not from the repository may change the bill: %s",
		strings.Join(parts, "; "))},
		"Give it as a flag or in ./" + projectFile + ", remove it, or accept it with --allow-settings."}
}

// verdict is the error of a budget that is not kept.
func (o *checkOptions) verdict(v *budget.Verdict) error {
	switch v.Outcome {
	case budget.Infeasible:
		return infeasibleError{fmt.Errorf("%d of %d systems cannot be planned", v.Count(budget.Infeasible),
			v.Count(budget.Infeasible)+len(v.Systems))}
	case budget.Fail:
		if o.warnOnly {
			return nil
		}
		n := v.Count(budget.Fail)
		return hinted{breachedError{fmt.Errorf("%d of %s breached", n, words.Counted(len(v.Results), "limit"))},
			"Change the system; or, in " + o.budget +
				", change the limit or add an exception with reason and last day."}
	}
	return nil
}

// day is the day of the check.
func (o *checkOptions) day(a *app) (string, error) {
	switch {
	case o.today != "":
		if _, err := budget.ParseDate(o.today); err != nil {
			return "", usagef("--today: %s", err)
		}
		return o.today, nil
	case a.Now == nil:
		return "", usagef("there is no clock; give --today")
	}
	return a.today(), nil
}

// target is a further report.
type target struct{ format, file string }

func (o *checkOptions) extra(stdout *stdout) ([]target, error) {
	if err := knownFormat(o.format, report.VerdictFormats()); err != nil {
		return nil, err
	}
	var out []target
	for _, text := range o.reports {
		format, file, ok := strings.Cut(text, "=")
		if !ok || file == "" {
			return nil, usagef("--report %s: write FORMAT=FILE, such as junit=check.xml", text)
		}
		if err := report.VerdictFormats().Known(format); err != nil {
			return nil, usagef("--report %s: %w", text, err)
		}
		out = append(out, target{format, file})
	}
	return out, o.apart(out, stdout)
}

// apart refuses two reports to one file: only the last would be left.
func (o *checkOptions) apart(reports []target, stdout *stdout) error {
	names := []string{o.out}
	for _, t := range reports {
		names = append(names, t.file)
	}
	var files []outFile
	for _, name := range names {
		f, err := findOutFile(name)
		if name == "" || err != nil {
			continue // stdout; and what cannot be written is said when it is written
		}
		beside := o.out == "" && f.info != nil && f.info.Mode().IsRegular() && stdout.is(f.info)
		if beside || slices.ContainsFunc(files, f.same) {
			return usagef("two reports would be written to %s; give each a file of its own", name)
		}
		files = append(files, f)
	}
	return nil
}

// publish writes all reports that can be written; the error is of the others.
func (a *app) publish(v *budget.Verdict, o checkOptions, reports []target) error {
	var errs []error
	for _, t := range append(reports, target{o.format, o.out}) {
		if t.file == "" && v.Outcome == budget.Invalid {
			continue // stderr says it; the files of the run before must not stay
		}
		errs = append(errs, a.publishOne(v, t))
	}
	if a.Getenv("GITHUB_ACTIONS") == "true" {
		// The runner reads commands from both streams; stdout keeps to the report.
		fmt.Fprint(a.errOut, report.Annotations(v))
		errs = append(errs, summarise(v, a.Getenv("GITHUB_STEP_SUMMARY")))
		errs = append(errs, appendNamed(a.Getenv("GITHUB_OUTPUT"), report.StepOutputs(v)))
	}
	return joined(errs...)
}

func (a *app) publishOne(v *budget.Verdict, t target) error {
	opts, err := a.layout(t.file)
	if err == nil {
		err = a.showable(t.file, t.format)
	}
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := report.WriteVerdict(&buf, t.format, v, opts); err != nil {
		return err
	}
	return a.output(t.file, buf.Bytes())
}

// summarise adds the verdict to the summary of a job on GitHub, where there is one.
func summarise(v *budget.Verdict, file string) error {
	if file == "" {
		return nil
	}
	var buf bytes.Buffer
	if err := report.WriteVerdict(&buf, "markdown", v, report.Output{}); err != nil {
		return err
	}
	return appendNamed(file, buf.String())
}

// appendNamed adds a text to a file of the runner, where it has named one.
func appendNamed(file, text string) error {
	if file == "" {
		return nil
	}
	if err := appendTo(file, []byte(text)); err != nil {
		return cannotWrite(file, err)
	}
	return nil
}
