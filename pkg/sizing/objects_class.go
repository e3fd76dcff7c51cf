package sizing

import (
	"math"

	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// objectClass is what tells a storage class of S3 from the others, beside its
// prices: each has its own for storage, requests and, where reading costs,
// retrieval. A class without a price in the tables is named as missing.
type objectClass struct {
	retrieved bool // bytes that are read cost in addition
	restored  bool // an object is restored before it is read, which is a request of its own
	// minimum is for how long each object is billed at least (AWS user guide for S3,
	// "Understanding and managing Amazon S3 storage classes"; Infracost's test bills
	// of 2024-07-01, "Early delete").
	minimum unit.Duration
	// smallest is as how many bytes an object is billed at least (the same page).
	smallest unit.Bytes
}

const day = unit.Duration(24 * 3600)

func classOf(name string) objectClass {
	switch name {
	case "standard-IA", "one-zone-IA":
		return objectClass{retrieved: true, minimum: 30 * day, smallest: 128 << 10}
	case "glacier flexible retrieval":
		return objectClass{retrieved: true, restored: true, minimum: 90 * day}
	case "glacier deep archive":
		return objectClass{retrieved: true, restored: true, minimum: 180 * day}
	}
	return objectClass{}
}

// kept is for how long written objects are kept; nil for ever.
func (b *objectsBill) kept() *strict.Value[unit.Duration] {
	if v := b.spec.Retention; v != nil {
		return v
	}
	return b.c.Profile.Data.Retention
}

// requests bills what is asked for in a region, at the class's own prices.
func (b *objectsBill) requests(r *Location, row Usage, x *objectsRegion) {
	name, class := b.spec.Class, classOf(b.spec.Class)
	b.n.bill(row.of(name+" PUT/COPY/POST/LIST requests", x.puts/1000))
	b.n.bill(row.of(name+" GET and other requests", x.gets/1000))
	if class.restored {
		b.n.bill(row.of(name+" restore requests", x.gets/1000))
	}
	if class.retrieved {
		b.n.bill(row.of(name+" retrieval", b.c.monthly(r, b.c.fetched())/gib))
	}
}

// early is the mean over the month of what was deleted before the class's minimum
// and is billed until then. data is the new bytes per second in a region, in the
// mean of the week.
func (b *objectsBill) early(data float64) float64 {
	kept, class := b.kept(), classOf(b.spec.Class)
	if kept == nil || kept.V >= class.minimum {
		return 0
	}
	m := b.c.Flow.Demand.Month
	really := b.c.growing(1, data, m+1, kept)
	billed := b.c.growing(1, data, m+1, &strict.Value[unit.Duration]{V: class.minimum})
	return billed.mean(m) - really.mean(m)
}

// earlyCopies is the same of backups, as a multiple of one full copy.
func (b *objectsBill) earlyCopies() float64 {
	k := b.spec.Backup
	really, _ := k.copies(b.c.Flow.Demand.Hours)
	k.Keep.V = max(k.Keep.V, classOf(b.spec.Class).minimum)
	billed, _ := k.copies(b.c.Flow.Demand.Hours)
	return math.Max(0, billed-really)
}
