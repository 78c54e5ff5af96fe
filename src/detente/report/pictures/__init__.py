"""One file a kind of picture.

Each takes a result and returns a chart; `render` turns charts into SVG and PNG.
"""
