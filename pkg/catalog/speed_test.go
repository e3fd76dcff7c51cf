package catalog

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func speed(tb testing.TB, c *Catalog, name string, class WorkClass, ref string) Speed {
	tb.Helper()
	v, err := c.Speed(mustType(tb, c, name), class, mustType(tb, c, ref))
	require.NoError(tb, err)
	return v
}

// coreMarkOf is the median of CoreMark per vCPU over the sizes of a family of at
// least 2 vCPU.
func coreMarkOf(tb testing.TB, c *Catalog, family string) float64 {
	tb.Helper()
	types, err := c.NodeTypes()
	require.NoError(tb, err)
	s, err := c.Speeds()
	require.NoError(tb, err)
	var all []float64
	for i := range types {
		if f := s.bench[seriesCoreMark][i]; f.ok && types[i].Family == family && types[i].VCPU >= 2 {
			all = append(all, f.mean/float64(types[i].VCPU))
		}
	}
	require.NotEmpty(tb, all)
	return median(all)
}

// Figures of hardware/measured_throughput.csv and hardware/coremark.csv.
func TestSpeedByOrder(t *testing.T) {
	c := hardwareCatalog(t)
	const ref = "m5.xlarge"
	m5 := 33562.444 - 328.4610 // Spring Boot at 100 connections, less one standard deviation

	v := speed(t, c, "m7g.xlarge", ClassHTTP, ref)
	require.Equal(t, EvidenceMeasured, v.Evidence)
	require.InEpsilon(t, (46636.276-1614.9031)/m5, v.PerVCPU, 1e-12)
	require.InEpsilon(t, 4*v.PerVCPU, v.RefVCPUs, 1e-12)
	require.Contains(t, v.Detail(), "46636 − 1615 req/s")

	// Same family: one thread is as fast, so that twice the vCPUs are twice the node
	// at rest.
	v = speed(t, c, "m5.2xlarge", ClassHTTP, ref)
	require.Equal(t, EvidenceFamily, v.Evidence)
	require.Equal(t, 1.0, v.PerVCPU)
	require.Equal(t, 8.0, v.RefVCPUs)

	// Kafka: 8-way zstd; the table's means are medians.
	v = speed(t, c, "m7g.xlarge", ClassKafka, ref)
	require.InEpsilon(t, (322.85-5.6743)/(171.53-3.6632), v.PerVCPU, 1e-12)

	// sql, queue, tls and generic use CoreMark.
	for _, class := range []WorkClass{ClassSQL, ClassQueue, ClassTLS, ClassGeneric} {
		v = speed(t, c, "m7g.xlarge", class, ref)
		require.Equal(t, EvidenceMeasured, v.Evidence)
		require.InEpsilon(t, coreMarkOf(t, c, "m7g")/coreMarkOf(t, c, "m5"), v.PerVCPU, 1e-12)
	}

	// Clock × IPC: m7a has 3700 MHz and 1.95, and no type of its generation was
	// measured at http.
	v = speed(t, c, "m7a.xlarge", ClassHTTP, ref)
	require.Equal(t, EvidenceClockIPC, v.Evidence)
	require.Equal(t, 0.8, v.Derate)
	// Clock alone: no type of its generation was measured, and no IPC is known.
	v = speed(t, c, "c9g.xlarge", ClassHTTP, ref)
	require.Equal(t, EvidenceClock, v.Evidence)
	require.Equal(t, 0.6, v.Derate)
	require.Contains(t, v.Detail(), "2800 MHz")

	// Same manufacturer, architecture and generation.
	v = speed(t, c, "m8gn.xlarge", ClassHTTP, ref)
	require.Equal(t, EvidenceGroup, v.Evidence)
	require.Contains(t, v.Detail(), "aws arm64 generation 8")
}

// Order 3 from scratch: CoreMark per vCPU × the median of measured/CoreMark of
// the group, which is c7i and m7i and r7i at http.
func TestSpeedGroupMedian(t *testing.T) {
	c := hardwareCatalog(t)
	s, err := c.Speeds()
	require.NoError(t, err)
	var ratios []float64
	for _, n := range []string{"c7i", "m7i", "r7i"} {
		f := s.bench[seriesHTTP][mustType(t, c, n+".xlarge").index]
		ratios = append(ratios, (f.mean-f.sd)/4/coreMarkOf(t, c, n))
	}
	m5 := s.bench[seriesHTTP][mustType(t, c, "m5.xlarge").index].value() / 4
	want := 0.9 * coreMarkOf(t, c, "c7i-flex") * median(ratios) / m5

	v := speed(t, c, "c7i-flex.xlarge", ClassHTTP, "m5.xlarge")
	require.Equal(t, EvidenceGroup, v.Evidence)
	require.InEpsilon(t, want, v.PerVCPU, 1e-12)
	require.InEpsilon(t, 0.4*4*want, v.RefVCPUs, 1e-12)
	// 94638 req/s on c7i-flex is 2.0 times what CoreMark lets expect.
	require.NotZero(t, v.Flags&FlagOutlier)
	require.NotZero(t, v.Flags&FlagFlex)
}

func TestSpeedOutlier(t *testing.T) {
	types, err := loadNodeTypes(embedded)
	require.NoError(t, err)
	const row = "c6i.xlarge,es_index,throughput,docs/s,"
	sane, err := newSpeeds(types, embedded)
	require.NoError(t, err)
	s, err := newSpeeds(types, edited(t, measuredTable, row, row+"9"))
	require.NoError(t, err)
	c6i, _ := findType(types, "c6i.xlarge")
	ref, _ := findType(types, "m5.xlarge")
	before, err := sane.Speed(c6i, ClassSearchIndex, ref)
	require.NoError(t, err)
	require.Equal(t, EvidenceMeasured, before.Evidence)
	after, err := s.Speed(c6i, ClassSearchIndex, ref)
	require.NoError(t, err)
	require.NotZero(t, after.Flags&FlagOutlier)
	require.Greater(t, after.Evidence, EvidenceFamily)
	require.InEpsilon(t, before.RefVCPUs, after.RefVCPUs, 0.3, "CoreMark of the group stands in")
}

func TestSpeedBurstable(t *testing.T) {
	c := hardwareCatalog(t)
	v := speed(t, c, "t3.small", ClassGeneric, "m5.xlarge")
	require.Equal(t, 0.20, v.UsableCPU)
	require.NotZero(t, v.Flags&FlagBaseline)
	require.InEpsilon(t, 0.20*2*coreMarkOf(t, c, "t3")/coreMarkOf(t, c, "m5"), v.RefVCPUs, 1e-12)
	// As its own reference it still offers only its baseline.
	v = speed(t, c, "t3.small", ClassGeneric, "t3.small")
	require.InEpsilon(t, 2*0.20, v.RefVCPUs, 1e-12)
	_, err := c.Speed(mustType(t, c, "t1.micro"), ClassHTTP, mustType(t, c, "m5.xlarge"))
	require.ErrorContains(t, err, "burstable")
}

func TestSpeedSingleThreaded(t *testing.T) {
	c := hardwareCatalog(t)
	v := speed(t, c, "m7g.xlarge", ClassRedis, "m5.xlarge")
	require.InEpsilon(t, (188632.064-1482.2094)/(115111.432-2430.9240), v.PerVCPU, 1e-12)
	big := speed(t, c, "m7g.16xlarge", ClassRedis, "m5.xlarge")
	require.Equal(t, v.RefVCPUs, big.RefVCPUs, "cores do not add up")
	require.Equal(t, 1.0, speed(t, c, "m5.xlarge", ClassRedis, "m5.xlarge").RefVCPUs)
}

// Every type has a speed with named evidence, or an error with a reason.
func TestSpeedOfEveryType(t *testing.T) {
	c := hardwareCatalog(t)
	types, err := c.NodeTypes()
	require.NoError(t, err)
	ref := mustType(t, c, "m5.xlarge")
	for class := range classCount {
		without := 0
		for i := range types {
			x := &types[i]
			v, err := c.Speed(x, class, ref)
			var none *NoSpeedError
			if errors.As(err, &none) {
				without++
				require.Equal(t, x.Name, none.Type)
				require.Contains(t, none.Error(), "is not known: ")
				continue
			}
			require.NoError(t, err)
			require.Positive(t, v.PerVCPU, x.Name)
			require.Positive(t, v.RefVCPUs, x.Name)
			require.Less(t, v.PerVCPU, 6.0, x.Name)
			require.NotEqual(t, NoEvidence, v.Evidence)
			require.Equal(t, v.Evidence.Derate(), v.Derate)
			require.NotContains(t, v.Detail(), "no figure")
			require.False(t, x.Flex && v.Evidence <= EvidenceFamily && !x.Flex, "%s is ranked by a burst", x.Name)
			own := speed(t, c, x.Name, class, x.Name)
			require.Equal(t, 1.0, own.PerVCPU)
		}
		require.LessOrEqual(t, without, 35, class.String())
	}
}

// One thread is as fast on every size of a family, whatever the class of work and
// the reference.
func TestSpeedIsOfTheFamily(t *testing.T) {
	c := hardwareCatalog(t)
	types, err := c.NodeTypes()
	require.NoError(t, err)
	s, err := c.Speeds()
	require.NoError(t, err)
	compared := 0
	for class := range classCount {
		for _, name := range []string{"m5.xlarge", "c8g.xlarge", "c8g.48xlarge", "m7g.xlarge", "i3.large"} {
			ref := mustType(t, c, name)
			for k := range s.families {
				first := 0.0
				for _, i := range s.families[k].sizes {
					v, err := s.Speed(&types[i], class, ref)
					if err != nil {
						continue
					}
					if first == 0 {
						first = v.PerVCPU
					}
					require.Equal(t, first, v.PerVCPU, "%s against %s", types[i].Name, name)
					compared++
				}
			}
		}
	}
	require.Greater(t, compared, 10_000)
}

func TestSpeedErrors(t *testing.T) {
	c := hardwareCatalog(t)
	types, err := c.NodeTypes()
	require.NoError(t, err)
	m5 := mustType(t, c, "m5.xlarge")
	_, err = c.Speed(&NodeType{Name: "x9.huge"}, ClassHTTP, m5)
	require.ErrorContains(t, err, "x9.huge")
	_, err = c.Speed(nil, ClassHTTP, m5)
	require.Error(t, err)
	// A family of which nothing is known.
	unknown, err := loadNodeTypes(embedded)
	require.NoError(t, err)
	metal, _ := findType(unknown, "i3.metal")
	metal.Family, metal.ClockMHz, metal.Generation = "x9", Known{}, 99
	s, err := newSpeeds(unknown, embedded)
	require.NoError(t, err)
	_, err = s.Speed(m5, ClassHTTP, metal)
	require.ErrorContains(t, err, "reference type")
	_, err = s.Speed(metal, ClassHTTP, m5)
	require.ErrorContains(t, err, "i3.metal")
	_, err = c.Speed(m5, classCount, m5)
	require.ErrorContains(t, err, "search-index")
	require.Empty(t, Speed{}.Detail())
	_, err = newSpeeds(types, edited(t, coreMarkTable, "59119.125037", "x"))
	require.ErrorContains(t, err, "coremark.csv:")
	_, err = newSpeeds(types, edited(t, measuredTable, "springboot_http,throughput_100_connections,req/s",
		"springboot_http,throughput_100_connections,req/min"))
	require.ErrorContains(t, err, "req/min")
	for class := range classCount {
		got, ok := ParseClass(class.String())
		require.True(t, ok)
		require.Equal(t, class, got)
	}
	_, ok := ParseClass("httpd")
	require.False(t, ok)
}

func BenchmarkSpeed(b *testing.B) {
	c := hardwareCatalog(b)
	types, _ := c.NodeTypes()
	s, err := c.Speeds()
	require.NoError(b, err)
	ref := mustType(b, c, "m5.xlarge")
	_, _ = s.Speed(ref, ClassHTTP, ref)
	i := 0
	for b.Loop() {
		_, _ = s.Speed(&types[i%len(types)], ClassHTTP, ref)
		i++
	}
}

func BenchmarkSpeedTables(b *testing.B) {
	types, err := loadNodeTypes(embedded)
	require.NoError(b, err)
	for b.Loop() {
		s, err := newSpeeds(types, embedded)
		if err != nil {
			b.Fatal(err)
		}
		for k := range s.tables {
			s.table(k)
		}
	}
}
