"""Whether an app is fit to be released: one check for `espalier check`, `espalier publish` and the source server."""

from layouts.app_check.check import check_app as check_app
from layouts.app_check.surface import Surface as Surface
from layouts.app_check.surface import shipped_surface as shipped_surface
