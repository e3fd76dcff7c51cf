package sizing

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"headroom/pkg/diag"
	"headroom/pkg/remark"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// Sharded is a part of the spec of a store whose data can be divided: into functional
// partitions, and each of them into shards (docs/model.md section 5).
type Sharded struct {
	// Functional partitions (groups of tables that can live apart) and their part of load and data.
	Partitions strict.Map[strict.Value[unit.Fraction]] `yaml:"partitions"`
	// Shards of each partition; 0: none, or as many as carry the load at the least running cost,
	// whichever is cheapest.
	Shards strict.Value[unit.Count] `yaml:"shards" min:"0" max:"65536"`
	// Logical shards, which are spread over the physical ones.
	Logical strict.Value[unit.Count] `yaml:"logical_shards" min:"1" max:"65536"`
	// How a key finds its shard.
	Sharding string `yaml:"sharding" enum:"hash|lookup"`
	// Bytes of the lookup table, on every shard.
	Lookup strict.Value[unit.Bytes] `yaml:"lookup_table"`
}

func defaultSharded() Sharded {
	return Sharded{
		Shards:   judged(unit.Count(0), "whatever costs least to run"),
		Logical:  judged(unit.Count(1024), judgedInModel),
		Sharding: "hash",
		Lookup:   judged(unit.Bytes(1<<30), "some ten million keys"),
	}
}

// checkPartitions refuses partitions that are not the parts of a whole.
func (s *Sharded) checkPartitions(c *Task) error {
	sum := 0.0
	for _, p := range s.Partitions {
		if !(p.V.V > 0 && p.V.V <= 1) {
			return &diag.Problem{Pos: p.V.Pos, Summary: fmt.Sprintf("partition %q has %v of the load", p.Key, p.V.V),
				Hint: "give a part between 0 and 1"}
		}
		sum += float64(p.V.V)
	}
	if len(s.Partitions) > 0 && math.Abs(sum-1) > 1e-3 {
		return c.problem(fmt.Sprintf("the partitions add up to %.4g, not to 1", sum),
			"give each partition its part of the load")
	}
	return nil
}

// checkShards refuses more shards than there are logical ones.
func (s *Sharded) checkShards() error {
	if s.Shards.V <= s.Logical.V {
		return nil
	}
	return &diag.Problem{Pos: s.Shards.Pos, Summary: fmt.Sprintf("%v shards are more than %v logical shards",
		s.Shards.V, s.Logical.V), Hint: "raise logical_shards"}
}

// How far a store's data is divided.
const (
	splitNot = iota
	splitPartitions
	splitShards
)

// partition is a functional partition: its part of load and data.
type partition struct {
	name  string
	share float64
}

// sharding is one way in which a store's data is divided. The number of shards cannot
// be changed without moving the data.
type sharding struct {
	spec  *Sharded
	split int
	more  int // shards of each partition beyond the least
	parts []partition
	runs  Division // how the data is divided already; zero where nothing runs, or it is whole
}

// newSharding is the simplest way: what is stated, else all in one, or divided no further
// than it is already.
func newSharding(spec *Sharded, runs Division) sharding {
	d := sharding{spec: spec, parts: []partition{{"", 1}}}
	switch {
	case spec.Shards.V > 0:
		return d.to(splitPartitions)
	case runs.Shards > 0:
		return d.to(splitShards).after(runs, d)
	case runs.Partitions > 0:
		return d.to(splitPartitions).after(runs, d)
	}
	return d
}

// after is the same where its data is divided so already; else, where the profile has none
// of these partitions any more, another.
func (d sharding) after(runs Division, other sharding) sharding {
	d.runs = runs
	if slices.ContainsFunc(d.parts, func(p partition) bool { return d.running(p) > 0 }) {
		return d
	}
	return other
}

// running is how many shards a partition has already.
func (d *sharding) running(p partition) int {
	return min(d.runs.part(p.name, d.runs.Shards, len(d.parts) == 1), int(d.spec.Logical.V))
}

// to is the same store divided so far.
func (d sharding) to(split int) sharding {
	d.split = split
	if len(d.spec.Partitions) > 0 && split >= splitPartitions {
		d.parts = nil
		for _, p := range d.spec.Partitions {
			d.parts = append(d.parts, partition{p.Key, float64(p.V.V)})
		}
	}
	return d
}

// ways are all in which the store may be divided, the simplest first: one primary,
// functional partitions, shards. What is stated is the only one, and what is divided
// already stays so.
func (d sharding) ways() []sharding {
	out := []sharding{d}
	if d.spec.Shards.V > 0 {
		return out
	}
	if len(d.spec.Partitions) > 0 && d.split < splitPartitions {
		out = append(out, d.to(splitPartitions))
	}
	if d.split < splitShards {
		out = append(out, d.to(splitShards))
	}
	return out
}

// least is the least number of shards of a partition: where there are no partitions,
// one shard would be the one primary again.
func (d *sharding) least() int {
	if d.split == splitShards && len(d.parts) == 1 {
		return 2
	}
	return max(1, int(d.spec.Shards.V))
}

// leastOf is the least number of shards of one partition: as many as it has already.
func (d *sharding) leastOf(p partition) int { return max(d.least(), d.running(p)) }

// leastOfAll is the least number of shards of all partitions.
func (d *sharding) leastOfAll() int {
	n := 0
	for _, p := range d.parts {
		n += d.leastOf(p)
	}
	return n
}

// several tells whether partitions have several shards.
func (d *sharding) several() bool { return d.split == splitShards || d.spec.Shards.V > 1 }

// whole tells whether one node has all of the data.
func (d *sharding) whole() bool { return d.split == splitNot && d.spec.Shards.V == 0 }

// looksUp tells whether a table says on which shard a key is.
func (d *sharding) looksUp() bool { return d.several() && d.spec.Sharding == "lookup" }

// table is the bytes of the lookup table, on every shard.
func (d *sharding) table() float64 {
	if !d.several() {
		return 0
	}
	return float64(d.spec.Lookup.V)
}

// count is how many shards a partition has: the fewest that carry the load of the
// horizon, and so many more. Whether more of them, or fewer on a larger type, cost less
// is for the search to find out. why is the resource that asks for so many.
func (d *sharding) count(p partition, carry func(shards int) *Rejection) (shards int, why string, rej *Rejection) {
	if d.split != splitShards {
		return d.least(), "", nil
	}
	if shards, why, rej = d.fewest(d.leastOf(p), carry); rej != nil {
		return 0, "", rej
	}
	if shards += d.more; shards > int(d.spec.Logical.V) {
		rej = &Rejection{Resource: "shards", Need: float64(shards), Have: float64(d.spec.Logical.V),
			Why: remark.New("database.most_shards")}
	}
	return shards, why, rej
}

func (d *sharding) fewest(low int, carry func(shards int) *Rejection) (int, string, *Rejection) {
	most := int(d.spec.Logical.V)
	rej := carry(low)
	if rej == nil {
		if fewer := carry(max(1, low-1)); fewer != nil {
			return low, fewer.Resource, nil
		}
		return low, "", nil
	}
	if rej := carry(most); rej != nil {
		return 0, "", rej
	}
	// More shards never break what fewer allow.
	at := low + 1 + sort.Search(most-low-1, func(i int) bool {
		r := carry(low + 1 + i)
		if r != nil {
			rej = r
		}
		return r == nil
	})
	return at, rej.Resource, nil
}

// brief is the way in a few words; shards are those of all partitions. Logical shards that
// the profile states are there whatever the number of servers.
func (d *sharding) brief(shards int) remark.Remark {
	r := remark.New("database.whole")
	switch {
	case d.several():
		r = remark.New("database.shards", "shards", shards, "by", d.spec.Sharding)
	case len(d.parts) > 1:
		r = remark.New("database.partitions", "partitions", len(d.parts))
	}
	if d.spec.Logical.Set {
		r = r.With("logical", int(d.spec.Logical.V), "primaries", shards, "each", len(d.parts) > 1)
	}
	return r
}

// describe says what a partition of so many shards is.
func (d *sharding) describe(p partition, shards int) (out []remark.Remark) {
	name := "db"
	if p.name != "" {
		out = append(out, remark.New("database.partition", "partition", p.name, "part", p.share))
		name = p.name
	}
	if d.whole() && len(d.spec.Partitions) > 0 {
		var names []string
		for _, p := range d.spec.Partitions {
			names = append(names, p.Key)
		}
		out = append(out, remark.New("database.together", "partitions", names))
	}
	if d.several() || d.spec.Logical.Set {
		out = append(out, remark.New("database.logical", "logical", int(d.spec.Logical.V), "name", name,
			"physical", shards, "by", d.spec.Sharding))
	}
	return out
}

// steps say why there are so many shards in all, and what finding them takes; growth is
// how much more the load of the horizon is.
func (d *sharding) steps(shards int, why string, growth, sessions float64, model string) (out []remark.Step) {
	if d.split == splitShards {
		step := remark.Derive("shards", model, shards, "").Noting("step.shards", "growth", growth, "resource", why)
		if why == "" && d.running(d.parts[0]) > 0 {
			step.Note = remark.New("step.shards_already")
		}
		if d.more > 0 {
			step.Note = step.Note.With("more", d.more)
		}
		out = append(out, step)
	}
	if d.looksUp() {
		out = append(out, remark.Derive("lookups", model, unit.EventRate(sessions), "").Noting("step.lookups"))
	}
	return out
}

// grows says with which stimulus the store grows, where a new shard takes so many bytes
// at a rate.
func (d *sharding) grows(moved, rate float64) remark.Remark {
	switch {
	case !d.several():
		return remark.New("database.grows")
	case moved <= 0 || rate <= 0:
		return remark.New("database.grows_by_shard")
	}
	return remark.New("database.grows_by_shard", "bytes", moved, "time", moved/rate)
}
