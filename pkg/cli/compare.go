package cli

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/report"
	"headroom/pkg/resilience"
	"headroom/pkg/solutions"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

const compareLong = `Put solutions side by side that answer the same demand: what each costs a month, with
and without credits; what runs where, or the least machine that would do; how many users
it carries, also in the worst of the losses that its aims name; its aims, met or not; what
comes of each kind of failure in which they differ; and what speaks for and against it.

Regions and components have other names in other profiles, so that failures are matched by
what fails: a node, 3 disks in the region with the primary, another region. Each solution
shows its own worst case of a kind; the report of headroom resilience has all of them.

Pros and cons are derived of these figures: the cheapest, alone in what it survives, the
most headroom. What a profile says itself (pros:, cons:) stands beside them with its source.
A solution is dominated by another one that is nowhere worse, and better somewhere.

What is asked of all of them must be the same: peak, classes, curve, data, growth, and what
bills are reckoned with. --set applies to all profiles, as all settings do.`

const compareExample = `  headroom compare campus-a campus-b campus-c
  headroom compare campus-a campus-b campus-c --set peak.users=2000
  headroom compare campus-b campus-c --purchase reserved-1y --full
  headroom compare campus-a campus-b campus-c --format html --out campus.html`

type compareOptions struct {
	format, out string
	sets        []string
	environment string
	schema      bool
}

func newCompareCmd(a *app) *cobra.Command {
	var o compareOptions
	cmd := &cobra.Command{
		Use: "compare PROFILE PROFILE…", Short: "Compare solutions for the same demand: cost, aims, failures",
		Long: compareLong, Example: compareExample,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.schema {
				return nil
			}
			return cobra.MinimumNArgs(2)(cmd, args)
		},
		ValidArgsFunction: a.completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			if o.schema {
				return a.output(o.out, report.CompareSchema())
			}
			return runCompare(a, o, args)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.sets, "set", nil, "path=value: give an input of all profiles another value (repeatable)")
	f.StringVar(&o.environment, "environment", "", "environment of the profiles instead of production")
	a.addFormat(cmd, &o.format, report.DocumentFormats())
	a.addSettings(cmd, planSettings()...)
	a.addOut(cmd, &o.out)
	a.addFull(cmd, "also the failures in which solutions do not differ, and what is not known")
	f.BoolVar(&o.schema, "print-schema", false, "print the JSON Schema of --format json and do nothing else")
	return cmd
}

func runCompare(a *app, o compareOptions, names []string) error {
	if err := knownFormat(o.format, report.DocumentFormats()); err != nil {
		return err
	}
	opts, err := a.planOptions()
	if err != nil {
		return err
	}
	opts.Environment = o.environment
	profiles := make([]*workload.Profile, len(names))
	for i, name := range names {
		if profiles[i], err = a.changedProfile(name, o.sets); err != nil {
			return err
		}
	}
	labels, err := sameDemand(names, profiles, opts)
	if err != nil {
		return err
	}
	inputs, err := a.solutions(labels, profiles, opts)
	if err != nil {
		return err
	}
	return a.write(o.out, o.format, report.Solutions(solutions.Compare(inputs)))
}

// sameDemand refuses profiles of which different things are asked, and says what each is
// called: as its profile, or as the user names it where several have one name.
func sameDemand(names []string, profiles []*workload.Profile, o bill.Request) ([]string, error) {
	asked, labels := make([]*workload.Profile, len(profiles)), make([]string, len(profiles))
	for i, p := range profiles {
		q, err := p.Environment(o.Environment)
		if err == nil {
			q, err = q.With(o.Settings)
		}
		if err != nil {
			return nil, err
		}
		asked[i], labels[i] = q, q.Name
	}
	for i, p := range profiles {
		if slices.ContainsFunc(profiles, func(q *workload.Profile) bool { return q != p && q.Name == p.Name }) {
			labels[i] = names[i]
		}
	}
	differences := solutions.Differences(asked)
	if len(differences) == 0 {
		return labels, nil
	}
	return nil, unequalError(labels, differences)
}

// unequalError names each key that differs, with its values.
func unequalError(labels []string, differences []solutions.Difference) error {
	text := "not the same is asked of the profiles:"
	var sets []string
	for _, d := range differences {
		text += "\n  " + words.UnequalDemand(d.Key, labels, d.Values)
		if d.Set != "" {
			sets = append(sets, "--set "+d.Set)
		}
	}
	err := invalidError{errors.New(text)}
	if len(sets) < len(differences) {
		return hinted{err, "Give the profiles the same values."}
	}
	return hinted{err, strings.Join(sets, " ") + " gives all of them the same."}
}

// solutions plans, bills and assesses profiles, side by side. The error is that of the first
// that has one, in their order.
func (a *app) solutions(labels []string, profiles []*workload.Profile, o bill.Request) ([]solutions.Input, error) {
	cat, err := a.catalog() // before anybody shares it
	if err != nil {
		return nil, err
	}
	facts, err := cat.Facts()
	if err != nil {
		return nil, err
	}
	inputs, errs := make([]solutions.Input, len(profiles)), make([]error, len(profiles))
	var wg sync.WaitGroup
	for i, p := range profiles {
		wg.Go(func() {
			inputs[i], errs[i] = a.solution(labels[i], p, o, facts)
			if errs[i] != nil {
				errs[i] = named(errs[i], labels[i])
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return inputs, nil
}

func (a *app) solution(label string, p *workload.Profile, o bill.Request, f *catalog.Facts) (solutions.Input, error) {
	in := solutions.Input{Label: label}
	r, err := a.remarked(p, o)
	if err != nil {
		return in, err
	}
	in.Profile, in.Estimate = r.Plan.Profile, r.Estimate
	if r.Plan.System != nil {
		in.Assessment, err = resilience.Assess(r.Plan, f, resilience.Options{})
	}
	return in, err
}
