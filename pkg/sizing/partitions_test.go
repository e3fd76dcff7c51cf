package sizing

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/capacity"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// logTopics are topics of a region whose brokers each lead two partitions at least.
func logTopics(topics ...topicPartitions) *partitions {
	return &partitions{topics: topics, copies: 3, leads: 2, zones: 3, zoned: true}
}

func TestLogSpread(t *testing.T) {
	r := logTopics(topicPartitions{share: 0.9, least: 12}, topicPartitions{share: 0.1, least: 7})
	// A multiple of what the brokers lead. A tenth is less than one of six partitions,
	// so it stays in seven; of 78 it is eight.
	require.Equal(t, []int{12, 7}, []int{r.spread(0, 3), r.spread(1, 3)})
	require.Equal(t, []int{78, 78}, []int{r.spread(0, 39), r.spread(1, 39)})
	// What is stated stays.
	r = logTopics(topicPartitions{share: 0.99, least: 12, stated: true}, topicPartitions{share: 0.01, least: 7})
	require.Equal(t, []int{12, 7}, []int{r.spread(0, 9), r.spread(1, 9)})
}

// What a lost broker or zone led goes to others one by one.
func TestLogBusiest(t *testing.T) {
	r := logTopics(topicPartitions{share: 1, least: 12})
	require.InDelta(t, 1.0/9, r.led(capacity.Own, 9, 9), 1e-12, "18 partitions on 9 brokers")
	require.InDelta(t, 3.0/18, r.led(capacity.NodeLost, 9, 8), 1e-12, "two went to two others")
	require.InDelta(t, 3.0/18, r.led(capacity.ZoneLost, 9, 6), 1e-12, "six of a zone went to six others")
	require.InDelta(t, 3.0/9, r.holds(3, 9, 9), 1e-12)
	require.InDelta(t, 7.0/18, r.holds(3, 9, 8), 1e-12, "made again: 54 copies on 8")
	// Twelve as stated: nine brokers lead one or two, six of them two.
	r = logTopics(topicPartitions{share: 1, least: 12, stated: true})
	require.InDelta(t, 2.0/12, r.led(capacity.Own, 9, 9), 1e-12)
	require.InDelta(t, 2.0/12, r.led(capacity.ZoneLost, 9, 6), 1e-12)
	require.InDelta(t, 4.0/12, r.holds(3, 9, 9), 1e-12, "36 copies")
	// Of many small topics a broker has one partition more than an even share at most.
	var many []topicPartitions
	for range 100 {
		many = append(many, topicPartitions{share: 0.01, least: 3})
	}
	r = logTopics(many...)
	require.InDelta(t, 1.0/12+0.01/3, r.led(capacity.Own, 12, 12), 1e-12)
}

// A topic with a part of the stream greater than its part of the partitions
// is read by fewer threads at once.
func TestLogParallel(t *testing.T) {
	r := logTopics(topicPartitions{share: 0.75, least: 12}, topicPartitions{share: 0.25, least: 12})
	require.Equal(t, 16, r.parallel(3)) // 12/0.75, of 24 partitions
	r.topics[0].share, r.topics[1].share = 0.5, 0.5
	require.Equal(t, 24, r.parallel(3))
}

// A stated number of partitions is a fact: it is not raised, and what it is too few
// for is said.
func TestLogStatedPartitions(t *testing.T) {
	cat := testCatalog(t)
	src := logProfile(0, oneRegion, allLosses, "groups: 1\n    retention: 1h\n    hot_window: 10s\n"+
		"    topics: {a: {rate: 150MB/s, partitions: 4}}")
	l, rej := fit(t, testSystem(t, cat, src), "events", "m7g.2xlarge", Storage{Volume: "gp3"})
	require.Nil(t, rej)
	l.Detail()
	require.Equal(t, "4 partitions, RF 3", words.Say(l.Brief))
	require.Equal(t, []int{4, 4}, []int{l.Offers.Partitions, l.Offers.MostPartitions})
	said := words.Say(l.Warnings[0]) + words.Say(l.Warnings[len(l.Warnings)-1])
	require.Contains(t, said, "topic a: 4 partitions would be too few for its rate at the end of the horizon; "+
		"15 would do")
	// Of three brokers one leads two of the four, of two that are left each two.
	require.Equal(t, 3, l.Pools[0].Max)
	require.InEpsilon(t, 3*150e6*(2.0/4+2*2.0/4), limit(t, l, "network out", capacity.Own, "").Need, 1e-9)
	_, err := workload.Parse("test.yaml", []byte(strings.Replace(src, "partitions: 4", "partitions: 0", 1)), Specs(),
		os.ReadFile)
	require.Error(t, err)
}
