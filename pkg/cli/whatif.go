package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/bill"
	"headroom/pkg/plan"
	"headroom/pkg/report"
	"headroom/pkg/unit"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
)

const whatifLong = `Plan a profile again with other inputs.

  --set path=value    one changed system beside the base: what changes and why
  --scenario NAME     a named set of changes, shipped or a file; several side by side
  --vary …            every value of one input, or of two; marks where type, binding
                      limit, partitions or shards change
  --goal … --solve …  the largest or smallest value of an input (peak.users unless given)
                      that meets a goal, with the next one that does not

--environment plans an environment beside production. An input that nothing in the
plan and its bill depends on is said to have no effect.

Paths are those of the profile, such as peak.users, components.db.cpu_read,
regions.us-east-1.share or components.web.pin.type; items of lists by name or
index. Defaults that the profile does not state can be set too. With --vary and
--goal, --set changes the system that is varied. --list shows the paths of a
profile, the shipped scenarios, and what goals can be about.

--keep holds the machines of a saved estimate in every plan, as in headroom
estimate, and says what leaving them would save. They are left where they no longer
carry their component, and with --leave where another saves more of its running cost.

A sweep of one number is that of a system that grows and shrinks. It begins with the
profile's own value, as headroom estimate plans it. From there each value upwards
keeps the machines of the one before it, and each downwards too, unless others save
more than --leave, and divides data into no fewer partitions or shards: a system that
runs is not rebuilt for every step. Columns say what
is built anew. --anew plans each value by itself, as if nothing ran yet: with the
lowest running cost, on machines that may differ from value to value. So are sweeps
of two inputs, of values that are no numbers, and all plans of a --goal.

A sweep is path=from..to:log:20 (or lin), or path=a,b,c for any input. The limits
of a search stand behind its path, as in --solve peak.users=1k..1M; without them
it goes from a hundredth to a hundredfold of the profile's value. The search tries
every value of three digits that may be the answer: bills and response times rise and
fall, and over decades that takes minutes. --quick answers in some twenty plans.`

const whatifExample = `  headroom whatif medium --set peak.users=5k --set components.phoenix.cpu=4ms
  headroom whatif medium --scenario twice-the-users --scenario one-region
  headroom whatif medium --vary peak.users=1k..100k:log:20 --chart
  headroom whatif medium --vary peak.users=1k..100k:log:20 --anew
  headroom whatif ./shop.yaml --vary peak.users=1k,2k,4k --vary peak.response=3KB,30KB --format csv
  headroom whatif medium --goal 'monthly<=5000'
  headroom whatif medium --goal 'p99<=50ms' --solve components.phoenix.cpu --quick
  headroom whatif medium --goal 'splits:db<=0' --solve peak.users=150k..200k
  headroom whatif ./shop.yaml --set peak.users=3k --keep baseline.json
  headroom whatif medium --list scenarios
  headroom whatif --print-schema`

// Wants of a search.
const (
	wantLargest  = "largest"
	wantSmallest = "smallest"
)

type whatifOptions struct {
	format, out string
	sets        []string
	scenarios   []string
	vary        []string
	goal, solve string
	solveGiven  bool
	want        string
	quick       bool
	list        string
	keep        string
	leave       string
	environment string
	chart       bool
	anew        bool
	schema      bool
}

func newWhatifCmd(a *app) *cobra.Command {
	var o whatifOptions
	cmd := &cobra.Command{
		Use: "whatif PROFILE", Short: "Change inputs: compare, sweep, or search for a goal",
		Long: whatifLong, Example: whatifExample,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.schema {
				return nil
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return a.completeProfiles(cmd, args, word)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.schema {
				return a.output(o.out, whatif.Schema())
			}
			o.solveGiven = cmd.Flags().Changed("solve")
			return runWhatif(cmd.Context(), a, o, args[0])
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.sets, "set", nil, "path=value: give an input another value (repeatable)")
	f.StringArrayVar(&o.scenarios, "scenario", nil, "shipped scenario, or a file such as ./sale.yaml (repeatable)")
	f.StringArrayVar(&o.vary, "vary", nil, "path=from..to:log:20 or path=a,b,c: plan every value (once or twice)")
	f.StringVar(&o.goal, "goal", "", "what is to hold, such as monthly<=5000 or p99:phoenix<=150ms")
	f.StringVar(&o.solve, "solve", "peak.users", "path or path=from..to: the input that is searched for the goal")
	f.StringVar(&o.want, "want", wantLargest, "largest or smallest value that meets the goal")
	f.BoolVar(&o.quick, "quick", false, "search for the goal in some twenty plans; values between them are not tried")
	f.StringVar(&o.list, "list", "", "list inputs, scenarios or figures (of goals) and do nothing else")
	f.StringVar(&o.keep, "keep", "", keepHelp+", in every plan")
	a.addAllowEdited(cmd)
	f.BoolVar(&o.anew, "anew", false, "plan each value of a sweep by itself, as if nothing ran yet")
	f.StringVar(&o.leave, "leave", "", "part of a component's running cost for which kept machines are left "+
		"(from value to value of a sweep "+unit.Percent(plan.WorthMoving, 0)+" unless given)")
	f.StringVar(&o.environment, "environment", "", "environment of the profile instead of production")
	f.BoolVar(&o.schema, "print-schema", false, "print the JSON Schema of scenarios and do nothing else")
	f.BoolVar(&o.chart, "chart", false, "bars in the full table of a sweep; the short one has them")
	a.addFormat(cmd, &o.format, report.DocumentFormats())
	a.addSettings(cmd, planSettings()...)
	a.addOut(cmd, &o.out)
	a.addFull(cmd, "also limits, ranges and the next users")
	a.completeWhatif(cmd)
	return cmd
}

func runWhatif(ctx context.Context, a *app, o whatifOptions, name string) error {
	if err := o.check(); err != nil {
		return err
	}
	opts, err := a.planOptions()
	if err != nil {
		return err
	}
	opts.Environment = o.environment
	if err := a.keepFor(&opts, o.keep, name); err != nil {
		return err
	}
	if opts.Leave, err = o.leaving(); err != nil {
		return err
	}
	s, err := a.system(name, opts)
	if err != nil {
		return err
	}
	if o.list != "" {
		return a.listWhatif(o, s)
	}
	var sets []whatif.Assignment
	for _, text := range o.sets {
		set, err := whatif.ParseAssignment(text)
		if err != nil {
			return usagef("--set: %v", err)
		}
		sets = append(sets, set)
	}
	if len(o.vary) == 0 && o.goal == "" {
		return a.compareWhatif(ctx, o, s, sets)
	}
	if len(sets) > 0 {
		if s, err = s.With(sets); err != nil {
			return err
		}
	}
	if len(o.vary) > 0 {
		return a.sweepWhatif(ctx, o, s)
	}
	return a.solveWhatif(ctx, o, s)
}

// check refuses flags that do not go together.
func (o whatifOptions) check() error {
	if err := knownFormat(o.format, report.DocumentFormats()); err != nil {
		return err
	}
	asked := len(o.sets) + len(o.scenarios) + len(o.vary)
	switch {
	case o.list != "" && !slices.Contains(whatifLists(), o.list):
		return usagef("--list %s is not known; use %s", o.list, strings.Join(whatifLists(), ", "))
	case o.list != "":
		return nil
	case o.goal == "" && (o.solveGiven || o.quick):
		return usagef("--solve and --quick need --goal, such as --goal 'monthly<=5000'")
	case o.goal != "" && len(o.vary) > 0:
		return usagef("use --vary or --goal, not both")
	case len(o.scenarios) > 0 && (o.goal != "" || len(o.vary) > 0):
		return usagef("--scenario is compared with the base; give --set to what is varied or searched")
	case o.goal == "" && asked == 0:
		return usagef("nothing is changed; give --set, --scenario, --vary or --goal")
	case o.want != wantLargest && o.want != wantSmallest:
		return usagef("--want %s is neither %s nor %s", o.want, wantLargest, wantSmallest)
	case len(o.vary) > 2:
		return usagef("--vary takes one or two inputs, not %d", len(o.vary))
	case o.leave != "" && o.keep == "" && (len(o.vary) != 1 || o.anew):
		return usagef("--leave is about kept machines; give --keep, or --vary with one input and without --anew")
	case o.anew && len(o.vary) == 0:
		return usagef("--anew needs --vary")
	case o.chart && len(o.vary) != 1:
		return usagef("--chart needs --vary with one input")
	}
	return nil
}

// leaving is the part of the running cost for which kept machines are left; 0 for none.
func (o whatifOptions) leaving() (float64, error) {
	if o.leave == "" {
		return 0, nil
	}
	part, err := unit.ParseFraction(o.leave)
	if err == nil && (part <= 0 || part >= 1) {
		err = fmt.Errorf("%s is not between 0 and 100 %%", o.leave)
	}
	if err != nil {
		return 0, usagef("--leave: %v", err)
	}
	return float64(part), nil
}

// system opens a profile for changes.
func (a *app) system(name string, opts bill.Request) (*whatif.Model, error) {
	draft, err := a.openProfile(name)
	if err != nil {
		return nil, err
	}
	if _, err := draft.Profile(); err != nil {
		return nil, err
	}
	if _, err := a.catalog(); err != nil { // opened once, before there are several goroutines
		return nil, err
	}
	return whatif.New(draft, opts, func(p *workload.Profile, o bill.Request) (*bill.Planned, error) {
		p.Ref = name
		return a.planProfile(p, o)
	})
}

func (a *app) compareWhatif(ctx context.Context, o whatifOptions, s *whatif.Model, sets []whatif.Assignment) error {
	var cases []whatif.Scenario
	if len(sets) > 0 {
		cases = append(cases, whatif.Changed(sets))
	}
	for _, name := range o.scenarios {
		sc, err := a.scenario(name)
		if err == nil {
			err = a.checkScenario(&sc)
		}
		if err != nil {
			return err
		}
		cases = append(cases, sc)
	}
	c, err := s.Compare(ctx, cases)
	if errors.Is(err, context.Canceled) {
		return errInterrupted()
	}
	if err != nil {
		return err
	}
	if err := a.write(o.out, o.format, report.WhatIf(c)); err != nil {
		return err
	}
	for i := range c.Cases {
		if c.Cases[i].Failure == "" {
			return nil
		}
	}
	return infeasibleError{fmt.Errorf("no plan: %s", c.Cases[0].Failure)}
}

func (a *app) sweepWhatif(ctx context.Context, o whatifOptions, s *whatif.Model) error {
	var axes []whatif.Axis
	for _, text := range o.vary {
		axis, err := s.Axis(text)
		if err != nil {
			return usagef("--vary: %v", err)
		}
		axes = append(axes, axis)
	}
	if o.leave != "" && o.keep == "" && axes[0].Values == nil {
		return usagef("--leave: values of %s are planned anew, since they are no numbers", axes[0].Path)
	}
	defer roomy()()
	bar := a.progress("points")
	sweep, err := s.Sweep(ctx, axes, o.anew, bar.at)
	bar.stop()
	var wrong whatif.WrongAxes
	if errors.As(err, &wrong) {
		return usagef("--vary: %v", err)
	}
	if err != nil {
		return err
	}
	if why, none := sweep.NoPlan(); none {
		return infeasibleError{fmt.Errorf("no point of the sweep has a plan; at the first, %s", why)}
	}
	if err := a.write(o.out, o.format, report.Sweep(sweep, o.chart)); err != nil {
		return err
	}
	if sweep.Partial {
		return errInterrupted()
	}
	return nil
}
