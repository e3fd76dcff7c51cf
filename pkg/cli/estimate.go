package cli

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"headroom/pkg/bill"
	"headroom/pkg/catalog"
	"headroom/pkg/purchase"
	"headroom/pkg/report"
	"headroom/pkg/workload"
)

// defaultProfiles are estimated when no profile is named.
func defaultProfiles() []string {
	return []string{"small", "medium", "large"}
}

type estimateOptions struct {
	format    string
	out       string
	reconcile bool
	schema    bool
	verbose   bool
	commit    string
	keep      string
	envs      []string
}

const estimateLong = `Size and price systems. Without arguments: small, medium and large.

PROFILE is the name of an embedded profile (see headroom profiles list) or the
path of a file, such as ./shop.yaml.

With --reconcile, compare the estimate with the figures that a source document
prints, line by line, and say what does not match.

With --keep, machine types and disks of a saved estimate are held for every
component that they still carry, in the numbers needed now, so that a small
change of the load moves nothing that runs. Data are divided into no fewer partitions
or shards than they are there. The report says what leaving a held
machine for the one that would be chosen today saves a month, and which could not
be held and why. The file is one that estimate --format json wrote, or anything
else that headroom diff compares.`

const estimateExample = `  headroom estimate
  headroom estimate ./shop.yaml --regions us-east-1,eu-west-1
  headroom estimate reference-large --reconcile
  headroom estimate reference-medium --format json --out medium.json
  headroom estimate ./shop.yaml --keep baseline.json`

func newEstimateCmd(a *app) *cobra.Command {
	var o estimateOptions
	cmd := &cobra.Command{
		Use:               "estimate [PROFILE…]",
		Short:             "Size and price systems: machines, counts, monthly bill",
		Long:              estimateLong,
		Example:           estimateExample,
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEstimate(cmd.Context(), a, o, args)
		},
	}
	f := cmd.Flags()
	a.addFormat(cmd, &o.format, report.EstimateFormats())
	a.addOut(cmd, &o.out)
	a.addFull(cmd, "every row of the bill and every remark, not only the answer in short")
	a.addSettings(cmd, planSettings()...)
	f.BoolVar(&o.reconcile, "reconcile", false, "compare with the figures that the source document prints")
	f.StringSliceVar(&o.envs, "environment", nil,
		"environments of the profile instead of production, such as production,dev")
	f.StringVar(&o.commit, "commit", "", commitHelp)
	f.StringVar(&o.keep, "keep", "", keepHelp)
	a.addAllowEdited(cmd)
	f.BoolVar(&o.verbose, "verbose", false, "list the rows of overlays that no bill uses, on stderr")
	f.BoolVar(&o.schema, "print-schema", false, "print the JSON Schema of --format json and do nothing else")
	return cmd
}

const commitHelp = "price commitments of your own beside the best, such as db=2×reserved-3y-all,web=40%; " +
	"what you own already with the months it has left, such as db=5×reserved-3y-all@14mo"

// parseCommit reads --commit, which may be empty.
func parseCommit(text string) ([]purchase.Commit, error) {
	if text == "" {
		return nil, nil
	}
	list, err := purchase.ParseCommit(text)
	if err != nil {
		return nil, usageError{err}
	}
	return list, nil
}

func runEstimate(ctx context.Context, a *app, o estimateOptions, names []string) error {
	if o.schema {
		return a.output(o.out, report.EstimateSchema())
	}
	if err := knownFormat(o.format, report.EstimateFormats()); err != nil {
		return err
	}
	opts, err := a.planOptions()
	if err != nil {
		return err
	}
	if opts.Commit, err = parseCommit(o.commit); err != nil {
		return err
	}
	opts.CommitText = o.commit
	if len(names) == 0 {
		names = defaultProfiles()
	}
	if o.reconcile && o.keep != "" {
		return usagef("use --reconcile or --keep, not both: a source document has machines of its own")
	}
	if o.reconcile {
		if err := knownFormat(o.format, report.DocumentFormats()); err != nil {
			return err
		}
		return runReconcile(a, o, opts, names)
	}
	if len(o.envs) == 0 {
		o.envs = []string{workload.Production}
	}
	keep, err := a.keeping(o.keep, opts, o.envs)
	if err != nil {
		return err
	}
	results, unused, err := a.estimates(names, o.envs, opts, keep)
	if err != nil {
		return err
	}
	doc, err := a.document(ctx, o.format, results)
	if err != nil {
		return err
	}
	if err := a.write(o.out, o.format, doc); err != nil {
		return err
	}
	if o.verbose {
		for _, row := range unused {
			a.note("%s: no bill uses the price of %s", row.Pos, row.Name())
		}
	}
	return nil
}

// estimates makes the whole estimates of profiles in environments, side by side:
// each is a system of its own. The rows are those of overlays that no bill uses.
// The error is that of the first that has one, in their order.
func (a *app) estimates(names, envs []string, o bill.Request, keep *keeper) ([]*bill.Result, []catalog.OverlayRow,
	error) {
	if _, err := a.catalog(); err != nil { // before anybody shares it
		return nil, nil, err
	}
	list := make([]*bill.Result, len(names)*len(envs))
	unused := make([][]catalog.OverlayRow, len(list))
	errs := make([]error, len(list))
	var wg sync.WaitGroup
	for i := range list {
		wg.Go(func() {
			one := o
			one.Environment = envs[i%len(envs)]
			p, err := a.loadProfile(names[i/len(envs)])
			if err == nil {
				err = keep.hold(&one, p, len(list) == 1)
			}
			if errs[i] = err; err != nil {
				return
			}
			r, err := a.remarked(p, one)
			if errs[i] = err; err != nil && len(list) > 1 {
				errs[i] = named(err, systemOf(p.Name, one.Environment))
			}
			if err == nil {
				list[i], unused[i] = r, r.UnusedOverlays()
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, nil, err
		}
	}
	return list, bill.UnusedByAll(unused), nil
}

// write renders a document and puts it where it belongs, whole or not at all.
func (a *app) write(out, format string, doc report.Document) error {
	opts, err := a.layout(out)
	if err == nil {
		err = a.showable(out, format)
	}
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := report.Write(&buf, format, doc, opts); err != nil {
		return err
	}
	return a.output(out, buf.Bytes())
}

// showable refuses to send what is no text to a terminal.
func (a *app) showable(out, format string) error {
	if out == "" && a.Terminal && report.VerdictFormats().Binary(format) {
		return hinted{usagef("a terminal cannot show %s", format), "Name a file with --out, or send it into a pipe."}
	}
	return nil
}

// layout is how wide and how plain text is to be.
func (a *app) layout(out string) (report.Output, error) {
	o := report.Output{Width: 100}
	width := a.settings.text("width")
	w, err := strconv.Atoi(width)
	if err != nil || w < 0 || w > 1000 {
		return o, a.settings.wrong("width", "width %q is not a number of columns from 0 to 1000", width)
	}
	o.Full = a.full
	terminal := a.Terminal && out == ""
	switch {
	case w > 0:
		o.Width = w
	case terminal && a.Width > 0:
		o.Width = a.Width
	}
	o.Color, err = a.color(out != "")
	return o, err
}

// completeProfiles completes the names of embedded profiles and files.
func (a *app) completeProfiles(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return a.profileNames(), cobra.ShellCompDirectiveDefault
}

// regionNames completes a list of regions, after its last comma.
func (a *app) regionNames(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	c, err := a.catalog()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	done := word[:strings.LastIndexByte(word, ',')+1]
	var out []string
	for _, v := range c.Vintages() {
		if v.Name == c.Newest() {
			for _, r := range v.Regions {
				out = append(out, done+r)
			}
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
