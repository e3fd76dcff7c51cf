package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/bill"
	"headroom/pkg/outage"
	"headroom/pkg/report"
	"headroom/pkg/resilience"
	"headroom/pkg/whatif"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

const resilienceLong = `Put the plan of a profile into failures: what users get at once, by itself and by what
people do, for how long, what is lost at most, who has to act, what is unprotected
then, how many users are still carried, and what the protection costs a month. Then the
aims of the profile: met or not, by how much, in which scenario, and the cheapest change
that would meet them; what contradicts itself; what must not fail alone; how much of a
year users are served, by contract, by history and by the profile's own rates.

Everything is recomputed from what is left, by the limits that planned it. Without
--scenario, the plan is put into the standard scenarios, those that it has something
for, and into those of the profile (scenarios:). In short, a row stands for all of its
kind that come out alike (+3: three more), and what nobody notices is only counted.

A scenario is events at once, joined with " + ", and after a comma those that come
before the first are repaired: "zone:us-east-1 + retries, node:db".

Events: `

const resilienceExample = `  headroom resilience medium
  headroom resilience medium --scenario region:us-east-1 --scenario 'node:db, node:db'
  headroom resilience campus-a --set recovery.on_call=15min
  headroom resilience ./shop.yaml --full
  headroom resilience ./shop.yaml --format html --out failures.html`

type resilienceOptions struct {
	format, out string
	sets        []string
	scenarios   []string
	environment string
	keep        string
	schema      bool
}

func newResilienceCmd(a *app) *cobra.Command {
	var o resilienceOptions
	cmd := &cobra.Command{
		Use: "resilience PROFILE", Short: "Fail: what users get, what is lost, which aims are met",
		Long:    resilienceLong + strings.Join(outage.Forms(), ", ") + ".",
		Example: resilienceExample,
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
				return a.output(o.out, report.ResilienceSchema())
			}
			return runResilience(cmd.Context(), a, o, args[0])
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.scenarios, "scenario", nil,
		"events such as 'region:us-east-1', or the name of a scenario of the profile (repeatable)")
	f.StringArrayVar(&o.sets, "set", nil, "path=value: give an input another value (repeatable)")
	f.StringVar(&o.environment, "environment", "", "environment of the profile instead of production")
	f.StringVar(&o.keep, "keep", "", keepHelp)
	a.addAllowEdited(cmd)
	a.addFormat(cmd, &o.format, report.DocumentFormats())
	a.addSettings(cmd, planSettings()...)
	a.addOut(cmd, &o.out)
	a.addFull(cmd, "also every scenario, with the components and requests that it touches")
	f.BoolVar(&o.schema, "print-schema", false, "print the JSON Schema of --format json and do nothing else")
	a.complete(cmd, "scenario", a.completeEvents)
	return cmd
}

func runResilience(ctx context.Context, a *app, o resilienceOptions, name string) error {
	if err := knownFormat(o.format, report.DocumentFormats()); err != nil {
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
	s, err := a.changedSystem(name, opts, o.sets)
	if err != nil {
		return err
	}
	x, err := assess(ctx, s, o.scenarios)
	if err != nil {
		return err
	}
	return a.write(o.out, o.format, report.Resilience(x))
}

// changedSystem opens a profile with other values.
func (a *app) changedSystem(name string, opts bill.Request, texts []string) (*whatif.Model, error) {
	s, err := a.system(name, opts)
	if err != nil {
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
	return s.With(sets)
}

// assess puts a system into scenarios: those that are named, or else all.
func assess(ctx context.Context, s *whatif.Model, names []string) (*resilience.Assessment, error) {
	p, err := s.Changed(nil)
	if err != nil {
		return nil, err
	}
	var list []outage.Scenario
	for _, name := range names {
		x, err := scenarioOf(p, name)
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	x, err := s.Withstand(ctx, list)
	var wrong *resilience.ScenarioError
	if errors.As(err, &wrong) {
		return nil, wrongEvents(p, err)
	}
	return x, err
}

// scenarioOf is a scenario of a profile by its name, or what a text says.
func scenarioOf(p *workload.Profile, text string) (outage.Scenario, error) {
	own, err := resilience.Stated(p)
	if err != nil {
		return outage.Scenario{}, err
	}
	for _, x := range own {
		if x.Name == text {
			return x, nil
		}
	}
	x, err := resilience.Parse(text)
	if err != nil {
		return x, wrongEvents(p, err)
	}
	if what, hint := p.Lacks(x); what != "" {
		return x, hinted{usagef("--scenario: %s", what), sentence(hint)}
	}
	return x, nil
}

// sentence is a hint that stands alone; a question ends already.
func sentence(hint string) string {
	if strings.HasSuffix(hint, "?") {
		return words.Capital(hint)
	}
	return words.Capital(hint) + "."
}

// wrongEvents is wrong usage of --scenario, with what can be written.
func wrongEvents(p *workload.Profile, err error) error {
	hint := "Write events such as 'zone:us-east-1 + retries, node:db'; headroom resilience --help lists them."
	if names := p.Scenarios.Keys(); len(names) > 0 {
		hint += " Scenarios of the profile: " + strings.Join(names, ", ") + "."
	}
	return hinted{usagef("--scenario: %v", err), hint}
}

// completeEvents completes the scenarios of the profile that is named on the line, and events
// with its components and regions.
func (a *app) completeEvents(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) != 1 || args[0] == stdinArg { // nobody writes a profile while a line is completed
		return outage.Forms(), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	p, err := a.loadProfile(args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	out := p.Scenarios.Keys()
	for _, form := range outage.Forms() {
		kind, target, _ := strings.Cut(form, ":")
		var of []string
		switch {
		case strings.HasPrefix(target, "COMPONENT"):
			of = p.ComponentNames()
		case strings.HasPrefix(target, "REGION"):
			of = p.RegionNames()
		default:
			out = append(out, form)
		}
		for _, name := range of {
			out = append(out, kind+":"+name)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
