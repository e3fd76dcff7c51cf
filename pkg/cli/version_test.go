package cli

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVersionNamesTheCommit(t *testing.T) {
	built := func(version string, settings ...debug.BuildSetting) func() (*debug.BuildInfo, bool) {
		return func() (*debug.BuildInfo, bool) {
			return &debug.BuildInfo{Main: debug.Module{Version: version}, Settings: settings}, true
		}
	}
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "3f2c1ab09d11aaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
	clean := debug.BuildSetting{Key: "vcs.modified", Value: "false"}
	dirty := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	day := debug.BuildSetting{Key: "vcs.time", Value: "2026-11-29T12:00:00Z"}
	require.Equal(t, "devel", version(func() (*debug.BuildInfo, bool) { return nil, false }))
	require.Equal(t, "devel", version(built("(devel)")))
	require.Equal(t, "v0.4.0", version(built("v0.4.0", day)))
	require.Equal(t, "v0.4.0+3f2c1ab09d11", version(built("v0.4.0", commit, day, clean)))
	for _, untagged := range []string{"v0.0.0-20261129123549-3f2c1ab09d11",
		"v0.4.1-0.20261129123549-3f2c1ab09d11+dirty"} {
		require.Equal(t, "devel+3f2c1ab09d11.modified", version(built(untagged, commit, day, dirty)))
	}
}
