package cli

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVersionNamesTheCommit(t *testing.T) {
	built := func(settings ...debug.BuildSetting) func() (*debug.BuildInfo, bool) {
		return func() (*debug.BuildInfo, bool) { return &debug.BuildInfo{Settings: settings}, true }
	}
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "3f2c1ab09d11aaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
	clean, dirty := debug.BuildSetting{Key: "vcs.modified", Value: "false"}, debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	day := debug.BuildSetting{Key: "vcs.time", Value: "2026-11-29T12:00:00Z"}
	require.Equal(t, "devel", version("", func() (*debug.BuildInfo, bool) { return nil, false }))
	require.Equal(t, "devel", version("", built()))
	require.Equal(t, "v0.4.0", version("v0.4.0", built(day)))
	require.Equal(t, "v0.4.0+3f2c1ab09d11", version("v0.4.0", built(commit, day, clean)))
	require.Equal(t, "devel+3f2c1ab09d11.modified", version("", built(commit, day, dirty)))
}
