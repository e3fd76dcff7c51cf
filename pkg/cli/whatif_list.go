package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/bill"
	"headroom/pkg/whatif"
)

func whatifLists() []string { return []string{"inputs", "scenarios", "figures"} }

// listWhatif prints what can be changed, or asked for.
func (a *app) listWhatif(o whatifOptions, s *whatif.Model) error {
	return a.list(listOutput{o.format, o.out}, func() (listing, error) {
		switch o.list {
		case "scenarios":
			return a.scenarioListing()
		case "figures":
			l := listing{schema: "headroom.figures/v1",
				cols: []listCol{{key: "figure", head: "Figure"}, {key: "meaning", head: "Meaning"}}}
			names, about := whatif.MetricNames()
			for i, n := range names {
				l.add(plain(n), plain(about[i]))
			}
			return l, nil
		}
		l := listing{schema: "headroom.inputs/v1", cols: []listCol{
			{key: "path", head: "Path"}, {key: "text", head: "Value"}, {key: "value"},
			{key: "meaning", head: "Meaning"}}}
		for _, leaf := range s.Inputs() {
			doc := leaf.Doc
			if len(leaf.Enum) > 0 {
				doc += " One of " + strings.Join(leaf.Enum, ", ") + "."
			}
			l.add(plain(leaf.Path), plain(leaf.Now), numberOf(leaf.Now), plain(doc))
		}
		return l, nil
	})
}

func (a *app) scenarioListing() (listing, error) {
	l := listing{schema: "headroom.scenarios/v1", cols: []listCol{
		{key: "scenario", head: "Scenario"}, {key: "title", head: "Title"}, {key: "description", head: "Description"}}}
	for _, name := range a.scenarioNames() {
		sc, err := a.scenario(name)
		if err != nil {
			return l, err
		}
		l.add(plain(sc.Name), plain(sc.Title), plain(sc.Description))
	}
	return l, nil
}

// completeWhatif completes paths of the profile that is named on the line, and
// the values that some of them can have.
func (a *app) completeWhatif(cmd *cobra.Command) {
	complete := func(flag string, f cobra.CompletionFunc) { a.complete(cmd, flag, f) }
	paths := func(numbers bool, end string) cobra.CompletionFunc {
		return func(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			return a.completePaths(args, word, numbers, end)
		}
	}
	complete("set", paths(false, "="))
	complete("vary", paths(false, "="))
	complete("solve", paths(true, ""))
	complete("want", cobra.FixedCompletions([]string{wantLargest, wantSmallest}, cobra.ShellCompDirectiveNoFileComp))
	complete("list", cobra.FixedCompletions(whatifLists(), cobra.ShellCompDirectiveNoFileComp))
	complete("scenario", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return a.scenarioNames(), cobra.ShellCompDirectiveDefault
	})
	complete("goal", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		names, about := whatif.MetricNames()
		out := make([]string, len(names))
		for i, n := range names {
			out[i] = n + "\t" + about[i]
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

// completePaths completes a path up to its next dots, then values.
func (a *app) completePaths(args []string, word string, numbers bool, end string) ([]string, cobra.ShellCompDirective) {
	const quiet = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveError // which profile is not known yet
	}
	s, err := a.system(args[0], bill.Request{})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	path, _, valued := strings.Cut(word, "=")
	var out []string
	for _, l := range s.Inputs() {
		switch {
		case numbers && !l.Number():
		case valued && l.Path == path:
			for _, v := range a.valuesOf(l.Path, l.Enum) {
				out = append(out, path+"="+v)
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		case !valued && strings.HasPrefix(l.Path, word):
			out = append(out, l.Path+end+"\t"+l.Doc)
		}
	}
	return out, quiet
}

// valuesOf are the values that an input can have, where they can be listed.
func (a *app) valuesOf(path string, enum []string) []string {
	c, err := a.catalog()
	if err != nil || len(enum) > 0 {
		return enum
	}
	switch {
	case strings.HasSuffix(path, ".pin.type"), strings.HasSuffix(path, ".reference"):
		types, err := c.NodeTypes()
		if err != nil {
			return nil
		}
		var out []string
		for i := range types {
			out = append(out, types[i].Name)
		}
		return out
	case strings.HasPrefix(path, "regions.") && strings.HasSuffix(path, ".name"):
		names, _ := a.regionNames(nil, nil, "")
		return names
	case path == "prices.vintage":
		var out []string
		for _, v := range c.Vintages() {
			out = append(out, v.Name)
		}
		return out
	}
	return nil
}
