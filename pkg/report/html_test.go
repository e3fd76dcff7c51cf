package report

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"headroom/pkg/bill"
)

// requirePage checks that a browser need repair nothing, load nothing and run nothing.
func requirePage(t *testing.T, page string) *html.Node {
	t.Helper()
	require.Less(t, len(page), 200_000)
	tree, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	var again bytes.Buffer
	require.NoError(t, html.Render(&again, tree))
	require.Equal(t, tokens(t, page), tokens(t, again.String()), "the parser has moved, added or dropped something")
	for n := range tree.Descendants() {
		require.NotEqual(t, html.CommentNode, n.Type)
		if n.Type != html.ElementNode {
			continue
		}
		require.NotContains(t, []string{"script", "iframe", "object", "embed", "link", "base", "img", "form", "a"}, n.Data)
		for _, a := range n.Attr {
			require.False(t, strings.HasPrefix(a.Key, "on"), "%s of %s", a.Key, n.Data)
			require.NotContains(t, []string{"src", "href", "action", "srcset", "data", "style"}, a.Key, n.Data)
			require.NotContains(t, a.Val, "url(")
			require.NotContains(t, a.Val, "://")
		}
		if n.Data == "style" {
			require.NotContains(t, n.FirstChild.Data, "url(")
			require.NotContains(t, n.FirstChild.Data, "@import")
		}
	}
	return tree
}

// tokens are the tokens of a page, each as one text; an element that ends itself is the
// same as one that begins.
func tokens(t *testing.T, page string) []string {
	t.Helper()
	var out []string
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		x := z.Token()
		if x.Type == html.SelfClosingTagToken {
			x.Type = html.StartTagToken
		}
		out = append(out, x.String())
	}
	require.ErrorIs(t, z.Err(), io.EOF)
	return out
}

func TestHTMLOfEstimates(t *testing.T) {
	for _, c := range cases() {
		var b bytes.Buffer
		require.NoError(t, Write(&b, "html", New(c.estimates), Output{}))
		requirePage(t, b.String())
		inner, err := Fragment(New(c.estimates))
		require.NoError(t, err)
		require.Contains(t, b.String(), strings.TrimSuffix(strings.TrimPrefix(inner, `<div class="report">`), "</div>"))
	}
}

func TestHTMLOfHostileTexts(t *testing.T) {
	const bad = `</style></title></svg><script>alert(1)</script>" onload="x' javascript:x <!-- `
	doc := New([]bill.Estimate{cases()[0].estimates[0]})
	doc.Title = bad
	doc.Sections[0].Facts = append(doc.Sections[0].Facts, fact(bad, bad))
	doc.Behind = []Section{{Name: bad, Grids: []Grid{{Title: bad, Columns: []Column{leftColumn(bad, bad)},
		Rows: []Row{{Cells: []Cell{{Text: bad, Source: bad}}}}}}}}
	var b bytes.Buffer
	require.NoError(t, Write(&b, "html", doc, Output{}))
	tree := requirePage(t, b.String())
	seen := 0
	for n := range tree.Descendants() {
		if n.Type == html.TextNode && strings.TrimSpace(n.Data) == strings.TrimSpace(bad) {
			seen++
		}
	}
	require.Equal(t, 9, seen)
}
