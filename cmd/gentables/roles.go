package main

import (
	"fmt"
	"strings"

	"headroom/pkg/catalog"
)

// usage is one row of the usage prices.
type usage struct{ region, service, item, unit, from, to, source string }

// mskStorage are the MSK usage types whose published price is per GB-month;
// the source names no unit for any MSK item.
var mskStorage = []string{
	"Express.Storage (Storage)",
	"Kafka.Storage.GP2 (RunVolume)",
	"Kafka.Storage.Tiered (TieredStorage)",
}

const asPublished = "as-published"

// checkReason says why a row is for checking only; "" means that it may be
// billed. items holds "region/service/item" of all rows.
func checkReason(u usage, items map[string]bool) string {
	has := func(item string) bool { return items[u.region+"/"+u.service+"/"+item] }
	switch {
	case u.source == "N26Z":
		return "annual or model figure of a capacity model; the monthly price is a row of its own"
	case strings.HasSuffix(u.item, "(second source)"):
		return "second source of the item without that suffix"
	case u.item == "between AZs (intra-region), each direction" && has(catalog.ZoneIn().Item()) &&
		has(catalog.ZoneOut().Item()):
		return "second source of \"between AZs, in\" and \"between AZs, out\""
	case u.item == "to another US East region":
		return "second source of the pair us-east-1, us-east-2"
	case u.service == "fargate" && strings.Contains(u.unit, "-month of 730 h") && has(fargateHour(u.item)):
		return "monthly figure rounded to the cent; the hourly price is a row of its own"
	case u.unit == asPublished:
		return "the source does not name the unit"
	}
	return ""
}

// fargateHour is the hourly item that a monthly Fargate item repeats.
func fargateHour(item string) string {
	if strings.HasSuffix(item, "memory") {
		return item + " GB-hour"
	}
	return item + "-hour"
}

// assignRoles appends the column role to every row: "bill" or "check". It
// also writes the unit of MSK storage, and makes sure that no two rows that
// may be billed answer the same question.
func assignRoles(in *input) error {
	var at [7]int
	for i, name := range []string{"region", "service", "item", "unit", "tier_from", "tier_to", "source"} {
		var err error
		if at[i], err = in.col(name); err != nil {
			return err
		}
	}
	parse := func(r row) usage {
		c := r.cells
		return usage{c[at[0]], c[at[1]], c[at[2]], c[at[3]], c[at[4]], c[at[5]], c[at[6]]}
	}
	items := map[string]bool{}
	for _, r := range in.rows {
		u := parse(r)
		items[u.region+"/"+u.service+"/"+u.item] = true
	}
	units, tiers := map[string]string{}, map[string]bool{}
	for i := range in.rows {
		r := &in.rows[i]
		u := parse(*r)
		if u.service == "msk" && u.unit == asPublished && isMSKStorage(u.item) {
			r.line = strings.Replace(r.line, ","+asPublished+",", ",GB-month,", 1)
			u.unit = "GB-month"
		}
		if checkReason(u, items) != "" {
			r.line += ",check"
			continue
		}
		r.line += ",bill"
		item := u.region + "/" + u.service + "/" + u.item
		if prev, ok := units[item]; ok && prev != u.unit {
			return fmt.Errorf("%s may be billed per %s and per %s; add a rule to roles.go", item, prev, u.unit)
		}
		units[item] = u.unit
		tier := item + "/" + u.from
		if tiers[tier] {
			return fmt.Errorf("%s from %q may be billed by two rows; add a rule to roles.go", item, u.from)
		}
		tiers[tier] = true
	}
	in.header += ",role"
	return nil
}

func isMSKStorage(item string) bool {
	for _, s := range mskStorage {
		if s == item {
			return true
		}
	}
	return false
}
