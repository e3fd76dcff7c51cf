package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What no system can have is invalid input at its line, not a bill that cannot be
// made.
func TestAbsurdSizesAreInvalid(t *testing.T) {
	file := filepath.Join(t.TempDir(), "shop.yaml")
	for _, x := range []struct{ from, to, want string }{
		{"users: 1000", "users: 9999999999999999999999999999", "no system is so large"},
		{"response: 3KB", "response: 1000000000000000000000PB", "no system is so large"},
		{"cpu: 5ms", "cpu: 0.0000000000000000000000001s", "nothing is so small"},
	} {
		src := strings.Replace(sideProfile, x.from, x.to, 1)
		require.NotEqual(t, sideProfile, src)
		require.NoError(t, os.WriteFile(file, []byte(src), 0o600))
		_, said, code := runAll(t, nil, "estimate", file)
		require.Equal(t, exitInvalid, code, said)
		require.Contains(t, said, x.want)
		require.Regexp(t, `shop\.yaml:\d+:\d+: `, said)
	}
}

// A price of 0 is possible, and said.
func TestPriceOfZeroIsSaid(t *testing.T) {
	dir := t.TempDir()
	overlay, shop := filepath.Join(dir, "ours.csv"), filepath.Join(dir, "shop.yaml")
	require.NoError(t, os.WriteFile(shop, []byte(sideProfile), 0o600))
	out, said, code := runAll(t, nil, "estimate", shop)
	require.Zero(t, code, said)
	require.NotContains(t, out, "Price of 0")
	require.NoError(t, os.WriteFile(overlay, []byte("region,instance_type,on_demand_hourly,as_of,source\n"+
		"us-east-1,c8g.large,0,2026-08-01,quote\n"), 0o600))
	out, said, code = runAll(t, nil, "estimate", shop, "--overlay", overlay)
	require.Zero(t, code, said)
	require.Contains(t, out, "Price of 0")
	require.Contains(t, out, "nothing is billed for us-east-1 c8g.large")
}
