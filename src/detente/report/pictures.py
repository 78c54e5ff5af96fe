"""x."""

from detente.report._timeline import timeline
from detente.report._priors import priors
from detente.report._fans import fans


def render(chart):
    import vl_convert as vlc

    svg = vlc.vegalite_to_svg(chart.to_dict(), vl_version="6.4")
    return svg, vlc.svg_to_png(svg, scale=2)
