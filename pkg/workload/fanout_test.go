package workload

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const fanOutProfile = `
apiVersion: headroom/v1
name: chat
regions: [{name: us-east-1}]
peak: {users: 1000, requests_per_user: 6/min, write_ratio: 10%}
components:
  app: {kind: service, entry: true, calls: {hub: {per_write: 1, request: 100B, FAN}}}
  hub: {kind: service}
`

// 1,000 users write 10/s. Each event goes to 2 % of them: 20 × 10/s; of twice as many
// users four times as many.
func TestFanOut(t *testing.T) {
	rate := func(fan string, users float64) float64 {
		p := parse(t, strings.Replace(fanOutProfile, "FAN", fan, 1))
		d, err := p.In(Situation{Inputs: []Override{{"peak.users", users}}})
		require.NoError(t, err)
		l := p.Flow(d, func(*Component) Nature { return Nature{Scope: ScopeShare} }).Of("hub")
		require.InEpsilon(t, 100*l.Local.Write()+1, l.Local.In+1, 1e-9, "each of them is sent the bytes")
		return l.Local.Write()
	}
	require.InDelta(t, 10, rate("mode: async", 1000), 1e-9)
	require.InDelta(t, 30, rate("fan_out: 3", 1000), 1e-9)
	require.InDelta(t, 0, rate("fan_out: 0", 1000), 1e-9)
	require.InDelta(t, 200, rate("fan_out: users*2%", 1000), 1e-9)
	require.InDelta(t, 800, rate("fan_out: users*2%", 2000), 1e-9)
	require.InDelta(t, 0, rate("fan_out: users*0%", 1000), 1e-9)
}

func TestFanOutRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"users*200%": "not a part of the users", "users": "neither a number nor", "-1": "neither a number nor",
		"users*": "", "2%": "neither a number nor", "1e11": "",
	} {
		var f FanOut
		require.ErrorContains(t, f.ParseScalar(text), want, text)
	}
}

// Reports show a fan-out as profiles write it.
func TestFanOutText(t *testing.T) {
	require.Equal(t, "1", FanOut{}.String(), "without it every call goes to one")
	for _, s := range []string{"0", "3", "users*2%"} {
		var f FanOut
		require.NoError(t, f.ParseScalar(s))
		require.Equal(t, s, f.String())
	}
}
