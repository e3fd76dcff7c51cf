package sizing

import (
	"fmt"
	"strings"

	"headroom/pkg/capacity"
	"headroom/pkg/diag"
	"headroom/pkg/queueing"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// This file is items that are kept in memory: by a cache, or by each node of a service for
// itself.

// CacheItems is a part of the spec of what keeps items: how many there are, how many of
// them are kept, and so how many reads find theirs.
type CacheItems struct {
	// Different items that are asked for in a region; needed.
	Items strict.Value[unit.Count] `yaml:"items" min:"1" max:"1000000000000000"`
	// Part of the items that there is room for.
	Keep strict.Value[unit.Fraction] `yaml:"keep" min:"0" max:"1"`
	// How unevenly items are asked for (Zipf's exponent): the i-th most popular one in proportion to
	// i^−zipf; 0 where all are as popular.
	Zipf strict.Value[unit.Count] `yaml:"zipf" min:"0" max:"10"`
	// Part of the reads that find their item, where it was measured; without it as computed from
	// items, keep and zipf.
	HitRatio *strict.Value[unit.Fraction] `yaml:"hit_ratio" min:"0" max:"1"`
	// Bytes of an item's key.
	Key strict.Value[unit.Bytes] `yaml:"key"`
	// Bytes of an item's value.
	Value strict.Value[unit.Bytes] `yaml:"value"`
	// Bytes that the program adds to each item.
	Overhead strict.Value[unit.Bytes] `yaml:"overhead"`
	// Memory that is taken for each byte of items, as what is freed leaves gaps.
	Fragmentation strict.Value[unit.Count] `yaml:"fragmentation" min:"1" max:"10"`
}

// hits is the part of the reads that find their item.
func (x *CacheItems) hits() float64 {
	if x.HitRatio != nil {
		return float64(x.HitRatio.V)
	}
	p := queueing.Popularity{Items: float64(x.Items.V), Exponent: float64(x.Zipf.V)}
	part, err := p.HitRatio(x.kept())
	if err != nil {
		return 0 // without items; Prepare says so
	}
	return part
}

// hitsOf is the part of the reads that arrive which find their item, where callers left so
// much of all reads. What callers find is what is asked for most, which the cache keeps too:
// together they find what the cache would find of all reads.
func (x *CacheItems) hitsOf(unfound float64) float64 {
	hits := x.hits()
	if x.HitRatio != nil || unfound <= 0 {
		return hits // measured of what arrives
	}
	return max(0, 1-(1-hits)/unfound)
}

// kept is how many items there is room for.
func (x *CacheItems) kept() float64 { return float64(float64(x.Items.V) * float64(x.Keep.V)) }

// bytes is the memory that they take.
func (x *CacheItems) bytes() float64 {
	return float64(x.kept() * float64(x.Key.V+x.Value.V+x.Overhead.V) * float64(x.Fragmentation.V))
}

// steps show what is kept and how many reads find it.
func (x *CacheItems) steps() []remark.Step {
	const model = "MODEL section 5, cache"
	out := []remark.Step{needOf(capacity.Memory, remark.Derive("memory of what is kept",
		"inputs items, keep, key, value",
		unit.Bytes(x.bytes()), "{items} × {keep} × ({key} + {value} + {overhead}) × {fragmentation}",
		"items", unit.Given(x.Items.V), "keep", unit.Given(x.Keep.V), "key", unit.Given(x.Key.V),
		"value", unit.Given(x.Value.V), "overhead", unit.Given(x.Overhead.V),
		"fragmentation", unit.Given(x.Fragmentation.V)))}
	if x.HitRatio != nil {
		return out
	}
	return append(out, remark.Derive("reads that find their item", model, unit.Fraction(x.hits()), "").
		Noting("step.found", "kept", x.kept(), "items", x.Items.V, "zipf", x.Zipf.V))
}

// defaultItems are the items of a program of which each takes so many bytes more.
func defaultItems(overhead strict.Value[unit.Bytes]) CacheItems {
	return CacheItems{
		Keep: judged(unit.Fraction(0.2), "most reads are of a fifth of what there is"),
		Zipf: judged(unit.Count(0.8), "0.64 to 0.83 at web proxies (Breslau et al., \"Web caching and Zipf-like "+
			"distributions\", INFOCOM 1999); stores of keys and values are often steeper (YCSB: 0.99)"),
		Key:           judged(unit.Bytes(50), "a prefix and an identifier"),
		Value:         judged(unit.Bytes(1000), "a small object"),
		Overhead:      overhead,
		Fragmentation: judged(unit.Count(1.25), "MODEL section 5: allocators leave a fifth unused"),
	}
}

// LocalCache is what each node of a service keeps for itself of what it reads from another
// component. How many nodes there are makes no difference to its hits: each sees the same
// mixture of reads.
type LocalCache struct {
	strict.At
	// Component whose answers are kept: one that the service calls.
	Of string `yaml:"of" required:"true" offer:"components"`
	CacheItems
}

// Default fills in what a profile may leave out.
func (x *LocalCache) Default() {
	x.CacheItems = defaultItems(judged(unit.Bytes(90),
		"as Redis: a hash table's entry, and what knows when it was used"))
}

// check is the error of a cache in a service of what it does not call, or of an unknown
// number of items.
func (x *LocalCache) check(c *Task) error {
	if x == nil {
		return nil
	}
	if _, ok := c.Component.Calls.Get(x.Of); !ok {
		var names []string
		for _, call := range c.Component.Calls {
			names = append(names, call.Key)
		}
		hint := "name what it calls: " + strings.Join(names, ", ")
		if near := diag.Suggest(x.Of, names); near != "" {
			hint = "did you mean " + near + "?"
		}
		return &diag.Problem{Pos: x.Pos, Hint: hint, Summary: fmt.Sprintf(
			"component %q has a local_cache of %q, which it does not call", c.Component.Name, x.Of)}
	}
	return required(c, x.Items, "local_cache.items", itemsHint)
}

// itemsHint says where a number of items comes from.
const itemsHint = "count the different keys that are read in a day and write items: 2M"
