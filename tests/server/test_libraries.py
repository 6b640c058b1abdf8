"""Libraries of layouts in releases: what an app uses is in its release, and a changed library makes new ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.served import git
from tests.server.test_catalogue import Place

FIELDS = "component labelled { param text; label text }\n"
USING = 'layout 1\nuse "library:forms/fields.kdl"\nwindow { labelled "Hello" }\n'
USED = {"apps/shop/main.kdl": USING, "libraries/forms/fields.kdl": FIELDS, "libraries/forms/logo.svg": "<svg/>"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_release_holds_the_libraries_that_the_app_uses(place: Place) -> None:
    before = set(place.catalogue().find("shop").manifest.files)
    place.push({**USED, "libraries/other/unused.kdl": "component nothing\n"})
    catalogue = place.catalogue()
    published = catalogue.find("shop")
    assert set(published.manifest.files) - before == {"libraries/forms/fields.kdl", "libraries/forms/logo.svg"}
    assert catalogue.read(published, "libraries/forms/fields.kdl").decode() == FIELDS


def test_libraries_that_a_library_uses_come_along(place: Place) -> None:
    using = f'use "library:base/a.kdl"\n{FIELDS}'
    place.push({**USED, "libraries/forms/fields.kdl": using, "libraries/base/a.kdl": ""})
    assert "libraries/base/a.kdl" in place.catalogue().find("shop").manifest.files


def test_a_changed_library_publishes_the_apps_that_use_it(place: Place) -> None:
    place.push({**USED, "apps/plain/app.toml": 'name = "plain"\ntitle = "P"\nversion = "1"\nlayout = "main.kdl"\n',
                "apps/plain/main.kdl": "layout 1\n"})  # fmt: skip
    catalogue = place.catalogue()
    before = catalogue.find("shop")
    place.push({"libraries/forms/fields.kdl": FIELDS + FIELDS.replace("labelled", "titled")})
    assert catalogue.update() == {"shop"}
    after = catalogue.find("shop")
    assert after.manifest.serial == before.manifest.serial + 1
    assert after.manifest.commit == git(place.bare, "rev-parse", "main").strip()
    assert place.catalogue().find("shop").release.id == after.release.id, "the same after a restart"


def test_a_library_that_is_missing_is_told_and_the_last_good_release_stays(place: Place) -> None:
    place.push(USED)
    catalogue = place.catalogue()
    before = catalogue.find("shop").release.id
    place.push({"apps/shop/main.kdl": USING.replace("forms/", "form/")})
    catalogue.update()
    assert catalogue.find("shop").release.id == before
    assert "uses the library 'form', but there is no libraries/form" in catalogue.problems["shop"]
    assert "did you mean forms?" in catalogue.problems["shop"]


def test_an_apps_own_file_goes_before_the_librarys(place: Place) -> None:
    place.push({**USED, "apps/shop/libraries/forms/fields.kdl": FIELDS + "// own\n"})
    catalogue = place.catalogue()
    assert catalogue.read(catalogue.find("shop"), "libraries/forms/fields.kdl") == (FIELDS + "// own\n").encode()


def test_a_name_in_a_comment_is_no_use(place: Place) -> None:
    place.push({"apps/shop/main.kdl": 'layout 1\n// use "library:form/fields.kdl"\n'})
    assert place.catalogue().find("shop").manifest.files.keys() >= {"main.kdl"}
    assert not place.catalogue().problems
