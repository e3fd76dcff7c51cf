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
user's configuration file) stand in every report. Those that may change the bill
are refused with exit code 3, unless --allow-settings: a gate must not depend on
the machine that it runs on.

--report writes further reports beside the one of --format, such as
--report junit=check.xml,sarif=check.sarif. Under GitHub Actions
(GITHUB_ACTIONS=true) findings also become annotations and the job's summary.`

const checkExample = `  headroom check
  headroom check --print-schema
  headroom check ./shop.yaml --budget budget.yaml --baseline baseline.json
  headroom check ./shop.yaml --warn-only --report junit=check.xml,sarif=check.sarif,markdown=comment.md`

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
	f.StringVar(&o.budget, "budget", "budget.yaml", "file with the rules")
	f.StringVar(&o.baseline, "baseline", "", "what is compared with, instead of the budget's baseline")
	f.BoolVar(&o.reprice, "reprice", false, "bill the baseline's machines at the prices of the profile")
	f.StringVar(&o.today, "today", "",
		"day on which exceptions and ages of prices are judged, such as 2026-12-31 (default: the clock's)")
	addFormat(cmd, &o.format, report.VerdictFormats())
	f.StringVar(&o.out, "out", "", "write to this file instead of stdout")
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
	reports, err := o.extra()
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
		return errors.Join(err, a.publish(refused, o, reports))
	}
	if err != nil {
		return err
	}
	if err := a.publish(v, o, reports); err != nil {
		return err
	}
	return o.verdict(v)
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
	v := budget.Refused(err, hint, bill.Source{Name: "budget", File: filepath.ToSlash(o.budget)}, today, a.program())
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
	src, err := readHinted(o.budget,
		"Write a budget with rules, or name one with --budget; its format: headroom check --print-schema.")
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
		return hinted{breachedError{fmt.Errorf("%d of %d limits breached", n, len(v.Results))},
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

func (o *checkOptions) extra() ([]target, error) {
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
	return out, nil
}

// publish writes all reports: further ones first, so that what stdout says is
// true of them.
func (a *app) publish(v *budget.Verdict, o checkOptions, reports []target) error {
	for _, t := range append(reports, target{o.format, o.out}) {
		if t.file == "" && v.Outcome == budget.Invalid {
			continue // stderr says it; the files of the run before must not stay
		}
		opts, err := a.layout(t.file)
		if err != nil {
			return err
		}
		var buf bytes.Buffer
		if err := report.WriteVerdict(&buf, t.format, v, opts); err != nil {
			return err
		}
		if err := a.output(t.file, buf.Bytes()); err != nil {
			return err
		}
	}
	if a.Getenv("GITHUB_ACTIONS") != "true" {
		return nil
	}
	// The runner reads commands from both streams; stdout keeps to the report.
	fmt.Fprint(a.errOut, report.Annotations(v))
	summary := a.Getenv("GITHUB_STEP_SUMMARY")
	if summary == "" {
		return nil
	}
	var buf bytes.Buffer
	if err := report.WriteVerdict(&buf, "markdown", v, report.Output{}); err != nil {
		return err
	}
	return appendTo(summary, buf.Bytes())
}
