package sizing

import (
	"headroom/pkg/catalog"
	"headroom/pkg/portable"
)

// residence is how long a read and a write are in the database, in seconds on
// average, where its nodes are of the reference type and as busy as the policy
// allows: a bound from above that is known before any node is chosen. Both are 0
// where the profile does not give their CPU time, or where the policy allows all
// of the CPU, so that there is no bound.
func (s *Database) residence(c *Task, _, _ int) (read, write float64) {
	ref, ok := c.Catalog.NodeType(s.Reference.V)
	reads, writes := c.Load.Global.Read(), c.Load.Global.Write()
	work := float64(reads*float64(s.CPURead.V)) + float64(writes*float64(s.CPUWrite.V))
	if !ok || work <= 0 {
		return 0, 0
	}
	cpu, rej := c.nodeCPU(ref, catalog.ClassSQL, ref)
	if rej != nil {
		return 0, 0
	}
	q := cpu.queue(work/(reads+writes), float64(s.ArrivalSCV.V), float64(s.ServiceSCV.V), cpu.vcpus).At(c.Policy.Own)
	busy, err := q.Solve()
	if err != nil {
		return 0, 0
	}
	wait, disks := busy.MeanWait(), s.diskBound(c, ref)
	slower := (busy.MeanResponse() - wait) / q.Service // contention with other requests
	read, write = wait+float64(float64(s.CPURead.V)*slower)+disks, wait+float64(float64(s.CPUWrite.V)*slower)
	if s.Replication == "sync" {
		if _, remote, err := s.candidates(c); err == nil && remote {
			trip, _ := s.commitTrip(c) // Prepare refuses what is not known
			write += trip
		}
	}
	return read, write
}

// diskBound is how long a read waits for the slowest volumes that may be chosen, in
// seconds on average, where one node of the reference type has all of the data:
// connections take none of its memory, as they are not known yet.
func (s *Database) diskBound(c *Task, ref *catalog.NodeType) float64 {
	_, data, _ := c.stored(c.Load.Global.Data(), c.Flow.Demand.MeanTotal)
	latency := 0.0
	for _, volume := range s.Storage {
		latency = max(latency, s.Latency.of(volume, false))
	}
	return float64(float64(s.Pages.V) * s.missed(c.Policy.allowed(ref), data, s.theta()) * latency)
}

// theta is the exponent of locality: θ = ln(reads)/ln(of), so that a cache of the part
// `of` of the data answers the part `reads`.
func (s *Database) theta() float64 {
	return portable.Log(float64(s.Locality.Reads.V)) / portable.Log(float64(s.Locality.Of.V))
}

// missed is the part of page reads that a cache of so many bytes does not answer:
// 1 − (cache/data)^θ.
func (s *Database) missed(cache, data, theta float64) float64 {
	if cache >= data || s.InMemory.V {
		return 0
	}
	return 1 - portable.Pow(max(0, cache)/data, theta)
}

// of is how long a read of a page takes, in seconds; hdd says that local disks are
// hard disks.
func (d *DiskLatency) of(volume string, hdd bool) float64 {
	switch {
	case volume == VolumeLocal && hdd:
		return float64(d.HDD.V)
	case volume == VolumeLocal:
		return float64(d.NVMe.V)
	case volume == "io1" || volume == "io2":
		return float64(d.IO.V)
	}
	return float64(d.GP.V)
}
