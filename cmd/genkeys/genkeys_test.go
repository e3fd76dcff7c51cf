package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// What is committed is what the comments say now.
func TestTextsAreUpToDate(t *testing.T) {
	files, err := filepath.Glob("../../pkg/*/" + fileName)
	require.NoError(t, err)
	require.Len(t, files, 4)
	for _, file := range files {
		made, err := texts(filepath.Dir(file))
		require.NoError(t, err)
		committed, err := os.ReadFile(file)
		require.NoError(t, err)
		require.True(t, string(made) == string(committed), "%s: run go generate ./...", file)
		for line := range strings.Lines(string(made)) {
			line = strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    ")
			require.LessOrEqual(t, utf8.RuneCountInString(line), 120, line)
		}
	}
}

// folder is a package of one file.
func folder(t *testing.T, src string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x.go"), []byte("package x\n"+src), 0o600))
	return dir
}

// Only fields with a key of their own have a text; what stands to their right is for
// programmers.
func TestTexts(t *testing.T) {
	long := strings.Repeat("A word and another. ", 10)
	made, err := texts(folder(t, "type B struct {\n"+
		"// What it is,\n// in two lines: \"quoted\".\nKey int `yaml:\"key\" min:\"1\"` // not this\n"+
		"// Long is not read.\nLong int `yaml:\"-\"`\n"+
		"Spec any `yaml:\",variant=key\"`\nInner\nOther int\n// "+long+"\nLast int `yaml:\"last\"`\n}\n"+
		"type A struct{\n// First.\nX int `json:\"y\" yaml:\"x\"`\n}\ntype C int\n"))
	require.NoError(t, err)
	half := strings.Repeat("A word and another. ", 5)
	require.Equal(t, head+`package x

// KeyText is what a key of A means.
func (*A) KeyText(key string) string {
	switch key {
	case "x":
		return "First."
	}
	return ""
}

// KeyText is what a key of B means.
func (*B) KeyText(key string) string {
	switch key {
	case "key":
		return "What it is, in two lines: \"quoted\"."
	case "last":
		return "`+half+`" +
			"`+strings.TrimSpace(half)+`"
	}
	return ""
}
`, string(made))
}

func TestKeysWithoutText(t *testing.T) {
	dir := folder(t, "type A struct {\nX int `yaml:\"x\"` // To the right.\n// no sentence\nY int `yaml:\"y\"`\n}\n")
	_, err := texts(dir)
	at := filepath.Join(dir, "x.go")
	const why = "stands no sentence, with a full stop, that says what the key means"
	require.EqualError(t, err, at+":3:1: above the field of key x of A "+why+"\n"+
		at+":5:1: above the field of key y of A "+why)
	_, err = texts(folder(t, "type A struct{}\n"))
	require.ErrorContains(t, err, "no struct has a key")
	_, err = texts(folder(t, "type A struct{\n"))
	require.Error(t, err)
}
