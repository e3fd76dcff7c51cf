package plan

import (
	"strings"

	"github.com/stretchr/testify/require"

	"headroom/pkg/sizing"
	"headroom/pkg/workload"
)

// lossy tells whether a component must survive losses within a region.
func (a *auditor) lossy(c *workload.Component) bool {
	return survives(c, a.p, "node") || survives(c, a.p, "zone")
}

// weekly is the sum over the hours of a week of a rate, times the seconds of an
// hour.
func (a *auditor) weekly(rate func(l map[string][]calls) float64) float64 {
	t := 0.0
	for _, l := range a.load.normal {
		t += rate(l) * 3600
	}
	return t / float64(a.p.Peak.IntraHour.V)
}

// appendRates are the bounds on bytes that one node writes to the end of files,
// bytes/s: of the instance's EBS bandwidth and operations (256 KiB each on SSD,
// 1 MiB on HDD, EBS User Guide) and of as many volumes as it takes, or of its
// own disks.
func (a *auditor) appendRates(x *pool) map[string]float64 {
	n := x.node
	volume := x.c.Layout.Storage.Volume
	if volume == sizing.VolumeLocal {
		_, write := n.LocalIOPS()
		perOp := 4096.0
		if n.Local.Kind == "hdd" {
			perOp = 150e6 / 100 // MODEL section 2
		}
		return map[string]float64{"disk iops": write.V * perOp}
	}
	v, ok := a.limits.Volume(volume)
	require.True(a.t, ok, volume)
	perOp := 256.0 * 1024
	if v.HDD {
		perOp = 1024 * 1024
	}
	iops := n.EBS.BaselineIOPS
	if !iops.OK {
		iops = n.EBS.AssumedIOPS
	}
	const volumes = 24
	return map[string]float64{"EBS bandwidth": n.EBS.BaselineThroughput.V, "EBS iops": iops.V * perOp,
		"disk throughput": float64(v.MaxThroughput) * volumes, "disk iops": float64(v.MaxIOPS) * volumes * perOp}
}

// disk is the bytes of volumes bought for a component in a region.
func (a *auditor) disk(x *pool) float64 {
	t := 0.0
	for _, u := range x.c.Layout.Usage {
		if u.Region == x.region && u.Meter.Service() == "ebs" && strings.HasSuffix(u.Meter.Item(), " storage") {
			t += u.Quantity * (1 << 30)
		}
	}
	if a.p.Destroyed { // billed for the part of the time in which it is there
		t /= a.p.Scheduled
	}
	return t
}

// data is the logical bytes that users' writes add in a month of the present.
func (a *auditor) data() float64 {
	perWeek := 0.0
	for h := range workload.Hours {
		for _, u := range a.count.users(h, none) {
			rate := float64(a.p.Peak.RequestsPerUser.V) * float64(a.p.Peak.WriteRatio.V)
			if a.p.Peak.WritesPerUser != nil {
				rate = float64(a.p.Peak.WritesPerUser.V)
			}
			perWeek += u * rate * float64(a.p.Peak.StoredPerWrite.V) * 3600
		}
	}
	return perWeek / workload.Hours * float64(a.p.HoursPerMonth.V)
}
