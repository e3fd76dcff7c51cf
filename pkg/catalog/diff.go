package catalog

import "slices"

// ChangeKind says what happened to a price between two vintages.
type ChangeKind string

// The kinds.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// PriceChange is an on-demand price that differs between two vintages.
type PriceChange struct {
	Type   string
	Kind   ChangeKind
	Before Price // zero where Added
	After  Price // zero where Removed
}

// Diff lists the on-demand prices of a region that differ from vintage a to
// vintage b, sorted by type. A region that one of them lacks is an error.
func Diff(a, b *Vintage, region string) ([]PriceChange, error) {
	before, err := a.Region(region)
	if err != nil {
		return nil, err
	}
	after, err := b.Region(region)
	if err != nil {
		return nil, err
	}
	names := append(before.Types(), after.Types()...)
	slices.Sort(names)
	var out []PriceChange
	for _, name := range slices.Compact(names) {
		p, was := before.OnDemand(name)
		q, is := after.OnDemand(name)
		switch {
		case was && !is:
			out = append(out, PriceChange{Type: name, Kind: Removed, Before: p})
		case !was && is:
			out = append(out, PriceChange{Type: name, Kind: Added, After: q})
		case !p.Rate.Equal(q.Rate):
			out = append(out, PriceChange{Type: name, Kind: Changed, Before: p, After: q})
		}
	}
	for _, r := range []*RegionPrices{before, after} {
		if err := r.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
