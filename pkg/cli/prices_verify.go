package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"headroom/pkg/catalog"
	"headroom/pkg/diag"
	"headroom/pkg/report"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

func newPricesVerifyCmd(a *app) *cobra.Command {
	var o listOutput
	cmd := &cobra.Command{
		Use:   "verify [PROFILE…]",
		Short: "Check the tables: digests, counts, dates, sources, plausibility",
		Long: `Checks every table against the manifest (SHA-256, row counts, dates, sources)
and against the others: rows sorted and unique, every price with a date and a
source, tiers that join, commitments and spot below on demand unless the row
says otherwise, second sources that agree. Overlays are read and checked too; the
profiles (without any: small, medium and large) are then planned, and the rows
that none of their bills uses are listed.

Prints what is wrong, all of it, and then ends with exit code 3.`,
		Example:           "  headroom prices verify\n  headroom prices verify --overlay ours.csv --format json",
		ValidArgsFunction: a.completeProfiles,
		RunE: func(_ *cobra.Command, profiles []string) error {
			found := catalog.Verify(a.pricing)
			if len(found) == 0 {
				return a.list(o, func() (listing, error) { return a.soundList(profiles) })
			}
			if err := a.list(o, func() (listing, error) { return problemList(found), nil }); err != nil {
				return err
			}
			return hinted{invalidError{fmt.Errorf("the price tables have %s; they are listed in the output",
				words.Counted(len(found), "problem"))},
				"Restore the tables as they were released; put prices of your own in an overlay."}
		},
	}
	o.addFlags(a, cmd)
	a.addSettings(cmd, planSettings()...)
	return cmd
}

// soundList says what was checked and found right.
func (a *app) soundList(profiles []string) (listing, error) {
	vintages, err := a.vintages()
	if err != nil {
		return listing{}, err
	}
	l := listing{schema: "headroom.prices.verify/v1", cols: []listCol{
		{key: "vintage", head: "Vintage"}, {key: "tables", head: "Tables", align: report.Right},
		{key: "rows", head: "Rows", align: report.Right}, {key: "digest", head: "Digest"},
	}}
	files := vintages[0].Catalog().Files()
	for _, v := range vintages {
		tables, rows := sizeOf(files, v.Name())
		l.add(plain(v.Name()), count(tables), count(rows), plain(v.Digest()))
	}
	tables, rows := sizeOf(files, "")
	l.fact("shared", "Shared", fmt.Sprintf("%d tables, %s rows of hardware, limits and sources serve all vintages",
		tables, grouped(rows)))
	if len(a.settings.list("overlay")) > 0 {
		unused, err := a.unusedRows(profiles)
		if err != nil {
			return listing{}, err
		}
		l.fact("overlays_unused", "Not used", unused)
	}
	l.fact("result", "Result", "digests, counts, sorting, dates, sources, tiers and plausibility hold")
	return l, nil
}

// unusedRows names the rows of overlays that no bill of the profiles uses.
func (a *app) unusedRows(profiles []string) (string, error) {
	if len(profiles) == 0 {
		profiles = defaultProfiles()
	}
	o, err := a.planOptions()
	if err != nil {
		return "", err
	}
	_, rows, err := a.estimates(profiles, []string{workload.Production}, o, nil)
	if err != nil {
		return "", err
	}
	by := "by the bills of " + strings.Join(profiles, ", ")
	if len(rows) == 0 {
		return "every row of the overlays is used " + by, nil
	}
	parts := make([]string, len(rows))
	for i, r := range rows {
		parts[i] = fmt.Sprintf("%s %s", r.Pos, r.Name())
	}
	return by + ": " + strings.Join(parts, "; "), nil
}

// sizeOf counts the tables of a vintage and their rows.
func sizeOf(files []catalog.File, vintage string) (tables, rows int) {
	for _, f := range files {
		if f.Vintage == vintage && f.Table != "check" { // second sources are never billed
			tables++
			rows += f.Rows
		}
	}
	return tables, rows
}

// problemList has one row per problem: all of them, where an error message
// would stop at twenty.
func problemList(found diag.Problems) listing {
	l := listing{schema: "headroom.prices.verify/v1", cols: []listCol{
		{key: "file", head: "File"}, {key: "line", head: "Line", align: report.Right},
		{key: "problem", head: "Problem"}, {key: "hint"},
	}}
	for _, p := range found {
		line := report.Cell{}
		if p.Pos.Line > 0 {
			line = cell(fmt.Sprint(p.Pos.Line), p.Pos.Line)
		}
		l.add(plain(p.Pos.File), line, plain(p.Summary), plain(p.Hint))
	}
	l.fact("result", "Result", words.Counted(len(found), "problem"))
	return l
}
