package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

// make install puts the program, its man pages and the completions of three shells where
// a system looks for them, and make uninstall removes them.
func TestMakeInstall(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("no make here; .ci/run needs it, so CI never skips this")
	}
	dest, program := t.TempDir(), filepath.Join(t.TempDir(), "headroom")
	run := func(target string) {
		cmd := exec.Command("make", "-C", filepath.Join("..", ".."), target, "DESTDIR="+dest, "PREFIX=/usr",
			"PROGRAM="+program)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	files := func() (out []string) {
		require.NoError(t, filepath.WalkDir(dest, func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				out = append(out, filepath.ToSlash(strings.TrimPrefix(path, dest)))
			}
			return err
		}))
		return out
	}
	run("install")
	installed := files()
	for _, want := range []string{"/usr/bin/headroom", "/usr/share/man/man1/headroom-estimate.1",
		"/usr/share/bash-completion/completions/headroom", "/usr/share/zsh/site-functions/_headroom",
		"/usr/share/fish/vendor_completions.d/headroom.fish"} {
		require.Contains(t, installed, want)
	}
	out, err := exec.Command(filepath.Join(dest, "usr", "bin", "headroom"), "version").Output()
	require.NoError(t, err)
	require.Regexp(t, `^headroom +devel`, string(out))
	for _, completion := range installed {
		if strings.Contains(completion, "complet") || strings.Contains(completion, "site-functions") {
			text, err := os.ReadFile(filepath.Join(dest, completion))
			require.NoError(t, err)
			require.Contains(t, string(text), "headroom")
		}
	}
	run("uninstall")
	require.Empty(t, files())
}

// The release is made for six targets, from files that exist. Go stamps the tag and the
// commit.
func TestReleaseConfiguration(t *testing.T) {
	var c struct {
		Version     int
		ProjectName string `yaml:"project_name"`
		Before      struct{ Hooks []string }
		Builds      []struct {
			ID, Main, Binary    string
			Env, Flags, Ldflags []string
			ModTimestamp        string `yaml:"mod_timestamp"`
			Goos, Goarch        []string
		}
		Archives []struct {
			Formats         []string
			FormatOverrides []struct {
				Goos    string
				Formats []string
			} `yaml:"format_overrides"`
			Files []string
		}
		Checksum struct {
			NameTemplate string `yaml:"name_template"`
			Algorithm    string
		}
		Changelog struct{ Disable bool }
		Release   struct{ Footer string }
	}
	readYAML(t, ".goreleaser.yaml", &c)
	require.Equal(t, 2, c.Version)
	require.Len(t, c.Builds, 1)
	b := c.Builds[0]
	require.Equal(t, 6, len(b.Goos)*len(b.Goarch))
	require.DirExists(t, filepath.Join("..", "..", filepath.FromSlash(b.Main)))
	for _, pattern := range c.Archives[0].Files {
		if strings.HasPrefix(pattern, "build/") {
			require.True(t, slices.ContainsFunc(c.Before.Hooks, func(h string) bool {
				return strings.Contains(h, "build/completions")
			}), "a hook makes %s", pattern)
			continue
		}
		found, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern)))
		require.NoError(t, err)
		require.NotEmpty(t, found, pattern)
	}
	require.Equal(t, "checksums.txt", c.Checksum.NameTemplate)
}

// Forms of issues are read by GitHub, which shows a broken one to nobody.
func TestIssueForms(t *testing.T) {
	forms, err := filepath.Glob(filepath.Join("..", "..", ".github", "ISSUE_TEMPLATE", "*.yml"))
	require.NoError(t, err)
	wrongPrice := false
	for _, file := range forms {
		if filepath.Base(file) == "config.yml" {
			continue
		}
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		var form struct {
			Name, Description string
			Labels            []string
			Body              []struct {
				Type, ID    string
				Attributes  map[string]string
				Validations map[string]bool
			}
		}
		require.NoError(t, yaml.UnmarshalWithOptions(src, &form, yaml.Strict()), file)
		require.NotEmpty(t, form.Name)
		require.NotEmpty(t, form.Description)
		ids := map[string]bool{}
		for _, part := range form.Body {
			require.Contains(t, []string{"markdown", "input", "textarea"}, part.Type)
			if part.Type == "markdown" {
				require.NotEmpty(t, part.Attributes["value"])
				continue
			}
			require.NotEmpty(t, part.Attributes["label"], file)
			require.False(t, ids[part.ID], "%s: %s twice", file, part.ID)
			ids[part.ID] = true
		}
		wrongPrice = wrongPrice || ids["source"] && ids["right"] && ids["printed"]
	}
	require.True(t, wrongPrice, "a form for a wrong price asks for what is printed, what is right and its source")
}
