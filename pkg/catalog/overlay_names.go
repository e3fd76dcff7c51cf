package catalog

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/diag"
)

// regionNames are the regions of all vintages, sorted.
func (c *Catalog) regionNames() []string {
	var out []string
	for _, f := range c.manifest {
		if f.Vintage != "" && f.Region != "" {
			out = append(out, f.Region)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// newestPrice is the date of the newest price of any vintage.
func (c *Catalog) newestPrice() string {
	newest := ""
	for _, info := range c.Vintages() {
		newest = max(newest, info.AsOfNewest)
	}
	return newest
}

// eachTable reads all tables of a kind, of every vintage and region.
func (c *Catalog) eachTable(kind *tableKind, read func(t *table)) error {
	for _, f := range c.manifest {
		if f.Vintage == "" || f.Region == "" || f.Table != kind.name {
			continue
		}
		t, err := c.readTable(f.Path, kind.required()...)
		if err != nil {
			return err
		}
		read(t)
	}
	return nil
}

// usageUnits are the units of all usage prices that may be billed, by service
// and item: each has the same in every region. The program's own are among them where
// no table has a price: that is what an overlay may add.
func (c *Catalog) usageUnits() (map[string]map[string]string, error) {
	return c.units.get(func() (map[string]map[string]string, error) {
		units := map[string]map[string]string{}
		add := func(service, item, unit string) {
			if units[service] == nil {
				units[service] = map[string]string{}
			}
			units[service][item] = unit
		}
		for _, m := range Meters(c.regionNames()) {
			add(m.Service(), m.Item(), m.Unit())
		}
		err := c.eachTable(usageTable(), func(t *table) {
			col := usageColumns(t)
			var cells []string
			for row := range t.len() {
				cells = t.cells(row, cells[:0])
				if col.role >= 0 && cells[col.role] == roleCheck {
					continue
				}
				add(cells[col.service], cells[col.item], cells[col.unit])
			}
		})
		return units, err
	})
}

// managedNames are the names of managed services: under "" the services, under
// "rds" its engines, under "rds/mysql" their deployments, and under "rds type" the
// node types of the service.
func (c *Catalog) managedNames() (map[string][]string, error) {
	names := map[string][]string{}
	add := func(under, name string) {
		if !slices.Contains(names[under], name) {
			names[under] = append(names[under], name)
		}
	}
	kind := managedTable()
	err := c.eachTable(kind, func(t *table) {
		key := kind.rowKey(t)
		for row := range t.len() {
			k := strings.SplitN(key(row), "/", 4)
			add("", k[0])
			add(k[0], k[1])
			add(k[0]+"/"+k[1], k[2])
			add(k[0]+" type", k[3])
		}
	})
	return names, err
}

// typePriced tells whether any table prices an instance type: some of them have
// no specification.
func (c *Catalog) typePriced(name string) (bool, error) {
	found := false
	kind := ec2Table()
	err := c.eachTable(kind, func(t *table) {
		key := kind.rowKey(t)
		for row := 0; row < t.len() && !found; row++ {
			found = key(row) == name
		}
	})
	return found, err
}

// checkNames refuses rows of an overlay whose region, type, item or unit neither the
// tables know nor the sites of the vintage.
func (v *Vintage) checkNames(o *overlay) (diag.Problems, error) {
	var ps diag.Problems
	c, regions := v.cat, v.cat.regionNames()
	for _, s := range v.sites {
		regions = append(regions, s.Name)
	}
	slices.Sort(regions)
	for _, s := range o.sections {
		for row := 0; row < s.t.len() && len(ps) < maxProblems; row++ {
			if p := misnamed(s.t, row, "region", "no price table has the region %q", regions); p != nil {
				ps.Add(*p)
				continue
			}
			p, err := s.kind.named(c, s.t, row)
			if err != nil {
				return nil, err
			}
			if p != nil {
				ps.Add(*p)
			}
		}
	}
	return ps, nil
}

// checkTypeName is what is wrong with the type of a row; nil where nothing is.
func (c *Catalog) checkTypeName(t *table, row int) (*diag.Problem, error) {
	name := t.cell(row, t.col("instance_type"))
	if _, ok := c.NodeType(name); ok {
		return nil, nil
	}
	if ok, err := c.typePriced(name); ok || err != nil {
		return nil, err
	}
	p := hinted(t.problem(row, "instance_type", "instance type %q is not known", name),
		"headroom prices show TYPE tells what is known of a type")
	if near := c.SuggestType(name); near != "" {
		p.Hint = fmt.Sprintf("did you mean %s?", near)
	}
	return &p, nil
}

func (c *Catalog) checkUsageName(t *table, row int) (*diag.Problem, error) {
	units, err := c.usageUnits()
	if err != nil {
		return nil, err
	}
	if p := misnamed(t, row, "service", "no price table has the service %q", sortedKeys(units)); p != nil {
		return p, nil
	}
	service, item := t.cell(row, t.col("service")), t.cell(row, t.col("item"))
	items := units[service]
	if p := misnamed(t, row, "item", "the service "+service+" has no item %q", sortedKeys(items)); p != nil {
		return p, nil
	}
	if unit := t.cell(row, t.col("unit")); unit != items[item] {
		p := unitProblem(t, row, UsageKey{Service: service, Item: item, Unit: unit}, items[item])
		return &p, nil
	}
	return nil, nil
}

func (c *Catalog) checkManagedName(t *table, row int) (*diag.Problem, error) {
	names, err := c.managed.get(c.managedNames)
	if err != nil {
		return nil, err
	}
	service, engine := t.cell(row, t.col("service")), t.cell(row, t.col("engine"))
	for _, x := range []struct{ column, format, under string }{
		{"service", "no price table has the service %q", ""},
		{"engine", "the service " + service + " has no engine %q", service},
		{"deployment", "the service " + service + " has no deployment %q of this engine", service + "/" + engine},
		{"node_type", "the service " + service + " has no node type %q", service + " type"},
	} {
		if p := misnamed(t, row, x.column, x.format, names[x.under]); p != nil {
			return p, nil
		}
	}
	return nil, nil
}

// misnamed is the problem of a cell that is none of the known names, with the
// nearest of them; nil where it is one.
func misnamed(t *table, row int, column, format string, known []string) *diag.Problem {
	name := t.cell(row, t.col(column))
	if slices.Contains(known, name) {
		return nil
	}
	p := hinted(t.problem(row, column, format, name), "known are: "+someOf(known))
	if near := diag.Suggest(name, known); near != "" {
		p.Hint = fmt.Sprintf("did you mean %s?", near)
	}
	return &p
}

// someOf lists names, cut to what a message can hold.
func someOf(names []string) string {
	const most = 12
	if len(names) <= most {
		return list(names)
	}
	return fmt.Sprintf("%s and %d more", list(names[:most]), len(names)-most)
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// unitProblem is an overlay's usage price in another unit than the tables have.
func unitProblem(t *table, row int, k UsageKey, have string) diag.Problem {
	return hinted(t.problem(row, "unit", "%s %s is priced per %q in the tables, not per %q", k.Service, k.Item, have,
		k.Unit), fmt.Sprintf("convert the price and write %s", have))
}
