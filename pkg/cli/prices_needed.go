package cli

import (
	"maps"
	"slices"
	"strings"

	"headroom/pkg/catalog"
	"headroom/pkg/report"
)

// neededItem is a usage price without which the default system cannot be
// priced in a region.
type neededItem struct {
	catalog.Meter
	short string
}

// neededItems are the usage prices of a two-region system with balancers,
// disks, backups and traffic, as the embedded profiles bill it. What only some
// profiles ask for (io2, st1, NLB, managed services) is not in it: a profile
// that needs one of those and finds no price is told so by estimate. Exact
// region pairs of transfer replace "to other regions" where there is one.
func neededItems() []neededItem {
	return []neededItem{
		{catalog.ZoneIn(), "between zones"},
		{catalog.ZoneOut(), "between zones"},
		{catalog.InternetOut(), "internet out"},
		{catalog.ToOtherRegions(), "between regions"},
		{catalog.VolumeIOPS(catalog.GP3), "gp3"},
		{catalog.VolumeThroughput(catalog.GP3), "gp3"},
		{catalog.VolumeStorage(catalog.GP3), "gp3"},
		{catalog.SnapshotStorage(), "snapshots"},
		{catalog.BalancerUnits(catalog.ALB), "ALB LCU"},
		{catalog.BalancerHours(catalog.ALB), "ALB hours"},
		{catalog.GatewayBytes(), "NAT data"},
		{catalog.GatewayHours(), "NAT hours"},
		{catalog.ObjectGets(catalog.S3Standard), "S3 GET"},
		{catalog.ObjectPuts(catalog.S3Standard), "S3 PUT"},
		{catalog.ObjectStorage(catalog.S3Standard), "S3 storage"},
		{catalog.AddressHours(), "IPv4"},
	}
}

// coverage is what a region has prices for.
type coverage struct {
	types   int
	managed int
	missing []neededItem
}

func (c coverage) complete() bool { return c.types > 0 && len(c.missing) == 0 }

// missingText names what is missing, each kind once.
func (c coverage) missingText() string {
	var parts []string
	if c.types == 0 {
		parts = append(parts, "EC2 on demand")
	}
	last := ""
	for _, m := range c.missing {
		if m.short != last {
			parts = append(parts, m.short)
		}
		last = m.short
	}
	return strings.Join(parts, ", ")
}

func (c coverage) missingItems() []string {
	var out []string
	if c.types == 0 {
		out = append(out, "ec2/on demand")
	}
	for _, m := range c.missing {
		out = append(out, m.Service()+"/"+m.Item())
	}
	return out
}

// cover reads a region's tables and tells what they price.
func cover(v *catalog.Vintage, region string) (coverage, error) {
	r, err := v.Region(region)
	if err != nil {
		return coverage{}, invalidError{err}
	}
	c := coverage{types: len(r.Types()), managed: len(r.ManagedItems())}
	for _, n := range neededItems() {
		if _, ok := r.Usage(n.Meter); !ok {
			c.missing = append(c.missing, n)
		}
	}
	if err := r.Err(); err != nil {
		return coverage{}, invalidError{err}
	}
	return c, nil
}

// completeRegions are the regions of a vintage in which all is priced, and what the
// others lack: each set of prices with the regions that lack it.
func completeRegions(v *catalog.Vintage) (complete []string, lacking string, err error) {
	if !v.HasTable(catalog.TableUsage) {
		return nil, "", nil
	}
	lack := map[string][]string{}
	for _, name := range v.Regions() {
		c, err := cover(v, name)
		if err != nil {
			return nil, "", err
		}
		if c.complete() {
			complete = append(complete, name)
			continue
		}
		lack[c.missingText()] = append(lack[c.missingText()], name)
	}
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(lack)) {
		parts = append(parts, what+" in "+strings.Join(lack[what], ", "))
	}
	return complete, strings.Join(parts, " | "), nil
}

// coverageList has one row per region of a vintage.
func (a *app) coverageList() (listing, error) {
	v, err := a.vintage(a.settings.text("prices"))
	if err != nil {
		return listing{}, err
	}
	regions, err := a.chosenRegions([]*catalog.Vintage{v}, "all")
	if err != nil {
		return listing{}, err
	}
	l := listing{schema: "headroom.prices.coverage/v1", lead: []string{"Vintage " + v.Name()}, cols: []listCol{
		{key: "vintage"}, {key: "region", head: "Region"}, {key: "complete", head: "Complete"},
		{key: "types", head: "EC2 types", align: report.Right}, {key: "managed", head: "Managed", align: report.Right},
		{key: "missing", head: "Missing of what the planner uses"},
	}}
	for _, name := range regions {
		c, err := cover(v, name)
		if err != nil {
			return listing{}, err
		}
		mark, missing := "", c.missingText()
		switch {
		case c.complete():
			mark = "yes"
		case !v.HasTable(catalog.TableUsage) && c.types > 0:
			missing = "all but EC2 (--scope compute)"
		}
		l.add(plain(v.Name()), plain(name), cell(mark, c.complete()), count(c.types), count(c.managed),
			cell(missing, names(c.missingItems())))
	}
	l.fact("complete_means", "Complete", "EC2 on demand and every usage price that the embedded profiles bill: "+
		neededText())
	return l, nil
}

func hasRegion(v *catalog.Vintage, name string) bool {
	for _, r := range v.Regions() {
		if r == name {
			return true
		}
	}
	return false
}

func neededText() string {
	var parts []string
	for _, n := range neededItems() {
		parts = append(parts, n.String())
	}
	return strings.Join(parts, "; ")
}
