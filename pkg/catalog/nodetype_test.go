package catalog

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
	"headroom/pricing"
)

func hardwareCatalog(tb testing.TB) *Catalog {
	tb.Helper()
	c, err := Open(pricing.FS)
	require.NoError(tb, err)
	return c
}

func mustType(tb testing.TB, c *Catalog, name string) *NodeType {
	tb.Helper()
	t, ok := c.NodeType(name)
	require.True(tb, ok, name)
	return t
}

// edited reads the embedded tables with one text replaced in one file.
func edited(tb testing.TB, path, from, to string) readTables {
	tb.Helper()
	return func(p string, columns ...string) (*table, error) {
		data, err := fs.ReadFile(pricing.FS, p)
		if err != nil {
			return nil, err
		}
		if p == path {
			require.Contains(tb, string(data), from, "the edit must hit")
			data = []byte(strings.ReplaceAll(string(data), from, to))
		}
		return readTable(p, data, columns...)
	}
}

// embedded reads the tables inside the program in their compact form.
func embedded(p string, columns ...string) (*table, error) {
	c, err := Open(WithCompact(pricing.FS, pricing.Compact))
	if err != nil {
		return nil, err
	}
	return c.readTable(p, columns...)
}

// Figures of hardware/instance_types.csv and limits/instance_ebs.csv.
func TestNodeTypeFigures(t *testing.T) {
	c := hardwareCatalog(t)
	m5 := mustType(t, c, "m5.large")
	require.Equal(t, "m5", m5.Family)
	require.Equal(t, "large", m5.Size)
	require.Equal(t, 2, m5.VCPU)
	require.Equal(t, Is(1), m5.PhysicalCores)
	require.Equal(t, unit.Bytes(8<<30), m5.Memory)
	require.Equal(t, "x86_64", m5.Arch)
	require.False(t, m5.Burstable || m5.BareMetal || m5.Flex || m5.Accelerated)
	require.True(t, m5.CurrentGeneration)
	require.Equal(t, Is(81.25e6), m5.EBS.BaselineThroughput)
	require.Equal(t, Is(593.75e6), m5.EBS.MaximumThroughput)
	require.Equal(t, Is(3600), m5.EBS.BaselineIOPS)
	require.Equal(t, Is(18750), m5.EBS.MaximumIOPS)
	require.True(t, m5.EBSNote().IsZero())

	m8g := mustType(t, c, "m8g.xlarge")
	require.Equal(t, unit.ByteRate(1875e6/8), m8g.NetworkBaseline)
	require.False(t, m8g.NetworkAssumed)
	require.Equal(t, Is(12500e6/8), m8g.NetworkBurst)
	require.Equal(t, Is(156.25e6), m8g.EBS.BaselineThroughput, "a row of 2026, FX26")
	require.Equal(t, Is(6000), m8g.EBS.BaselineIOPS)
	require.True(t, m8g.EBSNote().IsZero())
	c6in := mustType(t, c, "c6in.large")
	require.Equal(t, []Known{Is(195.3125e6), Is(6250)}, []Known{c6in.EBS.BaselineThroughput, c6in.EBS.BaselineIOPS},
		"raised since 2023: 156.25 MB/s and 5468 IOPS then")

	x8 := mustType(t, c, "x8aedz.xlarge")
	// No row in instance_ebs.csv: 15,000 Mbit/s at most, the family has 60,000
	// at 96 vCPU, so 4/96 of it is the baseline.
	require.InDelta(t, 60000e6/8*4/96, x8.EBS.BaselineThroughput.V, 1e-6)
	require.Equal(t, Is(15000e6/8), x8.EBS.MaximumThroughput)
	require.False(t, x8.EBS.BaselineIOPS.OK, "a blank is unknown")
	require.True(t, x8.EBS.AssumedIOPS.OK)
	require.Equal(t, remark.New("ebs.assumed", "vcpu", 4, "of", 96, "iops", x8.EBS.AssumedIOPS.OK), x8.EBSNote())

	d2 := mustType(t, c, "d2.xlarge")
	read, write := d2.LocalIOPS()
	require.Equal(t, Is(300), read)
	require.Equal(t, Is(300), write)
	require.Equal(t, Is(450e6), d2.LocalSequential())

	i2 := mustType(t, c, "i2.2xlarge")
	read, _ = i2.LocalIOPS()
	require.Equal(t, "ssd", i2.Local.Kind)
	require.False(t, read.OK, "SSDs without figures are unknown")
	require.True(t, i2.NetworkAssumed)
	require.Equal(t, unit.ByteRate(8*0.1e9/8), i2.NetworkBaseline)
}

func TestNodeTypeCounts(t *testing.T) {
	c := hardwareCatalog(t)
	types, err := c.NodeTypes()
	require.NoError(t, err)
	// 1401 rows, of which c6gn.metal and i3p.16xlarge have no specification.
	require.Len(t, types, 1399)
	for _, n := range []string{"c6gn.metal", "i3p.16xlarge", "m5", ""} {
		_, ok := c.NodeType(n)
		require.False(t, ok, n)
	}
	burstable, flex := 0, 0
	for i := range types {
		x := &types[i]
		if i > 0 {
			require.Less(t, types[i-1].Name, x.Name)
		}
		require.Positive(t, x.VCPU, x.Name)
		require.Positive(t, float64(x.Memory), x.Name)
		require.Positive(t, float64(x.NetworkBaseline), x.Name)
		require.False(t, x.ClockMHz.OK && x.ClockMHz.V == 0, "%s: no clock is zero", x.Name)
		if x.EBS.BaselineThroughput.OK {
			require.LessOrEqual(t, x.EBS.BaselineThroughput.V, x.EBS.MaximumThroughput.V, x.Name)
		}
		if x.Burstable {
			burstable++
		}
		if x.Flex {
			flex++
		}
	}
	require.Equal(t, 35, flex)
	require.Equal(t, 29, burstable, "28 with a baseline and t1.micro")
	require.Equal(t, "m5.xlarge", c.SuggestType("m5.xlrage"))
	require.Empty(t, c.SuggestType("nothing-like-a-type"))
}

func TestUsableCPU(t *testing.T) {
	c := hardwareCatalog(t)
	for name, want := range map[string]Known{
		"t3.small": Is(0.20), "t3.xlarge": Is(0.40), "t2.xlarge": Is(0.225), "t2.nano": Is(0.05),
		"c7i-flex.large": Is(0.40), "m5.large": Is(1), "t1.micro": {},
	} {
		require.Equal(t, want, mustType(t, c, name).UsableCPU(), name)
	}
}

func TestAccelerated(t *testing.T) {
	c := hardwareCatalog(t)
	for _, n := range []string{"f1.2xlarge", "f2.6xlarge", "vt1.3xlarge", "inf1.xlarge", "trn1.2xlarge", "p3.2xlarge",
		"g4dn.xlarge", "g6f.2xlarge", "dl2q.24xlarge", "g2.2xlarge", "cg1.4xlarge"} {
		require.True(t, mustType(t, c, n).Accelerated, n)
	}
	for _, n := range []string{"m5.large", "c7g.xlarge", "i4i.large", "t3.small"} {
		require.False(t, mustType(t, c, n).Accelerated, n)
	}
}

func TestBadHardwareTables(t *testing.T) {
	for _, tc := range []struct{ path, from, to, want string }{
		{typesTable, "m5.large,2,", "m5.large,two,", "instance_types.csv:"},
		{typesTable, "m5.large,2,", "m5.large,-2,", "column vcpu"},
		{typesTable, "m5.large,2,", "m5.large,NaN,", "column vcpu"},
		{typesTable, "m5.large,2,", "m5.large,2.5,", "whole number"},
		{typesTable, "m5.large,2,", "m5.xlarge,2,", "m5.xlarge occurs twice"},
		{typesTable, "memory_mib", "memory", `column "memory_mib" is missing`},
		{burstableTable, "t3.small baseline per vCPU,20,percent", "t3.small baseline per vCPU,20,credits",
			"not in percent"},
		{ebsTable, "a1.large,525,3500,65.62", "a1.large,525,3500,", "instance_ebs.csv:"},
	} {
		_, err := loadNodeTypes(edited(t, tc.path, tc.from, tc.to))
		require.ErrorContains(t, err, tc.want, tc.to)
	}
	missing := fmt.Errorf("gone")
	_, err := loadNodeTypes(func(string, ...string) (*table, error) { return nil, missing })
	require.ErrorIs(t, err, missing)
}

func BenchmarkNodeTypes(b *testing.B) {
	for b.Loop() {
		if _, err := loadNodeTypes(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
