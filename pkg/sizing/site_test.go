package sizing

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/workload"
)

// hostOf parses a machine of a site.
func hostOf(keys string) (*Host, error) {
	p, err := workload.Parse("p.yaml", []byte("apiVersion: headroom/v1\nname: p\nregions: [{name: aachen}]\n"+
		"peak: {users: 1, requests_per_user: 1/s}\ncomponents:\n  web: {kind: stateless, entry: true}\n"+
		"  here: {kind: site, regions: [aachen], machines: {box: {"+keys+"}}}\n"), Specs(), os.ReadFile)
	if err != nil {
		return nil, err
	}
	c, _ := p.Component("here")
	h, _ := c.Spec.(*Site).Machines.Get("box")
	return &h, nil
}

// A price is of an hour, or of a month: a twelfth of a year's, or a part of what a machine
// costs that is bought once, again when it is replaced. Cents add up.
func TestPriceOfAHost(t *testing.T) {
	const box = "vcpu: 8, memory: 32GiB, "
	for _, x := range []struct {
		keys, first, last string // of 12, or of the life
		months            int
		monthly           bool
	}{
		{"price: $0.12, every: hour", "0.12", "0.12", 1, false},
		{"price: $89, every: month", "89.00", "89.00", 1, true},
		{"price: $0, every: month", "0.00", "0.00", 1, true},
		{"price: $50000, every: year", "4166.67", "4166.67", 12, true},
		{"price: $1000, every: once, life: 36", "27.78", "27.78", 36, true},
	} {
		h, err := hostOf(box + x.keys)
		require.NoError(t, err, x.keys)
		m := h.provided("box", 0)
		require.Equal(t, x.first, m.Price.String(), x.keys)
		require.Equal(t, x.monthly, m.Monthly, x.keys)
		sum := m.Price
		for i := 1; i < x.months; i++ {
			sum = sum.Plus(h.provided("box", i).Price)
		}
		require.Equal(t, x.last, h.provided("box", x.months-1).Price.String(), x.keys)
		require.Equal(t, m.Price, h.provided("box", x.months).Price, "%s: after its life another one", x.keys)
		if x.months > 1 {
			require.True(t, sum.Equal(h.Price.V.Amount), "%s: %s", x.keys, sum)
		}
	}
}

// What is not said of a machine is not known, and is no default.
func TestHardwareOfAHost(t *testing.T) {
	h, err := hostOf("vcpu: 8, memory: 32GiB, price: $1, every: month, disks: {class: ssd, count: 2, size: 1TB}")
	require.NoError(t, err)
	n := h.nodeType("box")
	require.True(t, n.Own && n.NetworkAssumed)
	require.InDelta(t, 1e8, float64(n.NetworkBaseline), 0)
	require.False(t, n.PhysicalCores.OK)
	require.False(t, n.Local.ReadIOPS.OK)
	require.InDelta(t, 2e12, float64(n.Local.Bytes), 0)
	require.Empty(t, n.SpeedOf)
	h, err = hostOf("vcpu: 8, memory: 32GiB, price: $1, every: month, " +
		"disks: {class: ssd, count: 2, size: 1TB, read_iops: 5000}")
	require.NoError(t, err)
	require.InDelta(t, 10000, h.nodeType("box").Local.WriteIOPS.V, 0, "as many as reads")
	h, err = hostOf("vcpu: 8, memory: 32GiB, price: $1, every: month")
	require.NoError(t, err)
	n = h.nodeType("box")
	require.False(t, Storage{Volume: VolumeLocal}.On(&n))
}

// Mistakes in a machine are named where they stand.
func TestMistakesInAHost(t *testing.T) {
	for keys, want := range map[string]string{
		"vcpu: 8, memory: 32GiB":                                             "the machine has no price",
		"vcpu: 8, memory: 32GiB, price: $9":                                  "the price 9.00 is not said to be of",
		"memory: 32GiB, price: $9, every: month":                             "the machine has no vcpu or no memory",
		"vcpu: 8, price: $9, every: month":                                   "the machine has no vcpu or no memory",
		"vcpu: 8, memory: 32GiB, price: $9, every: once":                     "has no life",
		"vcpu: 8, memory: 32GiB, price: $9, every: month, life: 3":           "only a machine that is bought once",
		"vcpu: 8, memory: 32GiB, price: $9, every: month, speed: 2":          "but not as what",
		"vcpu: 8.5, memory: 32GiB, price: $9, every: month":                  "vcpu is 8.5, which is not a whole",
		"vcpu: 8, memory: 32GiB, price: $9, every: month, hosts: 1.5":        "hosts is 1.5, which is not a whole",
		"vcpu: 8, cores: 9, memory: 32GiB, price: $9, every: month":          "cores is 9, above vcpu, 8",
		"as: m7i.large, vcpu: 8":                                             "vcpu has no use beside as",
		"as: m7i.large, price: $9":                                           "price has no use beside as",
		"vcpu: 8, memory: 32GiB, price: $9, every: month, disks: {count: 2}": "class",
	} {
		_, err := hostOf(keys)
		require.ErrorContains(t, err, want, keys)
	}
}
