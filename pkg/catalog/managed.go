package catalog

import (
	"slices"
	"strconv"
	"strings"
)

// ManagedKey names a node of a managed service.
type ManagedKey struct {
	Service    string // elasticache, opensearch, rds, msk
	Engine     string // redis, valkey, memcached, opensearch, mysql, postgresql, aurora-postgresql, kafka
	Deployment string // single-az or multi-az for rds, "" otherwise
	NodeType   string // cache.r7g.large, db.r6g.large, kafka.m7g.large …
}

// ManagedPrice is the prices of one node.
type ManagedPrice struct {
	ManagedKey
	OnDemand    Price // USD per hour
	HasOnDemand bool
	VCPU        float64 // 0 where the table does not say
	MemoryGiB   float64 // 0 where the table does not say
	Terms       []TermPrice
}

// loadManaged reads the region's table of managed services.
func (r *RegionPrices) loadManaged() ([]*sheet, error) {
	return r.managed.get(func() ([]*sheet, error) { return r.loadSheets(managedTable()) })
}

// Managed is the price of a node of a managed service with all its terms;
// false where the vintage has none.
func (r *RegionPrices) Managed(service, engine, deployment, nodeType string) (ManagedPrice, bool) {
	sheets := r.sheets(r.loadManaged)
	key := managedKey(service, engine, deployment, nodeType)
	m := ManagedPrice{ManagedKey: ManagedKey{service, engine, deployment, nodeType}}
	if p, ok := r.lookup(sheets, key, specOnDemand); ok {
		m.OnDemand, m.HasOnDemand = p.Price, true
	}
	m.Terms = r.terms(sheets, key, managedSpecs())
	for i := len(sheets) - 1; i >= 0; i-- {
		row, ok := sheets[i].find(key)
		if !ok {
			continue
		}
		for _, f := range []struct {
			column string
			to     *float64
		}{{"vcpu", &m.VCPU}, {"memory_gib", &m.MemoryGiB}} {
			text := sheets[i].t.cell(row, sheets[i].t.col(f.column))
			if text == "" || *f.to != 0 {
				continue
			}
			x, err := strconv.ParseFloat(text, 64)
			if err != nil || !(x > 0) || x > 1e9 {
				r.fail(sheets[i].t.problem(row, f.column, "%s %q is not a positive number", f.column, text))
				return ManagedPrice{}, false
			}
			*f.to = x
		}
	}
	return m, m.HasOnDemand || len(m.Terms) > 0
}

// ManagedItems lists the nodes of managed services that have a price, sorted.
func (r *RegionPrices) ManagedItems() []ManagedKey {
	var keys []string
	for _, sh := range r.sheets(r.loadManaged) {
		keys = append(keys, sh.keys...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	out := make([]ManagedKey, len(keys))
	for i, k := range keys {
		p := strings.SplitN(k, "/", 4)
		out[i] = ManagedKey{p[0], p[1], p[2], p[3]}
	}
	return out
}

func managedKey(service, engine, deployment, nodeType string) string {
	return service + "/" + engine + "/" + deployment + "/" + nodeType
}
