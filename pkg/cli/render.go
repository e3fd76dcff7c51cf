package cli

import (
	"github.com/spf13/cobra"

	"headroom/pkg/report"
)

const renderLong = `Write a saved estimate in another format: the same bytes as the estimate itself
in that format. FILE is what headroom estimate --format json wrote. A file that a
later version of the format wrote is refused, and so is one that was edited or
damaged: its digest is not that of what it holds. --allow-edited accepts an edit, and
the report says so. Files of older versions have no digest: of them, what is cut off
or does not add up is refused.`

const renderExample = `  headroom estimate medium --format json --out medium.json
  headroom render medium.json --format markdown`

func newRenderCmd(a *app) *cobra.Command {
	var o listOutput
	cmd := &cobra.Command{
		Use: "render FILE", Short: "Write a saved estimate in any format",
		Long: renderLong, Example: renderExample, Args: cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := knownFormat(o.format, report.EstimateFormats()); err != nil {
				return err
			}
			src, err := a.read(estimateKind(), args[0], "")
			if err != nil {
				return err
			}
			estimates, err := a.saved(args[0], src)
			if err != nil {
				return err
			}
			return a.write(o.out, o.format, report.Backed(estimates, nil))
		},
	}
	o.addFlags(a, cmd)
	a.addFull(cmd, "every row of the bill and every remark, not only the answer in short")
	a.addAllowEdited(cmd)
	return cmd
}
