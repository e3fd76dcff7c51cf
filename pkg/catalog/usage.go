package catalog

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/diag"
	"headroom/pkg/money"
)

// TierPrice is one step of a usage price. Most prices have one step, from 0
// and open.
type TierPrice struct {
	Tier  money.Tier // in units of Unit; a first tier above 0 means that what lies below is included
	Price Price
	Unit  string // as the table writes it: GB (meaning GiB), GB-month, hour, LCU-hour, 1000 requests …
}

// UsageKey names a usage price as the tables do, also one that the program never bills.
type UsageKey struct{ Service, Item, Unit string }

// UsagePrice is a usage price with its tiers, ascending and without gaps.
type UsagePrice struct {
	UsageKey
	Tiers []TierPrice
}

// usageItem is a usage price of a region with its tiers in order.
type usageItem struct {
	UsageKey
	tiers  []usageTier
	prices []TierPrice // of the tiers, for all who ask
}

type usageTier struct {
	TierPrice
	t   *table
	row int
}

// Usage is the tiers of a usage price, ascending and without gaps. Only rows
// that may be billed count; false where there is none. It must not be changed. What is of no
// region has the same in all, but for those of other partitions.
func (r *RegionPrices) Usage(m Meter) ([]TierPrice, bool) {
	if m.Global() && r.name != GlobalRegion {
		home, err := r.v.Region(GlobalRegion)
		if err != nil || isolated(r.name) {
			return nil, false
		}
		prices, ok := home.Usage(m)
		if err := home.Err(); err != nil {
			r.fail(err)
		}
		return prices, ok
	}
	return r.usageNamed(m.Service(), m.Item())
}

// usageNamed is Usage for any row of the tables.
func (r *RegionPrices) usageNamed(service, item string) ([]TierPrice, bool) {
	items, err := r.loadUsage()
	if err != nil {
		r.fail(err)
	}
	i, ok := slices.BinarySearchFunc(items, UsageKey{Service: service, Item: item}, compareItem)
	if !ok {
		return nil, false
	}
	return items[i].prices, true
}

// Tiers drops the provenance, as money.Tiered wants it.
func Tiers(prices []TierPrice) []money.Tier {
	out := make([]money.Tier, len(prices))
	for i, p := range prices {
		out[i] = p.Tier
	}
	return out
}

// UsageItems lists the usage prices that may be billed, sorted by service and
// item. They must not be changed.
func (r *RegionPrices) UsageItems() []UsagePrice {
	items, err := r.loadUsage()
	if err != nil {
		r.fail(err)
	}
	out := make([]UsagePrice, len(items))
	for i, it := range items {
		out[i] = UsagePrice{it.UsageKey, it.prices}
	}
	return out
}

func compareItem(it usageItem, k UsageKey) int {
	if c := strings.Compare(it.Service, k.Service); c != 0 {
		return c
	}
	return strings.Compare(it.Item, k.Item)
}

// loadUsage reads the region's usage table and lays the overlays over it.
func (r *RegionPrices) loadUsage() ([]usageItem, error) {
	return r.usage.get(func() ([]usageItem, error) {
		var items []usageItem
		kind := usageTable()
		for _, path := range r.v.paths(kind.name, r.name) {
			t, err := r.v.cat.readTable(path, kind.required()...)
			if err != nil {
				return nil, err
			}
			more, err := readUsage(t, "", r.name)
			if err != nil {
				return nil, err
			}
			items = replaceItems(items, more)
		}
		items = replaceItems(items, r.v.included(r.name))
		for _, o := range r.v.overlays {
			for _, t := range o.tables(kind.name) {
				over, err := readUsage(t, o.file, r.name)
				if err != nil {
					return nil, err
				}
				if items, err = overlayUsage(items, over); err != nil {
					return nil, err
				}
			}
		}
		for i := range items {
			it := &items[i]
			if err := checkTiers(it.tiers); err != nil {
				return nil, err
			}
			for k := range it.tiers {
				it.prices = append(it.prices, it.tiers[k].TierPrice)
			}
		}
		return items, nil
	})
}

// usageCols are the columns of a usage table.
type usageCols struct{ region, service, item, unit, from, to, price, asOf, source, note, role int }

func usageColumns(t *table) usageCols {
	return usageCols{t.col("region"), t.col("service"), t.col("item"), t.col("unit"), t.col("tier_from"),
		t.col("tier_to"), t.col("price_usd"), t.col("as_of"), t.col("source"), t.col("note"), t.col("role")}
}

// readUsage reads the rows of a region that may be billed, grouped by item.
func readUsage(t *table, file, region string) ([]usageItem, error) {
	c := usageColumns(t)
	var items []usageItem
	var cells []string
	for row := range t.len() {
		cells = t.cells(row, cells[:0])
		at := func(col int) string {
			if col < 0 {
				return ""
			}
			return cells[col]
		}
		if cells[c.region] != region {
			if file != "" {
				continue
			}
			return nil, t.problem(row, "region", "the row is not of the region %s", region)
		}
		if at(c.role) == roleCheck {
			continue
		}
		tier, err := readTier(t, row, at(c.from), at(c.to), cells[c.price])
		if err != nil {
			return nil, err
		}
		price := Price{Rate: tier.Rate, AsOf: cells[c.asOf], Source: cells[c.source], Note: at(c.note), Overlay: file}
		ut := usageTier{t: t, row: row, TierPrice: TierPrice{Tier: tier, Unit: cells[c.unit], Price: price}}
		key := UsageKey{Service: cells[c.service], Item: cells[c.item], Unit: cells[c.unit]}
		i, ok := slices.BinarySearchFunc(items, key, compareItem)
		if !ok {
			items = slices.Insert(items, i, usageItem{UsageKey: key})
		} else if items[i].Unit != key.Unit {
			return nil, t.problem(row, "unit", "%s %s is priced per %s and per %s", key.Service, key.Item,
				items[i].Unit, key.Unit)
		}
		items[i].tiers = append(items[i].tiers, ut)
	}
	for i := range items {
		sortTiers(items[i].tiers)
	}
	return items, nil
}

// Roles of a usage row.
const (
	roleBill  = "bill"
	roleCheck = "check" // a second source or an annual figure: never billed
)

func readTier(t *table, row int, from, to, price string) (money.Tier, error) {
	var tier money.Tier
	var err error
	if tier.Rate, err = money.ParseRate(price); err != nil {
		return tier, t.problem(row, "price_usd", "%s", err)
	}
	if from != "" {
		if tier.From, err = bound(from); err != nil {
			return tier, t.problem(row, "tier_from", "%s", err)
		}
	}
	if to != "" {
		q, err := bound(to)
		if err != nil {
			return tier, t.problem(row, "tier_to", "%s", err)
		}
		if q.Cmp(tier.From) <= 0 {
			return tier, t.problem(row, "tier_to", "the tier ends at %s and begins at %s", q, tier.From)
		}
		tier.To = &q
	}
	return tier, nil
}

// bound reads a tier's bound exactly; money.Float would round 0.1220703125.
func bound(s string) (money.Quantity, error) {
	var q money.Quantity
	if err := q.UnmarshalJSON([]byte(s)); err != nil {
		return q, err
	}
	if q.Cmp(money.Quantity{}) < 0 {
		return q, fmt.Errorf("quantity %q is negative", s)
	}
	return q, nil
}

func sortTiers(ts []usageTier) {
	slices.SortStableFunc(ts, func(a, b usageTier) int { return a.Tier.From.Cmp(b.Tier.From) })
}

// replaceItems puts the items of a later table in the place of those of a base. A
// table states an item with all of its tiers, so it replaces it whole: a base that
// knew one price without bounds gives way to the tiers found since.
func replaceItems(items, later []usageItem) []usageItem {
	if len(items) == 0 {
		return later
	}
	for _, it := range later {
		i, ok := slices.BinarySearchFunc(items, it.UsageKey, compareItem)
		if ok {
			items[i] = it
		} else {
			items = slices.Insert(items, i, it)
		}
	}
	return items
}

// overlayUsage lays an overlay's items over others: a tier replaces the tiers
// that lie wholly within it, so an open price replaces all of them.
func overlayUsage(items, over []usageItem) ([]usageItem, error) {
	for _, o := range over {
		i, ok := slices.BinarySearchFunc(items, o.UsageKey, compareItem)
		if !ok {
			items = slices.Insert(items, i, o)
			continue
		}
		if have := items[i].Unit; have != o.Unit {
			t := o.tiers[0]
			return nil, diag.Problems{unitProblem(t.t, t.row, o.UsageKey, have)}
		}
		var kept []usageTier
		for _, t := range items[i].tiers {
			if !slices.ContainsFunc(o.tiers, func(n usageTier) bool { return covers(n.Tier, t.Tier) }) {
				kept = append(kept, t)
			}
		}
		items[i].tiers = append(kept, o.tiers...)
		sortTiers(items[i].tiers)
	}
	return items, nil
}

// covers tells whether tier b lies wholly within a.
func covers(a, b money.Tier) bool {
	return a.From.Cmp(b.From) <= 0 && (a.To == nil || b.To != nil && b.To.Cmp(*a.To) <= 0)
}

// checkTiers makes sure that each tier begins where the one before it ends.
// Blame goes to the row of an overlay where there is one.
func checkTiers(ts []usageTier) error {
	for i := 1; i < len(ts); i++ {
		prev, cur := ts[i-1], ts[i]
		if prev.Tier.To != nil && prev.Tier.To.Cmp(cur.Tier.From) == 0 {
			continue
		}
		if cur.Price.Overlay == "" {
			prev, cur = cur, prev
		}
		end := "has no end"
		if ts[i-1].Tier.To != nil {
			end = "ends at " + ts[i-1].Tier.To.String()
		}
		p := cur.t.problem(cur.row, "tier_from", "the tiers do not join: one %s, the next begins at %s", end,
			ts[i].Tier.From)
		p.Hint = "give tiers whose bounds meet those of the others, or one row without bounds to replace all"
		return diag.Problems{p}
	}
	return nil
}
