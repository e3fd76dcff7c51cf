package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/money"
)

// later is the vintage that builds on newest: it holds what was found since, so
// only what is new or has changed. Its name is the newest date of its prices.
const later = "2026-10-04"

// addLater makes the tables of the later vintage. The facts it starts from stand
// in the folder 2026-11.
func addLater(from string, out *tables) error {
	for _, step := range []func(string, *tables) error{laterEC2, laterPlans, laterUsage} {
		if err := step(from, out); err != nil {
			return fmt.Errorf("%s: %w", later, err)
		}
	}
	return nil
}

// laterEC2 keeps on-demand prices that the base lacks or has otherwise. The source
// says of each row whether it is the same as the base's; if that is not so, one of
// the two has been changed since, and nothing is written.
func laterEC2(from string, out *tables) error {
	in, err := read(from, "2026-11/ec2_linux_ondemand_2025-11.csv")
	if err != nil {
		return err
	}
	base, err := baseRows(out, catalog.TableEC2, "region", "instance_type")
	if err != nil {
		return err
	}
	kept := &input{header: "region,instance_type,on_demand_hourly,as_of,source,note",
		cols: []string{"region"}}
	for _, r := range in.rows {
		c := in.named(r)
		have := base[c["region"]+"/"+c["instance_type"]]["on_demand_hourly"]
		is, note, err := "new", "", error(nil)
		if have != "" {
			if is, err = compared(have, c["on_demand_hourly"]); err != nil {
				return err
			}
			note = "commitments and spot prices are older than this price"
		}
		if is != c["versus_project_table"] {
			return fmt.Errorf("%s in %s is %s, not %s as the source says", c["instance_type"], c["region"], is,
				c["versus_project_table"])
		}
		if is != same {
			kept.add(c["region"], c["instance_type"], c["on_demand_hourly"], c["as_of"], c["source"], note)
		}
	}
	return out.split(kept, later, catalog.TableEC2)
}

// laterPlans keeps Compute Savings Plans and the reserved terms that the base lacks
// or has otherwise. The source prints six digits; a figure within that of the base
// is the same price, of which the base has more digits.
func laterPlans(from string, out *tables) error {
	in, err := read(from, "2026-11/ec2_compute_savings_plan_us-east-1.csv")
	if err != nil {
		return err
	}
	base, err := baseRows(out, catalog.TableEC2, "region", "instance_type")
	if err != nil {
		return err
	}
	terms := []string{"ri_1y_no_upfront", "ri_1y_partial_upfront", "ri_1y_all_upfront", "ri_3y_no_upfront",
		"ri_3y_partial_upfront", "ri_3y_all_upfront"}
	var plans []string
	for _, years := range []string{"1y", "3y"} {
		for _, upfront := range []string{"no", "partial", "all"} {
			plans = append(plans, "compute_sp_"+years+"_"+upfront+"_upfront")
		}
	}
	head := "region,instance_type," + strings.Join(terms, ",")
	for _, p := range plans {
		head += ",sp_compute_" + strings.TrimPrefix(p, "compute_sp_")
	}
	kept := &input{header: head + ",as_of,source,note", cols: []string{"region"}}
	for _, r := range in.rows {
		c := in.named(r)
		b, known := base[c["region"]+"/"+c["instance_type"]]
		if !known {
			continue // of types that no hardware table describes
		}
		if is, err := compared(b["on_demand_hourly"], c["on_demand_hourly"]); err != nil || is != same {
			return fmt.Errorf("%s: on demand %s (%v)", c["instance_type"], is, err)
		}
		cells := []string{c["region"], c["instance_type"]}
		for _, t := range terms {
			have := b[t]
			if t == "ri_3y_all_upfront" {
				have = perHour(b["ri_3y_all_upfront_annual"])
			}
			if near(have, c[t]) {
				c[t] = ""
			}
			cells = append(cells, c[t])
		}
		for _, p := range plans {
			cells = append(cells, c[p])
		}
		kept.add(append(cells, c["as_of"], c["source"], byHand)...)
	}
	return out.split(kept, later, catalog.TableEC2)
}

// What a row of a source is against the base; the words of the sources.
const (
	same    = "same"
	differs = "differs"
)

// compared tells whether two figures are the same price, whatever zeros they end in.
func compared(have, found string) (string, error) {
	a, err := money.ParseRate(have)
	if err != nil {
		return "", err
	}
	b, err := money.ParseRate(found)
	if err != nil {
		return "", err
	}
	if a.Equal(b) {
		return same, nil
	}
	return differs, nil
}

// perHour is a figure for a year as one for an hour, only to be compared.
func perHour(year string) string {
	x, err := strconv.ParseFloat(year, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(x/8760, 'g', -1, 64)
}

// near tells whether two figures differ by less than a thousandth: more than the
// last digits of any, and less than any change of a price.
func near(have, found string) bool {
	a, errA := strconv.ParseFloat(have, 64)
	b, errB := strconv.ParseFloat(found, 64)
	return errA == nil && errB == nil && math.Abs(a-b) < b/1000
}

// baseRows are the rows of the base's tables of a kind by the given columns.
func baseRows(out *tables, kind string, key ...string) (map[string]map[string]string, error) {
	rows := map[string]map[string]string{}
	for _, t := range out.list {
		if t.vintage != newest || t.kind != kind {
			continue
		}
		in, err := parse(t.path, t.bytes())
		if err != nil {
			return nil, err
		}
		for _, r := range in.rows {
			c := in.named(r)
			var k []string
			for _, name := range key {
				k = append(k, c[name])
			}
			rows[strings.Join(k, "/")] = c
		}
	}
	return rows, nil
}

// named is the cells of a row by the names of their columns.
func (in *input) named(r row) map[string]string {
	out := make(map[string]string, len(in.cols))
	for i, name := range in.cols {
		out[name] = r.cells[i]
	}
	return out
}

// add writes a row of cells.
func (in *input) add(cells ...string) {
	quoted := slices.Clone(cells)
	for i, c := range quoted {
		if strings.ContainsAny(c, ",\"") {
			quoted[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
	}
	in.rows = append(in.rows, row{line: strings.Join(quoted, ","), cells: cells})
}
