package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// node is an element of an XML document with the text directly in it.
type node struct {
	name     string
	attrs    []xml.Attr
	text     string
	children []*node
}

// parseXML reads a document of one root and no namespaces but the schema's own.
func parseXML(src string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(src))
	top := &node{}
	open := []*node{top}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		last := open[len(open)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			n := &node{name: qualified(t.Name), attrs: t.Attr}
			last.children = append(last.children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			last.text += string(t)
		}
	}
	if len(top.children) != 1 || strings.TrimSpace(top.text) != "" {
		return nil, fmt.Errorf("a document has one root, this has %d, and text beside it: %q",
			len(top.children), strings.TrimSpace(top.text))
	}
	return top.children[0], nil
}

// qualified is a name as schemas write it: xs: for XML Schema's own, the
// address of any other namespace, which no rule here has.
func qualified(n xml.Name) string {
	switch n.Space {
	case "":
		return n.Local
	case "http://www.w3.org/2001/XMLSchema":
		return "xs:" + n.Local
	}
	return n.Space + ":" + n.Local
}

// attributes are those of an element by name; none may be beyond the known.
func (n *node) attributes(known ...string) (map[string]string, error) {
	out := map[string]string{}
	for _, a := range n.attrs {
		name := qualified(a.Name)
		if _, twice := out[name]; twice || !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s may not have the attribute %s here", n.name, name)
		}
		out[name] = a.Value
	}
	return out, nil
}

// xsd is a schema of XML Schema 1.0 (W3C, "XML Schema Part 1: Structures",
// second edition) in the part of the language that testdata/schemas needs:
// global elements of the type xs:string or of an anonymous complex type, which
// has sequences and choices of references and attributes of the type xs:string.
// Anything else in a schema is refused, so that no rule is left unchecked.
type xsd map[string]*xsdElement

type xsdElement struct {
	text       bool            // whether there may be text
	required   map[string]bool // the attributes, and whether one must be there
	names      []string        // the attributes
	content    *regexp.Regexp  // over the names of the children, each followed by a space
	references []string
	empty      bool // whether there may be neither children nor white space
}

func parseXSD(src string) (xsd, error) {
	root, err := parseXML(src)
	if err != nil {
		return nil, err
	}
	if _, err := root.attributes("xmlns:xs"); err != nil {
		return nil, err
	}
	if root.name != "xs:schema" || strings.TrimSpace(root.text) != "" {
		return nil, fmt.Errorf("%s is not a schema", root.name)
	}
	out := xsd{}
	for _, n := range root.children {
		a, err := n.attributes("name", "type")
		if err != nil {
			return nil, err
		}
		if n.name != "xs:element" || a["name"] == "" || out[a["name"]] != nil {
			return nil, fmt.Errorf("%s %q: only elements are understood at the top, each once", n.name, a["name"])
		}
		if out[a["name"]], err = n.element(a["type"]); err != nil {
			return nil, fmt.Errorf("element %s: %w", a["name"], err)
		}
	}
	for name, e := range out {
		for _, ref := range e.references {
			if out[ref] == nil {
				return nil, fmt.Errorf("element %s: refers to %q, which is nowhere", name, ref)
			}
		}
	}
	return out, nil
}

func (n *node) element(of string) (*xsdElement, error) {
	e := &xsdElement{required: map[string]bool{}}
	pattern := ""
	switch {
	case of == "xs:string" && len(n.children) == 0:
		e.text = true
	case of == "" && len(n.children) == 1 && n.children[0].name == "xs:complexType":
		body := n.children[0]
		a, err := body.attributes("mixed")
		if err != nil {
			return nil, err
		}
		if m, ok := a["mixed"]; ok {
			if e.text, err = strconv.ParseBool(m); err != nil {
				return nil, err
			}
		}
		for i, c := range body.children {
			switch c.name {
			case "xs:sequence", "xs:choice":
				if i > 0 {
					return nil, fmt.Errorf("%s comes first and once", c.name)
				}
				if pattern, err = c.particle(&e.references); err != nil {
					return nil, err
				}
			case "xs:attribute":
				if err := e.attribute(c); err != nil {
					return nil, err
				}
			default:
				return nil, fmt.Errorf("%s is not understood", c.name)
			}
		}
	default:
		return nil, fmt.Errorf("type %q with %d elements in it is not understood", of, len(n.children))
	}
	e.empty = !e.text && len(e.references) == 0
	var err error
	e.content, err = regexp.Compile("^" + pattern + "$")
	return e, err
}

func (e *xsdElement) attribute(n *node) error {
	a, err := n.attributes("name", "type", "use")
	if err != nil {
		return err
	}
	use, ok := a["use"]
	if !ok {
		use = "optional"
	}
	if a["name"] == "" || a["type"] != "xs:string" || len(n.children) > 0 || use != "optional" && use != "required" {
		return fmt.Errorf("attribute %q of type %q and use %q is not understood", a["name"], a["type"], use)
	}
	e.names = append(e.names, a["name"])
	e.required[a["name"]] = use == "required"
	return nil
}

// particle is a part of a content model as a regular expression.
func (n *node) particle(references *[]string) (string, error) {
	known, between := []string{"minOccurs", "maxOccurs"}, ""
	switch n.name {
	case "xs:element":
		known = append(known, "ref")
	case "xs:sequence":
	case "xs:choice":
		between = "|"
	default:
		return "", fmt.Errorf("%s is not understood", n.name)
	}
	a, err := n.attributes(known...)
	if err != nil {
		return "", err
	}
	var parts []string
	if n.name == "xs:element" {
		if a["ref"] == "" || len(n.children) > 0 {
			return "", fmt.Errorf("an element inside a type is a reference")
		}
		*references = append(*references, a["ref"])
		parts = []string{regexp.QuoteMeta(a["ref"]) + " "}
	} else if len(n.children) == 0 {
		return "", fmt.Errorf("an empty %s is not understood", n.name)
	}
	for _, c := range n.children {
		p, err := c.particle(references)
		if err != nil {
			return "", err
		}
		parts = append(parts, p)
	}
	occurs, err := occurrence(a)
	return "(?:" + strings.Join(parts, between) + ")" + occurs, err
}

// occurrence is minOccurs and maxOccurs, each 1 when absent, as a quantifier.
func occurrence(a map[string]string) (string, error) {
	minText, ok := a["minOccurs"]
	if !ok {
		minText = "1"
	}
	maxText, ok := a["maxOccurs"]
	if !ok {
		maxText = "1"
	}
	least, err := strconv.ParseUint(minText, 10, 8)
	if err != nil {
		return "", err
	}
	if maxText == "unbounded" {
		return fmt.Sprintf("{%d,}", least), nil
	}
	most, err := strconv.ParseUint(maxText, 10, 8)
	if err != nil {
		return "", err
	}
	if most < least {
		return "", fmt.Errorf("at least %d and at most %d", least, most)
	}
	return fmt.Sprintf("{%d,%d}", least, most), nil
}

// check validates a document; its root may be any global element.
func (x xsd) check(src string) error {
	root, err := parseXML(src)
	if err != nil {
		return err
	}
	return x.node(root)
}

func (x xsd) node(n *node) error {
	e := x[n.name]
	if e == nil {
		return fmt.Errorf("unknown element %s", n.name)
	}
	a, err := n.attributes(e.names...)
	if err != nil {
		return err
	}
	for _, name := range e.names {
		if _, ok := a[name]; !ok && e.required[name] {
			return fmt.Errorf("%s lacks the attribute %s", n.name, name)
		}
	}
	if !e.text && strings.TrimSpace(n.text) != "" || e.empty && n.text != "" {
		return fmt.Errorf("%s contains text", n.name)
	}
	children := ""
	for _, c := range n.children {
		children += c.name + " "
	}
	if !e.content.MatchString(children) {
		return fmt.Errorf("%s may not contain: %s", n.name, children)
	}
	for _, c := range n.children {
		if err := x.node(c); err != nil {
			return fmt.Errorf("%s: %w", n.name, err)
		}
	}
	return nil
}
