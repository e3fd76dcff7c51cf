package cli

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/diag"
	"headroom/pkg/report"
)

const docsLong = `Show the documentation that reports and errors name: a page, or a section of it by
the number or the words of its heading. Without TOPIC, list the pages.

On a terminal it is plain text; elsewhere the Markdown as it is.`

func newDocsCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "docs [TOPIC [SECTION]]", Short: "Show the documentation: the model, buying, profiles, budgets",
		Long: docsLong,
		Example: "  headroom docs\n  headroom docs model\n  headroom docs model 5\n  headroom docs model#search\n" +
			"  headroom docs profile-reference database",
		Args: cobra.MaximumNArgs(2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return a.docsNames(args), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error { return runDocs(a, args) },
	}
}

func runDocs(a *app, args []string) error {
	pages, err := a.manuals()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return a.write("", "table", report.Topics(pages))
	}
	topic, section, _ := strings.Cut(args[0], "#")
	if len(args) > 1 {
		section = args[1]
	}
	page, ok := pages[strings.TrimSuffix(topic, ".md")]
	if !ok {
		return hinted{usagef("no page is called %q%s", topic, maybe(diag.Suggest(topic, a.docsNames(nil)))),
			"headroom docs lists the pages."}
	}
	if section != "" {
		part, ok := page.Section(section)
		if !ok {
			near := maybe(diag.Suggest(section, page.Sections()))
			return hinted{usagef("%s has no section %q%s", topic, section, near),
				"Its sections: " + strings.Join(page.Sections(), ", ") + "."}
		}
		page = part
	}
	if !a.Terminal {
		return a.output("", []byte(page.Markdown()))
	}
	return a.write("", "table", page.Document())
}

// manuals are the pages of the documentation by topic.
func (a *app) manuals() (map[string]report.Manual, error) {
	pages := map[string]report.Manual{}
	if a.Docs == nil {
		return pages, nil
	}
	files, err := fs.Glob(a.Docs, "*.md")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		src, err := fs.ReadFile(a.Docs, file)
		if err != nil {
			return nil, err
		}
		pages[strings.TrimSuffix(file, ".md")] = report.ReadManual(string(src))
	}
	return pages, nil
}

// docsNames are the topics, or the sections of the topic that is named.
func (a *app) docsNames(args []string) []string {
	pages, err := a.manuals()
	if err != nil {
		return nil
	}
	if len(args) > 0 {
		return pages[args[0]].Sections()
	}
	var names []string
	for name := range pages {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
