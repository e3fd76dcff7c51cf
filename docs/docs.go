// Package docs holds the pages of this folder, which the program shows: headroom docs.
package docs

import "embed"

// FS holds one Markdown file per topic, named as the topic is.
//
//go:embed *.md
var FS embed.FS
