package report

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"slices"

	"github.com/xuri/excelize/v2"
)

// sortedZip writes the parts of a workbook in the order of their names, whatever the
// order in which they are made: same inputs, same bytes.
type sortedZip struct {
	to    io.Writer
	parts []zipPart
}

type zipPart struct {
	name string
	data *bytes.Buffer
}

var _ excelize.ZipWriter = (*sortedZip)(nil)

func newSortedZip(to io.Writer) excelize.ZipWriter { return &sortedZip{to: to} }

// Create begins a part.
func (z *sortedZip) Create(name string) (io.Writer, error) {
	p := zipPart{name, &bytes.Buffer{}}
	z.parts = append(z.parts, p)
	return p.data, nil
}

// AddFS adds nothing: our workbooks have no parts of other files.
func (*sortedZip) AddFS(fs.FS) error { return nil }

// Close writes all parts. None has a time.
func (z *sortedZip) Close() error {
	slices.SortFunc(z.parts, func(a, b zipPart) int { return bytes.Compare([]byte(a.name), []byte(b.name)) })
	w := zip.NewWriter(z.to)
	for _, p := range z.parts {
		part, err := w.Create(p.name)
		if err != nil {
			return err
		}
		if _, err := part.Write(p.data.Bytes()); err != nil {
			return err
		}
	}
	return w.Close()
}
