package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"headroom/pkg/bill"
)

// madeAgain is the hint for files that were not written by this program, or
// not left as they were.
const madeAgain = "make it again with headroom estimate --format json"

// ReadEstimates reads what the JSON format wrote: one estimate or several. The
// file is only for messages. What is not JSON, has unknown, missing or
// repeated keys, another schema, or figures that do not add up (as after an
// edit by hand) is an error: diag.Problems with positions.
func ReadEstimates(file string, data []byte) ([]bill.Estimate, error) {
	d := newDecoder(file, data)
	name, ok := d.schema()
	if !ok {
		return nil, d.err()
	}
	if name == estimatesSchema {
		var all envelope
		if err := d.decode(&all); err != nil {
			return nil, err
		}
		for i := range all.Estimates {
			d.verify(fmt.Sprintf("estimates.%d.", i), &all.Estimates[i])
		}
		return all.Estimates, d.err()
	}
	one := make([]bill.Estimate, 1)
	if err := d.decode(&one[0]); err != nil {
		return nil, err
	}
	d.verify("", &one[0])
	return one, d.err()
}

// schema checks that the source is JSON and names a schema that can be read.
func (d *jsonReader) schema() (name string, ok bool) {
	var head struct {
		Schema any `json:"schema"`
	}
	err := json.Unmarshal(d.src, &head)
	var syntax *json.SyntaxError
	switch {
	case len(bytes.TrimSpace(d.src)) == 0:
		d.addf(0, madeAgain, "the file is empty")
		return "", false
	case errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input":
		d.addf(int(syntax.Offset), madeAgain, "the file ends in the middle of the estimate")
		return "", false
	case errors.As(err, &syntax):
		d.addf(max(int(syntax.Offset)-1, 0), madeAgain, "this is not JSON: %s", syntax)
		return "", false
	case head.Schema == bill.SchemaName, head.Schema == estimatesSchema:
		return head.Schema.(string), true
	case head.Schema == nil:
		d.addf(0, madeAgain, "this is not an estimate: it has no schema %q", bill.SchemaName)
		return "", false
	}
	d.addf(d.schemaAt(), "this version of the program reads "+bill.SchemaName+" and "+estimatesSchema,
		"the schema %.60q is not known", fmt.Sprint(head.Schema))
	return "", false
}

// schemaAt is the offset of the schema's name.
func (d *jsonReader) schemaAt() int {
	look := newDecoder(d.file, d.src)
	look.token()
	for !look.failed && look.dec.More() {
		if key, _ := look.token(); key == "schema" {
			return look.start()
		}
		look.skip()
	}
	return 0
}
