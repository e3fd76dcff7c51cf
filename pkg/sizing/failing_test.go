package sizing

import (
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/outage"
)

// failsOn are the resilience facts that kinds know their times by.
var failsOn = []string{"failover.patroni.ttl", "failover.patroni.loop_wait", "failover.patroni.primary_start_timeout",
	"failover.mongodb.median", "failover.redis.sentinel.down_after", "failover.galera.inactive",
	"failover.kafka.session", "failover.elasticsearch.leader_check", "failover.etcd.election",
	"failover.rabbitmq.nettick", "failover.alb.interval"}

// Every kind says what its components are when something of them fails: of one with its
// defaults, whatever is to be survived.
func TestEveryKindFails(t *testing.T) {
	for _, k := range Kinds() {
		fails := k.Traits(k.Spec()).Fails
		require.NotNil(t, fails, k.Word())
	}
}
