package catalog

import "headroom/pkg/unit"

// Tables of benchmarks.
const (
	coreMarkTable = "hardware/coremark.csv"
	measuredTable = "hardware/measured_throughput.csv"
)

// series is one measured series of figures: which class it stands for, where
// it is in measuredTable and what its unit is called.
type series struct {
	workload, metric, unit string
	what                   string // for people
	perCore                bool   // one thread: not divided by vCPUs
}

// The series of MODEL section 2, one per class. CoreMark is not in
// measuredTable and known for most types.
//
//   - http: Spring Boot at 100 connections; nginx is limited by its client.
//   - kafka: the 8-way zstd figures, the others are EBS bursts, not CPU.
//   - redis: SET of 100 million requests, the longest runs; GET is 2 to 6 %
//     faster on every type, so it ranks the types alike.
const (
	seriesCoreMark = iota
	seriesHTTP
	seriesKafka
	seriesSearch
	seriesRedis
	seriesKafkaPlain // stands for no class: see KafkaProduced
	seriesCount
)

var seriesList = [seriesCount]series{
	seriesCoreMark: {unit: "iterations/s", what: "CoreMark"},
	seriesHTTP:     {"springboot_http", "throughput_100_connections", "req/s", "Spring Boot at 100 connections", false},
	seriesKafka:    {"kafka_produce_mb", "throughput_8way_zstd", "MiB/s", "Kafka produce, 8 clients, zstd", false},
	seriesSearch:   {"es_index", "throughput", "docs/s", "Elasticsearch indexing (3 GB heap)", false},
	seriesRedis:    {"redis_set", "throughput_100m_requests", "ops/s", "Redis SET (client on the same node)", true},
	seriesKafkaPlain: {"kafka_produce_mb", "throughput_8way_uncompressed", "MiB/s",
		"Kafka produce, 8 clients, uncompressed", false},
}

// seriesOf is the series that stands for a class.
func seriesOf(c WorkClass) int {
	switch c {
	case ClassHTTP:
		return seriesHTTP
	case ClassKafka:
		return seriesKafka
	case ClassSearchIndex:
		return seriesSearch
	case ClassRedis:
		return seriesRedis
	}
	return seriesCoreMark
}

// figure is a measured value: mean and one standard deviation (0 where blank).
type figure struct {
	mean, sd float64
	ok       bool
}

// value is the figure that counts: one standard deviation below the mean.
func (f figure) value() float64 { return f.mean - f.sd }

// benchmarks are the figures of all types, by series and index of the type.
type benchmarks [seriesCount][]figure

func loadBenchmarks(types []NodeType, read readTables) (*benchmarks, error) {
	var b benchmarks
	for s := range b {
		b[s] = make([]figure, len(types))
	}
	r, at, err := openTable(read, coreMarkTable, []string{"instance_type", "coremark_iterations_per_s"})
	if err != nil {
		return nil, err
	}
	for r.next() {
		if t, ok := findType(types, r.text(at[0])); ok {
			b[seriesCoreMark][t.index] = figure{mean: r.number(at[1]), ok: true}
		}
	}
	if err := r.ps.Err(); err != nil {
		return nil, err
	}
	return &b, loadMeasured(types, read, &b)
}

func loadMeasured(types []NodeType, read readTables, b *benchmarks) error {
	r, at, err := openTable(read, measuredTable, []string{"instance_type", "workload", "metric", "unit", "mean",
		"stdev_or_blank"})
	if err != nil {
		return err
	}
	for r.next() {
		s, ok := findSeries(r.text(at[1]), r.text(at[2]))
		if !ok {
			continue
		}
		t, ok := findType(types, r.text(at[0]))
		if !ok {
			continue
		}
		if u := seriesList[s].unit; r.text(at[3]) != u {
			r.fail(at[3], "the unit is "+r.text(at[3])+", "+u+" is expected")
		}
		f := figure{mean: r.number(at[4]), sd: r.known(at[5]).V, ok: true}
		// A spread as large as the mean leaves nothing to count on.
		if f.ok = f.value() > 0; f.ok {
			b[s][t.index] = f
		}
	}
	return r.ps.Err()
}

func findSeries(workload, metric string) (int, bool) {
	for i := seriesCoreMark + 1; i < seriesCount; i++ {
		if seriesList[i].workload == workload && seriesList[i].metric == metric {
			return i, true
		}
	}
	return 0, false
}

// KafkaProduced is what one vCPU of a broker of the type takes from eight producers,
// one standard deviation below the measured median: of messages that it stores as
// they come, or of such as it compresses anew with zstd. The first run was bound by
// the disk, so that the CPU may do more. It is false where the type was not
// measured.
func (s *Speeds) KafkaProduced(t *NodeType, recompressed bool) (unit.ByteRate, bool) {
	series := seriesKafkaPlain
	if recompressed {
		series = seriesKafka
	}
	v := s.perVCPU(series, t.index)
	return unit.ByteRate(v.V * (1 << 20)), v.OK
}
