package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"headroom/pkg/bill"
	"headroom/pkg/plan"
	"headroom/pkg/report"
	"headroom/pkg/timeline"
	"headroom/pkg/unit"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
)

const timelineLong = `Plan a profile month by month, or week by week, as its growth says.

The first month is the system as headroom estimate plans it. Each further one is
planned for its own demand: growth.monthly, phases and events. It keeps the machines
of the month before, unless they no longer carry their component or others save more
than --leave of its running cost. Data that are divided into partitions or shards stay
so, and are divided further where that is cheapest. The report says what changes when,
and what causes it: a limit such as cpu, a phase, or the saving.

--weeks has weeks instead of months: a week is 12 of 52 parts of the month in which
it begins, and phases and events may begin in one (week: 6).

With --purchase (or purchase: in the profile), nodes are bought for all months
together. Commitments last for their term also where the system has left their
machine. The bill has upfront fees spread over their terms; cash has them when they
are paid; covered is the part of the node hours under commitment.

An event (growth.events) rents what it needs beyond the plan for its hours, on
demand, and stands in the month as a line of its own.`

const timelineExample = `  headroom timeline medium
  headroom timeline medium --months 36 --purchase optimal
  headroom timeline ./shop.yaml --weeks 26 --set growth.monthly=5%
  headroom timeline medium --format csv --out medium.csv
  headroom timeline medium --format html --out medium.html`

// The longest times: those of growth.phases.
const (
	mostMonths  = 120
	mostWeeks   = mostMonths / workload.MonthsAYear * workload.WeeksAYear
	usualMonths = 24
)

type timelineOptions struct {
	format, out string
	months      int
	weeks       int
	monthsGiven bool
	sets        []string
	envs        []string
	keep        string
	leave       string
	anew        bool
	schema      bool
}

func newTimelineCmd(a *app) *cobra.Command {
	var o timelineOptions
	cmd := &cobra.Command{
		Use: "timeline PROFILE", Short: "Plan month by month: what changes when, bill and cash",
		Long: timelineLong, Example: timelineExample,
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
				return a.output(o.out, report.TimelineSchema())
			}
			o.monthsGiven = cmd.Flags().Changed("months")
			return runTimeline(cmd.Context(), a, o, args[0])
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.months, "months", usualMonths, fmt.Sprintf("how many months, up to %d", mostMonths))
	f.IntVar(&o.weeks, "weeks", 0, fmt.Sprintf("how many weeks, up to %d, instead of months", mostWeeks))
	f.StringArrayVar(&o.sets, "set", nil, "path=value: give an input another value (repeatable)")
	f.StringSliceVar(&o.envs, "environment", nil,
		"environments of the profile instead of production, such as production,dev")
	f.StringVar(&o.keep, "keep", "", keepHelp+", in the first month")
	a.addAllowEdited(cmd)
	f.BoolVar(&o.anew, "anew", false, "plan each month by itself, as if nothing ran yet")
	f.StringVar(&o.leave, "leave", "", "part of a component's running cost for which kept machines are left ("+
		unit.Percent(plan.WorthMoving, 0)+" unless given)")
	a.addFormat(cmd, &o.format, report.DocumentFormats())
	a.addSettings(cmd, planSettings()...)
	a.addOut(cmd, &o.out)
	a.addFull(cmd, "also the nodes of every month, all changes, and what runs at both ends")
	f.BoolVar(&o.schema, "print-schema", false, "print the JSON Schema of --format json and do nothing else")
	return cmd
}

// check refuses flags that do not go together, and says what the periods are.
func (o *timelineOptions) check() (timeline.Options, error) {
	x := timeline.Options{Periods: o.months, Anew: o.anew}
	if err := knownFormat(o.format, report.DocumentFormats()); err != nil {
		return x, err
	}
	switch {
	case o.weeks != 0 && o.monthsGiven:
		return x, usagef("use --months or --weeks, not both")
	case o.weeks < 0 || o.weeks > mostWeeks:
		return x, usagef("--weeks %d is not from 1 to %d", o.weeks, mostWeeks)
	case o.months < 1 || o.months > mostMonths:
		return x, usagef("--months %d is not from 1 to %d", o.months, mostMonths)
	case o.anew && o.leave != "":
		return x, usagef("--leave is about kept machines, and --anew keeps none")
	case o.weeks > 0:
		x.Periods, x.Weekly = o.weeks, true
	}
	var err error
	x.Leave, err = whatifOptions{leave: o.leave}.leaving()
	return x, err
}

func runTimeline(ctx context.Context, a *app, o timelineOptions, name string) error {
	x, err := o.check()
	if err != nil {
		return err
	}
	opts, err := a.planOptions()
	if err != nil {
		return err
	}
	p, err := a.changedProfile(name, o.sets)
	if err != nil {
		return err
	}
	alone := len(o.envs) == 0
	if alone {
		o.envs = []string{workload.Production}
	}
	keep, err := a.keeping(o.keep, opts, o.envs)
	if err != nil {
		return err
	}
	requests := make([]bill.Request, len(o.envs))
	for i, env := range o.envs {
		requests[i] = opts
		requests[i].Environment = env
		if err := keep.hold(&requests[i], p, len(o.envs) == 1); err != nil {
			return err
		}
	}
	if alone {
		for _, env := range p.Environments.Keys() {
			beside := opts
			beside.Environment = env
			x.Beside = append(x.Beside, beside)
		}
	}
	x.Plan = a.planProfile
	defer roomy()()
	bar := a.progress(x.Name() + "s")
	x.Progress = bar.at
	t, err := timeline.Run(ctx, p, requests, x)
	bar.stop()
	if err != nil {
		return err
	}
	if len(t.Systems) == 0 {
		return errInterrupted()
	}
	if err := a.write(o.out, o.format, report.Timeline(t)); err != nil {
		return err
	}
	return endOf(t)
}

// endOf is the error of a timeline that does not go to its end.
func endOf(t *timeline.Timeline) error {
	if t.Partial {
		return errInterrupted()
	}
	for i := range t.Systems {
		if s := &t.Systems[i]; s.Failure != "" {
			return infeasibleError{fmt.Errorf("no plan for %s from %s %d on: %s", s.Profile.Name, t.Period,
				len(s.Periods), s.Failure)}
		}
	}
	return nil
}

// changedProfile reads a profile with other values.
func (a *app) changedProfile(name string, texts []string) (*workload.Profile, error) {
	draft, err := a.openProfile(name)
	if err != nil {
		return nil, err
	}
	if _, err := draft.Profile(); err != nil {
		return nil, err
	}
	var sets []whatif.Assignment
	for _, text := range texts {
		set, err := whatif.ParseAssignment(text)
		if err != nil {
			return nil, usagef("--set: %v", err)
		}
		sets = append(sets, set)
	}
	m, err := whatif.New(draft, bill.Request{}, nil)
	if err != nil {
		return nil, err
	}
	p, err := m.Changed(sets)
	if p != nil {
		p.Ref = name
	}
	return p, err
}
